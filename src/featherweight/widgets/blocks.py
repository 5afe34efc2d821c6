"""Filled rectangles out of lines: a pen that goes back and forth, so that the browser and matplotlib fill the same."""

from __future__ import annotations

import numpy as np

from featherweight.widgets.frame import Line

__all__ = ["block"]

POINTS = 5  # of a stroke


def block(
    panel: str, x: tuple[float, float], y: tuple[float, float], colour: str, *, height: float, method: str = "dense"
) -> Line:
    """A rectangle from x[0] to x[1] and y[0] to y[1], in data units. height: the same in CSS pixels."""
    strokes = max(round(height / 2), 2)
    levels = np.repeat(y[0] + (y[1] - y[0]) * (np.arange(strokes) + 0.5) / strokes, POINTS)
    there = np.linspace(*x, POINTS)
    ends = np.resize([*there, *there[::-1]], POINTS * strokes)
    return Line(panel, ends, levels, method, colour=colour, width=1.4 * height / strokes, ghost=False)
