"""The gradebook: one SQLite file in write-ahead mode, complete after every student, whatever kills the run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from featherweight.errors import FileProblem, InputError
from featherweight.grading.records import Entered, Override, Record
from featherweight.grading.score import Result

__all__ = ["FILE_NAME", "Gradebook"]

FILE_NAME = "gradebook.sqlite"
VERSION = 2
APPLICATION = 0x66774762  # "fwGb", kept in the file's header
SCHEMA = f"""
pragma journal_mode = wal;
begin immediate;
pragma application_id = {APPLICATION};
create table if not exists settings (name text primary key, value text not null);
create table if not exists notebooks (
    student text not null, path text not null, lesson integer not null, digest text not null,
    conditions text not null, record text not null,
    primary key (student, path, lesson)
);
create table if not exists overrides (
    student text not null, exercise text not null, points integer not null, note text not null,
    primary key (student, exercise)
);
insert or ignore into settings values ('version', '{VERSION}');
commit;
"""


NAMESAKE = """
delete from notebooks where path = ? and digest = ? and student != ?
and (student = ? or substr(student, 1, length(?)) = ?)
"""


class Gradebook:
    """A folder's gradebook. Use it in a `with`. Raises FileProblem where the file is none, or cannot be written."""

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder) / FILE_NAME
        self.database = None
        with self._problems():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.path.exists():  # grades and a secret: for nobody else on this machine
                self.path.touch(mode=0o600)
            self.database = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self.database.execute("pragma synchronous = full")
            if not self._is_made():
                self.database.executescript(SCHEMA)
            found = self.setting("version", str(VERSION))
        if found != str(VERSION):
            self.database.close()
            raise FileProblem(f"{self.path} is of version {found}; this release reads {VERSION}: choose another --out.")

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *problem) -> None:
        self.database.close()

    @contextmanager
    def _problems(self) -> Iterator[None]:
        """Whatever SQLite or the file system refuses, as one line."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as problem:
            if self.database is not None:
                self.database.close()
            reason = getattr(problem, "strerror", None) or problem
            raise FileProblem(
                f"{self.path} cannot be used as a gradebook ({reason}); what it held stays. Wanted one of "
                "`featherweight grade`, or a folder with space that can be written: choose another --out."
            ) from problem

    def _is_made(self) -> bool:
        """Whether the file is a gradebook already; an empty one is yet to be."""
        [(application,)] = self.database.execute("pragma application_id")
        [(tables,)] = self.database.execute("select count(*) from sqlite_master")
        if tables and application != APPLICATION:
            raise sqlite3.DatabaseError("it is the database of some other program")
        return bool(tables)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the gradebook for one run. Raises FileProblem where another run holds it."""
        lock = FileLock(self.path.with_suffix(".lock"))
        with self._problems():
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise FileProblem(
                    f"Another `featherweight grade` is writing {self.path}; wait for it, or choose another --out."
                ) from None
        try:
            yield
        finally:
            lock.release()

    def setting(self, name: str, default: str) -> str:
        """A value that is kept from the first run on."""
        with self._problems():
            found = self.database.execute("select value from settings where name = ?", (name,)).fetchone()
            if found is None:
                self.database.execute("insert or ignore into settings values (?, ?)", (name, default))
                return self.setting(name, default)
            return found[0]

    def keep(self, records: Iterable[Record], conditions: str) -> None:
        """Write a student's notebooks, all of them or none.

        An earlier record of the same path and lesson is replaced, as is one that could not be read; another lesson's
        stays: next week's file may have the same name. So is one of the same file from when nobody else had the
        student's name, or when somebody had. conditions: what they were graded under (seed, release, limits).
        """
        records = list(records)
        rows = [(one.student, one.path, one.lesson, one.digest, conditions, json.dumps(asdict(one))) for one in records]
        with self._transaction():
            unread = [(one.student, one.path) for one in records]
            self.database.executemany("delete from notebooks where student = ? and path = ? and lesson = 0", unread)
            self.database.executemany("insert or replace into notebooks values (?, ?, ?, ?, ?, ?)", rows)
            self.database.executemany(NAMESAKE, [_namesake(one) for one in records])

    def amend(self, records: Iterable[Record]) -> None:
        """Replace records of which only a part was graded again; what they count as graded under stays."""
        rows = [(json.dumps(asdict(one)), one.student, one.path, one.digest) for one in records]
        with self._transaction():
            self.database.executemany(
                "update notebooks set record = ? where student = ? and path = ? and digest = ?", rows
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._problems():
            self.database.execute("begin immediate")
            try:
                yield
                self.database.execute("commit")
            except BaseException:
                if self.database.in_transaction:
                    self.database.execute("rollback")
                raise

    def graded(self, conditions: str) -> set[tuple[str, str, str]]:
        """Student, path and digest of what has been graded under these conditions."""
        query = "select student, path, digest from notebooks where conditions = ?"
        with self._problems():
            return set(self.database.execute(query, (conditions,)))

    def records(self) -> list[Record]:
        """Every notebook, ordered by student, path and lesson."""
        with self._problems():
            rows = self.database.execute("select record from notebooks order by student, path, lesson")
            return [_record(json.loads(row[0])) for row in rows]

    def override(self, change: Override, worth: int) -> None:
        """Keep points given by hand. Raises InputError for points that the exercise does not have."""
        if not 0 <= change.points <= worth:
            raise InputError(f"{change.points} points for {change.exercise}; wanted 0 to {worth}.")
        with self._problems():
            row = tuple(asdict(change).values())
            self.database.execute("insert or replace into overrides values (?, ?, ?, ?)", row)

    def withdraw(self, student: str, exercise: str) -> bool:
        """Take back points given by hand; whether there were any."""
        with self._problems():
            query = "delete from overrides where student = ? and exercise = ?"
            return self.database.execute(query, (student, exercise)).rowcount > 0

    def overrides(self) -> list[Override]:
        """Every change by hand."""
        query = "select student, exercise, points, note from overrides order by student, exercise"
        with self._problems():
            return [Override(*row) for row in self.database.execute(query)]


def _record(content: dict) -> Record:
    results = tuple(Result(**one) for one in content.pop("results"))
    entries = tuple(Entered(**one) for one in content.pop("entries", ()))
    return Record(**{**content, "flags": tuple(content["flags"]), "results": results, "entries": entries})


def _namesake(record: Record) -> tuple[str, ...]:
    """What finds the same file under the student's name without a number, or with one."""
    name = record.student.rpartition(" #")[0] or record.student
    return (record.path, record.digest, record.student, name, f"{name} #", f"{name} #")
