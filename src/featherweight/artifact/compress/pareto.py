"""The picture of the report: all files that were tried, by bytes and accuracy, as SVG of plain shapes and text.

The vertical axis spends its length where the choice is: a file far worse than the others stands at its lower edge, as
an arrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from featherweight.artifact.compress.result import Compressed, Point

__all__ = ["Mark", "Plot", "front", "plot"]

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 20, 52
SPAN = 12.0
"""Most points of accuracy that the vertical axis shows."""


@dataclass(frozen=True)
class Mark:
    """A file on the picture, in pixels. kind: "kept", "front", "other" or "whole"; low: below the axis."""

    x: float
    y: float
    kind: str
    low: bool
    label: str


@dataclass(frozen=True)
class Plot:
    """All that the template draws, in pixels. ticks: place and text. line: the front, as an SVG path's points."""

    marks: tuple[Mark, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    line: str
    budget: float | None
    floor: float | None
    summary: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def front(points: tuple[Point, ...]) -> list[Point]:
    """The files that no other one beats in both bytes and accuracy, from small to large."""
    best, found = -math.inf, []
    for point in sorted(points, key=lambda one: (one.bytes, -one.accuracy)):
        if point.accuracy > best:
            best = point.accuracy
            found.append(point)
    return found


def plot(result: Compressed) -> Plot:
    """Where everything stands."""
    budget, before = result.goal.budget, result.before.bytes
    sizes = [point.bytes for point in result.tried] + [before] + ([budget] if budget else [])
    low, high = math.log10(min(sizes)) - 0.06, math.log10(max(sizes)) + 0.06
    top = min(100.0, max([result.whole, *(point.accuracy for point in result.tried)]) + 0.6)
    lowest = min([result.whole, *(point.accuracy for point in result.tried)])
    kept = next(point.accuracy for point in result.tried if point.kept)
    base = max(0.0, min(max(top - SPAN, lowest - 0.5), kept - 1.0, result.whole - 1.0))

    def x(size: float) -> float:
        return round(LEFT + (math.log10(size) - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    def y(accuracy: float) -> float:
        share = (max(accuracy, base) - base) / (top - base)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    edge = front(result.tried)
    marks = [
        Mark(x(one.bytes), y(one.accuracy), _kind(one, edge), one.accuracy < base, _label(one)) for one in result.tried
    ]
    marks.append(Mark(x(before), y(result.whole), "whole", False, f"as it came: {before:,} bytes, {result.whole:.1f}%"))
    most = result.goal.max_drop
    return Plot(
        tuple(sorted(marks, key=lambda mark: ("other", "front", "whole", "kept").index(mark.kind))),
        tuple((x(size), text) for size, text in _sizes(10**low, 10**high)),
        tuple((y(value), f"{value:g}%") for value in _levels(base, top)),
        " ".join(f"{x(one.bytes)},{y(one.accuracy)}" for one in edge if one.accuracy >= base),
        x(budget) if budget else None,
        y(result.whole - most) if most is not None and result.whole - most > base else None,
        _summary(result, edge),
    )


def _kind(point: Point, edge: list[Point]) -> str:
    return "kept" if point.kept else "front" if point in edge else "other"


def _label(point: Point) -> str:
    return f"{point.name}: {'' if point.written else 'about '}{point.bytes:,} bytes, {point.accuracy:.1f}%"


def _sizes(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks at 1, 2 and 5 times powers of ten; at powers alone where these are many."""
    ticks = [m * 10**power for power in range(1, 12) for m in (1, 2, 5) if low <= m * 10**power <= high]
    if len(ticks) > 9:
        ticks = [one for one in ticks if str(one)[0] == "1"]
    return [
        (one, f"{one:,} B" if one < 1000 else f"{one / 1000:,g} kB" if one < 10**6 else f"{one / 10**6:g} MB")
        for one in ticks
    ]


def _levels(base: float, top: float) -> list[float]:
    step = next(one for one in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if (top - base) / one <= 7)
    first = math.ceil(base / step - 1e-9)
    return [round(number * step, 6) for number in range(first, math.floor(top / step + 1e-9) + 1)]


def _summary(result: Compressed, edge: list[Point]) -> str:
    return (
        f"{len(result.tried)} files by bytes (logarithmic) and accuracy on the part that chooses. The smallest has "
        f"{edge[0].bytes:,} bytes and {edge[0].accuracy:.1f}%, the kept one {result.after.bytes:,} bytes; as it came "
        f"the network had {result.before.bytes:,} bytes and {result.whole:.1f}%."
    )
