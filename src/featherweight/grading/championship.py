"""The championship's tables: every weight class, best entry first, and the entries that have no score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from featherweight.grading.records import Entered, Record
from featherweight.grading.roster import Person
from featherweight.grading.standing import Standing
from featherweight.lab.statistics import Interval, wilson
from featherweight.lab.weight_classes import CLASSES

__all__ = ["SENTENCES", "Placing", "Table", "placings", "unplaced"]

SENTENCES = {
    "scored": "",
    "refused": "The decoder refused it, or it does not turn digits into ten scores each: try `enter` on it again.",
    "timeout": "It took longer than there was time for.",
    "memory": "It asked for more memory than there is.",
    "crashed": "It ended the process that decoded it.",
}
"""What a student is told; nothing that came out of the sandbox is repeated."""


@dataclass(frozen=True)
class Placing:
    """One student's best entry of a class. rank: from 1; who has as many digits right and as many bytes shares it."""

    rank: int
    person: Person
    entry: Entered
    accuracy: Interval


@dataclass(frozen=True)
class Table:
    """A weight class that somebody entered."""

    division: str
    limit: int
    placings: tuple[Placing, ...]


def placings(everyone: Iterable[Standing]) -> list[Table]:
    """A table for each class with an entry: most digits right first, then the fewest bytes, then by name."""
    best: dict[tuple[str, str], tuple[Person, Entered]] = {}
    for person, entry, _ in _all(everyone):
        if entry.state == "scored":
            key = entry.division, person.key
            if key not in best or _worth(entry) > _worth(best[key][1]):
                best[key] = person, entry
    tables = []
    for one in CLASSES:
        rows = [row for (division, _), row in best.items() if division == one.name]
        if rows:
            tables.append(Table(one.name, one.limit, tuple(_ranked(rows))))
    return tables


def unplaced(everyone: Iterable[Standing]) -> list[tuple[Person, Entered, str]]:
    """Entries without a score: whose, which, and in which file."""
    return [(person, entry, record.path) for person, entry, record in _all(everyone) if entry.state != "scored"]


def _all(everyone: Iterable[Standing]) -> Iterator[tuple[Person, Entered, Record]]:
    """The entries of the submissions that count."""
    for one in everyone:
        for mark in one.marks:
            for entry in mark.record.entries if mark.record else ():
                yield one.person, entry, mark.record


def _worth(entry: Entered) -> tuple[float, int]:
    return entry.right / entry.total, -entry.size


def _ranked(rows: list[tuple[Person, Entered]]) -> Iterator[Placing]:
    rows.sort(key=lambda row: (*(-part for part in _worth(row[1])), row[0].name or row[0].key))
    rank, last = 0, None
    for place, (person, entry) in enumerate(rows, 1):
        if _worth(entry) != last:
            rank, last = place, _worth(entry)
        yield Placing(rank, person, entry, wilson(entry.right, entry.total))
