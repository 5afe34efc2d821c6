"""Figures of the lesson on low rank, sharing and coding: singular values, errors over numbers and bits, bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from torch import Tensor

from featherweight.lab.coding_files import PARTS
from featherweight.lab.coding_runs import BITS, Results
from featherweight.lab.palette import BLUE, GHOST, GREEN, INK, ORANGE, PURPLE, SKY, plot_options, style, text_colour
from featherweight.lab.plots import Picture, label_line, new_figure, picture
from featherweight.lab.statistics import mean_interval

__all__ = [
    "KEPT_LOOKS",
    "PART_COLOURS",
    "RANK_LOOKS",
    "RANK_NAMES",
    "centroid_rows",
    "part_bars",
    "rank_curves",
    "sharing_curves",
    "spectra",
]

PART_COLOURS = dict(zip(PARTS, (ORANGE, BLUE, PURPLE, GREEN, SKY, GHOST), strict=True))
"""The parts of a stored network, in the order of its bars."""
KEPT_LOOKS = {"all": "dense", "1 in 12": "1 in 12", "1 in 33": "1 in 33"}
ERROR_TICKS = (50, 70, 100, 200, 500, 1000)
RANK_LOOKS = {"cut": "truncated", "retrained": "low rank", "narrow": "equal size"}
RANK_NAMES = {"truncated": "just cut", "low rank": "retrained", "equal size": "a narrower layer instead"}
NAMES = RANK_NAMES | {"dense": "all weights"}


def spectra(named: Mapping[str, Tensor], alt: str, looks: Sequence[str] = ("dense", "limit", "low rank")) -> Picture:
    """The singular values of each matrix, largest first."""
    figure, (axes,) = new_figure(size=(7.2, 2.7))
    for (name, matrix), look in zip(named.items(), looks, strict=False):
        values = torch.linalg.svdvals(matrix.detach().cpu().double()).numpy()
        axes.plot(np.arange(1, len(values) + 1), values, **plot_options(look) | {"marker": ""}, label=name)
    axes.set(xlabel="number of the singular value", ylabel="singular value", ylim=(0, None))
    axes.legend(frameon=False, fontsize=9)
    return picture(figure, alt)


def rank_curves(results: Results, alt: str) -> Picture:
    """Errors over the numbers that are stored, for the three networks of each rank; bands are 95% intervals."""
    figure, (axes,) = new_figure(size=(7.2, 3.2))
    numbers = [row.numbers for row in results.ranks.values()]
    _dense_band(axes, results.whole, "dense, trained as long")
    for way, look in RANK_LOOKS.items():
        found = [mean_interval(list(getattr(row, way))) for row in results.ranks.values()]
        _band(axes, numbers, found, look)
    axes.set(xscale="log", xlim=(3000, 270_000), xlabel="numbers in the network (log scale); rank on top")
    _error_axis(axes, low=40)
    axes.xaxis.set_major_locator(FixedLocator([3000, 10_000, 30_000, 100_000, 266_610]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())
    for rank, row in results.ranks.items():
        axes.annotate(rank, (row.numbers, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=9)
    axes.legend(frameon=False, fontsize=9)
    return picture(figure, alt)


def sharing_curves(results: Results, alt: str) -> Picture:
    """Errors over the bits of an index, for each share of weights kept: just shared, and with the values trained."""
    figure, panels = new_figure(2, size=(8.4, 3.0))
    for axes, (way, title) in zip(panels, {"before": "just shared", "after": "values trained"}.items(), strict=True):
        _dense_band(axes, results.longer, "dense, trained as long")
        for kept, row in results.shared.items():
            _band(
                axes, list(BITS), [mean_interval(list(getattr(row[str(bits)], way))) for bits in BITS], KEPT_LOOKS[kept]
            )
        axes.set(title=title, xlim=(5.3, 0.7), xticks=BITS, xlabel="bits of an index")
        axes.title.set_size(10)
        _error_axis(axes, low=45, high=230)
    panels[1].legend(frameon=False, fontsize=9, title="kept:", title_fontsize=9, alignment="left")
    return picture(figure, alt)


def centroid_rows(weights: Tensor, rows: Mapping[str, tuple[Tensor, Tensor]], alt: str) -> Picture:
    """A histogram of weights, and under it for each name where centroids began (hollow) and came to rest (full)."""
    figure, (axes,) = new_figure(size=(7.2, 3.0))
    heights, edges = np.histogram(weights.detach().cpu().numpy(), 120)
    axes.fill_between(np.repeat(edges, 2)[1:-1], np.repeat(heights / heights.max(), 2), 0, color=GHOST, alpha=0.5, lw=0)
    for number, (name, (first, last)) in enumerate(rows.items()):
        height, look = -0.18 - 0.24 * number, style("centroid")
        for x0, x1 in zip(first.tolist(), last.tolist(), strict=True):
            axes.plot([x0, x1], [height + 0.07, height - 0.03], color=look.colour, lw=0.8)
        axes.plot(first.tolist(), [height + 0.07] * len(first), look.marker, color=look.colour, ms=5, fillstyle="none")
        axes.plot(last.tolist(), [height - 0.03] * len(last), look.marker, color=look.colour, ms=6)
        label_line(axes, edges[-1], height, name, text_colour("centroid"), lift=-3)
    axes.set(xlabel="weight", yticks=[], ylim=(-0.24 * len(rows) - 0.12, 1.05))
    axes.margins(x=0.12)
    axes.spines["left"].set_visible(False)
    return picture(figure, alt)


def part_bars(rows: Mapping[str, Mapping[str, int]], alt: str) -> Picture:
    """Bytes of several files, one bar each, in parts that lie side by side. rows: name → part → bytes."""
    figure, (axes,) = new_figure(size=(7.6, 0.9 + 0.42 * len(rows)))
    present = [part for part in PART_COLOURS if any(parts.get(part) for parts in rows.values())]
    for height, parts in enumerate(rows.values()):
        left = 0.0
        for part in present:
            label = None if height else part
            axes.barh(height, parts.get(part, 0) / 1000, 0.6, left, color=PART_COLOURS[part], label=label)
            left += parts.get(part, 0) / 1000
        label_line(axes, left, height, f"{sum(parts.values()):,} bytes", INK, lift=-3)
    axes.set(xlabel="kB = 1,000 bytes", ylim=(len(rows) - 0.5, -0.6))
    axes.set_yticks(range(len(rows)), list(rows))
    axes.margins(x=0.2)
    axes.set_xlim(left=0)
    figure.legend(loc="outside upper center", ncols=len(present), frameon=False, fontsize=9)
    return picture(figure, alt)


def _band(axes: Axes, x: Sequence[float], found: Sequence, look: str) -> None:
    low, high = [max(one.low, 1) for one in found], [one.high for one in found]
    axes.fill_between(x, low, high, color=style(look).colour, alpha=0.18, lw=0)
    axes.plot(x, [one.estimate for one in found], **plot_options(look), label=NAMES.get(look, look))


def _dense_band(axes: Axes, errors: Sequence[int], text: str) -> None:
    here = mean_interval(list(errors))
    axes.axhspan(here.low, here.high, color=INK, alpha=0.15, lw=0)
    axes.axhline(here.estimate, color=INK, lw=1, label=text)


def _error_axis(axes: Axes, low: float, high: float = 1000) -> None:
    axes.set(yscale="log", ylim=(low, high), ylabel="errors in 1,000 test digits\n(log scale)")
    axes.yaxis.set_major_locator(FixedLocator([tick for tick in ERROR_TICKS if tick <= high]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_minor_locator(NullLocator())
