"""What grading found, as records that the gradebook keeps and the reports and exports read."""

from __future__ import annotations

from dataclasses import dataclass

from featherweight.grading.score import Result

__all__ = ["Entered", "Override", "Record"]


@dataclass(frozen=True)
class Entered:
    """One entry to the championship. number: in its notebook, from 1. size: bytes. division: its weight class, or "".

    state: "scored", "refused", "timeout", "memory" or "crashed". right, total: hidden digits. found: why there is no
    score, for the instructor.
    """

    number: int
    size: int
    division: str
    state: str
    right: int = 0
    total: int = 0
    found: str = ""


@dataclass(frozen=True)
class Record:
    """One notebook, graded. verdict: "graded" or "unreadable". digest: of its bytes. sandboxed: False under --unsafe.

    seconds: how long it took. counted: what counted its memory, "cgroup" or "watchdog". Neither is part of any export.
    """

    student: str
    path: str
    digest: str
    lesson: int
    verdict: str
    problem: str
    late: bool
    sandboxed: bool
    flags: tuple[str, ...]
    results: tuple[Result, ...]
    seconds: float = 0.0
    counted: str = ""
    entries: tuple[Entered, ...] = ()

    @property
    def points(self) -> int:
        return sum(result.points for result in self.results)

    @property
    def worth(self) -> int:
        return sum(result.worth for result in self.results)


@dataclass(frozen=True)
class Override:
    """Points that the instructor gives by hand; they survive grading again. note: why, for the student to read."""

    student: str
    exercise: str
    points: int
    note: str
