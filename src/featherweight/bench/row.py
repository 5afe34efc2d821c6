"""One line of the benchmarks: what was measured, what it is compared with, the goal, and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass

from featherweight.bench.repeats import Ratio
from featherweight.errors import InputError

__all__ = ["NOTHING", "Row", "missing", "number"]

NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One measurement: `measured` in `unit`, with a goal of at most `allowed`, or with `at_least` of at least that.

    beside: what it is compared with, its value and unit included. ratio: measured ÷ that.
    of_ratio: the goal is one for the ratio's median, not for what was measured.
    why: without a goal, why there is none. `measured` is None where it could not be measured, and `note` says why.
    Raises InputError for a row that would leave a cell empty.
    """

    what: str
    measured: float | None
    unit: str
    allowed: float | None = None
    note: str = ""
    beside: str = ""
    ratio: Ratio | None = None
    of_ratio: bool = False
    at_least: bool = False
    why: str = "shown only"

    def __post_init__(self) -> None:
        if not self.what or not (self.measured is not None or self.note) or not (self.allowed is not None or self.why):
            raise InputError(f"The row {self.what!r} would leave a cell empty; give it a name, a value and a goal.")
        if self.measured is not None and self.of_ratio and self.ratio is None:
            raise InputError(f"The row {self.what!r} has a goal for a ratio and no ratio; measure both in one run.")

    @property
    def within(self) -> bool:
        judged = self.ratio.median if self.of_ratio and self.ratio else self.measured
        if self.allowed is None or judged is None:
            return True
        return judged >= self.allowed if self.at_least else judged <= self.allowed

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        if self.allowed is None:
            return NOTHING
        return "met" if self.within else "falls short"

    @property
    def cells(self) -> tuple[str, str, str, str, str, str]:
        """What, value, compared with, ratio, goal, verdict: no text is empty."""
        value = self.note if self.measured is None else _with_unit(number(self.measured), self.unit)
        return (self.what, value, self.beside or NOTHING, str(self.ratio or NOTHING), self._goal(), self.verdict)

    def _goal(self) -> str:
        if self.allowed is None:
            return f"{NOTHING} ({self.why})"
        return (
            f"{'≥' if self.at_least else '≤'} {_with_unit(number(self.allowed), '×' if self.of_ratio else self.unit)}"
        )


def missing(what: str, problem: object) -> Row:
    """The row of something that could not be measured, with the reason in one line."""
    text = " ".join(str(problem).split())
    return Row(what, None, "", note=text if text.startswith("not measured") else f"not measured: {text}", why="not run")


def number(value: float) -> str:
    """Three digits, and all of those before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _with_unit(value: str, unit: str) -> str:
    return f"{value} {unit}".rstrip()
