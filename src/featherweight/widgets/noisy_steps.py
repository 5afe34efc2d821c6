"""Noisy steps: an exact step reads every example, a noisy one a few. Which is ahead after the same reading?

A line fitted to 256 points by least squares, both ways at the same rate. The cost is counted in examples seen, in
passes over the data: one exact step a pass, or 256/B noisy ones.
Source of the comparison: Bottou, Curtis & Nocedal, arXiv:1606.04838, section 3.3.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.stochastic import minibatches, sgd_step
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["BATCHES", "PRESETS", "exact_walk", "examples", "noisy_steps", "noisy_steps_frame", "noisy_steps_scene"]

EXAMPLES, PASSES, RATE, SEED = 256, 10, 0.5, 0
NAMED = 4  # the pass at which the exact curve carries its name, away from the end of the other
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
PRESETS = {
    "one by one": {"batch": 1},
    "a few": {"batch": 16},
    "a quarter": {"batch": 64},
    "all at once": {"batch": 256},
}
QUESTION = Question(
    key="noisy-steps",
    text="Both may read the 256 examples ten times. Who is closer: 10 exact steps, or 160 noisy ones on 16 each?",
    choices=("The exact steps", "The noisy steps", "Level: they read the same"),
    answer=1,
    because="Each noisy step goes roughly the right way, and there are sixteen of them for the price of one.",
    shows={"batch": 16},
    veils=("loss",),
)


@cache
def examples() -> tuple[Tensor, Tensor]:
    """Inputs (256, 2), a column of ones and one of x in [0, 1], and targets (256,): 2x − 0.5 with noise, seed 0."""
    draw = torch.Generator().manual_seed(SEED)
    x = torch.rand(EXAMPLES, generator=draw, dtype=torch.float64)
    noise = 0.3 * torch.randn(EXAMPLES, generator=draw, dtype=torch.float64)
    return torch.stack([torch.ones_like(x), x], dim=1), 2 * x - 0.5 + noise


def slope_of(weights: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
    """Gradient of half the mean squared error on these examples."""
    return inputs.T @ (inputs @ weights - targets) / len(targets)


def excess(weights: Tensor) -> Tensor:
    """How far the loss of weights (…, 2) on all examples is above the smallest possible."""
    inputs, _ = examples()
    return 0.5 * ((weights - best()) @ inputs.T).square().mean(-1)


def best() -> Tensor:
    """The weights of least squares."""
    inputs, targets = examples()
    return torch.linalg.lstsq(inputs, targets[:, None]).solution[:, 0]


def exact_walk(rate: float = RATE) -> Tensor:
    """Weights before the first and after each pass: (PASSES + 1, 2)."""
    start = torch.zeros(2, dtype=torch.float64)
    return gradient_descent(lambda weights: slope_of(weights, *examples()), start, rate, PASSES)


@cache
def noisy_walk(batch: int) -> Tensor:
    """Weights before the first and after each minibatch, in a new order every pass: (PASSES · 256 / batch + 1, 2)."""
    walk = [torch.zeros(2, dtype=torch.float64)]
    for number in range(PASSES):
        for inputs, targets in minibatches(*examples(), batch, seed=number):
            walk.append(sgd_step(walk[-1], slope_of(walk[-1], inputs, targets), RATE))
    return torch.stack(walk)


def noisy_steps_scene(figure) -> dict:
    """The weights over contours of the loss, and the loss against the cost."""
    walk, loss = figure.subplots(1, 2, width_ratios=(1, 1.2))
    a, b = np.meshgrid(np.linspace(-1.2, 0.8, 81), np.linspace(-0.2, 2.8, 81))
    heights = excess(torch.tensor(np.stack([a, b], axis=-1))).numpy()
    walk.contour(a, b, heights, levels=np.geomspace(2e-3, 2, 8), norm="log", cmap=palette.SURFACE, linewidths=0.8)
    walk.plot(*best(), "+", color=palette.INK, ms=8)
    walk.set(title="The two weights", xlabel="height of the line at 0", ylabel="slope of the line")
    walk.grid(False)
    loss.set(title="Loss above the minimum, log scale", xlabel="passes over the 256 examples", yscale="log")
    loss.set(xlim=(0, PASSES), ylim=(1e-5, 1), xticks=range(0, PASSES + 1, 2))
    loss.minorticks_off()
    return {"walk": walk, "loss": loss}


def noisy_steps_frame(batch: int) -> Frame:
    """Exact steps and noisy steps of one batch size, at the same cost."""
    exact, noisy = exact_walk(), noisy_walk(batch)
    lines = (*_lines(noisy, "sgd", 0, 1.2), *_lines(exact, "gradient descent", 1, 2.0))
    ends = {"exact": float(excess(exact[-1])), "noisy": float(excess(noisy[-1]))}
    marks = (
        Mark("loss", NAMED, float(excess(exact[NAMED])), f"exact: {PASSES} steps", "gradient descent"),
        Mark("loss", PASSES, ends["noisy"], f"noisy: {len(noisy) - 1:,} steps", "sgd"),
    )
    summary = f"Batch {batch}: after {PASSES} passes {len(noisy) - 1:,} noisy steps are {ends['noisy']:.2g} above the "
    summary += f"minimum, {PASSES} exact ones {ends['exact']:.2g}; {_lead(**ends)}. Rate {RATE}, seed {SEED}."
    return Frame(lines, marks, summary)


def noisy_steps(ask: Question | None = QUESTION) -> Card:
    """The opening card of lesson 2."""
    return card(
        noisy_steps_frame,
        noisy_steps_scene,
        title="Noisy steps: many rough ones, or a few exact ones?",
        controls=(Control("batch", "Batch size", BATCHES, start=256),),
        presets=PRESETS,
        ask=ask,
    )


def _lines(walk: Tensor, method: str, markers: int, width: float) -> tuple[Line, Line]:
    passes = np.linspace(0, PASSES, len(walk))
    some = np.unique(np.linspace(0, len(walk) - 1, 400).round().astype(int))  # a point a pixel is enough
    return (
        Line("walk", *walk[some].T.numpy(), method, markers=markers, width=width),
        Line("loss", passes[some], excess(walk[some]).numpy(), method, markers=markers, width=width),
    )


def _lead(exact: float, noisy: float) -> str:
    if abs(noisy - exact) < 1e-9 * exact:
        return "they are the same walk"
    return "the noisy steps are ahead" if noisy < exact else "the exact steps are ahead"
