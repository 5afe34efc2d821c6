"""Frames as the browser reads them: one block of int16 pixel coordinates and an index into it.

A line that many frames share is stored once. Coordinates are eighths of a CSS pixel from the top left;
the pair (PEN_UP, PEN_UP) breaks a line. Points closer than half a pixel to the one before are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from featherweight.errors import InputError
from featherweight.widgets.frame import Frame, Line, Mark, Target
from featherweight.widgets.stage import Stage

__all__ = ["MOST_BYTES", "Table", "encode"]

EIGHTHS = 8
PEN_UP = -32768
FARTHEST = 32000  # four thousand pixels away from the stage
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Table:
    """points: int16, little-endian, x and y in turn. index: plain lists for JSON, see `encode`."""

    points: bytes
    index: dict


def encode(frames: Iterable[Frame], stage: Stage) -> Table:
    """All frames, in order, as a table.

    The index holds `lines`: [panel, method, colour, width, markers, filled, ghost, first point, number of points]
    and `frames`: [numbers of lines, marks [x, y, text x, text y, leftwards, text, method], summary,
    targets [left, top, right, bottom, values of controls]].
    Raises InputError above MOST_BYTES.
    """
    pool: dict[tuple, int] = {}
    blocks: list[np.ndarray] = []
    rows, used = [], 0
    for frame in frames:
        numbers = []
        for line in frame.lines:
            points = _thin(_eighths(stage.pixels(line.panel, line.x, line.y)), line.markers)
            key = (*_look(line), points.tobytes())
            if key not in pool:
                pool[key] = len(pool)
                blocks.append(points)
            numbers.append(pool[key])
        rows.append([numbers, [_place(mark, stage) for mark in frame.marks], frame.summary])
        rows[-1].append([_corners(target, stage) for target in frame.targets])
    lines = []
    for (*look, _), points in zip(pool, blocks, strict=True):
        lines.append([*look, used, len(points)])
        used += len(points)
    table = Table(b"".join(points.tobytes() for points in blocks), {"lines": lines, "frames": rows})
    if len(table.points) > MOST_BYTES:
        raise InputError(
            f"The table has {len(table.points):,} bytes; wanted at most {MOST_BYTES:,}: use fewer values or points."
        )
    return table


def _look(line: Line) -> tuple:
    return (line.panel, line.method, line.colour, line.width, line.markers, line.filled, line.ghost)


def _place(mark: Mark, stage: Stage) -> list:
    *places, leftwards = stage.anchor(mark)
    return [*(round(place, 1) for place in places), leftwards, mark.text, mark.method]


def _corners(target: Target, stage: Stage) -> list:
    corners = stage.pixels(target.panel, target.x, target.y)
    return [*(round(float(edge), 1) for edge in (*corners.min(0), *corners.max(0))), dict(target.sets)]


def _eighths(pixels: np.ndarray) -> np.ndarray:
    """CSS pixels of shape (n, 2) to int16 eighths; anything not finite lifts the pen."""
    broken = ~np.isfinite(pixels).all(axis=1)
    scaled = np.clip(np.round(np.nan_to_num(pixels) * EIGHTHS), -FARTHEST, FARTHEST)
    scaled[broken] = PEN_UP
    return scaled.astype("<i2")


def _thin(points: np.ndarray, markers: int) -> np.ndarray:
    """Drop points nearer than half a pixel to the last one kept; lines with spaced markers keep all."""
    if markers > 1 or len(points) < 3:
        return points
    kept, (last_x, last_y) = [0], points[0].tolist()
    for number, (x, y) in enumerate(points[:-1].tolist()):
        if (x - last_x) ** 2 + (y - last_y) ** 2 >= (EIGHTHS / 2) ** 2:
            kept.append(number)
            last_x, last_y = x, y
    return points[[*kept, len(points) - 1]]
