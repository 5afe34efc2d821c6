"""How sure a loss of accuracy is: an interval for the difference of two networks on the same examples.

The networks disagree on few examples, often on none; a bootstrap of no disagreements would promise a difference of
exactly 0. So half an example is added to each of the four cells of the two-by-two table (Agresti and Min, "Simple
improved confidence intervals for comparing matched proportions", Statistics in Medicine 24, 2005).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from torch import Tensor

from featherweight.artifact.compress.goal import Goal
from featherweight.lab.statistics import Interval

__all__ = ["drop", "least_bound", "within"]

CONFIDENCE = 0.95


def drop(before: Tensor, after: Tensor, confidence: float = CONFIDENCE) -> Interval:
    """Points of accuracy lost, with a two-sided interval. before, after: (n,) bool, the same examples in order."""
    lost, won, count = int((before & ~after).sum()), int((~before & after).sum()), len(before)
    middle, half = _interval(lost, won, count, confidence)
    return Interval(100 * (lost - won) / count, 100 * max(middle - half, -1.0), 100 * min(middle + half, 1.0))


def least_bound(count: int, confidence: float = CONFIDENCE) -> float:
    """The upper bound, in points, for two networks that agree on all of `count` examples: less cannot be shown."""
    return 100 * sum(_interval(0, 0, count, confidence))


def within(before: Tensor, after: Tensor, goal: Goal) -> bool:
    """Whether a network counts as good enough to be chosen, on the examples that choose.

    The upper bound of the loss must be below what may be lost. Where there are too few examples for any network to
    show that, the loss itself must be.
    """
    if goal.max_drop is None:
        return True
    loss = drop(before, after)
    shown = loss.high if least_bound(len(before)) < goal.max_drop else loss.estimate
    return shown <= goal.max_drop


def _interval(lost: int, won: int, count: int, confidence: float) -> tuple[float, float]:
    """Middle and half width, as shares."""
    lost, won, count = lost + 0.5, won + 0.5, count + 2
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    spread = math.sqrt(max(lost + won - (lost - won) ** 2 / count, 0.0)) / count
    return (lost - won) / count, z * spread
