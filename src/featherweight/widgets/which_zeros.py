"""Which zeros: a layer loses half of its weights in three ways. Which one makes it faster?

Left what is stored in each case, as a sketch; right the milliseconds of a real layer, as they come with the package.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab import palette
from featherweight.lab.sparse_speed import BATCHES, DENSITIES, SIZE, Results, load
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Mark

__all__ = ["WAYS", "milliseconds", "which_zeros", "which_zeros_frame", "which_zeros_scene"]

WAYS = {"dense": "as it was", "masked": "zeros in place", "csr": "nonzeros (CSR)", "deleted": "half the neurons"}
SIDE, HALF = 10, 0.5
MOST = 10.0  # ms at the right edge


def milliseconds(results: Results) -> dict[str, float]:
    """Of one call with 64 examples, when half of the weights are gone: way → ms."""
    here = results.times[BATCHES.index(64)]
    place = DENSITIES.index(HALF)
    return {"dense": here.dense, "masked": here.masked[place], "csr": here.csr[place], "deleted": here.half}


def which_zeros_scene(figure) -> dict:
    """Four small matrices, a dot for every number that is stored, and an axis of milliseconds."""
    stored, times = figure.subplots(1, 2, width_ratios=(1.15, 1))
    chosen = np.random.RandomState(0).permutation(SIDE * SIDE) < SIDE * SIDE * HALF
    for number, way in enumerate(WAYS):
        rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
        if way == "csr":  # packed to the left, each beside its column's number
            rows = rows[chosen]
            columns = np.concatenate([np.arange((rows == row).sum()) for row in range(SIDE)])
        if way == "deleted":
            rows, columns = rows[: SIDE * SIDE // 2], columns[: SIDE * SIDE // 2]
        full = np.full(len(rows), True) if way != "masked" else chosen
        x, y, colour = columns + 12.5 * number, rows, palette.style(way).colour
        stored.scatter(x[full], y[full], s=9, color=colour)
        stored.scatter(x[~full], y[~full], s=7, facecolors="none", edgecolors=palette.GHOST, linewidths=0.6)
        stored.text(12.5 * number - 0.5, -1.6, WAYS[way], fontsize=7.2)
    stored.set(
        title="What is stored: ● a number, ○ a stored zero", xticks=[], yticks=[], xlim=(-1, 50.5), ylim=(12, -3)
    )
    stored.grid(False)
    stored.spines[:].set_visible(False)
    times.set(title=f"One layer of {SIZE} × {SIZE}, 64 examples, ms", xlim=(0, MOST), ylim=(-0.6, 3.6))
    times.set_yticks(range(4), WAYS.values())
    times.invert_yaxis()
    return {"stored": stored, "times": times}


def which_zeros_frame(results: Results) -> Frame:
    """The only state: a bar for each way."""
    found = milliseconds(results)
    lines, marks, said = [], [], []
    for row, (way, ms) in enumerate(found.items()):
        lines.append(block("times", (0, ms), (row - 0.15, row + 0.15), palette.style(way).colour, height=13))
        factor = found["dense"] / ms
        marks.append(Mark("times", ms, row, f"{ms:.2f} ms, {factor:.1f}× as fast", way))
        said.append(f"{WAYS[way]} {ms:.2f} ms")
    return Frame(
        tuple(lines), tuple(marks), f"Half of the weights gone: {', '.join(said)}. {results.machine}, one thread."
    )


def which_zeros(results: Results | None = None) -> Card:
    """The opening card of lesson 7."""
    results = results or load()
    found = milliseconds(results)
    question = Question(
        key="which-zeros",
        text="Half of a layer's weights go, in one of three ways. Which way makes the layer faster?",
        choices=("Zeros in place", "Only nonzeros stored (CSR)", "Half the neurons deleted"),
        answer=2,
        because="A zero is multiplied like any number, and at one half CSR takes "
        f"{found['csr'] / found['dense']:.1f} times as long. Half the rows are half the work.",
        veils=("times",),
    )
    return card(
        partial(which_zeros_frame, results=results),
        which_zeros_scene,
        title="Which zeros make it faster?",
        ask=question,
    )
