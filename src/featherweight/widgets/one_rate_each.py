"""One rate each: two weights, one with far smaller gradients. What if every step is divided by its own gradients' size?

f(w) = ½ (1000 w₁² + w₂²). One rate must stay below 2/1000 for w₁, and so it is far too timid for w₂. RMSprop divides
each weight's step by the root mean square of its last gradients, about ten of them: steps of one length for both
weights, everywhere. Near the minimum that is too long: a weight jumps from −η/2 to η/2 and back, and the loss stops at
½ (1000 + 1)(η/2)². A longer memory puts the hops off, and they then come in bursts: with β₂ = 0.99 the loss first falls
below 1e-8, and after 3,000 steps it stands where it does with 0.9.
Source of the division: Tieleman & Hinton, Coursera lecture 6e, 2012.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.optimizers.adaptive import rmsprop_step
from featherweight.optimizers.descent import gradient_descent
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = [
    "floor_of",
    "loss_of",
    "one_rate_each",
    "one_rate_each_frame",
    "one_rate_each_scene",
    "own_walk",
    "shared_walk",
]

CURVATURES = torch.tensor([1000.0, 1.0], dtype=torch.float64)
START = torch.tensor([0.1, 2.0], dtype=torch.float64)
SHARED_RATE = 1.8 / 1000  # nine tenths of the largest rate that w₁ bears
OWN_RATE, BETA2, EPSILON = 0.01, 0.9, 1e-8
EARLY, LATE = 200, 3000  # steps at which the question asks
QUESTION = Question(
    key="one-rate-each",
    text="Now each weight's gradient is divided by its own recent size. Who is lower after 200 steps, and after 3,000?",
    choices=("One rate, both times", "A rate each, both times", "First a rate each, then one rate"),
    answer=2,
    because="Divided by its own size a gradient only says which way: bold where it is small, too bold near the bottom.",
)


def slope_of(weights: Tensor) -> Tensor:
    """Gradient of the loss."""
    return CURVATURES * weights


def loss_of(weights: Tensor) -> Tensor:
    """Loss of weights (…, 2)."""
    return 0.5 * (CURVATURES * weights**2).sum(-1)


def floor_of(rate: float) -> float:
    """Where the loss stops when both weights jump between −rate/2 and rate/2."""
    return float(loss_of(torch.full_like(START, rate / 2)))


@cache
def shared_walk() -> Tensor:
    """Gradient descent with one rate: weights before the first and after each step, (LATE + 1, 2)."""
    return gradient_descent(slope_of, START, SHARED_RATE, LATE)


@cache
def own_walk(rate: float = OWN_RATE) -> Tensor:
    """RMSprop: weights before the first and after each step, (LATE + 1, 2)."""
    walk, squares = [START], torch.zeros_like(START)
    for _ in range(LATE):
        weights, squares = rmsprop_step(walk[-1], slope_of(walk[-1]), squares, rate, BETA2, EPSILON)
        walk.append(weights)
    return torch.stack(walk)


def one_rate_each_scene(figure) -> dict:
    """The valley and the loss, with the walk that has one rate for both weights."""
    walk, loss = figure.subplots(1, 2, width_ratios=(1, 1.1))
    a, b = np.meshgrid(np.linspace(-0.3, 2.2, 101), np.linspace(-0.13, 0.13, 101))
    heights = loss_of(torch.tensor(np.stack([b, a], axis=-1))).numpy()
    walk.contour(a, b, heights, levels=np.geomspace(1e-2, 8, 7), norm="log", cmap=palette.SURFACE, linewidths=0.7)
    walk.set(title=f"The first {EARLY} steps", xlabel="w₂: small gradients", ylabel="w₁: large gradients")
    walk.set(yticks=(-0.1, 0, 0.1))
    walk.plot(0, 0, "+", color=palette.INK, ms=8)
    walk.grid(False)
    loss.set(title="Loss, both axes log", xlabel="step", xscale="log", yscale="log", xlim=(10, LATE), ylim=(1e-5, 10))
    loss.set_xticks([10, 30, 100, EARLY, 1000, LATE], ["10", "30", "100", "200", "1,000", "3,000"])
    loss.minorticks_off()
    for panel, line in zip((walk, loss), _lines(shared_walk(), "gradient descent"), strict=True):
        look = palette.plot_options("gradient descent") | {"markevery": line.markers or [], "markersize": 3}
        panel.plot(line.x, line.y, **look)
    told = {"color": palette.text_colour("gradient descent"), "fontsize": 8.5}
    loss.text(100, 2.4, "one rate for both", **told)
    walk.text(1.7, -0.115, "one rate for both", ha="center", **told)
    return {"walk": walk, "loss": loss}


def one_rate_each_frame() -> Frame:
    """RMSprop's walk over the one that the scene shows."""
    one, own = ({step: float(loss_of(walk()[step])) for step in (EARLY, LATE)} for walk in (shared_walk, own_walk))
    marks = (
        Mark("walk", *own_walk()[EARLY // 2].flip(0).tolist(), "a rate each", "rmsprop"),
        Mark("loss", EARLY, own[EARLY], "a rate each", "rmsprop"),
        Mark("loss", LATE, own[LATE], f"{own[LATE]:.2g}", "rmsprop"),
    )
    summary = f"Loss after {EARLY} steps: one rate {one[EARLY]:.2g}, a rate each {own[EARLY]:.2g}; after {LATE:,}: "
    summary += f"{one[LATE]:.2g} and {own[LATE]:.2g}. Rates {SHARED_RATE:.2g} and {OWN_RATE}."
    return Frame(_lines(own_walk(), "rmsprop"), marks, summary)


def one_rate_each(ask: Question | None = QUESTION) -> Card:
    """The opening card of lesson 3."""
    return card(
        one_rate_each_frame,
        one_rate_each_scene,
        title="One rate each: two weights, gradients of very different sizes",
        ask=ask,
    )


def _lines(walk: Tensor, method: str) -> tuple[Line, Line]:
    """The first steps over the valley, and all of them against the loss, thinned to what a log axis shows."""
    steps = np.unique(np.geomspace(10, LATE, 300).round().astype(int))
    return (
        Line("walk", *walk[: EARLY + 1].flip(1).T.numpy(), method, markers=EARLY // 10, ghost=False),
        Line("loss", steps, loss_of(walk[steps]).numpy(), method, ghost=False),
    )
