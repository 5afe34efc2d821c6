"""`featherweight grade` and `featherweight override`: what the command line gives, and the lines that are shown."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_hex

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from featherweight.errors import FileProblem, InputError
from featherweight.grading.grade import Again, grade, verdicts
from featherweight.grading.gradebook import FILE_NAME, Gradebook
from featherweight.grading.names import plain, shown
from featherweight.grading.private import load_private, read_book
from featherweight.grading.records import Override, Record
from featherweight.grading.score import VERDICTS
from featherweight.grading.settings import Settings, read_secret

__all__ = ["override", "run", "settings_for"]


def settings_for(seed_file: Path | None, private: Path | None, **options) -> Callable[[Gradebook], Settings]:
    """The settings of a run: --seed-file before the private file's SECRET before one that the gradebook keeps."""
    theirs = load_private(private) if private else None
    secret = read_secret(seed_file) if seed_file else (theirs.secret if theirs else "")
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
    yield f"The gradebook is {out / FILE_NAME}; next: featherweight report {out}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def override(
    grades: Path, student: str, exercise: str, points: int | None, note: str, private: Path | None
) -> Iterator[str]:
    """Give points by hand, or with points None take back what was given. Raises InputError, FileProblem."""
    if not (grades / FILE_NAME).is_file():
        raise FileProblem(f"There is no {FILE_NAME} in {grades}; wanted the folder of `featherweight grade … --out`.")
    student = plain(student)
    with Gradebook(grades) as book:
        worth = {one.name: one.points for one in read_book(private)}
        records = book.records()
        worth |= {result.exercise: result.worth for record in records for result in record.results}
        students = {record.student for record in records} | {one.student for one in book.overrides()}
        if exercise not in worth:
            raise InputError(f"There is no exercise {exercise!r}; wanted one of the book, or --private FILE.")
        if student not in students:
            names = ", ".join(map(shown, sorted(students)[:10]))
            raise InputError(f"There is no student {student!r} in {grades}; wanted one of {names}, …")
        if points is None:
            had = book.withdraw(student, exercise)
            yield f"{shown(student)}, {exercise}: {'by the rules again' if had else 'nothing was given by hand'}."
        else:
            book.override(Override(student, exercise, points, note), worth[exercise])
            yield f"{shown(student)}, {exercise}: {points} of {worth[exercise]} by hand. {note}"
