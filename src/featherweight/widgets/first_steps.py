"""First steps: one walker in the valley ½x². Every step multiplies the place by 1 − rate, and that is all."""

from __future__ import annotations

import numpy as np
import torch

from featherweight.lab import palette
from featherweight.optimizers.descent import gradient_descent
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["PRESETS", "RATES", "first_steps", "first_steps_frame", "first_steps_scene"]

STEPS = 20
RATES = (0.1, 0.2, 0.5, 0.8, 1.0, 1.2, 1.5, 1.8, 1.9, 2.0, 2.1, 2.2)
PRESETS = {"timid": {"rate": 0.1}, "one jump": {"rate": 1.0}, "bold": {"rate": 1.9}, "too big": {"rate": 2.1}}
REACH = 2.5
QUESTION = Question(
    key="first-steps",
    text="The walker stands at x = 1. At rate 1.9 the first step lands on the other side, at −0.9. And after 20?",
    choices=("It has come closer to the bottom", "It is where it began", "It has flown out of the valley"),
    answer=0,
    because="Each step multiplies x by 1 − 1.9 = −0.9: the side changes, the distance shrinks.",
)


def first_steps_scene(figure) -> dict:
    """The valley, and the place of the walker after each step."""
    valley, place = figure.subplots(1, 2, width_ratios=(1.2, 1))
    x = np.linspace(-REACH, REACH, 101)
    valley.plot(x, x**2 / 2, color=palette.GHOST, lw=1.5)
    valley.set(title="The valley ½x²", xlabel="x", ylabel="height", xlim=(-REACH, REACH), ylim=(-0.15, 3.2))
    place.set(title="Where the walker stands", xlabel="step", ylabel="x", xlim=(0, STEPS + 0.5), ylim=(-REACH, REACH))
    place.set_xticks(range(0, STEPS + 1, 5))
    place.axhline(0, color=palette.GHOST, lw=1)
    return {"valley": valley, "place": place}


def first_steps_frame(rate: float) -> Frame:
    """Twenty steps at one rate from x = 1."""
    walk = gradient_descent(lambda x: x, torch.ones(1, dtype=torch.float64), rate, STEPS)[:, 0].numpy()
    outside = np.flatnonzero(np.abs(walk) > REACH)
    kept = walk[: outside[0] + 1] if len(outside) else walk
    lines = (
        Line("valley", kept, kept**2 / 2, "gradient descent", markers=1),
        Line("place", np.arange(len(kept)), kept, "gradient descent", markers=1),
    )
    here = Mark("valley", kept[1], kept[1] ** 2 / 2, "", "gradient descent")
    gone = f", out of the picture at step {outside[0]}" if len(outside) else ""
    summary = (
        f"Rate {rate:.2g}: each step multiplies x by {1 - rate:+.1f}; after {STEPS} steps x = {walk[-1]:+.2g}{gone}."
    )
    return Frame(lines, (here,), summary)


def first_steps() -> Card:
    """The opening card of lesson 1."""
    return card(
        first_steps_frame,
        first_steps_scene,
        title="First steps in the simplest valley",
        controls=(Control("rate", "Learning rate", RATES, start=1.9),),
        presets=PRESETS,
        ask=QUESTION,
    )
