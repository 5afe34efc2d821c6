"""Straight through: one weight behind a staircase. What must come back through a step for the weight to move at all?

The loss is ½ (code − target)², and code = clip(round(latent), −2, 1): two bits. Its slope in the latent weight is
code − target, times the slope of the staircase; the reader chooses what stands for that.
Sources: straight-through estimator, Bengio et al., arXiv:1308.3432, section 4; weights that flicker between two codes,
Nagel et al., arXiv:2203.11086, section 2.

| paper | code      | meaning                                   |
|-------|-----------|-------------------------------------------|
| w     | `latent`  | the real weight that training keeps        |
| q(w)  | the code  | what the network computes with             |
| –     | `target`  | the value of the weight that the loss wants |
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from featherweight.compression.low_bit import straight_through
from featherweight.lab import palette
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["BACK", "PRESETS", "Walk", "ste_steps", "ste_steps_frame", "ste_steps_scene", "walk_of"]

LOW, HIGH = -2, 1
RATE, STEPS, LAST = 0.1, 80, 40
TRUE, THROUGH, CLIPPED = "the true slope, 0", "1 everywhere", "1 inside the grid"
BACK = (TRUE, THROUGH, CLIPPED)
TARGETS = tuple(float(target) for target in np.arange(-3, 2.51, 0.25))
STARTS = (-2.8, -1.2, 0.3, 1.8)
EDGES = (-3.5, 3.0)
SHOWN = (-3.2, 2.8)
PRESETS = {
    "true slope": {"target": 1.0, "back": TRUE, "begin": 0.3},
    "straight through": {"target": 1.0, "back": CLIPPED, "begin": 0.3},
    "between two codes": {"target": 0.25, "back": CLIPPED, "begin": 0.3},
    "off the grid": {"target": 2.0, "back": THROUGH, "begin": 0.3},
    "born outside": {"target": 0.0, "back": CLIPPED, "begin": 1.8},
}
QUESTION = Question(
    key="ste-steps",
    text="The best value is 0.25, but the weight can only be 0 or 1 there. Straight through: what does it do?",
    choices=("It settles on 0", "It settles half-way, on 0.5", "It flickers, 1 in a quarter of the steps"),
    answer=2,
    because="At 0 the loss pushes it up by 0.25, at 1 down by 0.75: one step down undoes three steps up.",
    shows={"target": 0.25, "back": CLIPPED, "begin": 0.3},
    veils=("steps",),
)


@dataclass(frozen=True)
class Walk:
    """The latent weight and its code, (STEPS + 1,) each, float64."""

    latent: np.ndarray
    codes: np.ndarray

    @property
    def fate(self) -> str:
        """What became of the weight, in words."""
        late, moved = self.codes[-LAST:], np.ptp(self.latent[-LAST:])
        if self.latent[0] == self.latent[-1]:
            return "it never moves"
        if np.ptp(late):
            return f"it flickers, and its code averages {late.mean():.2f}"
        if moved > 1:
            return "the latent weight runs away, its code stays"
        return "it rests"


@cache
def walk_of(target: float, back: str, begin: float) -> Walk:
    """Gradient descent on the latent weight, at RATE. back: one of BACK."""
    latent, rows = torch.tensor(begin, dtype=torch.float64), []
    for _ in range(STEPS + 1):
        x = latent.clone().requires_grad_()
        code = straight_through(x, LOW, HIGH)
        (0.5 * (code - target) ** 2).backward()
        pushes = {TRUE: 0.0, THROUGH: code.detach() - target, CLIPPED: x.grad}
        rows.append((latent.item(), code.item()))
        latent = latent - RATE * pushes[back]
    return Walk(*np.array(rows).T)


def ste_steps_scene(figure) -> dict:
    """The staircase, and axes for its slope and for the steps."""
    forwards, backwards, steps = figure.subplots(1, 3, width_ratios=(1, 1, 1.7))
    line = np.linspace(*EDGES, 1301)
    forwards.plot(line, np.clip(np.round(line), LOW, HIGH), color=palette.style("rounded").colour, lw=1.5)
    forwards.set(title="Forwards: its code", xlabel="latent weight", ylim=(-2.6, 1.6), yticks=(-2, -1, 0, 1))
    backwards.set(title="Backwards: the slope used", xlabel="latent weight", ylim=(-0.25, 1.5), yticks=(0, 1))
    for axes in (forwards, backwards):
        axes.set(xlim=EDGES, xticks=range(-3, 4))
        axes.axvspan(LOW, HIGH, color=palette.GHOST, alpha=0.12, lw=0)
    backwards.text((LOW + HIGH) / 2, 1.32, "the grid", ha="center", fontsize=8)
    steps.set(title=f"{STEPS} steps: thin the latent weight, thick its code", xlabel="step", xlim=(0, STEPS))
    steps.set(ylim=SHOWN, yticks=range(-3, 3))
    return {"forwards": forwards, "backwards": backwards, "steps": steps}


def ste_steps_frame(target: float, back: str, begin: float) -> Frame:
    """One state. target: what the loss wants. back: one of BACK. begin: of the latent weight."""
    walk, count = walk_of(target, back, begin), np.arange(STEPS + 1)
    line = np.linspace(*EDGES, 261)
    slope = {TRUE: 0 * line, THROUGH: 0 * line + 1, CLIPPED: ((line >= LOW) & (line <= HIGH)).astype(float)}[back]
    latent, code = walk.latent[-1], walk.codes[-1]
    lines = (
        Line("backwards", line, slope, "latent"),
        Line("steps", count[[0, -1]], np.full(2, target), "limit", width=1, ghost=False),
        Line("steps", np.repeat(count, 2)[1:], np.repeat(walk.codes, 2)[:-1], "rounded", width=2.5, ghost=False),
        Line("steps", count, np.clip(walk.latent, *SHOWN), "latent", width=1.5, ghost=True),
    )
    moved = latent != begin
    marks = (
        Mark("forwards", begin, walk.codes[0], "start" if moved else "start and end", "limit"),
        Mark("forwards", float(np.clip(latent, *EDGES)), code, "end" if moved else "", "latent"),
        Mark("steps", STEPS, target, "target", "limit"),
    )
    summary = (
        f"Target {target:g}, start {begin:g}, slope {back}: after {STEPS} steps of rate {RATE:g} the latent weight "
    )
    summary += f"is {latent:.2f}, its code {code:.0f}: {walk.fate}."
    return Frame(lines, marks, summary)


def ste_steps(ask: Question | None = QUESTION) -> Card:
    """The card of lesson 9 on the straight-through estimator."""
    return card(
        ste_steps_frame,
        ste_steps_scene,
        title="Straight through: learning on a staircase",
        controls=(
            Control("target", "Target", TARGETS, start=1.0),
            Control("back", "Slope backwards", BACK, start=TRUE),
            Control("begin", "Start", STARTS, start=0.3),
        ),
        presets=PRESETS,
        ask=ask,
    )
