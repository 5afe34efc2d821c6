"""Figures of the lesson on neurons: errors by how many are kept, milliseconds by density, a score beside the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from torch import Tensor

from featherweight.lab.neuron_runs import SCRATCH, Results
from featherweight.lab.palette import INK, plot_options, style, text_colour
from featherweight.lab.plots import Picture, label_ends, label_line, new_figure, picture
from featherweight.lab.sparse_speed import Times
from featherweight.lab.statistics import mean_interval

__all__ = ["against_truth", "kept_curves", "speed_curves"]


def kept_curves(results: Results, alt: str) -> Picture:
    """Errors for each share of neurons kept, right after the cut and after fine-tuning; bands are 95% intervals."""
    figure, (cut, tuned) = new_figure(2, size=(8.2, 3.3))
    for axes, table in ((cut, results.cut), (tuned, results.tuned | {SCRATCH: results.scratch})):
        axes.set(xscale="log", yscale="log", ylim=(45, 1000), xlim=(130, 1.2))
        _ticks(axes.xaxis, [100 * share for share in results.shares])
        _ticks(axes.yaxis, [50, 100, 200, 500, 1000])
        axes.set_xlabel("neurons kept in each hidden layer, % (log scale)")
        ends = [_curve(axes, results.shares, name, rows) for name, rows in table.items()]
        label_ends(axes, ends)
    cut.set(title="right after the cut", ylabel="errors in 1,000 test digits\n(log scale)")
    tuned.set(title="fine-tuned, or trained from scratch")
    for axes in (cut, tuned):
        axes.title.set_size(10)
    return picture(figure, alt)


def _curve(axes: Axes, shares: Sequence[float], name: str, rows: Sequence[Sequence[int]]) -> tuple:
    """Draw one way of choosing; returns where its label goes."""
    x, found = [100 * share for share in shares], [mean_interval([float(count) for count in row]) for row in rows]
    axes.fill_between(x, [i.low for i in found], [i.high for i in found], color=style(name).colour, alpha=0.15, lw=0)
    axes.plot(x, [i.estimate for i in found], **plot_options(name))
    return x[-1], found[-1].estimate, name, text_colour(name)


def _ticks(axis, values: Sequence[float]) -> None:
    axis.set_major_locator(FixedLocator(values))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


def speed_curves(named: dict[str, Times], densities: Sequence[float], alt: str) -> Picture:
    """Milliseconds of one layer over the share of weights that are not zero, one panel for each name."""
    figure, panels = new_figure(len(named), size=(8.2, 3.1))
    percents = [100 * density for density in densities]
    for axes, (name, here) in zip(panels, named.items(), strict=True):
        axes.set(title=name, xscale="log", yscale="log", xlabel="weights that are not zero, % (log scale)")
        axes.plot(percents, here.csr, **plot_options("csr"))
        axes.plot(percents, here.masked, **plot_options("masked"))
        axes.axhline(here.half, **plot_options("deleted") | {"marker": ""})
        label_line(axes, percents[0], here.csr[0], "CSR", text_colour("csr"), lift=10)
        label_line(axes, percents[0], here.masked[0], "zeros in a dense layer", text_colour("masked"), lift=5)
        label_line(axes, percents[-1], here.half, "half the neurons deleted", text_colour("deleted"), -13, ha="right")
        _ticks(axes.xaxis, [0.5, 2, 5, 10, 20, 50, 100])
        axes.title.set_size(10)
    panels[0].set_ylabel("ms (log scale)")
    return picture(figure, alt)


def against_truth(scores: dict[str, Tensor], truth: Tensor, alt: str) -> Picture:
    """Each neuron as a point: its score, scaled to at most 1, over how far the loss moves when it alone goes."""
    figure, panels = new_figure(len(scores), size=(8.2, 2.8))
    moved = truth.abs().cpu().numpy()
    for axes, (name, found) in zip(panels, scores.items(), strict=True):
        height = (found / found.max()).cpu().numpy()
        seen = (moved > 0) & (height > 0)
        axes.plot(moved[seen], height[seen], style(name).marker, color=style(name).colour, markersize=3, alpha=0.6)
        axes.set(title=name, xscale="log", xlabel="change of the loss without it (log scale)", ylim=(0, 1.05))
        axes.set_xlim(np.quantile(moved[moved > 0], 0.03), 1.3 * moved.max())
        axes.title.set(size=10, color=INK)
    panels[0].set_ylabel("score / largest")
    return picture(figure, alt)
