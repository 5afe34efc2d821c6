"""The digit never seen: a student learns from its teacher's answers on nine kinds of digits. Can it read the tenth?

Left what the test examples of that digit are read as; right the errors by the bias that is added to its output, on it
and on all others. All numbers come with the package (`lab.unseen_runs`).
Source: Hinton et al., arXiv:1503.02531, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.lines import Line2D

from featherweight.lab import palette
from featherweight.lab.statistics import Interval, mean_interval
from featherweight.lab.unseen_runs import BIASES, DIGITS, Results, Row, load
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["PRESETS", "all_errors", "unseen_digit", "unseen_digit_frame", "unseen_digit_scene"]

MOST = 250
BAR = 11.0
TALL = 0.7
CURVES = {"both": "all", "labels": "digits it has seen", "teacher": "the unseen digit"}
PRESETS = {
    "no 3s": {"digit": 3, "bias": 0.0},
    "no 3s, repaired": {"digit": 3, "bias": 1.5},
    "too much": {"digit": 3, "bias": 6.0},
    "no 0s": {"digit": 0, "bias": 0.0},
    "no 1s": {"digit": 1, "bias": 0.0},
}
QUESTION = Question(
    key="unseen-digit",
    text="Raising its output for 3 by 1.5 finds most of the 3s it missed. What does it cost among the other digits?",
    choices=("Nothing", "A few more errors", "As many as it gains"),
    answer=1,
    because="The outputs knew the 3s all along; only the threshold was wrong, for a digit that never came.",
    shows={"digit": 3, "bias": 1.5},
    veils=("errors",),
)


def all_errors(row: Row, bias: float) -> Interval:
    """Errors in 1,000 test digits at one of BIASES, over the seeds."""
    at = BIASES.index(bias)
    return mean_interval([missed + lost for missed, lost in zip(row.missed[at], row.lost[at], strict=True)])


def unseen_digit_scene(figure) -> dict:
    """Axes for the readings and for the errors."""
    named, errors = figure.subplots(1, 2, width_ratios=(1, 1.4))
    named.set(title="What the unseen digit is read as, %", xlim=(0, 100), ylim=(9.6, -0.6), yticks=range(10))
    named.set(ylabel="read as")
    errors.set(title="Errors in 1,000 test digits", xlabel="bias added to its output", xlim=(-0.2, BIASES[-1]))
    errors.set(ylim=(0, MOST))
    key = [Line2D([], [], **palette.plot_options(look), label=name) for look, name in CURVES.items()]
    errors.legend(handles=key, loc="upper left", fontsize=8, frameon=False)
    return {"named": named, "errors": errors}


def unseen_digit_frame(digit: int, bias: float, results: Results) -> Frame:
    """One state. digit: left out of the student's training. bias: one of BIASES."""
    row, at = results.rows[digit], BIASES.index(bias)
    shares = 100 * np.array(row.named[at]) / sum(row.named[at])
    lines = []
    for each, share in enumerate(shares):
        shade = palette.style("teacher").colour if each == digit else palette.GHOST
        if share > 0.2:
            lines.append(block("named", (0, share), (each - TALL / 2, each + TALL / 2), shade, height=BAR))
    curves = {
        "both": [all_errors(row, each).estimate for each in BIASES],
        "teacher": [float(np.mean(counts)) for counts in row.missed],
        "labels": [float(np.mean(counts)) for counts in row.lost],
    }
    for look, values in curves.items():
        width = 2.2 if look == "both" else 1.4
        lines.append(Line("errors", *_inside(values), look, width=width, markers=1))
    whole, missed, lost = (curves[look][at] for look in ("both", "teacher", "labels"))
    every = all_errors(row, bias)
    ends, colour = np.clip([every.low, every.high], 0, MOST), palette.style("both").colour
    lines.append(Line("errors", np.full(2, bias), ends, "dense", colour=colour, width=1.4, ghost=False))
    marks = [Mark("errors", bias, min(whole, MOST), f"{whole:.0f}", "both")]
    marks += [Mark("errors", bias, min(y, MOST), "", look) for y, look in ((missed, "teacher"), (lost, "labels"))]
    summary = f"No {digit} in training, bias {bias:g}: {every:.0f} errors with the 95% interval. Of "
    summary += f"{row.count} {digit}s it misses {missed:.1f}, of the others {lost:.1f}. "
    return Frame(tuple(lines), tuple(marks), f"{summary}Validation digits choose a bias of {row.chosen:g}.")


def unseen_digit(results: Results | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 11, with the shipped results or with your own."""
    return card(
        partial(unseen_digit_frame, results=results or load()),
        unseen_digit_scene,
        title="The digit never seen",
        controls=(
            Control("digit", "Digit left out", DIGITS, start=3),
            Control("bias", "Bias", BIASES, start=0.0),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _inside(values: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """A curve over BIASES as far as MOST, where it leaves the panel."""
    x, y = np.array(BIASES), np.array(values)
    above = np.flatnonzero(y > MOST)
    if not len(above):
        return x, y
    end = above[0]
    edge = np.interp(MOST, y[end - 1 : end + 1], x[end - 1 : end + 1])
    return np.append(x[:end], edge), np.append(y[:end], MOST)
