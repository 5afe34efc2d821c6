"""The gradebook: one SQLite file in write-ahead mode, complete after every student, whatever kills the run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from featherweight.errors import FileProblem, InputError
from featherweight.grading.records import Override, Record
from featherweight.grading.score import Result

__all__ = ["FILE_NAME", "Gradebook"]

FILE_NAME = "gradebook.sqlite"
VERSION = 1
SCHEMA = """
create table if not exists settings (name text primary key, value text not null);
create table if not exists notebooks (
    student text not null, path text not null, digest text not null, conditions text not null, record text not null,
    primary key (student, path)
);
create table if not exists overrides (
    student text not null, exercise text not null, points integer not null, note text not null,
    primary key (student, exercise)
);
"""


class Gradebook:
    """A folder's gradebook. Use it in a `with`. Raises FileProblem where the file is none, or cannot be written."""

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder) / FILE_NAME
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.database = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self.database.execute("pragma journal_mode = wal")
            self.database.execute("pragma synchronous = full")
            self.database.executescript(SCHEMA)
            self._check_version()
        except (sqlite3.Error, OSError) as problem:
            raise FileProblem(
                f"{self.path} cannot be used as a gradebook ({problem}); wanted a folder that can be written: "
                "choose another --out."
            ) from problem

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *problem) -> None:
        self.database.close()

    def _check_version(self) -> None:
        found = self.setting("version", str(VERSION))
        if found != str(VERSION):
            raise FileProblem(f"{self.path} is of version {found}; this release reads {VERSION}: choose another --out.")

    def setting(self, name: str, default: str) -> str:
        """A value that is kept from the first run on."""
        self.database.execute("insert or ignore into settings values (?, ?)", (name, default))
        [(value,)] = self.database.execute("select value from settings where name = ?", (name,))
        return value

    def keep(self, records: Iterable[Record], conditions: str) -> None:
        """Write a student's notebooks, all of them or none; an earlier record of a notebook is replaced.

        conditions: what they were graded under (seed, release, limits).
        """
        rows = [(one.student, one.path, one.digest, conditions, json.dumps(asdict(one))) for one in records]
        with closing(self.database.cursor()) as cursor:
            cursor.execute("begin immediate")
            cursor.executemany("insert or replace into notebooks values (?, ?, ?, ?, ?)", rows)
            cursor.execute("commit")

    def graded(self, conditions: str) -> set[tuple[str, str, str]]:
        """Student, path and digest of what has been graded under these conditions."""
        query = "select student, path, digest from notebooks where conditions = ?"
        return set(self.database.execute(query, (conditions,)))

    def records(self) -> list[Record]:
        """Every notebook, ordered by student and path."""
        return [
            _record(json.loads(row[0]))
            for row in self.database.execute("select record from notebooks order by student, path")
        ]

    def override(self, change: Override, worth: int) -> None:
        """Keep points given by hand. Raises InputError for points that the exercise does not have."""
        if not 0 <= change.points <= worth:
            raise InputError(f"{change.points} points for {change.exercise}; wanted 0 to {worth}.")
        self.database.execute("insert or replace into overrides values (?, ?, ?, ?)", tuple(asdict(change).values()))

    def overrides(self) -> list[Override]:
        """Every change by hand."""
        rows = self.database.execute("select student, exercise, points, note from overrides order by student, exercise")
        return [Override(*row) for row in rows]


def _record(content: dict) -> Record:
    results = tuple(Result(**one) for one in content.pop("results"))
    return Record(**{**content, "flags": tuple(content["flags"]), "results": results})
