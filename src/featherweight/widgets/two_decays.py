"""Two weight decays: λw added to the gradient, or taken from the weight itself. Who shrinks which weights?

Thirteen weights of 1 that no loss pulls at: their gradients are noise of mean zero, of size 0.01 for the first weight
and 10 for the last. AdamW takes the share ηλ of every weight, and (1 − ηλ)ᵏ is left after k steps. L2 puts λw into the
gradient, and Adam divides it by the size of the gradients like everything else: large ones hide the decay, and where λw
is all there is, λ cancels: the weight walks nearly a rate a step, whatever λ. SGD divides by nothing: there both agree.
Source: Loshchilov & Hutter, arXiv:1711.05101, section 2 and propositions 1 and 2.

| paper | code    | meaning                               |
|-------|---------|---------------------------------------|
| λ     | `decay` | share of the weight per step and rate |
| η     | `RATE`  | learning rate                         |
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

from featherweight.optimizers.adaptive import adam_step, adamw_step
from featherweight.optimizers.stochastic import sgd_step
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = [
    "DECAYS",
    "OPTIMIZERS",
    "PRESETS",
    "SCALES",
    "decayed",
    "noise_of",
    "remaining",
    "two_decays",
    "two_decays_frame",
    "two_decays_scene",
]

STEPS, RUNS, SEED = 900, 64, 0
RATE, BETAS, EPSILON = 0.001, (0.9, 0.999), 1e-8
SCALES = torch.logspace(-2, 1, 13, dtype=torch.float64)  # size of each weight's gradients
FOLLOWED = {0: 1.0, -1: 2.5}  # weights whose way is drawn, and how wide
DECAYS = (0.0, 0.1, 0.3, 1.0, 3.0)
TIMES = tuple(range(0, STEPS + 1, 100))
OPTIMIZERS = ("Adam", "SGD")
PRESETS = {
    "usual": {"decay": 1.0, "steps": 900, "under": "Adam"},
    "a light decay": {"decay": 0.1, "steps": 900, "under": "Adam"},
    "a heavy decay": {"decay": 3.0, "steps": 900, "under": "Adam"},
    "no decay": {"decay": 0.0, "steps": 900, "under": "Adam"},
    "under SGD": {"decay": 1.0, "steps": 900, "under": "SGD"},
}
QUESTION = Question(
    key="two-decays",
    text="L2 under Adam, λ = 0.1, on two weights of 1: one has gradients of size 10, one of 0.01. Which shrinks more?",
    choices=("The one with large gradients", "The one with small gradients", "Both alike: λ is the same"),
    answer=1,
    because="Adam divides the decay by the size of the gradients too; AdamW decays beside it, and all weights alike.",
    shows={"decay": 0.1, "steps": 900, "under": "Adam"},
    veils=("sizes",),
)


@cache
def noise_of() -> Tensor:
    """The same noise for every state: (STEPS, RUNS, 1); each weight has it times its own scale."""
    draw = torch.Generator().manual_seed(SEED)
    return torch.randn(STEPS, RUNS, len(SCALES), generator=draw, dtype=torch.float64)


def decayed(decays: Tensor, noise: Tensor, under: str) -> tuple[Tensor, Tensor]:
    """Weights under L2 and under decoupled decay, before the first and after each step.

    decays: (n, 1, 1). noise: (steps, runs, weights). Returns two tensors (steps + 1, n, weights), means over the runs.
    """
    start = torch.ones(len(decays), *noise.shape[1:], dtype=noise.dtype)
    coupled = loose = (start, torch.zeros_like(start), torch.zeros_like(start))
    means = [(start.mean(1), start.mean(1))]
    for step, gradient in enumerate(noise, start=1):
        if under == "SGD":
            coupled = (sgd_step(coupled[0], gradient + decays * coupled[0], RATE),)
            loose = (sgd_step((1 - RATE * decays) * loose[0], gradient, RATE),)
        else:
            pulled = gradient + decays * coupled[0]
            coupled = adam_step(coupled[0], pulled, *coupled[1:], step, RATE, *BETAS, EPSILON)
            loose = adamw_step(loose[0], gradient, *loose[1:], step, RATE, *BETAS, EPSILON, decays)
        means.append((coupled[0].mean(1), loose[0].mean(1)))
    return tuple(torch.stack(rows) for rows in zip(*means, strict=True))


def remaining(decay: float, steps: int) -> float:
    """What decoupled decay leaves of a weight of 1."""
    return (1 - RATE * decay) ** steps


def two_decays_scene(figure) -> dict:
    """Weights against the size of their gradients, and three of them over time."""
    sizes, times = figure.subplots(1, 2, width_ratios=(1, 1.1))
    sizes.set(title=f"All weights, means of {RUNS} runs", xlabel="size of the weight's gradients, log scale")
    sizes.set(xscale="log", xlim=(0.008, 12.5), ylabel="weight")
    sizes.set_xticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    times.set(title="On the way: gradients of 10 thick, of 0.01 thin", xlabel="step", xlim=(0, STEPS))
    times.set_xticks(TIMES[::3])
    for axes in (sizes, times):
        axes.set_ylim(-0.08, 1.22)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "¼", "½", "¾", "1"])
        axes.minorticks_off()
    return {"sizes": sizes, "times": times}


def two_decays_frame(decay: float, steps: int, under: str) -> Frame:
    """One state."""
    coupled, loose = (weights[:, DECAYS.index(decay)] for weights in _grid(under))
    looks = ("adam", "adamw") if under == "Adam" else ("sgd", "sgd")
    lines = [Line("times", np.full(2, steps), np.array([-0.08, 1.1]), "limit", width=1, ghost=False)]
    for weights, look in zip((coupled, loose), looks, strict=True):
        lines.append(Line("sizes", SCALES.numpy(), weights[steps].numpy(), look, markers=1))
        lines += [_way(weights[:, number], look, width) for number, width in FOLLOWED.items()]
    ends = [float(coupled[steps, number]) for number in (0, -1)]
    names = ("L2 under Adam", "AdamW") if under == "Adam" else ("L2 under SGD", "decoupled: the same")
    marks = (
        Mark("sizes", float(SCALES[-1]), ends[1], names[0], looks[0]),
        Mark("sizes", float(SCALES[0]), float(loose[steps, 0]), names[1], looks[1]),
    )
    summary = (
        f"λ = {decay:g}, {steps} steps under {under}: L2 leaves {ends[0]:.2f} (gradients of 0.01) to {ends[1]:.2f} "
    )
    summary += f"(of 10), decoupled {loose[steps].mean():.2f}, theory {remaining(decay, steps):.2f}. Seed {SEED}."
    return Frame(tuple(lines), marks, summary)


def two_decays(ask: Question | None = QUESTION) -> Card:
    """The card of lesson 3 on decay."""
    return card(
        two_decays_frame,
        two_decays_scene,
        title="Two weight decays: in the gradient, or beside it?",
        controls=(
            Control("decay", "Decay λ", DECAYS, start=1.0),
            Control("steps", "Steps", TIMES, start=900),
            Control("under", "Under", OPTIMIZERS, start="Adam"),
        ),
        presets=PRESETS,
        ask=ask,
    )


@cache
def _grid(under: str) -> tuple[Tensor, Tensor]:
    """Every decay at once: two tensors (STEPS + 1, len(DECAYS), weights)."""
    return decayed(torch.tensor(DECAYS, dtype=torch.float64)[:, None, None], SCALES * noise_of(), under)


def _way(weights: Tensor, method: str, width: float) -> Line:
    """One weight over time."""
    some = np.arange(0, STEPS + 1, 10)
    return Line("times", some, weights[some].numpy(), method, width=width)
