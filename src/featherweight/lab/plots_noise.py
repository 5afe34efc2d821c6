"""Figures of the lesson on noisy steps: lines over numbers that are no counts, on straight or logarithmic axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from featherweight.lab.palette import plot_options, text_colour
from featherweight.lab.plots import Picture, label_ends, look, new_figure, picture

__all__ = ["lines"]


def lines(
    x: Sequence[float], series: dict[str, Sequence[float]], xlabel: str, ylabel: str, alt: str, log: bool = False
) -> Picture:
    """One labelled line per name over `x`, which all share; log: both axes logarithmic."""
    figure, (axes,) = new_figure(size=(7.2, 3.2))
    kind, note = ("log", " (log scale)") if log else ("linear", "")
    axes.set(xlabel=xlabel + note, ylabel=ylabel + note, xscale=kind, yscale=kind)
    axes.margins(x=0.14)
    x, ends = np.asarray(x, dtype=float), []
    for number, (name, values) in enumerate(series.items()):
        method, y = look(name, number), np.asarray(values, dtype=float)
        axes.plot(x, y, **plot_options(method) | {"marker": ""})
        ends.append((x[-1], y[-1], name, text_colour(method)))
    label_ends(axes, ends)
    return picture(figure, alt)
