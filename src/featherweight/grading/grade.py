"""Grade a folder of submissions: one sandbox per student, several students at a time, and a gradebook that survives.

Every student is one task: it starts the student's sandbox, asks every notebook its questions, and gives back records.
The parent alone writes. A run that was killed goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

from featherweight.errors import FileProblem
from featherweight.grading.collect import Handed, collect
from featherweight.grading.gradebook import Gradebook
from featherweight.grading.records import Record
from featherweight.grading.sandbox import Limits, probe
from featherweight.grading.score import score
from featherweight.grading.session import Session
from featherweight.grading.submission import Submission, read_submission

__all__ = ["Settings", "grade", "grade_student"]


@dataclass(frozen=True)
class Settings:
    """secret: what the hidden cases are drawn from. seconds: for each exercise. lesson: only this one, or 0 for all."""

    secret: str
    seconds: float = 10.0
    lesson: int = 0
    unsafe: bool = False
    limits: Limits = field(default_factory=Limits)

    def conditions(self) -> str:
        """What a grade depends on, as a hash: the same conditions and bytes give the same grade."""
        text = repr((version("featherweight"), sorted(asdict(replace(self, lesson=0)).items(), key=str)))
        return hashlib.sha256(text.encode()).hexdigest()

    def seed(self, lesson: int) -> int:
        """The seed of a lesson's hidden cases."""
        return int.from_bytes(hashlib.sha256(f"{self.secret} {lesson}".encode()).digest()[:4], "big")


def grade(
    place: str | Path,
    out: str | Path,
    settings: Settings | None = None,
    jobs: int = 1,
    report: Callable[[Counter, int], None] = lambda counts, total: None,
) -> list[Record]:
    """Grade what was handed in, and keep it in `out`/gradebook.sqlite; returns every record there.

    settings: by default with a secret that the gradebook keeps. jobs: students at a time.
    report: called with the counts of verdicts so far and the number of notebooks.
    Raises FileProblem, and MissingTool where no sandbox can be started.
    """
    handed = collect(place)
    with Gradebook(out) as book:
        if settings is None:
            settings = Settings(book.setting("secret", secrets.token_hex(16)))
        if not settings.unsafe:
            probe(settings.limits)
        done = book.graded(settings.conditions())
        left = [one for one in handed if (one.student, one.path, digest(one)) not in done]
        counts = Counter()
        for records in _finished(_students(left), settings, jobs):
            book.keep(records, settings.conditions())
            counts.update(result.verdict for record in records for result in record.results)
            counts.update(record.verdict for record in records)
            report(counts, len(left))
        return book.records()


def digest(handed: Handed) -> str:
    """A notebook's hash."""
    data = handed.data if isinstance(handed.data, bytes) else handed.data.encode()
    return hashlib.sha256(data).hexdigest()


def _students(handed: Iterable[Handed]) -> list[list[Handed]]:
    return [list(group) for _, group in groupby(handed, key=lambda one: one.student)]


def _finished(students: Sequence[list[Handed]], settings: Settings, jobs: int) -> Iterator[list[Record]]:
    """Every student's records, as they come. A student who takes a worker process down is graded alone, once more."""
    broken = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        tasks: dict[Future, list[Handed]] = {pool.submit(grade_student, one, settings): one for one in students}
        for task in as_completed(tasks):
            try:
                yield task.result()
            except BrokenProcessPool:
                broken.append(tasks[task])
    for one in broken:
        yield _alone(one, settings)


def _alone(handed: list[Handed], settings: Settings) -> list[Record]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(grade_student, handed, settings).result()
        except BrokenProcessPool:
            return [_unread(one, settings, "reading it ended the process that read it") for one in handed]


def grade_student(handed: Sequence[Handed], settings: Settings) -> list[Record]:
    """Grade one student's notebooks in one sandbox."""
    from featherweight.exercises import catalogue

    book = catalogue()
    with Session(settings.limits, settings.unsafe) as session:
        return [_graded(session, one, read_submission(one, book), settings) for one in handed]


def _graded(session: Session, handed: Handed, submission: Submission, settings: Settings) -> Record:
    if submission.problem:
        return _unread(handed, settings, submission.problem)
    start = monotonic()
    results = score(session, submission.cells, submission.entries, settings.seed(submission.lesson), settings.seconds)
    return Record(
        *(handed.student, handed.path, digest(handed), submission.lesson, "graded", "", handed.late),
        *(not settings.unsafe, submission.flags, results, monotonic() - start),
    )


def _unread(handed: Handed, settings: Settings, problem: str) -> Record:
    sandboxed = not settings.unsafe
    return Record(handed.student, handed.path, digest(handed), 0, "unreadable", problem, handed.late, sandboxed, (), ())


def read_secret(path: str | Path) -> str:
    """The secret in a file, such as --seed-file names. Raises FileProblem where there is none."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise FileProblem(f"Could not read {path} ({problem}); wanted a text file with the secret seed.") from problem
    if len(text) < 8:
        raise FileProblem(f"{path} holds {len(text)} characters; wanted a secret of at least 8, that nobody guesses.")
    return text
