"""Per-channel error map: which output channels of a layer survive rounding, with one scale or with one for each?

Left a square for every channel, the darker, the more of its weights is lost; right the same over the size of the
channel's largest weight. The layers are those of the packaged speech network, the numbers come with the package.
"""

from __future__ import annotations

from functools import partial
from statistics import fmean

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from featherweight.lab import palette
from featherweight.lab.speech_runs import BITS, Results, load
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line

__all__ = ["channel_errors", "channel_errors_frame", "channel_errors_scene", "lost_channels"]

LAYERS = ("encoder.0", "encoder.1", "encoder.2", "encoder.3")
WAYS = ("per tensor", "per channel")
SHADES = 12
ACROSS, DOWN, CELL = 16, 8, 16.0
LARGEST = (0.03, 100.0)  # of a channel, the axis
LEAST, MOST = 0.001, 1.6  # of an error, the axis
PRESETS = {
    "where it went deaf": {"layer": "encoder.3", "bits": 8, "way": "per tensor"},
    "a scale for each": {"layer": "encoder.3", "bits": 8, "way": "per channel"},
    "nothing to repair": {"layer": "encoder.1", "bits": 8, "way": "per tensor"},
    "too few bits": {"layer": "encoder.3", "bits": 3, "way": "per channel"},
}
QUESTION = Question(
    key="channel-errors",
    text="encoder.3 has 128 channels. At 8 bits with one scale, how many of them become all zeros?",
    choices=("None", "About ten", "About forty"),
    answer=2,
    because="A step is 0.43: a channel with no weight above half a step has no code but 0.",
    shows={"layer": "encoder.3", "bits": 8, "way": "per tensor"},
    veils=("map", "error"),
)


def lost_channels(results: Results, layer: str, bits: int, way: str) -> int:
    """Channels of which nothing is left: the error is as large as the weights."""
    return sum(error == 1.0 for error in results.errors[f"{layer}.weight {way} {bits}"])


def channel_errors_scene(figure) -> dict:
    """The map, and the errors over the largest weight."""
    cells, error = figure.subplots(1, 2, width_ratios=(1, 1.15))
    cells.set(title="Channels: bright is kept, dark is lost", xlim=(-0.2, ACROSS + 0.2), ylim=(DOWN + 0.2, -0.2))
    cells.set(xticks=[], yticks=[])
    cells.grid(False)
    cells.spines[:].set_visible(False)
    error.set(title="Error of a channel, % of its size (log scale)", xscale="log", yscale="log")
    error.set(xlim=LARGEST, ylim=(100 * LEAST, 100 * MOST), xlabel="its largest weight (log scale)")
    error.set_xticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    error.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    error.minorticks_off()
    error.axhline(100, color=palette.INK, lw=1, ls=":")
    error.text(85, 82, "nothing left", ha="right", va="top")
    for place, way in ((0.25, "per tensor"), (0.14, "per channel")):
        error.text(0.04, place, f"one scale {way}", color=palette.text_colour(way))
    return {"map": cells, "error": error}


def channel_errors_frame(layer: str, bits: int, way: str, results: Results) -> Frame:
    """One state."""
    name = f"{layer}.weight"
    errors, largest = np.array(results.errors[f"{name} {way} {bits}"]), np.array(results.largest[name])
    lines = [_cell(number, error) for number, error in enumerate(errors)]
    order = np.argsort(largest)
    for each in WAYS:
        shown = 100 * np.array(results.errors[f"{name} {each} {bits}"])[order]
        thick = 2.2 if each == way else 0.8
        lines.append(Line("error", largest[order], shown, each, width=thick, markers=int(each == way), ghost=False))
    row, lost = results.rows[f"{name} {way} {bits}"], lost_channels(results, layer, bits, way)
    summary = f"{layer}, {bits} bits, a scale {way}: {lost} of {len(errors)} channels all zeros, "
    summary += f"median error {np.median(errors):.1%}, worst {errors.max():.0%}. With this layer alone rounded, "
    return Frame(tuple(lines), (), f"{summary}agreement {fmean(row.agree):.1%}, F1 {fmean(row.f1):.2f}.")


def channel_errors(results: Results | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 8."""
    return card(
        partial(channel_errors_frame, results=results or load()),
        channel_errors_scene,
        title="Per-channel error map: who pays for one scale?",
        controls=(
            Control("layer", "Layer", LAYERS, start="encoder.0"),
            Control("bits", "Bits", BITS[::-1], start=8),
            Control("way", "Scale", WAYS, start="per tensor"),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _cell(number: int, error: float) -> Line:
    """A square, its colour in a few shades: one where nothing is lost, dark where all is."""
    colour = to_hex(colormaps[palette.SURFACE](1 - round(SHADES * min(error, 1)) / SHADES))
    row, column = divmod(number, ACROSS)
    return block("map", (column + 0.08, column + 0.92), (row + 0.08, row + 0.92), colour, height=CELL)
