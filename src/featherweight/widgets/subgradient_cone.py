"""Subgradient cone: where |x| has a corner, every slope between its two sides will do. Which one is the step?

f(x) = |x| + s·x. Left the function with all lines that touch it at x and stay below it, right their slopes.
Source: Boyd, "Subgradients", Stanford EE364b notes: x is a minimum if and only if 0 is a subgradient at x.
"""

from __future__ import annotations

import numpy as np
import torch

from featherweight.lab import palette
from featherweight.optimizers.stochastic import minimum_norm_subgradient
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = [
    "PLACES",
    "PRESETS",
    "SLOPES",
    "subgradient_cone",
    "subgradient_frame",
    "subgradient_scene",
    "subgradients_at",
]

PRICE = 1.0  # of |x|
REACH = 2.4
FAN = 13  # lines drawn for the whole cone
PLACES = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
SLOPES = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
PRESETS = {
    "smooth side": {"x": 1.0, "slope": 0.0},
    "the corner": {"x": 0.0, "slope": 0.0},
    "tilted": {"x": 0.0, "slope": 0.5},
    "on the edge": {"x": 0.0, "slope": 1.0},
    "tilted too far": {"x": 0.0, "slope": 1.5},
}
QUESTION = Question(
    key="subgradient-tilt",
    text="|x| has its minimum at its corner, x = 0. Tilt it: f(x) = |x| + ½x. Where is the minimum now?",
    choices=("Left of 0, downhill", "Still at 0", "Nowhere: it falls forever"),
    answer=1,
    because="The slopes at the corner run from −0.5 to 1.5, and 0 is among them.",
    shows={"x": 0.0, "slope": 0.5},
    veils=("slopes",),
)


def subgradients_at(x: float, slope: float) -> tuple[float, float]:
    """The smallest and the largest subgradient of |x| + slope · x at x; equal away from the corner."""
    sides = (-PRICE, PRICE) if x == 0 else (PRICE * np.sign(x),) * 2
    return slope + sides[0], slope + sides[1]


def subgradient_scene(figure) -> dict:
    """The function's axes, and an axis of slopes with zero as its goal."""
    function, slopes = figure.subplots(1, 2)
    function.set(title="f(x) = |x| + s·x and the lines below it", xlabel="x", ylabel="f", ylim=(-2.2, 3.8))
    slopes.set(
        title="All subgradients at every x",
        xlabel="x",
        ylabel="slope",
        ylim=(-2.8, 2.8),
    )
    for axes in (function, slopes):
        axes.set(xlim=(-REACH, REACH), xticks=range(-2, 3))
    slopes.axhline(0, color=palette.INK, lw=1.2)
    return {"function": function, "slopes": slopes}


def subgradient_frame(x: float, slope: float) -> Frame:
    """One point under one tilt."""
    low, high = subgradients_at(x, slope)
    place = torch.tensor(x, dtype=torch.float64)
    shortest = float(minimum_norm_subgradient(place, torch.full_like(place, slope), PRICE))
    bottom = low <= 0 <= high
    height = PRICE * abs(x) + slope * x
    lines = (*_function(slope), *_cone(x, height, low, high), _tangent(x, height, shortest))
    bar = Line("slopes", np.array([x, x]), np.array([low, high]), "subgradient", width=6, ghost=False)
    marks = (
        Mark("function", x, height, "", "subgradient"),
        Mark("slopes", x, shortest, f"shortest: {_number(shortest)}" + (", a minimum" if bottom else ""), "limit"),
    )
    every = f"from {_number(low)} to {_number(high)}" if low < high else f"only {_number(low)}"
    verdict = (
        "0 is among them, so x is a minimum" if bottom else f"0 is not among them, so a step goes {_way(shortest)}"
    )
    summary = f"x = {_number(x)}, s = {_number(slope)}: subgradients {every}, shortest {_number(shortest)}; {verdict}."
    return Frame((*lines, bar), marks, summary)


def subgradient_cone(ask: Question | None = QUESTION) -> Card:
    """The card of lesson 2 on steps where there is no gradient."""
    return card(
        subgradient_frame,
        subgradient_scene,
        title="Subgradient cone: every slope at a corner",
        controls=(
            Control("x", "Point x", PLACES, start=1.0),
            Control("slope", "Smooth slope s", SLOPES, start=0.0),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _function(slope: float) -> tuple[Line, Line]:
    """The graph of f, and the graph of its subgradients: a stair with an upright step at the corner."""
    x = np.array([-REACH, 0.0, REACH])
    left, right = subgradients_at(-1.0, slope)[0], subgradients_at(1.0, slope)[0]
    stair = np.array([left, left, right, right])
    return (
        Line("function", x, PRICE * np.abs(x) + slope * x, "gradient descent", width=2.5),
        Line("slopes", np.array([-REACH, 0.0, 0.0, REACH]), stair, "gradient descent", width=2.5),
    )


def _cone(x: float, height: float, low: float, high: float) -> list[Line]:
    """Lines through the point, one for each of FAN subgradients; none away from the corner."""
    slopes = np.linspace(low, high, FAN) if low < high else []
    return [_through("function", x, height, slope, width=1.0, ghost=False) for slope in slopes]


def _tangent(x: float, height: float, slope: float) -> Line:
    """The line of the shortest subgradient."""
    return _through("function", x, height, slope, method="limit", width=2.0)


def _through(panel: str, x: float, height: float, slope: float, method: str = "subgradient", **look) -> Line:
    ends = np.array([-REACH, REACH])
    return Line(panel, ends, height + slope * (ends - x), method, **look)


def _number(value: float) -> str:
    return f"{value + 0.0:.2g}"


def _way(gradient: float) -> str:
    return "left" if gradient > 0 else "right"
