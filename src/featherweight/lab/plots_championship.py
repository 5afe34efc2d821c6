"""Figures of the last lesson: all networks by size and errors, the order of techniques, guesses, and digits read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from torch import Tensor

from featherweight.lab.palette import GHOST, INK, style, text_colour
from featherweight.lab.plots import Picture, label_line, new_figure, picture
from featherweight.lab.statistics import Interval, wilson
from featherweight.lab.weight_classes import CLASSES

__all__ = ["calibration", "order_rows", "pareto", "read_digits"]


class Point(Protocol):
    """One network: bytes, errors in 1,000 with their interval, and its look."""

    name: str
    family: str
    size: float

    @property
    def interval(self) -> Interval: ...


def pareto(points: Sequence[Point], front: Sequence[int], families: dict[str, str], alt: str) -> Picture:
    """Errors over bytes, both on log scales, with intervals over the seeds; a staircase through the front.

    front: places in points, by rising size. families: look → what the legend says.
    """
    figure, (axes,) = new_figure(size=(8.6, 4.2))
    _classes(axes)
    for family, said in families.items():
        own = [point for point in points if point.family == family]
        for point in own:
            axes.plot([point.size] * 2, [point.interval.low, point.interval.high], color=style(family).colour, lw=1)
        look = {"color": style(family).colour, "marker": style(family).marker, "markersize": 6, "linestyle": ""}
        if own:
            axes.plot([point.size for point in own], [point.interval.estimate for point in own], **look, label=said)
    best = [points[number] for number in front]
    x, y = [point.size for point in best], [point.interval.estimate for point in best]
    axes.step(x, y, where="post", color=INK, lw=1, zorder=0, label="the front")
    axes.plot(x, y, "o", markersize=11, markerfacecolor="none", color=INK, lw=0)
    axes.set(xscale="log", yscale="log", xlim=(1900, 2e6), ylim=(7, 900))
    axes.set_xlabel("bytes on disk (log scale)")
    axes.set_ylabel("errors in 1,000 test digits (log scale)")
    _ticks(axes)
    axes.legend(frameon=False, fontsize=9, loc="upper right")
    return picture(figure, alt)


def _classes(axes: Axes) -> None:
    for number, each in enumerate(CLASSES):
        axes.axvline(each.limit, color=GHOST, lw=0.8, linestyle=":")
        below = CLASSES[number - 1].limit if number else 1900
        middle = (below * each.limit) ** 0.5
        axes.text(middle, 880, each.name, fontsize=7.5, color=INK, rotation=90, ha="center", va="top")


def _ticks(axes: Axes) -> None:
    def plain(value: float, _) -> str:
        return f"{value / 1000:g} kB" if value >= 2000 else f"{value:g}"

    axes.xaxis.set_major_locator(FixedLocator([2000, 4000, 8000, 16000, 32000, 100_000, 300_000, 1_000_000]))
    axes.xaxis.set_major_formatter(FuncFormatter(plain))
    axes.yaxis.set_major_locator(FixedLocator([10, 15, 20, 30, 50, 70, 100, 200, 500]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())


def order_rows(rows: dict[str, tuple[float, Interval]], limit: float, alt: str) -> Picture:
    """What each order costs. rows: name → (bytes, points of accuracy against the dense network)."""
    figure, (sizes, points) = new_figure(2, size=(9.2, 0.9 + 0.42 * len(rows)))
    colour, marker = style("pipeline").colour, style("pipeline").marker
    for height, (size, change) in enumerate(rows.values()):
        sizes.barh(height, size / 1000, height=0.5, color=colour, alpha=0.6)
        sizes.text(size / 1000, height, f" {size / 1000:.1f}", va="center", fontsize=9, color=INK)
        points.plot([change.low, change.high], [height] * 2, color=colour, lw=6, alpha=0.3)
        points.plot(change.estimate, height, marker, color=colour, markersize=7)
    largest = max(size for size, _ in rows.values()) / 1000
    sizes.set(xlabel="kB on disk", xlim=(0, 1.15 * largest))
    sizes.set_yticks(range(len(rows)), list(rows))
    points.axvline(0, color=INK, lw=1)
    points.axvline(-limit, color=INK, lw=1, linestyle="--")
    label_line(points, -limit, -0.45, f"−{limit:g} point", INK, lift=-4, ha="left")
    points.set_xlabel("points of accuracy won (symmetric log scale)")
    points.set_xscale("symlog", linthresh=1, linscale=0.7)
    points.set_xticks([-50, -10, -3, -1, 0, 1])
    points.minorticks_off()
    points.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    points.set_yticks(range(len(rows)), [""] * len(rows))
    for axes in (sizes, points):
        axes.set_ylim(len(rows) - 0.5, -0.7)
    return picture(figure, alt)


def calibration(levels: Sequence[float], shares: Sequence[float], counts: Sequence[int], alt: str) -> Picture:
    """Right in how many cases, over how sure one was, with Wilson's 95% intervals; the diagonal is perfect."""
    figure, (axes,) = new_figure(size=(4.6, 3.4))
    axes.plot([0, 1], [0, 1], color=GHOST, lw=1, linestyle="--")
    label_line(axes, 0.12, 0.12, "as sure as right", INK, lift=6, rotation=38, rotation_mode="anchor")
    for level, share, count in zip(levels, shares, counts, strict=True):
        found = wilson(round(share * count), count)
        axes.plot([level] * 2, [found.low, found.high], color=style("said").colour, lw=6, alpha=0.3)
        axes.plot(level, share, style("said").marker, color=style("said").colour, markersize=7)
        axes.annotate(f"{count}", (level, share), xytext=(9, -3), textcoords="offset points", fontsize=9)
    axes.set(xlim=(0, 1), ylim=(-0.03, 1.03), xlabel="how sure you were", ylabel="share that was right")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    return picture(figure, alt)


def read_digits(inputs: Tensor, said: Sequence[int], labels: Sequence[int], alt: str) -> Picture:
    """Pictures of 28 × 28 pixels in a row, each under what the network says; what is wrong is marked with a cross."""
    figure, panels = new_figure(len(said), size=(0.72 * len(said), 1.1))
    for axes, pixels, answer, label in zip(panels, inputs, said, labels, strict=True):
        axes.imshow(np.asarray(pixels.cpu()).reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
        right = answer == label
        axes.set_title(
            f"{answer}" if right else f"{answer} ✗", fontsize=11, color=INK if right else text_colour("adam")
        )
        axes.set_axis_off()
    return picture(figure, alt)
