"""No threes: two students never see a 3. One learns labels, the other what its teacher says of the same digits.

Left one of those digits and what the teacher says of it; right, under the veil, how many test 3s each student reads.
All numbers come with the package (`lab.unseen_runs`, `lab.distillation_runs`).
"""

from __future__ import annotations

from functools import partial
from statistics import fmean

from featherweight.lab import distillation_runs, palette, unseen_runs
from featherweight.lab.statistics import Interval, mean_interval
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Mark
from featherweight.widgets.temperature import pixels, softened

__all__ = ["SHOWN", "no_threes", "no_threes_frame", "no_threes_scene", "read_right"]

SHOWN = 2
"""The digit whose answer is shown: none is taken for a 3 more often."""

DEGREES = 4
"""The temperature of both results."""

BAR = 8.0
TALL = 0.62
STUDENTS = ("labels", "teacher's answers")


def read_right(row: unseen_runs.Row) -> Interval:
    """Of the unseen digit's test examples, those read right, over the seeds; no bias."""
    return mean_interval([row.count - missed for missed in row.missed[0]])


def no_threes_scene(figure, said: distillation_runs.Said) -> dict:
    """The digit, its teacher's answer, and an axis for both students."""
    picture, answer, right = figure.subplots(1, 3, width_ratios=(0.8, 1.15, 1.9))
    picture.set(title="A training digit", xlim=(0, 28), ylim=(31.6, -3.6), xticks=[], yticks=[])
    picture.spines[:].set_visible(False)
    picture.imshow(1 - pixels(said) / 255, cmap="gray", vmin=0, vmax=1, extent=(0, 28, 28, 0))
    picture.grid(False)
    answer.set(title=f"Its teacher's answer, T = {DEGREES}", xlabel="probability", xlim=(0, 1))
    answer.set(ylim=(9.6, -0.6), yticks=range(10))
    three = softened(said.logits, DEGREES)[3]
    answer.text(three + 0.03, 3, f"{three:.0%} a 3", va="center", fontsize=8)
    right.set(title="Of 100 test 3s, read as 3", xlim=(0, 100), ylim=(1.6, -0.6))
    right.set_yticks(range(2), STUDENTS)
    return {"picture": picture, "answer": answer, "right": right}


def no_threes_frame(said: distillation_runs.Said, results: unseen_runs.Results) -> Frame:
    """The only state."""
    p = softened(said.logits, DEGREES)
    blue, lines, marks = palette.style("teacher").colour, [], []
    for row, value in enumerate(p):
        if value > 0.002:
            lines.append(block("answer", (0, value), (row - TALL / 2, row + TALL / 2), blue, height=BAR))
    rows = (results.labels, "labels"), (results.rows[3], "teacher")
    texts = []
    for place, (row, look) in enumerate(rows):
        found = read_right(row)
        if found.estimate:
            colour = palette.style(look).colour
            lines.append(block("right", (0, found.estimate), (place - 0.2, place + 0.2), colour, height=26))
        marks.append(Mark("right", found.estimate, place, f"{found.estimate:.0f}", look))
        texts.append(f"{STUDENTS[place]} {found:.0f}")
    summary = f"Of {results.rows[3].count} test 3s, read as 3 by a student that never saw one, with 95% intervals over "
    return Frame(tuple(lines), tuple(marks), f"{summary}{len(results.rows[3].missed[0])} seeds: {', '.join(texts)}.")


def no_threes(results: unseen_runs.Results | None = None) -> Card:
    """The opening card of lesson 11."""
    results, said = results or unseen_runs.load(), distillation_runs.load().said[SHOWN]
    missed = fmean(results.rows[3].missed[0])
    question = Question(
        key="no-threes",
        text="A student learns its teacher's answers for 3,150 digits, and not one is a 3. Of 100 test 3s it reads?",
        choices=("None: it never saw one", "About ten, by luck", "More than a third"),
        answer=2,
        because=f"It misses {missed:.0f} of 100. Each answer says a little about 3s: how much of one is in this digit.",
        veils=("right",),
    )
    return card(
        partial(no_threes_frame, said, results),
        partial(no_threes_scene, said=said),
        title="The digit that was left out",
        ask=question,
    )
