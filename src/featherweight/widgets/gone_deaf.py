"""Gone deaf: a network that hears speech is rounded to 8 bits in two ways, with one scale for a layer and with one for
each of its channels. What does it still hear?

Above the sound, below when each network says that someone speaks; both come with the package (`lab.speech_runs`).
"""

from __future__ import annotations

from functools import partial
from statistics import fmean

import numpy as np

from featherweight.lab import palette
from featherweight.lab.speech import FRAME, RATE
from featherweight.lab.speech_runs import SHOWN, Results, load
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["NETWORKS", "gone_deaf", "gone_deaf_frame", "gone_deaf_scene"]

NETWORKS = {
    "float32": ("32 bits", "dense"),
    "per tensor 8": ("8 bits, one scale", "per tensor"),
    "per channel 8": ("8 bits, a scale each", "per channel"),
}
"""Name of the results → what the reader sees, and its look in the palette."""

BAR = 15.0


def gone_deaf_scene(figure) -> dict:
    """The sound, and a row for each network."""
    sound, heard = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.25))
    sound.set(title=f"Letters and digits read aloud, {SHOWN:g} s", xlim=(0, SHOWN), ylim=(-1.1, 1.1), yticks=[])
    heard.set(
        title="Where each network hears speech; one scale for a layer, or one for each channel",
        xlabel="seconds",
        ylim=(2.6, -0.6),
    )
    heard.set_yticks(range(len(NETWORKS)), [text for text, _ in NETWORKS.values()])
    figure.get_layout_engine().set(rect=(0.015, 0, 0.985, 1))  # room for the long labels
    return {"sound": sound, "heard": heard}


def gone_deaf_frame(results: Results) -> Frame:
    """The only state: the envelope, and a bar for each stretch of speech."""
    loud = np.array(results.envelope) / max(results.envelope)
    seconds = (np.arange(len(loud)) + 0.5) * SHOWN / len(loud)
    both = np.stack([loud, -loud], 1).flatten()
    lines = [Line("sound", np.repeat(seconds, 2), both, "dense", colour=palette.INK, width=1.2, ghost=False)]
    marks, said = [], []
    for row, (name, (text, look)) in enumerate(NETWORKS.items()):
        for first, last in results.spans[name]:
            ends = first * FRAME / RATE, (last + 1) * FRAME / RATE
            lines.append(block("heard", ends, (row - 0.2, row + 0.2), palette.style(look).colour, height=BAR))
        if not results.spans[name]:
            marks.append(Mark("heard", 0.11 * SHOWN, row, "nothing", "limit"))
        count = len(results.spans[name])
        said.append(f"{text}: {count} stretches" if count else f"{text}: nothing")
    agree, f1 = (fmean(getattr(results.rows["per tensor 8"], part)) for part in ("agree", "f1"))
    summary = f"Speech heard in {SHOWN:g} s, {'; '.join(said)}. Over ten other recordings one scale agrees with "
    return Frame(tuple(lines), tuple(marks), f"{summary}32 bits on {agree:.1%} of frames, F1 {f1:.2f}.")


def gone_deaf(results: Results | None = None) -> Card:
    """The opening card of lesson 8."""
    question = Question(
        key="gone-deaf",
        text="A network that hears speech goes from 32 bits to 8, with one scale for each layer. What does it hear?",
        choices=("All but the quietest words", "About every second word", "Next to nothing"),
        answer=2,
        because="In one layer a row of weights is 198 times as large as the median row, and sets the scale of all.",
        veils=("heard",),
    )
    return card(
        partial(gone_deaf_frame, results=results or load()),
        gone_deaf_scene,
        title="Eight bits: what does it still hear?",
        ask=question,
    )
