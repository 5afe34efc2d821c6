"""Figures of the lesson on Adam: rates that were tried, walks in two valleys, first steps, and a tug of war."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from torch import Tensor

from featherweight.lab.palette import GHOST, INK, SURFACE, plot_options, style, text_colour
from featherweight.lab.plots import Picture, label_line, look, new_figure, picture

__all__ = ["early_steps", "rate_sweeps", "tug_of_war", "valleys"]

Runs = tuple[Sequence[float], Sequence[Sequence[int]]]
Walks = tuple[Callable[[Tensor], Tensor], dict[str, Tensor]]


def rate_sweeps(panels: dict[str, dict[str, Runs]], alt: str, examples: int = 500) -> Picture:
    """Errors against the learning rate, one panel per title, both axes log; bars reach from seed to seed.

    panels: title → method → (rates, runs), where runs holds the errors of each seed at each rate.
    """
    figure, axes = new_figure(len(panels), size=(7.2, 3.3))
    shown = list(dict.fromkeys(name for methods in panels.values() for name in methods))
    tried = [rate for methods in panels.values() for rates, _ in methods.values() for rate in rates]
    ticks = (30, 50, 100, 200, examples)
    for panel, (title, methods) in zip(axes, panels.items(), strict=True):
        for name, (rates, runs) in methods.items():
            low, middle, high = np.min(runs, 0), np.mean(runs, 0), np.max(runs, 0)
            panel.plot(rates, middle, **plot_options(name))
            panel.vlines(rates, low, high, color=style(name).colour, linewidth=1)
        panel.set_title(title, fontsize=10)
        panel.set(xscale="log", yscale="log", xlabel="learning rate (log scale)")
        panel.set(xlim=(min(tried) / 2, max(tried) * 2), ylim=(30, examples))
        panel.set_yticks(ticks, ticks if panel is axes[0] else [""] * len(ticks))
        panel.minorticks_off()
    axes[0].set_ylabel(f"errors in {examples} (log scale)")
    handles = [Line2D([], [], **plot_options(name), label=name) for name in shown]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(shown), frameon=False, fontsize=9)
    return picture(figure, alt)


def valleys(panels: dict[str, Walks], alt: str) -> Picture:
    """Walks over contours, one panel per title. panels: title → (loss, name → points (steps + 1, 2))."""
    figure, axes = new_figure(len(panels), size=(7.2, 3.5))
    for panel, (title, (loss, walks)) in zip(axes, panels.items(), strict=True):
        reach = 1.15 * float(torch.cat(list(walks.values())).abs().max())
        _contours(panel, loss, reach)
        for number, (name, points) in enumerate(walks.items()):
            options = plot_options(look(name, number)) | {"markersize": 3, "linewidth": 1.2}
            panel.plot(*points.detach().cpu().numpy().T, **options, label=name)
        panel.set_title(title, fontsize=10)
        panel.set(xlabel="$x_0$", ylabel="$x_1$", xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right center", frameon=False, fontsize=9)
    return picture(figure, alt)


def _contours(panel: Axes, loss: Callable[[Tensor], Tensor], reach: float) -> None:
    line = torch.linspace(-reach, reach, 121, dtype=torch.float64)
    heights = loss(torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1)).numpy()
    levels = np.geomspace(heights.max() / 3000, heights.max(), 9)
    panel.contour(line, line, heights, levels=levels, norm="log", cmap=SURFACE, linewidths=0.7, alpha=0.7)
    panel.plot(0, 0, marker="+", color=INK, markersize=8)


def early_steps(series: dict[str, Sequence[float]], ylabel: str, alt: str) -> Picture:
    """One line per name, labelled at its highest point, over the number of the step: from 1, and logarithmic."""
    figure, (axes,) = new_figure(size=(7.2, 2.6))
    axes.set(xlabel="step (log scale)", ylabel=ylabel, xscale="log")
    for number, (name, values) in enumerate(series.items()):
        method, y = look(name, number), np.asarray(values, dtype=float)
        axes.plot(np.arange(1, len(y) + 1), y, **plot_options(method) | {"marker": ""})
        top = int((y >= 0.999 * y.max()).argmax())
        label_line(axes, 1 + top, y[top], name, text_colour(method), lift=4)
    axes.set_ylim(0, 1.15 * max(map(max, series.values())))
    return picture(figure, alt)


def tug_of_war(series: dict[str, Sequence[float]], alt: str) -> Picture:
    """Where a weight that may move between −1 and +1 stands after each step; −1 is the minimum."""
    figure, (axes,) = new_figure(size=(7.2, 2.6))
    axes.set(xlabel="step", ylabel="$x$", ylim=(-1.2, 1.25), yticks=(-1, 0, 1))
    axes.axhline(-1, color=GHOST, linewidth=0.8)
    axes.axhline(1, color=GHOST, linewidth=0.8)
    for number, (name, values) in enumerate(series.items()):
        method, y = look(name, number), np.asarray(values, dtype=float)
        axes.plot(y, **plot_options(method) | {"marker": ""})
        label_line(axes, len(y) - 1, y[-1], name, text_colour(method))
    label_line(axes, 0, 1, "worst", INK, lift=4)
    label_line(axes, 0, -1, "minimum", INK, lift=4)
    axes.set_xlim(0, 1.15 * max(map(len, series.values())))
    return picture(figure, alt)
