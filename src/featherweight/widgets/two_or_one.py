"""Two or one: the weights of a trained network become three values, or two. Which network still reads digits?

Left the real weights of one layer and the values that stand in for them; right, under the veil, the errors.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab import palette
from featherweight.lab.low_bit_runs import EDGE, Results, load
from featherweight.lab.statistics import mean_interval
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Mark

__all__ = ["FORMS_SHOWN", "two_or_one", "two_or_one_frame", "two_or_one_scene"]

FORMS_SHOWN = {"2 bits, largest": ("three values", "largest weight"), "1 bit": ("two values", "mean size")}
"""Form → what the card calls it, and its look."""

MOST = 1000
WIDE = 0.33
DEPTH = {"2 bits, largest": -0.22, "1 bit": -0.5}  # of the row of values, under the weights


def two_or_one_scene(figure, results: Results) -> dict:
    """The weights with both rows of values under them, and an axis of errors."""
    weights, errors = figure.subplots(1, 2, width_ratios=(1.15, 1))
    edges = np.linspace(-EDGE, EDGE, len(results.histogram) + 1)
    heights = np.array(results.histogram) / max(results.histogram)
    weights.fill_between(np.repeat(edges, 2)[1:-1], np.repeat(heights, 2), 0, color=palette.GHOST, alpha=0.4, lw=0)
    for form, (name, look) in FORMS_SHOWN.items():
        values, colour = results.spreads[form]["rounded"].values, palette.style(look).colour
        weights.plot(values, [DEPTH[form]] * len(values), "o", color=colour, ms=6, clip_on=False)
        weights.plot([-WIDE, WIDE], [DEPTH[form]] * 2, color=colour, lw=0.6)
        weights.text(-0.98 * WIDE, DEPTH[form] + 0.07, name, fontsize=7.5)
    weights.set(title="The weights of layer 1, and the values they become", xlabel="weight", yticks=[])
    weights.set(xlim=(-WIDE, WIDE), ylim=(-0.65, 1.08))
    weights.grid(False)
    errors.set(title="Errors in 1,000 test digits, without retraining", xlim=(0, MOST), ylim=(-0.6, 2.6))
    errors.set_yticks(range(3), ["32 bits", *(name for name, _ in FORMS_SHOWN.values())])
    errors.invert_yaxis()
    return {"weights": weights, "errors": errors}


def two_or_one_frame(results: Results) -> Frame:
    """The only state: a bar for each form."""
    rows = {"32 bits": (results.dense, "dense")}
    rows |= {name: (results.rows[form].rounded, look) for form, (name, look) in FORMS_SHOWN.items()}
    lines, marks, said = [], [], []
    for row, (name, (counts, look)) in enumerate(rows.items()):
        found = mean_interval(list(counts))
        lines.append(
            block("errors", (0, found.estimate), (row - 0.17, row + 0.17), palette.style(look).colour, height=18)
        )
        marks.append(Mark("errors", found.estimate, row, f"{found.estimate:.0f}", look))
        said.append(f"{name} {found:.0f}")
    text = f"Errors in 1,000 with 95% intervals over {len(results.dense)} seeds: {', '.join(said)}."
    return Frame(tuple(lines), tuple(marks), text)


def two_or_one(results: Results | None = None) -> Card:
    """The opening card of lesson 9."""
    results = results or load()
    two, one = (mean_interval(list(results.rows[form].rounded)).estimate for form in FORMS_SHOWN)
    question = Question(
        key="two-or-one",
        text="All weights of a trained network become one of three values, or one of two. Which errs less?",
        choices=("Three values: −largest, 0, +largest", "Two values: −mean size, +mean size", "Both only guess"),
        answer=1,
        because=f"{one:.0f} errors against {two:.0f}: the third value is worth less than two in the right places.",
        veils=("errors",),
    )
    return card(
        partial(two_or_one_frame, results=results),
        partial(two_or_one_scene, results=results),
        title="Three values or two?",
        ask=question,
    )
