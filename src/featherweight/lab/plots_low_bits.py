"""Figures of the lesson on low bits: tensors beside what they become, errors by bits, where the scale goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from featherweight.lab.low_bit_layers import FORMS
from featherweight.lab.low_bit_runs import Results
from featherweight.lab.palette import INK, plot_options, style, text_colour
from featherweight.lab.plots import Picture, label_line, new_figure, picture
from featherweight.lab.statistics import mean_interval

__all__ = ["LOOKS", "bit_curves", "over_scale"]

LOOKS = {"largest": "largest weight", "learned": "learned step", "mean": "mean size"}
TITLES = {
    "rounded": "rounded after training",
    "retrained": "retrained while rounding",
    "scratch": "rounding from the start",
}
BITS = tuple(sorted({form.bits for form in FORMS.values()}, reverse=True))


def bit_curves(results: Results, alt: str) -> Picture:
    """Errors of every form over its bits, one panel for each way; bands are 95% intervals over the seeds."""
    figure, panels = new_figure(len(TITLES), size=(9.2, 3.2))
    dense = mean_interval(list(results.longer))
    for axes, (way, title) in zip(panels, TITLES.items(), strict=True):
        axes.axhspan(dense.low, dense.high, color=INK, alpha=0.15, lw=0)
        axes.axhline(dense.estimate, color=INK, lw=1)
        for scale, look in LOOKS.items():
            _curve(axes, results, way, scale, look)
        axes.set(title=title, yscale="log", ylim=(45, 1000), xlim=(-0.3, len(BITS) - 0.7), xlabel="bits per weight")
        axes.set_xticks(range(len(BITS)), [f"{bits:.3g}" for bits in BITS])
        axes.yaxis.set_major_locator(FixedLocator([50, 70, 100, 200, 500, 1000]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.title.set_size(10)
    panels[0].set_ylabel("errors in 1,000 test digits\n(log scale)")
    panels[1].legend(frameon=False, fontsize=9, title="scale:", title_fontsize=9, alignment="left")
    label_line(panels[0], -0.3, dense.low, "32 bits, trained as long", INK, lift=-11)
    return picture(figure, alt)


def _curve(axes: Axes, results: Results, way: str, scale: str, look: str) -> None:
    names = [name for name, form in FORMS.items() if form.scale == scale]
    x = [BITS.index(FORMS[name].bits) for name in names]
    found = [mean_interval(list(getattr(results.rows[name], way))) for name in names]
    low, high = [max(one.low, 1) for one in found], [one.high for one in found]
    axes.fill_between(x, low, high, color=style(look).colour, alpha=0.18, lw=0)
    axes.plot(x, [one.estimate for one in found], **plot_options(look), label=look)


def over_scale(scales: Sequence[float], errors: Sequence[float], marked: dict[str, float], alt: str) -> Picture:
    """Errors of a network over the scale of its few values. marked: a look in the palette → the scale it stands for."""
    figure, (axes,) = new_figure(size=(6.4, 2.6))
    axes.plot(scales, errors, color=INK, lw=1.5)
    axes.set(
        xscale="log", yscale="log", ylim=(45, 1000), xlabel="scale, in mean sizes of a layer's weights (log scale)"
    )
    axes.set_ylabel("errors in 1,000\n(log scale)")
    for axis, values in ((axes.xaxis, [0.5, 1, 2, 4, 8]), (axes.yaxis, [50, 100, 200, 500, 1000])):
        axis.set_major_locator(FixedLocator(values))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
    for look, scale in marked.items():
        height = np.interp(np.log(scale), np.log(scales), errors)
        axes.plot(scale, height, style(look).marker, color=style(look).colour, markersize=9, clip_on=False)
        side = "center" if scale > 3 else "left"
        label_line(axes, scale, height, look, text_colour(look), lift=-24 if side == "center" else -14, ha=side)
    return picture(figure, alt)
