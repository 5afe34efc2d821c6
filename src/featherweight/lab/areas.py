"""Results of lesson 11's experiments with text, sound and translation, and how to read them.

A group is what a student is given, a row what it learns from; of each there is one number a seed, the lower the better.
The seeds of a group are shared by its rows, so rows are compared seed by seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from featherweight.lab.shipped import read, tuples
from featherweight.lab.statistics import Interval, mean_interval

__all__ = ["Results", "against", "control", "labels_alone", "read_results", "table", "verdict"]


@dataclass(frozen=True)
class Results:
    """unit: of all numbers. rows: group → row → one number for each seed. sizes: parameters of teacher and student.

    teachers: how well the teachers do themselves, on the same examples or as the name says. minutes: of one core.
    """

    unit: str
    rows: dict[str, dict[str, Sequence[float]]]
    teachers: dict[str, Sequence[float]]
    sizes: dict[str, int]
    minutes: float


def read_results(file: Path) -> Results:
    """A shipped file. Raises FileProblem where it is missing or damaged."""
    return read(file, lambda found: Results(**{name: tuples(part) for name, part in found.items()}))


def labels_alone(row: str) -> bool:
    """Whether students of a row never hear the teacher."""
    return row.partition(",")[0] == "labels"


def control(results: Results, group: str) -> str:
    """What the other rows must beat: of the rows without a teacher the one with the best mean."""
    alone = {row: sum(found) for row, found in results.rows[group].items() if labels_alone(row)}
    return min(alone, key=alone.get)


def against(results: Results, group: str) -> dict[str, Interval]:
    """Each row less the control, seed by seed: mean and 95% interval. Below zero the teacher helped."""
    rows, best = results.rows[group], control(results, group)
    pairs = {row: zip(found, rows[best], strict=True) for row, found in rows.items() if row != best}
    return {row: mean_interval([a - b for a, b in pair]) for row, pair in pairs.items()}


def verdict(difference: Interval) -> str:
    """What an interval of differences says."""
    if difference.high < 0:
        return "better"
    return "worse" if difference.low > 0 else "not told apart"


def table(results: Results) -> str:
    """All groups and rows as text: the mean over the seeds, and the difference to the group's control."""
    digits = 2 if "bits" in results.unit else 0
    lines = [results.unit]
    for name, found in results.teachers.items():
        lines.append(f"{name:34} {sum(found) / len(found):8.{digits}f}")
    for group, rows in results.rows.items():
        best, differences = control(results, group), against(results, group)
        lines.append(f"{group}; differences are to {best!r}")
        for row, found in rows.items():
            line = f"  {row:32} {sum(found) / len(found):8.{digits}f}"
            if row in differences:
                line += f"  {differences[row]:+.{digits}f} {verdict(differences[row])}"
            lines.append(line)
    return "\n".join(lines)
