"""One student's task: read the notebooks, ask them their questions in one sandbox, and give back records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from featherweight.errors import FeatherweightError
from featherweight.grading.entries import play
from featherweight.grading.handed import Handed
from featherweight.grading.records import Record
from featherweight.grading.score import score
from featherweight.grading.session import Session
from featherweight.grading.settings import Settings
from featherweight.grading.submission import Submission, read_submission

__all__ = ["grade_student", "graded_in", "unread"]


def grade_student(handed: Sequence[Handed], settings: Settings) -> list[Record]:
    """Grade one student's notebooks in one sandbox; those of other lessons than the one wanted are left out.

    Raises MissingTool where no sandbox starts, FileProblem where the instructor's own file is gone.
    """
    with Session(settings.limits, settings.unsafe) as session:
        return graded_in(session, handed, settings)


def graded_in(session: Session, handed: Sequence[Handed], settings: Settings) -> list[Record]:
    """`grade_student` in a session that is given, and which is left open."""
    book = settings.book()
    graded = [_graded(session, one.loaded(), book, settings) for one in handed]
    return [record for record in graded if settings.lesson in (0, record.lesson) or record.verdict == "unreadable"]


def _graded(session: Session, handed: Handed, book, settings: Settings) -> Record:
    submission = read_submission(handed, book)
    if submission.problem:
        return unread(handed, settings, submission.problem)
    start = monotonic()
    try:
        results = _results(session, submission, settings)
        wanted = settings.lesson in (0, submission.lesson) and not settings.exercise
        entries = play(session, submission.entered, settings) if wanted else ()
    except FeatherweightError:
        raise
    except Exception as problem:  # a mistake of ours costs one notebook's grade, not the run
        session.stop()
        return unread(handed, settings, f"the grader failed on it ({type(problem).__name__}): please report it")
    return Record(
        *(handed.student, handed.path, handed.digest, submission.lesson, "graded", "", handed.late),
        *(not settings.unsafe, submission.flags, results, monotonic() - start),
        counted="cgroup" if session.summed else "watchdog",
        entries=entries,
    )


def _results(session: Session, submission: Submission, settings: Settings) -> tuple:
    """The verdicts; none where the notebook is of a lesson that is not wanted."""
    if settings.lesson not in (0, submission.lesson):
        return ()
    entries = [one for one in submission.entries if settings.exercise in ("", one.exercise.name)]
    return score(session, submission.cells, entries, settings.seed(submission.lesson), settings.seconds)


def unread(handed: Handed, settings: Settings, problem: str) -> Record:
    """The record of a notebook that could not be graded."""
    record = Record(handed.student, handed.path, handed.digest, 0, "unreadable", problem, handed.late, True, (), ())
    return replace(record, sandboxed=not settings.unsafe)
