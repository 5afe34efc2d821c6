"""What was measured, as JSON: one file for the whole book, of which each part is written by itself.

Part → title, about, date, command, seconds that it took, machine, rows. Nothing is in the table that is not in here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from featherweight.bench.repeats import Ratio
from featherweight.bench.row import Row
from featherweight.errors import FileProblem
from featherweight.runtime import write_atomically

__all__ = ["FILE_NAME", "Kept", "read_kept", "write_kept"]

FILE_NAME = "BENCHMARKS.json"
DIGITS = 6


@dataclass(frozen=True)
class Kept:
    """A part that was measured. date: as 2030-12-31. seconds: on the clock, for all of it. machine: name → text."""

    title: str
    about: str
    date: str
    command: str
    seconds: float
    machine: dict[str, str]
    rows: Sequence[Row]


def read_kept(file: Path) -> dict[str, Kept]:
    """The parts in a file, none where there is no file. Raises FileProblem for a damaged one."""
    if not file.exists():
        return {}
    try:
        return {name: _part(found) for name, found in json.loads(file.read_text(encoding="utf-8")).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise FileProblem(
            f"{file} is not what `featherweight bench` writes ({problem}); remove it, or bring back the old one."
        ) from problem


def write_kept(file: Path, parts: dict[str, Kept], order: Iterable[str]) -> None:
    """Write the parts that are in `order`, in that order, all numbers to six digits."""
    content = {name: _rounded(asdict(parts[name])) for name in order if name in parts}
    write_atomically(file, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _part(found: dict) -> Kept:
    rows = [Row(**row | {"ratio": row["ratio"] and Ratio(**row["ratio"])}) for row in found["rows"]]
    return Kept(**found | {"rows": rows})


def _rounded(value):
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
