"""Schedule drawer: a noisy gradient stops a constant rate at a floor; which schedule goes through it?

Left the rate of every update, right what it does to the loss of a quadratic with curvatures 1 and 10 whose gradients
carry noise: the median of 64 runs, always with the same noise (seed 0). The schedules are those of the lesson.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.schedules import cosine_rate, exponential_rate, one_cycle_rate, step_rate
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = [
    "PEAKS",
    "PRESETS",
    "SCHEDULES",
    "WARMUPS",
    "rates_of",
    "schedule_drawer",
    "schedule_frame",
    "schedule_scene",
]

STEPS, RUNS, SEED, NOISE = 100, 64, 0, 1.0
CURVATURES = torch.tensor([1.0, 10.0], dtype=torch.float64)
START = torch.tensor([-2.6, 0.9], dtype=torch.float64)
EDGE = 2 / 10
HOPELESS = 100.0  # diverged: the median loss is this many times the first
SCHEDULES = ("constant", "step", "exponential", "cosine", "one-cycle")
PEAKS = (0.01, 0.02, 0.04, 0.07, 0.1, 0.14, 0.18, 0.22)
WARMUPS = (0, 5, 10, 20)
PRESETS = {
    "constant": {"schedule": "constant", "peak": 0.1, "warmup": 0},
    "cosine, warm-up": {"schedule": "cosine", "peak": 0.14, "warmup": 10},
    "one cycle": {"schedule": "one-cycle", "peak": 0.18, "warmup": 0},
    "too timid": {"schedule": "exponential", "peak": 0.01, "warmup": 0},
    "over the edge": {"schedule": "constant", "peak": 0.22, "warmup": 0},
}
QUESTION = Question(
    key="schedule-floor",
    text="Gradients are noisy and every schedule starts at rate 0.1. Which ends with the lowest loss?",
    choices=("The constant rate", "The cosine", "No difference: noise decides"),
    answer=1,
    because="Noise holds the loss at a floor proportional to the rate; when the rate falls, so does the floor.",
    shows={"schedule": "cosine", "peak": 0.1, "warmup": 0},
)


def rates_of(schedule: str, peak: float, warmup: int) -> list[float]:
    """The rate of each of the STEPS updates. One-cycle warms up by itself; `step` climbs in the same straight line."""
    rules = {
        "constant": lambda step: exponential_rate(step, peak, 1.0, warmup),
        "step": lambda step: step_rate(step, peak, 0.3, 30) * min(step / max(warmup, 1), 1.0),
        "exponential": lambda step: exponential_rate(step, peak, 0.96, warmup),
        "cosine": lambda step: cosine_rate(step, peak, 0.0, warmup, STEPS),
        "one-cycle": lambda step: one_cycle_rate(step, peak, STEPS),
    }
    return [rules[schedule](step) for step in range(1, STEPS + 1)]


def losses_of(rates: Tensor) -> Tensor:
    """Loss of every run before the first and after each update: rates (states, STEPS) → (STEPS + 1, states, RUNS)."""
    points = [START.expand(len(rates), RUNS, 2)]
    for step, noise in enumerate(_noise()):
        rate = rates[:, step, None, None]
        points.append(gradient_descent(lambda x, noise=noise: CURVATURES * x + noise, points[-1], rate, steps=1)[-1])
    return 0.5 * (CURVATURES * torch.stack(points) ** 2).sum(-1)


def schedule_scene(figure) -> dict:
    """Two panels with fixed axes."""
    rate, loss = figure.subplots(1, 2)
    rate.set(title="Learning rate", xlabel="update", xlim=(0, STEPS), ylim=(0, 0.24))
    rate.axhline(EDGE, color=palette.INK, lw=1, ls="--")
    rate.text(1, EDGE - 0.019, "2/L")
    loss.set(title="Loss, log scale: median of 64 runs", xlabel="update", yscale="log", xlim=(0, STEPS))
    loss.set_ylim(1e-3, 3e3)
    loss.minorticks_off()
    return {"rate": rate, "loss": loss}


def schedule_frame(schedule: str, peak: float, warmup: int) -> Frame:
    """One state."""
    rates, losses = _grid()[schedule, peak, warmup]
    middle = losses.median(dim=1).values
    gone = (middle > HOPELESS * middle[0]).nonzero()
    kept = int(gone[0]) + 1 if len(gone) else STEPS + 1
    steps = np.arange(STEPS + 1)
    lines = (
        Line("rate", steps[1:], rates.numpy(), schedule, markers=12),
        Line("loss", steps[:kept], losses[:kept, 0].numpy(), schedule, width=0.8, ghost=False),
        Line("loss", steps[:kept], middle[:kept].numpy(), schedule, markers=12),
    )
    final = float(middle[kept - 1])
    fate = f"diverged at step {kept - 1}" if len(gone) else f"loss {final:.2g} after {STEPS} updates"
    mark = Mark("loss", kept - 1, final, fate if len(gone) else f"{final:.2g}", schedule)
    own = " (one-cycle warms up by itself)" if schedule == "one-cycle" and warmup else ""
    summary = f"{schedule}, peak rate {peak:.3g}, warm-up {warmup}{own}, 2/L = {EDGE:.3g}: {fate}. Seed {SEED}."
    return Frame(lines, (mark,), summary)


def schedule_drawer(ask: Question | None = QUESTION) -> Card:
    """The card of lesson 1."""
    return card(
        schedule_frame,
        schedule_scene,
        title="Schedule drawer: one noisy valley, five ways to lower the rate",
        controls=(
            Control("schedule", "Schedule", SCHEDULES, start="constant"),
            Control("peak", "Peak rate", PEAKS, start=0.1),
            Control("warmup", "Warm-up", WARMUPS, start=0),
        ),
        presets=PRESETS,
        ask=ask,
    )


@cache
def _grid() -> dict[tuple, tuple[Tensor, Tensor]]:
    """Rates (STEPS,) and losses (STEPS + 1, RUNS) of every state, from one batched run."""
    states = list(product(SCHEDULES, PEAKS, WARMUPS))
    rates = torch.tensor([rates_of(*state) for state in states], dtype=torch.float64)
    return dict(zip(states, zip(rates, losses_of(rates).unbind(1), strict=True), strict=True))


@cache
def _noise() -> Tensor:
    """The noise of every update and run: shape (STEPS, RUNS, 2)."""
    draw = torch.Generator().manual_seed(SEED)
    return NOISE * torch.randn(STEPS, RUNS, 2, generator=draw, dtype=torch.float64)
