"""How light: a trained network loses less than a point. How small has its file become?

Left what each network loses against all weights at 32 bits, under no veil; right, veiled, the bytes of its file.
"""

from __future__ import annotations

from functools import partial

from featherweight.artifact.lenet_runs import Results, difference, load
from featherweight.lab import palette
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["DENSE_FILE", "how_light", "how_light_frame", "how_light_scene", "rows"]

DENSE_FILE = 1_066_473
"""Bytes of the .fw file that holds LeNet-300-100 at 32 bits: a test writes it."""
LEAST, MOST = 2, 4000  # kB at the edges
NAMES = ("32 bits", "4 bits, coded", "pruned as well")


def rows(results: Results) -> dict[str, tuple[float, float, float, float]]:
    """name → bytes, points lost, and the interval of these."""
    quantized, entry = results.plans["quantize only"][0.0], results.entry
    found = {NAMES[0]: (float(DENSE_FILE), 0.0, 0.0, 0.0)}
    for name, row in ((NAMES[1], quantized), (NAMES[2], entry)):
        change = difference(row, results.dense)
        found[name] = sum(row.size) / len(row.size), -change.estimate, -change.high, -change.low
    return found


def how_light_scene(figure) -> dict:
    """An axis of lost points with its limit, and one of kilobytes."""
    lost, sizes = figure.subplots(1, 2, width_ratios=(1, 1.2))
    lost.set(title="Points of accuracy lost, 95% interval", xlim=(-1, 1.6), ylim=(2.6, -0.6))
    lost.axvline(0, color=palette.INK, lw=1)
    lost.axvspan(1, 1.6, color=palette.GHOST, alpha=0.3, lw=0)
    lost.text(1.3, -0.4, "too much", fontsize=7.5, va="center", ha="center")
    lost.set_yticks(range(3), [""] * 3)
    sizes.set(title="Its file, kB, log scale", xscale="log", xlim=(LEAST, MOST), ylim=(2.6, -0.6))
    sizes.set_xticks([3, 10, 30, 100, 300, 1000], ["3", "10", "30", "100", "300", "1,000"])
    sizes.minorticks_off()
    sizes.set_yticks(range(3), NAMES)
    return {"lost": lost, "sizes": sizes}


def how_light_frame(results: Results) -> Frame:
    """The only state: an interval and a bar for each network."""
    lines, marks, said = [], [], []
    found, colour = rows(results), palette.style("pipeline").colour
    whole = found[NAMES[0]][0]
    for row, (name, (size, lost, low, high)) in enumerate(found.items()):
        shade = palette.GHOST if row == 0 else colour
        lines.append(Line("lost", [low, high], [row, row], "pipeline", colour=shade, width=3, ghost=False))
        marks.append(Mark("lost", lost, row, "", "dense" if row == 0 else "pipeline"))
        lines.append(block("sizes", (LEAST, size / 1000), (row - 0.2, row + 0.2), shade, height=22))
        text = f"{size / 1000:,.1f} kB" + (f", {whole / size:.0f}×" if row else "")
        marks.append(Mark("sizes", size / 1000, row, text, "limit"))
        said.append(f"{name}: {size / 1000:,.1f} kB, {round(lost, 1) + 0.0:.1f} points lost")
    return Frame(tuple(lines), tuple(marks), f"{'; '.join(said)}. Means over seeds, test digits of mnist5k.")


def how_light(results: Results | None = None) -> Card:
    """The opening card of lesson 13."""
    results = results or load()
    size = rows(results)[NAMES[2]][0]
    question = Question(
        key="how-light",
        text="LeNet-300-100 has 266,610 numbers of 32 bits. How small can its file get and lose less than a point?",
        choices=("About 10 times smaller", "About 40 times smaller", "More than 100 times smaller"),
        answer=2,
        because=f"{DENSE_FILE / size:.0f} times: few weights, few bits for each, and a coder that writes the zeros.",
        veils=("sizes",),
    )
    return card(
        partial(how_light_frame, results=results),
        partial(how_light_scene),
        title="How light can a network get?",
        ask=question,
    )
