"""Byte ledger: where each byte of a file goes, and what the network in it can do.

Left one bar for each way to write the same network down, in per cent of it; right every network of the lesson in the
coding that is chosen, by its bytes and its errors.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from featherweight.lab import palette
from featherweight.lab.coding_files import CODINGS, FW
from featherweight.lab.coding_runs import BITS, KEPT, Results, load
from featherweight.lab.plots_coding import KEPT_LOOKS, PART_COLOURS
from featherweight.lab.statistics import Interval, mean_interval
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["byte_ledger", "byte_ledger_frame", "byte_ledger_scene", "errors_of"]

DENSE = 1_066_440  # bytes of 266,610 float32 numbers
VALUES = ("float32", *(f"{2**bits} values" for bits in reversed(BITS)))
PRESETS = {
    "dense": {"kept": "all", "values": "float32", "coding": "fixed width"},
    "pruned only": {"kept": "1 in 12", "values": "float32", "coding": "fixed width"},
    "shared only": {"kept": "all", "values": "16 values", "coding": "Huffman"},
    "Deep Compression": {"kept": "1 in 12", "values": "16 values", "coding": "Huffman"},
    "smallest": {"kept": "1 in 33", "values": "4 values", "coding": FW},
}


def byte_ledger_scene(figure) -> dict:
    """Axes for parts in per cent, and for bytes and errors."""
    parts, networks = figure.subplots(1, 2, width_ratios=(1.2, 1))
    parts.set(title="Parts of the file, % of it", xlim=(0, 166), ylim=(len(CODINGS) - 0.4, -1.9))
    parts.set_xticks([0, 20, 40, 60, 80, 100])
    parts.set_yticks(range(len(CODINGS)), CODINGS)
    parts.grid(False)
    handles = [Patch(color=colour, label=part) for part, colour in PART_COLOURS.items()]
    parts.legend(handles=handles, loc="upper left", ncols=3, fontsize=7, frameon=False, borderpad=0, handlelength=1)
    networks.set(title="Errors in 1,000 test digits, log scale", xlabel="bytes on disk, log scale")
    networks.set(xscale="log", yscale="log", xlim=(6_000, 1_700_000), ylim=(45, 160))
    networks.set_yticks([50, 60, 70, 80, 100, 150], ["50", "60", "70", "80", "100", "150"])
    networks.set_xticks([10_000, 30_000, 100_000, 300_000, 1_000_000], ["10 kB", "30 kB", "100 kB", "300 kB", "1 MB"])
    networks.minorticks_off()
    handles = [Line2D([], [], **palette.plot_options(look), label=f"kept: {kept}") for kept, look in KEPT_LOOKS.items()]
    networks.legend(handles=handles, loc="upper right", fontsize=8, frameon=False)
    return {"parts": parts, "networks": networks}


def errors_of(results: Results, kept: str, values: str) -> Interval:
    """Errors in 1,000 of the networks with this share and so many values, trained on, over the seeds."""
    if values == "float32":
        return mean_interval(list(results.pruned[kept]))
    return mean_interval(list(results.shared[kept][_bits(values)].after))


def byte_ledger_frame(kept: str, values: str, coding: str, results: Results) -> Frame:
    """One state. kept: one of KEPT. values: one of VALUES. coding: one of CODINGS."""
    lines, marks = [], []
    for row, name in enumerate(CODINGS):
        parts = results.files[kept][_bits(values)].by_name(name)
        whole, left = sum(parts.values()), 0.0
        for part, size in parts.items():
            if size:
                end = left + 100 * size / whole
                lines.append(block("parts", (left, end), (row - 0.24, row + 0.24), PART_COLOURS[part], height=16))
                left = end
        here = "yours" if name == coding else "limit"
        marks.append(Mark("parts", 100.5, row, f"{whole:,} bytes, {DENSE / whole:.3g}×", here))
    for share, look in KEPT_LOOKS.items():
        found = [(_size(results, share, each, coding), errors_of(results, share, each)) for each in VALUES]
        x, y = np.array([size for size, _ in found]), np.array([errors.estimate for _, errors in found])
        lines.append(Line("networks", x, y, look, markers=1))
        lines += [_bar(size, errors, look) for size, errors in found]
    size, errors = _size(results, kept, values, coding), errors_of(results, kept, values)
    marks.append(Mark("networks", size, errors.estimate, f"{errors.estimate:.0f}", "yours"))
    parts = results.files[kept][_bits(values)].by_name(coding)
    said = ", ".join(f"{part} {count:,}" for part, count in parts.items() if count)
    summary = (
        f"Kept {kept}, {values}, {coding}: {size:,} bytes, {DENSE / size:.3g} times smaller than the dense numbers: "
    )
    return Frame(tuple(lines), tuple(marks), f"{summary}{said}; {errors:.0f} errors with the 95% interval.")


def byte_ledger(results: Results | None = None) -> Card:
    """The card of lesson 12 on what a file holds, with the shipped results or with your own."""
    results = results or load()
    sizes = {name: _size(results, "1 in 12", "16 values", name) for name in CODINGS}
    gain = 1 - sizes["Huffman"] / sizes["fixed width"]
    question = Question(
        key="byte-ledger",
        text="1 weight in 12, 16 values: gaps and values in fields of one width. What does Huffman coding save?",
        choices=("About a tenth", "About a third", "About two thirds"),
        answer=min(range(3), key=lambda choice: abs((0.1, 0.33, 0.67)[choice] - gain)),
        because=f"{gain:.0%} of all bytes: the width was chosen well, and values in use come about equally often.",
        shows={"kept": "1 in 12", "values": "16 values", "coding": "Huffman"},
        veils=("parts",),
    )
    return card(
        partial(byte_ledger_frame, results=results),
        byte_ledger_scene,
        title="Byte ledger: where does each byte go?",
        controls=(
            Control("kept", "Weights kept", tuple(KEPT), start="all"),
            Control("values", "Values a layer", VALUES, start="float32"),
            Control("coding", "Coding", CODINGS, start="fixed width"),
        ),
        presets=PRESETS,
        ask=question,
    )


def _bits(values: str) -> str:
    """The key of the results: "16 values" → "4"."""
    return values if values == "float32" else str(int(values.removesuffix(" values")).bit_length() - 1)


def _size(results: Results, kept: str, values: str, coding: str) -> int:
    return sum(results.files[kept][_bits(values)].by_name(coding).values())


def _bar(size: int, errors: Interval, look: str) -> Line:
    ends = np.array([errors.low, errors.high])
    colour = palette.style(look).colour
    return Line("networks", np.full(2, size), ends, "dense", colour=colour, width=1.2, ghost=False)
