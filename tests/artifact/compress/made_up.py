"""A result with made-up numbers, for pages and lines."""

from pathlib import Path

import torch

from featherweight.artifact.compress.goal import Goal
from featherweight.artifact.compress.judge import drop
from featherweight.artifact.compress.result import Compressed, Measured, Point
from featherweight.lab.statistics import Interval, wilson

TRIED = (
    Point("16 bits", 20_000, 95.0, False),
    Point("grid 0.25", 6000, 94.8, False),
    Point("90% zeros, grid 0.25", 2345, 94.5, True),
    Point("90% zeros, grid 0.5", 1900, 93.0, False),
    Point("97% zeros, grid 1", 700, 41.0, False),
    Point("97% zeros, grid 0.5", 900, 40.0, False),
)


def measured(size, right, macs=1000):
    ms = Interval(1.5, 1.25, 2.0)
    return Measured(size, 9000, 8000, macs, ms, wilson(int(right.sum()), len(right)), right)


GOAL = Goal(None, 1.0)


def result(goal=GOAL, reached=True, lost=4, tried=TRIED, notes=(), folder=".", name="mine.fw"):
    """A network of 95% on 1,000 examples, whose file loses some of them."""
    before, after = torch.arange(1000) < 950, torch.arange(1000) < 950 - lost
    path, kept = Path(folder) / name, next(point for point in tried if point.kept)
    return Compressed(
        path,
        path.with_suffix(".html"),
        goal,
        reached,
        measured(44_644, before),
        measured(kept.bytes, after, None),
        drop(before, after),
        tried,
        95.0,
        (600, 200, 1000),
        64,
        61.0,
        notes=notes,
    )
