"""Figures of lesson 10: how loud each channel is, and what a rounded encoder still finds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from torch import Tensor

from featherweight.lab.palette import INK, plot_options, style, text_colour
from featherweight.lab.plots import Picture, label_ends, label_line, new_figure, picture
from featherweight.lab.statistics import wilson
from featherweight.lab.transformer_runs import Results, right

__all__ = ["missed_curves", "sorted_channels"]

WEIGHTS = {"rtn": "rounding", "hadamard": "turned", "awq": "AWQ", "gptq": "GPTQ"}
BOTH = {
    "one scale": "one scale",
    "smooth": "SmoothQuant",
    "token": "one per token",
    "token, turned": "per token, turned",
}
LOOKS = {"token, turned": "hadamard"}


def missed_curves(results: Results, alt: str) -> Picture:
    """Queries missed by bits: weights rounded alone, and activations too. Bands: 95% intervals over the queries.

    Weights of two bits are left out: all ways miss nearly all queries.
    """
    figure, (alone, both) = new_figure(2, size=(8.2, 3.4))
    for axes, ways, bits, most in ((alone, WEIGHTS, (8, 4, 3), 60), (both, BOTH, (8, 6, 4), 230)):
        axes.set(yscale="log", ylim=(5, most), xlim=(max(bits) + 0.4, min(bits) - 2.2), xlabel="bits")
        _ticks(axes.xaxis, bits)
        _ticks(axes.yaxis, [tick for tick in (5, 10, 20, 50, 100, 200) if tick <= most])
        axes.axhline(_missed(results, "float32"), color=INK, linewidth=1, linestyle="dotted")
        label_line(axes, min(bits) - 0.7, _missed(results, "float32"), "float32", INK, lift=-13)
        label_ends(axes, [_curve(axes, results, way, name, bits) for way, name in ways.items()])
    alone.set_title("weights rounded", size=10)
    alone.set_ylabel("queries missed, of 400\n(log scale)")
    both.set_title("weights and activations rounded", size=10)
    return picture(figure, alt)


def _missed(results: Results, name: str) -> int:
    return int((~right(results.rows[name])).sum())


def _curve(axes: Axes, results: Results, way: str, name: str, bits: Sequence[int]) -> tuple:
    """Draw one way of rounding; returns where its label goes."""
    look = LOOKS.get(way, way)
    x = [b for b in bits if f"{way} {b}" in results.rows]
    counts = [_missed(results, f"{way} {b}") for b in x]
    found = [wilson(count, 400) for count in counts]
    low, high = ([400 * getattr(interval, side) for interval in found] for side in ("low", "high"))
    axes.fill_between(x, low, high, color=style(look).colour, alpha=0.1, lw=0)
    axes.plot(x, counts, **plot_options(look))
    return x[-1], counts[-1], name, text_colour(look)


def _ticks(axis, values: Sequence[float]) -> None:
    axis.set_major_locator(FixedLocator(values))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


def sorted_channels(series: dict[str, Tensor], alt: str) -> Picture:
    """The largest |entry| of every input channel, loudest first; one panel for each name → (rows, inputs)."""
    figure, panels = new_figure(len(series), size=(8.2, 2.7))
    top = 1.4 * max(float(values.abs().max()) for values in series.values())
    for axes, (name, values) in zip(panels, series.items(), strict=True):
        largest = np.sort(values.abs().amax(0).cpu().numpy())[::-1]
        place = np.arange(1, len(largest) + 1)
        axes.fill_between(place, largest, color=style("ours").colour, alpha=0.25, lw=0)
        axes.plot(place, largest, color=style("ours").colour, marker="o", markersize=2.5, linewidth=1)
        label_line(axes, 1, largest[0], f"{largest[0]:.1f}; median {np.median(largest):.2f}", INK)
        axes.set(xlabel="input channels, loudest first (log scale)", xscale="log", ylim=(0, top))
        _ticks(axes.xaxis, [tick for tick in (1, 3, 10, 30, 100, 300) if tick <= len(largest)])
        axes.set_title(name, size=10)
    panels[0].set_ylabel("largest size of a channel")
    return picture(figure, alt)
