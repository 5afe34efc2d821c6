"""Grade a folder of submissions: one sandbox per student, several students at a time, and a gradebook that survives.

Every student is one task, in a process or on a cluster, that gives back records. This process alone writes, after every
student. A run that was killed goes on where it stopped; what comes out does not depend on how many ran at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path

from featherweight.errors import FeatherweightError, InputError, MissingTool, NoSandbox
from featherweight.grading.cluster import connected, on_cluster, on_every_worker
from featherweight.grading.collect import collect
from featherweight.grading.gradebook import Gradebook
from featherweight.grading.handed import Handed
from featherweight.grading.memory import told
from featherweight.grading.names import choices
from featherweight.grading.processes import Fell, in_processes
from featherweight.grading.records import Record
from featherweight.grading.sandbox import probe
from featherweight.grading.settings import Settings
from featherweight.grading.student import grade_student, unread

__all__ = ["Again", "grade", "verdicts"]


@dataclass(frozen=True)
class Again:
    """What is graded again although it has a grade: one student, one exercise, or one exercise of one student."""

    student: str = ""
    exercise: str = ""


def grade(
    place: str | Path,
    out: str | Path,
    settings: Callable[[Gradebook], Settings],
    again: Again | None = None,
    jobs: int = 1,
    cluster: str = "",
    report: Callable[[Counter, int, int], None] = lambda counts, done, total: None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Record]:
    """Grade what was handed in, and keep it in `out`/gradebook.sqlite; returns every record there.

    settings: made from the gradebook, which keeps a secret. jobs: students at a time. cluster: a Dask scheduler.
    report: called with the counts of verdicts so far, the notebooks graded and their total. say: called with a line
    on how memory is counted, before anything is graded.
    Raises FileProblem, InputError, MissingTool, and NoSandbox where no sandbox can be started.
    """
    if Path(out).resolve() == Path(place).resolve():
        raise InputError(
            f"{out} holds the submissions; wanted a folder of its own for the grades: choose another --out."
        )
    handed = collect(place)
    with ExitStack() as stack:
        book = stack.enter_context(Gradebook(out))
        stack.enter_context(book.alone())
        again = again or Again()
        settings = replace(settings(book), exercise=again.exercise)
        left = _left(handed, book, settings, again)
        if not left:
            return book.records()
        run = partial(in_processes, jobs=jobs)
        if cluster:
            client = stack.enter_context(connected(cluster))
            run = partial(on_cluster, client=client)
        ways = {"watchdog"} if settings.unsafe else _probe(settings, client if cluster else None)
        say(told(dict.fromkeys(ways, 0)))
        _keep_all(book, settings, run, _students(left), report)
        return book.records()


def verdicts(records: Iterable[Record]) -> Counter:
    """How often each verdict was given, to exercises and to notebooks that could not be read."""
    counts = Counter(result.verdict for record in records for result in record.results)
    counts["unreadable"] = sum(record.verdict == "unreadable" for record in records)
    return +counts


def _left(handed: Sequence[Handed], book: Gradebook, settings: Settings, again: Again) -> list[Handed]:
    """What is to be graded now."""
    if again.student and not any(one.student == again.student for one in handed):
        names = choices(again.student, [one.student for one in handed])
        raise InputError(f"There is no submission of {again.student!r}; wanted one of {names}: check --student.")
    if again.exercise and again.exercise not in [one.name for one in settings.book()]:
        names = choices(again.exercise, [one.name for one in settings.book()])
        raise InputError(f"There is no exercise {again.exercise!r}; wanted one of {names}: check --exercise.")
    theirs = [one for one in handed if again.student in ("", one.student)]
    if again.exercise:
        known = {(one.student, one.path, one.digest) for one in book.records() if one.verdict == "graded"}
        return [one for one in theirs if (one.student, one.path, one.digest) in known]
    done = set() if again.student else book.graded(settings.conditions())
    return [one for one in theirs if (one.student, one.path, one.digest) not in done]


def _students(handed: Iterable[Handed]) -> list[tuple[Handed, ...]]:
    """A task's input for every student."""
    return [tuple(group) for _, group in groupby(handed, key=lambda one: one.student)]


def _probe(settings: Settings, client) -> set[str]:
    """Try the sandbox; returns what counts its memory, here or on the workers."""
    tried = partial(probe, settings.limits)
    try:
        return {tried()} if client is None else on_every_worker(client, tried)
    except MissingTool as problem:
        raise NoSandbox(str(problem)) from problem


def _keep_all(book: Gradebook, settings: Settings, run: Callable, students: Sequence, report: Callable) -> None:
    """Grade and keep every student. Raises NoSandbox at the end where some had no sandbox."""
    total, done, counts, unserved = sum(map(len, students)), 0, Counter(), []
    report(counts, done, total)
    with closing(run(partial(grade_student, settings=settings), students)) as graded:
        for handed, found in graded:
            if isinstance(found, MissingTool):
                unserved.append(found)
                continue
            records = _records(handed, found, settings)
            _keep(book, records, settings)
            counts, done = counts + verdicts(records), done + len(handed)
            report(counts, done, total)
    if unserved:
        raise NoSandbox(f"Students not graded yet: {len(unserved)} ({unserved[0]}) Run it again: it goes on there.")


def _keep(book: Gradebook, records: list[Record], settings: Settings) -> None:
    if settings.exercise:
        book.amend(_merged(records, book.records(), settings))
    else:
        book.keep(records, settings.conditions())


def _records(handed: Sequence[Handed], found, settings: Settings) -> list[Record]:
    if isinstance(found, FeatherweightError):
        raise found
    if isinstance(found, Fell):
        return [unread(one, settings, "reading it ended the process that read it") for one in handed]
    if isinstance(found, BaseException):
        kind = type(found).__name__
        return [unread(one, settings, f"the grader failed on it ({kind}): please report it") for one in handed]
    return found


def _merged(new: Iterable[Record], old: Sequence[Record], settings: Settings) -> Iterator[Record]:
    """The old records with one exercise's new results, in the book's order."""
    known: Mapping = {(one.student, one.path, one.digest): one for one in old}
    names = [*(exercise.name for exercise in settings.book()), *(r.exercise for one in old for r in one.results)]
    order = list(dict.fromkeys(names))
    for record in new:
        before = known[record.student, record.path, record.digest]
        if record.verdict == "graded" and record.results:
            results = {one.exercise: one for one in (*before.results, *record.results)}
            ranked = tuple(results[name] for name in sorted(results, key=order.index))
            yield replace(before, results=ranked, sandboxed=before.sandboxed and record.sandboxed)
