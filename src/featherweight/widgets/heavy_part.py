"""The heavy part: a network is pruned and shared. What takes most of its file?

Left a few of the first layer's weights, as a sketch of what must be written down; right the bytes of the file.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab import palette
from featherweight.lab.coding_runs import MAIN, Results, load
from featherweight.lab.plots_coding import PART_COLOURS
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Mark

__all__ = ["SHOWN", "heavy_part", "heavy_part_frame", "heavy_part_scene", "part_sizes"]

CODING = "fixed width"
SHOWN = {
    "places": "where the\nsurvivors are",
    "values": "which value\neach has",
    "codebooks": "the values\nthemselves",
    "biases": "biases",
}
ROWS, COLUMNS = 9, 24


def part_sizes(results: Results) -> dict[str, int]:
    """Bytes of each part that is SHOWN, of the network with the chosen bits."""
    parts = results.files[MAIN][str(results.chosen)].by_name(CODING)
    return {part: parts[part] for part in SHOWN}


def heavy_part_scene(figure, results: Results) -> dict:
    """A patch of sparse weights in few colours, and an axis of kilobytes."""
    sketch, sizes = figure.subplots(1, 2, width_ratios=(1, 1.15))
    draw = np.random.RandomState(3)
    alive, value = draw.rand(ROWS, COLUMNS) < 1 / 12, draw.randint(0, 2**results.chosen, (ROWS, COLUMNS))
    rows, columns = np.nonzero(~alive)
    sketch.plot(columns, rows, ".", color=palette.GHOST, ms=2)
    rows, columns = np.nonzero(alive)
    sketch.scatter(columns, rows, s=42, marker="s", c=value[rows, columns], cmap=palette.SURFACE, vmin=-3)
    sketch.set(title="1 weight in 12 is left, a colour for each value", xticks=[], yticks=[])
    sketch.set(xlim=(-1, COLUMNS), ylim=(ROWS, -1))
    sketch.grid(False)
    sketch.spines[:].set_visible(False)
    found = part_sizes(results)
    sizes.set(title=f"Its file, kB, {2**results.chosen} values a layer", xlim=(0, 1.35 * max(found.values()) / 1000))
    sizes.set(ylim=(len(SHOWN) - 0.4, -0.6))
    sizes.set_yticks(range(len(SHOWN)), SHOWN.values())
    return {"sketch": sketch, "sizes": sizes}


def heavy_part_frame(results: Results) -> Frame:
    """The only state: a bar for each part."""
    found = part_sizes(results)
    lines, marks = [], []
    for row, (part, size) in enumerate(found.items()):
        lines.append(block("sizes", (0, size / 1000), (row - 0.25, row + 0.25), PART_COLOURS[part], height=20))
        marks.append(Mark("sizes", size / 1000, row, f"{size:,} bytes", "limit"))
    said = ", ".join(f"{part} {size:,}" for part, size in found.items())
    return Frame(tuple(lines), tuple(marks), f"Bytes of the file: {said}.")


def heavy_part(results: Results | None = None) -> Card:
    """The opening card of lesson 12."""
    results = results or load()
    found = part_sizes(results)
    question = Question(
        key="heavy-part",
        text=f"1 weight in 12 is left, each one of {2**results.chosen} values. What takes most of the file?",
        choices=("Where the survivors are", "Which value each of them has", "The values themselves, and biases"),
        answer=0,
        because=f"{found['places'] / found['values']:.1f} times the bytes of the values: a place has more to say.",
        veils=("sizes",),
    )
    return card(
        partial(heavy_part_frame, results=results),
        partial(heavy_part_scene, results=results),
        title="What is heavy in a small file?",
        ask=question,
    )
