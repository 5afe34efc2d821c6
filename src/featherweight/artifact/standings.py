"""The book's own entries and what they were to reach, from the shipped tables: one row each."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from featherweight.artifact import champion_runs, lenet_runs
from featherweight.lab.statistics import Interval, mean_interval
from featherweight.lab.weight_classes import CLASSES

__all__ = ["GOALS", "Standing", "own", "table"]

GOALS = {"strawweight": None, "flyweight": 98.0, "featherweight": 98.8}
"""Right of 100 test digits, the mean of all seeds; the strawweight's only goal is to fit in one QR code."""
MARGIN = 1.0
"""LeNet-300-100 has to be worse by less than so many points, to the end of the interval."""


@dataclass(frozen=True)
class Standing:
    """size: bytes on disk, the mean of the seeds; limit: the most that any may have (of LeNet's, on average).

    right: of 100 test digits, with an interval over seeds. goal: what `right` should be; None where there is none.
    behind: the dense network's accuracy less the entry's, in points, of LeNet only. reached: all of it.
    """

    name: str
    seeds: int
    size: float
    limit: float
    right: Interval
    goal: float | None
    behind: Interval | None
    reached: bool


def own() -> list[Standing]:
    """Our own entries, the lightest class first, then LeNet-300-100."""
    found, rows = champion_runs.load(), []
    for name, limit in ((each.name, each.limit) for each in CLASSES if each.name in GOALS):
        row, goal = found[name], GOALS[name]
        right = mean_interval([100 - count / 10 for count in row.errors])
        good = max(row.size) <= limit and (goal is None or right.estimate >= goal)
        rows.append(Standing(name, len(row.size), fmean(row.size), limit, right, goal, None, good))
    return [*rows, _lenet()]


def _lenet() -> Standing:
    found = lenet_runs.load()
    gain = lenet_runs.difference(found.entry, found.dense)
    behind = Interval(-gain.estimate, -gain.high, -gain.low)
    right = mean_interval([100 - count / 10 for count in found.entry.errors])
    size, limit = fmean(found.entry.size), lenet_runs.DENSE_BYTES / lenet_runs.TIMES
    good = size <= limit and behind.high < MARGIN
    return Standing("LeNet-300-100", len(found.entry.size), size, limit, right, None, behind, good)


def table() -> str:
    """The standings as lines of text."""
    lines = [f"{'':15}{'bytes':>8}{'limit':>8}   right of 100 test digits      goal"]
    for each in own():
        goal = f"≥ {each.goal:.1f}" if each.goal else "fits"
        if each.behind:
            goal = f"{each.behind:.2f} points behind, < {MARGIN:.0f}"
        verdict = "reached" if each.reached else "missed"
        lines.append(f"{each.name:15}{each.size:8,.0f}{each.limit:8,.0f}   {each.right:.2f}   {goal}: {verdict}")
    return "\n".join(lines)
