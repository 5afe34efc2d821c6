"""Temperature: what a teacher says of one digit, how hard it pulls at each output of the student, and what comes of it.

Left a training digit; then the teacher's probabilities at temperature T, and the pull of the loss on a student whose
ten outputs are still equal; right the errors of students of 200 digits, by T, with 95% intervals over the seeds.
Sources: Hinton et al., arXiv:1503.02531, section 2. All numbers come with the package (`lab.distillation_runs`).

| paper   | code          | meaning                                                     |
|---------|---------------|-------------------------------------------------------------|
| v       | `logits`      | of the teacher                                              |
| T, α    | `temperature`, `weight` | α of the soft loss, 1 − α of the cross-entropy      |
| −∂L/∂z  | `pull`        | at z = 0: α T (softmax(v/T) − 1/10) + (1 − α) (one-hot − 1/10) |
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np

from featherweight.lab import palette
from featherweight.lab.distillation_runs import TEMPERATURES, WEIGHTS, Results, Said, load
from featherweight.lab.statistics import Interval, mean_interval
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["PRESETS", "pixels", "pull", "softened", "temperature", "temperature_frame", "temperature_scene"]

WEIGHTS_SHOWN = (0.0, *WEIGHTS)
TALL = 0.62  # of a bar, of its row
BAR = 8.0  # the same in CSS pixels
PULL = (-1.3, 2.3)
ERRORS = (95, 215)
PRESETS = {
    "as it is": {"digit": 3, "degrees": 1, "weight": 1.0},
    "softened": {"digit": 3, "degrees": 4, "weight": 1.0},
    "hot": {"digit": 3, "degrees": 16, "weight": 1.0},
    "half and half": {"digit": 3, "degrees": 4, "weight": 0.5},
    "labels alone": {"digit": 3, "degrees": 4, "weight": 0.0},
}
QUESTION = Question(
    key="temperature",
    text="With 200 labels alone a student makes 172 errors in 1,000. With its teacher's answers for them, at T = 4?",
    choices=("About 165: there are still only 200 digits", "About 130", "About 50, as its teacher"),
    answer=1,
    because="Ten numbers for each digit say more than one name. They don't replace the digits it never saw.",
    shows={"digit": 3, "degrees": 4, "weight": 1.0},
    veils=("errors",),
)


def softened(logits, degrees: float) -> np.ndarray:
    """Probabilities (10,) at temperature `degrees`."""
    scaled = np.asarray(logits) / degrees
    weights = np.exp(scaled - scaled.max())
    return weights / weights.sum()


def pull(said: Said, degrees: float, weight: float) -> np.ndarray:
    """(10,): how the loss moves the outputs of a student that has no opinion yet; minus its gradient."""
    soft = degrees * (softened(said.logits, degrees) - 0.1)
    return weight * soft + (1 - weight) * ((np.arange(10) == said.label) - 0.1)


def temperature_scene(figure, results: Results) -> dict:
    """Axes for the digit, for both rows of bars, and for the errors with those of labels alone."""
    picture, said, pulls, errors = figure.subplots(1, 4, width_ratios=(0.75, 1, 1, 1.35))
    picture.set(title="A digit", xlim=(0, 28), ylim=(31.6, -3.6), xticks=[], yticks=[])
    picture.spines[:].set_visible(False)
    picture.grid(False)
    said.set(title="Its teacher's answer", xlabel="probability at T", xlim=(0, 1))
    pulls.set(title="Pull on the student", xlabel="− gradient of the loss", xlim=PULL)
    for axes in (said, pulls):
        axes.set(ylim=(9.6, -0.6), yticks=range(10))
        axes.axvline(0, color=palette.INK, lw=0.8)
    labels = mean_interval(list(results.labels))
    errors.set(title="Errors in 1,000, 200 digits", xlabel="T (log scale)", xscale="log", ylim=ERRORS)
    errors.set_xlim(0.8, 20)
    errors.set_xticks(TEMPERATURES, [str(t) for t in TEMPERATURES])
    errors.minorticks_off()
    errors.axhspan(labels.low, labels.high, color=palette.INK, alpha=0.12, lw=0)
    errors.axhline(labels.estimate, color=palette.INK, lw=1)
    said_of = errors.text(
        0.85, labels.high + 1, "labels alone, trained as long", fontsize=7.5, va="bottom", clip_on=True
    )
    said_of.set_in_layout(False)
    return {"picture": picture, "said": said, "pull": pulls, "errors": errors}


def temperature_frame(digit: int, degrees: int, weight: float, results: Results) -> Frame:
    """One state. degrees: T. weight: α of the soft loss; with 0 the teacher is not heard."""
    here = results.said[digit]
    p, moved = softened(here.logits, degrees), pull(here, degrees, weight)
    look = _look(weight)
    colour = palette.style(look).colour
    lines = [*_strokes(here)]
    for panel, values, shade in (("said", p, palette.style("teacher").colour), ("pull", moved, colour)):
        for row, value in enumerate(values):
            ends = (min(value, 0.0), max(value, 0.0))
            if ends[1] - ends[0] > 0.002:
                lines.append(block(panel, ends, (row - TALL / 2, row + TALL / 2), shade, height=BAR))
    found = [_errors(results, each, weight) for each in TEMPERATURES]
    middles = np.array([one.estimate for one in found])
    lines.append(Line("errors", np.array(TEMPERATURES, float), middles, look, markers=1))
    for at, one in zip(TEMPERATURES, found, strict=True):
        ends = np.array([one.low, one.high])
        lines.append(Line("errors", np.full(2, float(at)), ends, "dense", colour=colour, width=1.2, ghost=False))
    errors = found[TEMPERATURES.index(degrees)]
    second = int(np.argsort(p)[-2])
    marks = (Mark("errors", degrees, errors.estimate, f"{errors.estimate:.0f}", look),)
    summary = f"A {here.label} at T = {degrees}: the teacher says {here.label} with {p[here.label]:.1%}, {second} with "
    summary += f"{p[second]:.1%}. α = {weight:g}: the loss pulls {_signed(moved[here.label])} at {here.label}, "
    summary += f"{_signed(moved[second])} at {second}; {errors.estimate:.0f} errors in 1,000"
    if weight:
        fewer = [a - b for a, b in zip(results.labels, results.scarce[f"{degrees} {weight}"], strict=True)]
        summary += f", {mean_interval(fewer):.0f} fewer than with labels alone"
    return Frame(tuple(lines), marks, f"{summary}.")


def temperature(results: Results | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 11, with the shipped results or with your own."""
    results = results or load()
    return card(
        partial(temperature_frame, results=results),
        partial(temperature_scene, results=results),
        title="Temperature: what else does the teacher say?",
        controls=(
            Control("digit", "Digit", tuple(range(10)), start=3),
            Control("degrees", "Temperature T", TEMPERATURES, start=1),
            Control("weight", "Weight α of the teacher", WEIGHTS_SHOWN, start=1.0),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _look(weight: float) -> str:
    return {0.0: "labels", 0.5: "both"}.get(weight, "teacher")


def _errors(results: Results, degrees: int, weight: float) -> Interval:
    return mean_interval(list(results.scarce[f"{degrees} {weight}"] if weight else results.labels))


def pixels(said: Said) -> np.ndarray:
    """(28, 28), 0 to 255."""
    return np.frombuffer(bytes.fromhex(said.pixels), np.uint8).reshape(28, 28)


def _strokes(said: Said) -> list[Line]:
    """The picture in four shades of grey: a level stroke for every run of pixels of one shade."""
    lines = []
    for row, shades in enumerate((pixels(said).astype(int) + 31) // 64):
        edges = [0, *(np.flatnonzero(np.diff(shades)) + 1).tolist(), len(shades)]
        for start, end in pairwise(edges):
            if shade := int(shades[start]):
                colour = "#" + 3 * f"{255 - 55 * shade:02x}"
                ends = np.array([start, end], float)
                lines.append(
                    Line("picture", ends, np.full(2, row + 0.5), "dense", colour=colour, width=4.6, ghost=False)
                )
    return lines


def _signed(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:+.2f}"
