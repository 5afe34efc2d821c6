"""Rotated valley: a rate for every weight undoes a valley along the axes. What if the valley lies across them?

f(x) = ½ xᵀHx with H = R diag(1, κ) Rᵀ, R a turn by an angle; the start turns with it. Gradient descent and momentum
only ever add up gradients, so they turn with the valley and need the same steps at any angle. Adam divides each axis by
its own root: along the axes that makes the valley round, at 45° both axes see the same slope and nothing is undone.

Equal budgets of tuning: `turned_valleys` says how each rate is chosen and what it means to arrive.
Source of the dependence on the axes: Kingma & Ba, arXiv:1412.6980, section 2 (the diagonal of the second moment).

| symbol | code        | meaning                               |
|--------|-------------|---------------------------------------|
| θ      | `angle`     | degrees between the valley and axis 1 |
| κ      | `condition` | condition number L/μ, μ = 1           |
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.racers import RACERS, learners_walk, named
from featherweight.widgets.turned_valleys import (
    ANGLES,
    CONDITIONS,
    FAR,
    NEAR,
    STEPS,
    Best,
    arrives_at,
    best_walks,
    hessians,
    starts,
    turns,
)

__all__ = ["PRESETS", "rotated_valley", "rotated_valley_frame", "rotated_valley_scene"]

NAMES = {"sgd_step": "gradient descent", "momentum_step": "momentum", "adam_step": "Adam"}
LABELS = {"sgd_step": (0, "descent"), "momentum_step": (90, "momentum"), "adam_step": (35, "Adam")}  # angle and name
WIDTHS = {"gradient descent": 2.4, "momentum": 1.3, "adam": 1.6, "yours": 3.0}  # later ones lie on top
PRESETS = {
    "along the axes": {"angle": 0, "condition": 1000},
    "a little askew": {"angle": 5, "condition": 1000},
    "across: 45°": {"angle": 45, "condition": 1000},
    "mild valley": {"angle": 45, "condition": 10},
    "round bowl": {"angle": 45, "condition": 1},
}
QUESTION = Question(
    key="rotated-valley",
    text="Along the axes (κ = 1000) Adam arrives before momentum. Turn the valley by 45°: who arrives first?",
    choices=("Adam, as before", "Momentum", "Gradient descent"),
    answer=1,
    because="At 45° both weights have the same curvature: two rates have nothing to even out.",
    shows={"angle": 45, "condition": 1000},
    veils=("turn",),
)
LIVE_QUESTION = Question(
    key="rotated-valley-bowl",
    text="A round bowl, κ = 1, each method at its best rate. Which needs the fewest steps?",
    choices=("Adam", "Momentum", "Gradient descent"),
    answer=2,
    because="A round bowl's gradient points at its minimum: rate 1 is there in one step.",
    shows={"angle": 45, "condition": 1},
    veils=("turn",),
)


def rotated_valley_scene(figure) -> dict:
    """The valley from above, the distance to its bottom, and the steps to arrive for every angle."""
    land, far, turn = figure.subplots(1, 3, width_ratios=(0.9, 1, 1))
    land.set(title="Walks at the best rates", xlabel="weight 1", ylabel="weight 2", xlim=(-2.9, 2.9), ylim=(-2.9, 2.9))
    land.set(aspect="equal", xticks=range(-2, 3), yticks=range(-2, 3))
    land.axhline(0, color=palette.GHOST, lw=0.6)
    land.axvline(0, color=palette.GHOST, lw=0.6)
    land.grid(False)
    far.set(title="Distance left, log (dashed: arrived)", xlabel="step", yscale="log", xlim=(0, STEPS), ylim=(1e-3, 3))
    far.axhline(NEAR, color=palette.INK, lw=1, ls=(0, (5, 3)))
    turn.set(title="Steps to arrive, log scale", xlabel="angle of the valley in degrees", yscale="log")
    turn.set(xlim=(0, 90), ylim=(0.7, 900), xticks=range(0, 91, 15))
    turn.axhline(STEPS, color=palette.INK, lw=1, ls=(0, (5, 3)))
    turn.text(90, STEPS * 1.25, f"not in {STEPS}", ha="right")
    for axes in (far, turn):
        axes.minorticks_off()
    return {"land": land, "far": far, "turn": turn}


def rotated_valley_frame(angle: int, condition: int, yours: Callable | None = None) -> Frame:
    """One valley: each method at its best rate, and the learner's Adam at ours's."""
    best = {name: best_walks()[name, angle, condition] for name in NAMES}
    lines = [*_contours(angle, condition), *_curves(condition)]
    lines += [line for name, run in best.items() for line in _lines(run.points, RACERS[name].method)]
    lines.append(Line("turn", np.array([angle, angle]), np.array([0.7, 900.0]), "limit", width=1.2))
    marks = _labels(condition)
    summary = f"Angle {angle}°, κ = {condition}. Steps (best rate): "
    summary += ", ".join(f"{NAMES[name]} {_steps(run.arrival)} ({run.rate:.2g})" for name, run in best.items()) + "."
    if yours:
        ours = best["adam_step"]
        theirs, problem = _learners(yours, angle, condition, ours.rate)
        if problem:
            summary += f" Yours: {problem}."
        else:
            lines += _lines(theirs, "yours")
            mark, said = _beside(theirs, ours)
            marks.append(mark)
            summary += f" Your Adam: {said}."
    return Frame(tuple(lines), tuple(marks), summary)


def rotated_valley(*yours: Callable, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 3 on what a rate per weight cannot do. With the learner's adam_step it runs live.

    Raises InputError for anything but adam_step.
    """
    mine = named(yours, ("adam_step",)).get("adam_step")
    return card(
        partial(rotated_valley_frame, yours=mine) if mine else rotated_valley_frame,
        rotated_valley_scene,
        title="Rotated valley: whose advantage turns with it?",
        controls=(
            Control("angle", "Angle", ANGLES, start=0, unit="°"),
            Control("condition", "Condition number κ", CONDITIONS, start=100),
        ),
        presets=PRESETS,
        ask=LIVE_QUESTION if mine and ask is QUESTION else ask,
        live=mine is not None,
    )


def _learners(yours: Callable, angle: int, condition: int, rate: float) -> tuple[Tensor | None, str]:
    angles = torch.tensor([angle], dtype=torch.float64)
    valley = hessians(angles, torch.tensor([condition], dtype=torch.float64))[0]
    return learners_walk(RACERS["adam_step"], yours, valley.mv, starts(angles)[0], rate, STEPS)


def _beside(theirs: Tensor, ours: Best) -> tuple[Mark, str]:
    """The label of the learner's curve, and what to say of it."""
    distances = theirs.norm(dim=-1) / theirs[0].norm()
    gone = ~(distances < FAR)
    if gone.any():
        step = int(gone.nonzero()[0])
        return Mark("far", step, 1.0, f"yours: diverged at step {step}", "yours"), f"diverged at step {step}"
    step = int(arrives_at(distances))
    same = torch.allclose(theirs, ours.points, rtol=0, atol=1e-6)
    place, text = min(step, STEPS), "yours = ours" if same else "yours"
    said = "as ours" if same else _steps(step if step <= STEPS else None) + (" steps" if step <= STEPS else "")
    return Mark("far", place, float(distances[place].clamp(min=1e-3)), text, "yours"), said


def _lines(points: Tensor, method: str) -> list[Line]:
    """The walk and its distances, until it has left."""
    look = {"method": method, "width": WIDTHS[method]}
    if method == "yours":
        look |= {"colour": palette.style("adam").colour}
    distances = points.norm(dim=-1) / points[0].norm()
    kept = torch.cumprod((distances < FAR).int(), 0).bool()
    steps, far = np.arange(len(points))[kept.numpy()], distances[kept].clamp(min=1e-9)
    return [
        Line("land", *points[kept].numpy().T, **look),
        Line("far", steps, far.numpy(), **look),
    ]


@cache
def _contours(angle: int, condition: int) -> tuple[Line, ...]:
    """Ellipses of equal loss in the colours of cividis, turned; their long half axes are the same for every κ."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    around = np.linspace(0, 2 * np.pi, 73)
    turn = turns(torch.tensor(float(angle), dtype=torch.float64)).numpy()
    circle = turn @ np.stack([np.cos(around), np.sin(around) / np.sqrt(condition)])
    sizes = np.array([0.6, 1.2, 2.4, 4.8, 9.6])
    shades = colormaps[palette.SURFACE](np.linspace(0.15, 0.85, len(sizes)))
    return tuple(
        Line("land", *(size * circle), "ours", colour=to_hex(shade), width=1.0, ghost=False)
        for size, shade in zip(sizes, shades, strict=True)
    )


@cache
def _curves(condition: int) -> tuple[Line, ...]:
    """Steps to arrive against the angle, a line a method."""
    return tuple(
        Line("turn", np.array(ANGLES), np.array([_height(name, angle, condition) for angle in ANGLES]), racer.method)
        for name, racer in RACERS.items()
        if name in NAMES
    )


def _height(name: str, angle: int, condition: int) -> int:
    return best_walks()[name, angle, condition].arrival or STEPS + 1


def _labels(condition: int) -> list[Mark]:
    """Each curve's name, at an angle of its own."""
    return [
        Mark("turn", angle, _height(name, angle, condition), text, RACERS[name].method)
        for name, (angle, text) in LABELS.items()
    ]


def _steps(arrival: int | None) -> str:
    return f"not in {STEPS}" if arrival is None else f"{arrival}"
