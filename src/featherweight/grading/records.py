"""What grading found, as records that the gradebook keeps and the reports and exports read."""

from __future__ import annotations

from dataclasses import dataclass

from featherweight.grading.score import Result

__all__ = ["Override", "Record"]


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
