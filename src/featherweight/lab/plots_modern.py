"""Figures of the lesson on Adam's successors: errors by step and by second, less AdamW's, and loss at every time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from featherweight.lab.palette import GHOST, plot_options, text_colour
from featherweight.lab.plots import Picture, label_ends, label_line, new_figure, picture

__all__ = ["by_step_and_by_second", "frontier"]


BLANK = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def by_step_and_by_second(errors: dict[str, Sequence[float]], times: dict[str, float], alt: str) -> Picture:
    """Mean errors after each epoch: left over epochs, right over time, both with logarithmic errors.

    errors: method → one number per epoch. times: method → time of a step, in AdamW's.
    """
    figure, (steps, seconds) = new_figure(2, size=(7.8, 3.3))
    ends = []
    for method, values in errors.items():
        epochs = np.arange(1, len(values) + 1)
        steps.plot(epochs, values, markevery=2, **plot_options(method))
        seconds.plot(epochs * times[method], values, markevery=2, **plot_options(method))
        ends.append((epochs[-1], values[-1], method, text_colour(method)))
    steps.set(xlabel="epoch", ylabel="errors in 1,000 test digits (log scale)")
    seconds.set(xlabel="time, in epochs of AdamW (log scale)", xscale="log")
    for axes in (steps, seconds):
        axes.set(yscale="log", ylim=(28, 230))
        axes.yaxis.set_major_locator(FixedLocator([30, 50, 70, 100, 200]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        axes.yaxis.set_minor_locator(NullLocator())
    seconds.xaxis.set_major_locator(FixedLocator([0.5, 1, 2, 5, 10, 20, 50]))
    seconds.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    seconds.xaxis.set_minor_locator(NullLocator())
    steps.set_xlim(0, 1.45 * len(values))
    label_ends(steps, ends)
    return picture(figure, alt)


def frontier(free: Sequence[float], falling: dict[int, Sequence[float]], every: int, ylabel: str, alt: str) -> Picture:
    """One walk that needs no end against walks that were told theirs; both axes logarithmic.

    free: values after every `every` steps. falling: steps until the end → its values after every `every` steps.
    """
    figure, (axes,) = new_figure(size=(7.2, 3.2))
    for total, values in falling.items():
        x = every * np.arange(1, len(values) + 1)
        axes.plot(x, values, color=GHOST, linewidth=1)
        axes.plot(x[-1], values[-1], **plot_options("cosine"))
        name, colour = f"cosine to {total:,}", text_colour("cosine")
        label_line(axes, x[-1], values[-1], name, colour, lift=-20, ha="right", zorder=1.5, bbox=BLANK)
    x = every * np.arange(1, len(free) + 1)
    axes.plot(x, free, markevery=[len(free) - 1], **plot_options("schedule-free"))
    label_line(axes, x[-1], free[-1], "schedule-free", text_colour("schedule-free"), lift=8)
    axes.set(xscale="log", yscale="log", xlabel="step (log scale)", ylabel=ylabel + "\n(log scale)")
    axes.margins(x=0.12, y=0.2)
    return picture(figure, alt)
