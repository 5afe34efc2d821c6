"""The ledger: one row per network that a lesson has made, in what it costs and what it can do.

Lessons add rows and show the table; it is written to a file only when you call `save`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from featherweight.errors import FileProblem
from featherweight.lab.statistics import Interval
from featherweight.runtime import write_atomically

__all__ = ["Ledger", "Row"]

HEADINGS = ("lesson", "method", "parameters", "nonzeros", "bytes on disk", "MACs", "ms", "accuracy")


@dataclass(frozen=True)
class Row:
    """One network. `ms` is the median with its 10th to 90th percentile, `accuracy` a share of 1 with its interval."""

    lesson: int
    method: str
    parameters: int
    nonzeros: int
    bytes_on_disk: int
    macs: int
    ms: Interval
    accuracy: Interval

    def cells(self) -> tuple[str, ...]:
        counts = (f"{n:,}" for n in (self.parameters, self.nonzeros, self.bytes_on_disk, self.macs))
        return (f"{self.lesson:02d}", self.method, *counts, f"{self.ms:.2f}", f"{self.accuracy:.1%}")


@dataclass(frozen=True, repr=False)
class Ledger:
    """Rows in the order they came. A ledger never changes: `add` returns a new one."""

    rows: tuple[Row, ...] = ()

    def add(self, row: Row) -> Ledger:
        """With `row` at the end; it takes the place of a row of the same lesson and method, so cells can run twice."""
        others = tuple(r for r in self.rows if (r.lesson, r.method) != (row.lesson, row.method))
        return Ledger((*others, row))

    def save(self, path: str | Path) -> None:
        """Write as JSON. Raises FileProblem where that is not possible."""
        write_atomically(path, json.dumps([asdict(row) for row in self.rows], indent=1) + "\n")

    @classmethod
    def load(cls, path: str | Path) -> Ledger:
        """Read what `save` wrote. Raises FileProblem for a missing or foreign file."""
        try:
            return cls(tuple(_row(record) for record in json.loads(Path(path).read_text(encoding="utf-8"))))
        except OSError as problem:
            raise FileProblem(f"Cannot read the ledger {path} ({problem.strerror}). Save one first.") from problem
        except (ValueError, TypeError, KeyError) as problem:
            raise FileProblem(f"{path} is not a ledger; wanted the JSON that Ledger.save writes.") from problem

    def __str__(self) -> str:
        table = [HEADINGS, *(row.cells() for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join("  ".join(map(_align, cells, widths, range(len(cells)))).rstrip() for cells in table)

    __repr__ = __str__  # what a notebook shows where it cannot show HTML

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells()) + "</tr>" for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _align(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column < 2 else cell.rjust(width)


def _row(record: dict) -> Row:
    intervals = {name: Interval(**record[name]) for name in ("ms", "accuracy")}
    return Row(**{**record, **intervals})
