"""Figures that lessons share. Each function draws on given axes or returns a figure with a text alternative."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor

from featherweight.lab.palette import INK, METHODS, SURFACE, plot_options, style, text_colour
from featherweight.lab.statistics import Interval
from featherweight.markup import picture_html

__all__ = [
    "Picture",
    "curves",
    "differences",
    "label_ends",
    "label_line",
    "new_figure",
    "paths",
    "picture",
    "png",
    "rates",
    "yours_over_expected",
]


@dataclass(frozen=True)
class Picture:
    """A figure that knows its text alternative: PNG for the notebook, `alt` for everyone who cannot see it.

    JupyterLab shows the HTML, for it drops the `alt` of a PNG; whatever shows no HTML has the PNG.
    """

    data: bytes
    alt: str
    width: int

    def _repr_mimebundle_(self, include=None, exclude=None):
        metadata = {"image/png": {"width": self.width, "alt": self.alt}}
        page = picture_html(base64.b64encode(self.data).decode("ascii"), self.alt, self.width)
        return {"text/html": page, "image/png": self.data, "text/plain": f"Picture: {self.alt}"}, metadata


def new_figure(columns: int = 1, size: tuple[float, float] = (7.2, 2.9)) -> tuple[Figure, list[Axes]]:
    """A figure of `size` inches with `columns` panels, outside pyplot's global state."""
    figure = Figure(figsize=size, layout="constrained", facecolor="white")
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for panel in axes:
        panel.spines[["top", "right"]].set_visible(False)
        panel.tick_params(labelsize=9)
    return figure, list(axes)


def picture(figure: Figure, alt: str) -> Picture:
    """The finished figure with its text alternative."""
    return Picture(_bytes(figure), alt, round(figure.get_figwidth() * 100))


def png(draw: Callable[[Axes], None], size: tuple[float, float] = (4.6, 2.6)) -> bytes:
    """PNG bytes of what `draw(axes)` draws."""
    figure, (axes,) = new_figure(size=size)
    draw(axes)
    return _bytes(figure)


def _bytes(figure: Figure) -> bytes:
    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    return buffer.getvalue()


def label_line(axes: Axes, x: float, y: float, text: str, colour: str, lift: float = 2, **more) -> None:
    """A direct label beside a line, in the line's colour; lift in points."""
    place = {"xytext": (5, lift), "textcoords": "offset points"}
    axes.annotate(text, (x, y), **place, color=colour, fontsize=9, **more)


CYCLE = ("gradient descent", "adam", "muon", "momentum", "adagrad", "sam")
"""Looks for series that are not methods (rates, runs), in this order."""


def look(name: str, number: int) -> str:
    """The palette's method for a series: its own name if it is a method, else the next of the cycle."""
    return name if name in METHODS else CYCLE[number % len(CYCLE)]


def curves(series: dict[str, Sequence[float]], xlabel: str, ylabel: str, alt: str, log=False, start=0) -> Picture:
    """One labelled line per name over its index, which counts from `start`; log: a logarithmic y axis."""
    figure, (axes,) = new_figure()
    axes.set(xlabel=xlabel, ylabel=ylabel + ("\n(log scale)" if log else ""), yscale="log" if log else "linear")
    axes.margins(x=0.14)
    ends = []
    for number, (name, values) in enumerate(series.items()):
        method, y = look(name, number), np.asarray(values, dtype=float)
        x = np.arange(start, start + len(y))
        axes.plot(x, y, markevery=max(len(y) // 8, 1), **plot_options(method))
        last = np.flatnonzero(np.isfinite(y))[-1]
        ends.append((x[last], y[last], name, text_colour(method)))
    label_ends(axes, ends)
    return picture(figure, alt)


def label_ends(axes: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Labels (x, y, text, colour) beside the ends of lines, moved apart where they would cover each other."""
    lowest = np.inf
    for x, y, text, colour in sorted(ends, key=lambda end: -end[1]):
        height = axes.transData.transform((x, y))[1]
        place = min(height, lowest - 16)
        lowest = place
        label_line(axes, x, y, text, colour, lift=2 + (place - height) * 72 / axes.figure.dpi)


def paths(loss: Callable[[Tensor], Tensor], walks: dict[str, Tensor], extent: float, alt: str) -> Picture:
    """Walks over the contours of a two-dimensional loss. walks: name → points (steps + 1, 2)."""
    figure, (axes,) = new_figure(size=(7.2, 3.4))
    line = torch.linspace(-extent, extent, 121, dtype=torch.float64)
    grid = torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1)
    axes.contour(line, line, loss(grid).numpy(), levels=14, cmap=SURFACE, linewidths=0.8, alpha=0.7)
    for number, (name, points) in enumerate(walks.items()):
        method, xy = look(name, number), points.detach().cpu().numpy()
        axes.plot(*xy.T, **plot_options(method))
        label_line(axes, *xy[min(1, len(xy) - 1)], name, text_colour(method), annotation_clip=True)
    axes.plot(0, 0, marker="x", color=INK)
    axes.set(xlabel="$x_0$", ylabel="$x_1$", xlim=(-extent, extent), ylim=(-extent, extent))
    return picture(figure, alt)


def rates(series: dict[str, Sequence[float]], alt: str) -> Picture:
    """Learning-rate schedules over the number of the update, from 1."""
    return curves(series, "update", "learning rate", alt, start=1)


def differences(rows: dict[str, Interval], looks: Sequence[str], than: str, alt: str) -> Picture:
    """Errors more or fewer than those of `than`, with their intervals; one row per name, top to bottom."""
    figure, (axes,) = new_figure(size=(7.2, 0.7 + 0.42 * len(rows)))
    axes.axvline(0, color=INK, linewidth=1)
    for height, ((_, here), look) in enumerate(zip(rows.items(), looks, strict=True)):
        colour = style(look).colour
        axes.plot([here.low, here.high], [height] * 2, color=colour, linewidth=6, alpha=0.3)
        axes.plot(here.estimate, height, style(look).marker, color=colour, markersize=7)
    axes.set(xlabel=f"errors in 1,000 test digits, less those of {than}", ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), list(rows))
    return picture(figure, alt)


def yours_over_expected(axes: Axes, yours, expected, xlabel: str = "entry", ylabel: str = "value") -> None:
    """The learner's numbers over the expected ones. Two columns are drawn as a walk, anything else over its index."""
    walk = np.ndim(expected) == 2 and np.shape(expected)[1] == 2
    for values, method, name in ((expected, "ours", "expected"), (yours, "yours", "yours")):
        points = np.atleast_1d(np.asarray(values, dtype=float))
        xy = points.T if walk else (np.arange(len(points)), points)
        axes.plot(*xy, **plot_options(method), label=name if walk or points.ndim == 1 else None)
    if walk:
        axes.annotate(
            "start", np.asarray(expected)[0], xytext=(4, 4), textcoords="offset points", fontsize=9, color=INK
        )
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=9)
    axes.set(xlabel="$x_0$" if walk else xlabel, ylabel="$x_1$" if walk else ylabel)
