"""After Adam: the entries of its first step are equally large. Are the directions of the step, too?

A weight matrix moves by a matrix. Its singular values say how far it goes along each of its directions, each a pattern
over all entries. Here: one gradient of a small network on the digits, what Adam's first step makes of it, and Muon's.
Sources: Kingma & Ba, arXiv:1412.6980; Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.lab import palette
from featherweight.lab.data import digits
from featherweight.optimizers.adaptive import adam_step
from featherweight.optimizers.muon import muon_step
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = [
    "after_adam",
    "after_adam_frame",
    "after_adam_scene",
    "first_steps_of",
    "first_weights",
    "slope_at",
    "weaker_half",
]

PIXELS, HIDDEN, KINDS, SEED = 64, 32, 10, 0
NAMES = {"gradient descent": "the gradient", "adam": "Adam's step", "muon": "Muon's step"}
NAMED = 17  # the direction at which a curve carries its name: the first of the weaker half
LOWEST, HIGHEST = 2e-4, 6


def first_weights(seed: int = SEED) -> tuple[Tensor, Tensor]:
    """Random weights of a 64 → 32 → 10 network without biases: (32, 64) and (10, 32)."""
    draw = torch.Generator().manual_seed(seed)
    hidden = torch.randn(HIDDEN, PIXELS, generator=draw, dtype=torch.float64) * math.sqrt(2 / PIXELS)
    output = torch.randn(KINDS, HIDDEN, generator=draw, dtype=torch.float64) * math.sqrt(1 / HIDDEN)
    return hidden, output


def slope_at(hidden: Tensor, output: Tensor) -> Tensor:
    """Gradient (32, 64) of the hidden weights, over all training digits."""
    data = digits()
    hidden = hidden.clone().requires_grad_()
    scores = F.relu(data.train_inputs.double() @ hidden.T) @ output.T
    return torch.autograd.grad(F.cross_entropy(scores, data.train_labels), hidden)[0]


def first_steps_of(gradient: Tensor) -> dict[str, Tensor]:
    """The gradient, and what the first steps of Adam and of Muon subtract, at rate 1: three (32, 64) matrices."""
    zero = torch.zeros_like(gradient)
    adam, *_ = adam_step(zero, gradient, zero, zero, 1, learning_rate=1.0, beta1=0.9, beta2=0.999, epsilon=1e-8)
    muon, _ = muon_step(zero, gradient, zero, learning_rate=1.0, beta=0.95, decay=0.0)
    return {"gradient descent": gradient, "adam": -adam, "muon": -muon}


def weaker_half(matrix: Tensor) -> float:
    """Share of the squared size (the sum of all squared entries) that the weaker half of the directions holds."""
    squares = torch.linalg.svdvals(matrix).square()
    return float(squares[len(squares) // 2 :].sum() / squares.sum())


def after_adam_scene(figure) -> dict:
    """Twice the same axes: the gradient, and the steps made of it."""
    gradient, steps = figure.subplots(1, 2, sharey=True)
    gradient.set(title="The gradient, and the share of its weaker half", ylabel="singular value / largest, log")
    steps.set(title="First steps of Adam and Muon, and their shares")
    for axes in (gradient, steps):
        axes.set(xlabel="direction, strongest first", yscale="log", xlim=(0, HIDDEN + 1), ylim=(LOWEST, HIGHEST))
        axes.set_xticks([1, 8, 16, 24, 32])
        axes.minorticks_off()
        axes.axvline(HIDDEN / 2 + 0.5, color=palette.GHOST, lw=1)
        axes.text(HIDDEN / 2 + 0.1, 1.6 * LOWEST, "stronger 16", ha="right")
        axes.text(HIDDEN / 2 + 0.9, 1.6 * LOWEST, "weaker 16")
    return {"gradient": gradient, "steps": steps}


def after_adam_frame() -> Frame:
    """The only state."""
    lines, marks, shares = [], [], []
    for method, matrix in _matrices().items():
        values = torch.linalg.svdvals(matrix)
        values = (values / values[0]).numpy()
        panel = "gradient" if method == "gradient descent" else "steps"
        lines.append(Line(panel, np.arange(1, HIDDEN + 1), values, method, markers=1, ghost=False))
        share = _percent(weaker_half(matrix))
        shares.append(f"{NAMES[method]} {share}")
        marks.append(Mark(panel, NAMED, values[NAMED - 1], f"{NAMES[method]}: {share}", method))
    summary = f"Share of the squared size on the weaker 16 of 32 directions: {', '.join(shares)}. Seed {SEED}."
    return Frame(tuple(lines), tuple(marks), summary)


def after_adam() -> Card:
    """The opening card of lesson 4."""
    question = Question(
        key="after-adam",
        text="Adam's first step gives all nonzero entries one size. How much of it lies on the weaker 16 of 32 "
        "directions?",
        choices=("About half", "Less than a tenth", "Less than a thousandth"),
        answer=1,
        because="Equal entries still add up to a few strong patterns. "
        f"Muon evens out the patterns themselves: {_percent(weaker_half(_matrices()['muon']))}.",
        veils=("steps",),
    )
    return card(
        after_adam_frame,
        after_adam_scene,
        title="After Adam: equal entries, equal directions?",
        ask=question,
    )


@cache
def _matrices() -> dict[str, Tensor]:
    return first_steps_of(slope_at(*first_weights()))


def _percent(share: float) -> str:
    return f"{100 * share:.2g}%"
