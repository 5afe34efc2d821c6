"""Adam step by hand: one weight, twenty gradients, and every number between a gradient and its step.

Left the averages on a log axis, where a quotient is a distance: the step is the rate times m̂/√v̂, so it is a full rate
where the two curves meet. Right the steps. Both averages start at zero; one step later m is (1 − β₁) g, and √v is
√(1 − β₂) |g|. The correction divides that out, and the first step is the rate times the sign of g, whatever its size.
Without it the first step is (1 − β₁)/√(1 − β₂) times as long: 3.16 times for 0.9 and 0.999.
Source: Kingma & Ba, arXiv:1412.6980, algorithm 1 and section 3.

| paper | code            | meaning                             |
|-------|-----------------|-------------------------------------|
| β₂    | `beta2`         | share of the old second moment kept |
| t     | `step`, `count` | number of the step, from 1          |
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from matplotlib.lines import Line2D
from torch import Tensor

from featherweight.lab import palette
from featherweight.optimizers.adaptive import adam_step
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["BETAS", "GRADIENTS", "PRESETS", "Moments", "adam_by_hand", "adam_frame", "adam_scene", "moments_of"]

RATE, BETA1, EPSILON = 0.001, 0.9, 1e-8
TINY = (0.02, 0.03, 0.02, 0.02, 0.03)
USUAL = (1.0, 0.7, 1.2, 0.9)
SPIKE = 20.0
GRADIENTS = (*TINY, *USUAL, SPIKE, 0.8, 1.1, 0.9, 1.2, 0.7, 1.0, 1.1, 0.8, 0.9, 1.0)
STEPS = len(GRADIENTS)
NUMBERS = np.arange(1, STEPS + 1)
PHASES = {"tiny": 3, "usual": 7.5, "spike": 10, "usual again": 15.5}  # where in the sequence the name stands
SIZES, CURSOR = (3e-4, 200), 40  # the axis of sizes, and how far upright lines reach
BORDERS = (5.5, 9.5, 10.5)
BETAS = (0.9, 0.99, 0.999)
PRESETS = {
    "first step": {"step": 1, "beta2": 0.999, "correction": "on"},
    "without correction": {"step": 1, "beta2": 0.999, "correction": "off"},
    "tiny gradients": {"step": 5, "beta2": 0.999, "correction": "on"},
    "a spike": {"step": 10, "beta2": 0.999, "correction": "on"},
    "right by luck": {"step": 1, "beta2": 0.99, "correction": "off"},
}
QUESTION = Question(
    key="adam-first-step",
    text="The first gradient is 0.02, the rate 0.001, and β₁ = 0.9. How far does Adam's first step go?",
    choices=("0.00002: rate times gradient", "0.000002: a tenth of it enters m", "0.001: the whole rate"),
    answer=2,
    because="Corrected, m̂ is the gradient and √v̂ its size, so their quotient is its sign, tiny or not.",
    shows={"step": 1, "beta2": 0.999, "correction": "on"},
    veils=("steps",),
)


@dataclass(frozen=True)
class Moments:
    """What Adam computes, one value a step. used_first, used_second: what was divided. moved: change of the weight."""

    first: Tensor
    second: Tensor
    used_first: Tensor
    used_second: Tensor
    moved: Tensor


def moments_of(gradients: Tensor, beta2: float, correction: bool = True) -> Moments:
    """Adam on one weight with these gradients, shape (steps,). Without correction every step counts as a late one."""
    weight = first = second = torch.zeros((), dtype=gradients.dtype)
    rows = []
    for number, gradient in enumerate(gradients, start=1):
        count = number if correction else math.inf  # 1 − βᵗ is 1 at last
        new, first, second = adam_step(weight, gradient, first, second, count, RATE, BETA1, beta2, EPSILON)
        rows.append(torch.stack([first, second, first / (1 - BETA1**count), second / (1 - beta2**count), new - weight]))
        weight = new
    return Moments(*torch.stack(rows, dim=1))


def adam_scene(figure) -> dict:
    """The gradients, which never change, and the length of a full step."""
    sizes, steps = figure.subplots(1, 2, width_ratios=(1.3, 1))
    sizes.set(title="Gradient and averages, log scale (thin: not corrected)", xlabel="step", yscale="log", ylim=SIZES)
    sizes.set_yticks([1e-3, 1e-2, 0.1, 1, 10, 100], ["0.001", "0.01", "0.1", "1", "10", "100"])
    sizes.plot(NUMBERS, GRADIENTS, "o", color=palette.INK, ms=4)
    for name, place in PHASES.items():
        sizes.text(place, 75, name, ha="center", va="center", fontsize=8)
    sizes.vlines(BORDERS, SIZES[0], CURSOR, color=palette.GHOST, lw=0.6, ls=":")
    sizes.legend(handles=_key(), loc="lower right", fontsize=8, frameon=False)
    steps.set(title="Step of the weight, in rates, log scale", xlabel="step", yscale="log", ylim=(0.2, 10))
    steps.set_yticks([0.25, 0.5, 1, 2, 4, 8], ["¼", "½", "1", "2", "4", "8"])
    steps.axhline(1, color=palette.INK, lw=1)
    for axes in (sizes, steps):
        axes.set(xlim=(0.3, STEPS + 0.7), xticks=(1, 5, 10, 15, 20))
        axes.minorticks_off()
        axes.grid(axis="x", visible=False)
    return {"sizes": sizes, "steps": steps}


def adam_frame(step: int, beta2: float, correction: str) -> Frame:
    """One state. step: from 1 to 20. correction: "on" or "off"."""
    run = _run(beta2, correction == "on")
    here = [float(values[step - 1]) for values in (run.first, run.second, run.used_first, run.used_second, run.moved)]
    first, second, used_first, used_second, moved = here
    ratio, ratios = -moved / RATE, (-run.moved / RATE).numpy()
    place, gap = np.full(2, step), np.array([used_first, used_second**0.5])
    lines = [
        Line("sizes", place, np.array([SIZES[0], CURSOR]), "limit", width=1, ghost=False),
        Line("sizes", place, gap, "adam", width=7, ghost=False),
        *_averages(run.used_first, run.used_second, 2.0),
        Line("steps", NUMBERS, ratios, "adam", width=0.8),
        Line("steps", NUMBERS[:step], ratios[:step], "adam", markers=1, ghost=False),
    ]
    if correction == "on":
        lines += _averages(run.first, run.second, 0.8)
    mark = Mark("steps", step, ratio, f"{ratio:.2f}", "adam")
    used = f" → m̂ = {used_first:.3g}, v̂ = {used_second:.3g}" if correction == "on" else ", used as they are"
    summary = f"Step {step}, g = {GRADIENTS[step - 1]:g}, β₂ = {beta2:g}: m = {first:.3g}, v = {second:.3g}{used}: "
    return Frame(tuple(lines), (mark,), summary + f"step −{-moved:.5f}, {ratio:.2f} × the rate.")


def adam_by_hand(ask: Question | None = QUESTION) -> Card:
    """The card of lesson 3 on what Adam divides by what."""
    return card(
        adam_frame,
        adam_scene,
        title="Adam step by hand: from gradient to step",
        controls=(
            Control("step", "Step", tuple(range(1, STEPS + 1)), start=1),
            Control("beta2", "β₂", BETAS, start=0.999),
            Control("correction", "Bias correction", ("off", "on"), start="on"),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _key() -> list[Line2D]:
    """What is what on the panel of sizes."""
    names = {
        "m or m̂, average of g": palette.plot_options("momentum"),
        "√v or √v̂, root of that of g²": palette.plot_options("rmsprop"),
        "between them: the step": palette.plot_options("adam", width=5),
    }
    dots = Line2D([], [], color=palette.INK, marker="o", ms=4, ls="", label="gradient g")
    return [dots, *(Line2D([], [], **look | {"marker": ""}, label=name) for name, look in names.items())]


@cache
def _run(beta2: float, correction: bool) -> Moments:
    return moments_of(torch.tensor(GRADIENTS, dtype=torch.float64), beta2, correction)


def _averages(first: Tensor, second: Tensor, width: float) -> tuple[Line, Line]:
    """Both averages as sizes of a gradient."""
    look = {"width": width, "ghost": width > 1}
    return (
        Line("sizes", NUMBERS, first.numpy(), "momentum", **look),
        Line("sizes", NUMBERS, second.sqrt().numpy(), "rmsprop", **look),
    )
