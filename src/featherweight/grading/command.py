"""`featherweight grade` and `featherweight override`: what the command line gives, and the lines that are shown."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_hex

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from featherweight.errors import FileProblem, InputError
from featherweight.grading.entries import digest_of
from featherweight.grading.grade import Again, grade, verdicts
from featherweight.grading.gradebook import FILE_NAME, Gradebook
from featherweight.grading.names import choices, plain, shown
from featherweight.grading.private import load_private, read_book
from featherweight.grading.records import Override, Record
from featherweight.grading.roster import Roster, read_roster
from featherweight.grading.score import VERDICTS
from featherweight.grading.settings import Settings, read_secret

__all__ = ["override", "run", "settings_for"]


def settings_for(
    seed_file: Path | None, private: Path | None, digits: Path | None = None, **options
) -> Callable[[Gradebook], Settings]:
    """The settings of a run: --seed-file before the private file's SECRET before one that the gradebook keeps."""
    theirs = load_private(private) if private else None
    secret = read_secret(seed_file) if seed_file else (theirs.secret if theirs else "")
    if digits:
        options |= {"digits": str(digits.resolve()), "digits_digest": digest_of(digits)}
    settings = Settings(secret, **options)
    if theirs:
        settings = replace(settings, private=str(private.resolve()), digest=theirs.digest)
        settings.book()
    return lambda book: settings if secret else replace(settings, secret=book.setting("secret", token_hex(16)))


def run(place: Path, out: Path, settings: Callable, again: Again, jobs: int, cluster: str) -> Iterator[str]:
    """Grade, with a bar where somebody watches; then lines on what came out."""
    with _bar() as report:
        again = replace(again, student=plain(again.student))
        records = grade(place, out, settings, again, jobs, cluster, report, partial(print, flush=True))
    yield from summary(records, out)


@contextmanager
def _bar() -> Iterator[Callable[[Counter, int, int], None]]:
    """A report of counts so far, as a bar on a terminal and as nothing elsewhere."""
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=None)
        yield lambda counts, done, total: progress.update(task, description=told(counts), completed=done, total=total)


def told(counts: Counter) -> str:
    """Verdicts with their counts, best first."""
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in (*VERDICTS, "unreadable") if counts[verdict])


def summary(records: Sequence[Record], out: Path) -> Iterator[str]:
    """Lines on everything that a gradebook holds."""
    students = len({record.student for record in records})
    unsafe = sum(not record.sandboxed for record in records)
    yield f"{_many(students, 'student')}, {_many(len(records), 'notebook')}: {told(verdicts(records))}."
    if unsafe:
        yield f"Graded without a sandbox, and marked so: {_many(unsafe, 'notebook')}."
    if unread := sorted({shown(record.student) for record in records if record.verdict == "unreadable"}):
        more = f" and {len(unread) - 10} more" if len(unread) > 10 else ""
        yield f"Not readable, the report says why: {', '.join(unread[:10])}{more}."
    yield f"The gradebook is {out / FILE_NAME}; next: featherweight report {out}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def override(
    grades: Path,
    student: str,
    exercise: str,
    points: int | None,
    note: str,
    private: Path | None = None,
    roster: Path | None = None,
) -> Iterator[str]:
    """Give points by hand, or with points None take back what was given. Raises InputError, FileProblem.

    student: a folder that was graded; with a roster anyone in it, by any name or id.
    """
    if not (grades / FILE_NAME).is_file():
        raise FileProblem(f"There is no {FILE_NAME} in {grades}; wanted the folder of `featherweight grade … --out`.")
    student = plain(student)
    with Gradebook(grades) as book:
        worth = {one.name: one.points for one in read_book(private)}
        records = book.records()
        worth |= {result.exercise: result.worth for record in records for result in record.results}
        students = {record.student for record in records} | {one.student for one in book.overrides()}
        if exercise not in worth:
            names = choices(exercise, worth)
            raise InputError(f"There is no exercise {exercise!r}; wanted one of {names}, or --private FILE.")
        student = _in_roster(student, students, read_roster(roster)) if roster else student
        if not roster and student not in students:
            names = choices(student, students)
            raise InputError(f"There is no student {student!r} in {grades}; wanted one of {names}, or --roster FILE.")
        if points is None:
            had = book.withdraw(student, exercise)
            yield f"{shown(student)}, {exercise}: {'by the rules again' if had else 'nothing was given by hand'}."
        else:
            book.override(Override(student, exercise, points, note), worth[exercise])
            yield f"{shown(student)}, {exercise}: {points} of {worth[exercise]} by hand. {note}".rstrip()


def _in_roster(student: str, students: Collection[str], roster: Roster) -> str:
    """The folder of a student of the roster, or what else they are kept under where they handed in nothing."""
    person = roster.person(student)
    if person is None:
        names = choices(student, [one.name or one.key for one in roster.people])
        raise InputError(f"There is no one student {student!r} in the roster; wanted one of {names}.")
    return next((one for one in sorted(students) if roster.person(one) == person), person.key)
