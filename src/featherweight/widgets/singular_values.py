"""Singular values under Newton–Schulz: five cheap steps towards 1. How close, and which values stay behind?

An odd polynomial of a matrix keeps its singular vectors and maps each singular value σ by itself:
σ ← aσ + bσ³ + cσ⁵. So one curve tells what becomes of every matrix, once it is divided by its Frobenius norm.
Sources: Muon's coefficients, Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024;
the cubic, Björck & Bowie, SIAM Journal on Numerical Analysis 8, 1971.

| paper   | code           | meaning                                       |
|---------|----------------|-----------------------------------------------|
| σ       | `values`       | singular values, of a matrix of norm 1        |
| a, b, c | `COEFFICIENTS` | of σ, σ³ and σ⁵                               |
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = [
    "BAND",
    "COEFFICIENTS",
    "PRESETS",
    "SMALLEST",
    "STEPS",
    "map_values",
    "singular_values",
    "singular_values_frame",
    "singular_values_scene",
    "spread_values",
]

COEFFICIENTS = {"Muon": (3.4445, -4.7750, 2.0315), "cubic": (1.5, -0.5, 0.0)}
METHODS = {"Muon": "muon", "cubic": "ours"}
BAND = (0.68, 1.2)  # where Muon's five steps put every value of at least 0.0015, at two decimals
COUNT, MOST = 8, 8
STEPS = tuple(range(MOST + 1))
SMALLEST = (1e-5, 1e-4, 5e-4, 1.5e-3, 5e-3, 0.015, 0.05, 0.15)
GRID = torch.tensor(np.geomspace(5e-6, 1, 400))
PRESETS = {
    "five steps of Muon": {"steps": 5, "smallest": 0.0015, "coefficients": "Muon"},
    "too small to be lifted": {"steps": 5, "smallest": 1e-4, "coefficients": "Muon"},
    "never settles": {"steps": 8, "smallest": 0.05, "coefficients": "Muon"},
    "cubic: slow": {"steps": 5, "smallest": 0.0015, "coefficients": "cubic"},
    "cubic: exact, if it has time": {"steps": 8, "smallest": 0.15, "coefficients": "cubic"},
}
QUESTION = Question(
    key="newton-schulz-settles",
    text="Five steps bring these eight values to between 0.68 and 1.2. Three more steps: how close to 1 are they?",
    choices=("Ten times closer", "No closer", "Gone: they grow without end"),
    answer=1,
    because="Muon's polynomial sends 1 itself to 0.70: its coefficients buy a fast start and never settle.",
    shows={"steps": 8, "smallest": 0.05, "coefficients": "Muon"},
    veils=("paths",),
)


def map_values(values: Tensor, steps: int, coefficients: str) -> Tensor:
    """What becomes of singular values, any shape, under `steps` steps."""
    a, b, c = COEFFICIENTS[coefficients]
    for _ in range(steps):
        square = values * values
        values = values * (a + square * (b + square * c))
    return values


@cache
def spread_values(smallest: float) -> Tensor:
    """COUNT singular values in constant proportion, from `smallest` up, of norm 1: float64, ascending."""
    powers = torch.arange(COUNT, dtype=torch.float64)
    low, high = 1.0, (1 / smallest) ** 2
    for _ in range(200):  # bisect for the proportion
        ratio = (low + high) / 2
        low, high = (low, ratio) if smallest * (ratio**powers).norm() > 1 else (ratio, high)
    return smallest * low**powers


def singular_values_scene(figure) -> dict:
    """What a value becomes, and the way there."""
    curve, paths = figure.subplots(1, 2, width_ratios=(1.25, 1), sharey=True)
    curve.set(title="From before to after, for every singular value", xlabel="before, share of the norm (log scale)")
    curve.set(ylabel="after", xscale="log", xlim=(5e-6, 1.3), ylim=(0, 1.5))
    paths.set(title="Step by step", xlabel="step", xlim=(0, MOST), xticks=STEPS)
    for axes in (curve, paths):
        axes.axhspan(*BAND, color=palette.GHOST, alpha=0.25, lw=0)
        axes.axhline(1, color=palette.INK, lw=1)
        axes.minorticks_off()
    return {"curve": curve, "paths": paths}


def singular_values_frame(steps: int, smallest: float, coefficients: str) -> Frame:
    """One matrix after some steps."""
    before, method = spread_values(smallest), METHODS[coefficients]
    ways = torch.stack([map_values(before, step, coefficients) for step in range(steps + 1)])
    after = ways[-1]
    lines = [
        Line("curve", GRID.numpy(), map_values(GRID, steps, coefficients).numpy(), method, width=1.5),
        Line("curve", before.numpy(), after.numpy(), method, width=0.01, markers=1, ghost=False),
        *(Line("paths", np.arange(steps + 1), way, method, markers=1, ghost=False) for way in ways.T.numpy()),
    ]
    marks = (Mark("curve", smallest, float(after[0]), f"{smallest:.2g} → {float(after[0]):.2g}", method),)
    rounded = after.round(decimals=2)
    inside = int(((rounded >= BAND[0]) & (rounded <= BAND[1])).sum())
    summary = f"{coefficients}, {steps} steps: {inside} of {COUNT} values in the band {BAND[0]} to {BAND[1]}, "
    summary += f"the smallest goes from {smallest:.2g} to {float(after[0]):.2g}, "
    summary += f"the farthest is {float((after - 1).abs().max()):.2g} from 1."
    return Frame(tuple(lines), marks, summary)


def singular_values(ask: Question | None = QUESTION) -> Card:
    """The card of lesson 4 on Muon's iteration."""
    return card(
        singular_values_frame,
        singular_values_scene,
        title="Singular values under Newton–Schulz: how close to 1?",
        controls=(
            Control("steps", "Steps", STEPS, start=5),
            Control("smallest", "Smallest value", SMALLEST, start=0.05),
            Control("coefficients", "Coefficients", tuple(COEFFICIENTS), start="Muon"),
        ),
        presets=PRESETS,
        ask=ask,
    )
