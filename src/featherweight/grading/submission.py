"""A handed-in notebook as data: which lesson it is, what it answers, and the code that the sandbox will see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from featherweight.errors import FileProblem
from featherweight.exercises.answers import Answer, answers
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.transfer import is_own
from featherweight.exercises.workbook import parse
from featherweight.grading.collect import Handed
from featherweight.grading.score import Entry

__all__ = ["Submission", "read_submission"]

MAX_CODE = 2 * 2**20
"""Characters of code that are executed for a notebook."""

BORROWS = re.compile(r"^\s*(?:from|import)\s+featherweight\.(?:optimizers|compression|artifact)\b", re.MULTILINE)
COMMAND = re.compile(r"^[ \t]*[%!?].*$|^.*\?\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """cells: code in document order. entries: every exercise of the lesson. flags: what a human should look at.

    problem: why the notebook cannot be graded, or "".
    """

    student: str
    path: str
    lesson: int = 0
    cells: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    flags: tuple[str, ...] = ()
    problem: str = ""


def read_submission(handed: Handed, book: Sequence[Exercise]) -> Submission:
    """Parse a notebook; whatever is wrong with it becomes its `problem`."""
    if isinstance(handed.data, str):
        return Submission(handed.student, handed.path, problem=handed.data)
    try:
        notebook = parse(handed.data, handed.path)
        found = answers(notebook, book)
    except (FileProblem, RecursionError, MemoryError) as problem:
        return Submission(handed.student, handed.path, problem=str(problem) or type(problem).__name__)
    lessons = {exercise.name: exercise.lesson for exercise in book}
    counted = Counter(lessons[name] for name in found if name in lessons)
    if not counted:
        return Submission(handed.student, handed.path, problem="it has no exercise of the book in it")
    lesson = counted.most_common(1)[0][0]
    cells = _code(notebook, found)
    if sum(map(len, cells)) > MAX_CODE:
        return Submission(handed.student, handed.path, lesson, problem="it has more code than any answer needs")
    entries = tuple(Entry(exercise, _state(found.get(exercise.name))) for exercise in book if exercise.lesson == lesson)
    flags = ("imports the book's own techniques",) if BORROWS.search("\n".join(_answers(found))) else ()
    return Submission(handed.student, handed.path, lesson, cells, entries, flags)


def _state(answer: Answer | None) -> str:
    if answer is None:
        return "missing"
    return "started" if answer.started else "not started"


def _code(notebook: NotebookNode, found: dict[str, Answer]) -> tuple[str, ...]:
    """What the learner wrote, in document order: answers that are more than the stub, and cells of their own."""
    answered = {index for answer in found.values() for index in answer.cells}
    stubs = {text for answer in found.values() for text in answer.sources if text not in answer.own}
    texts = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip() or cell.source in stubs:
            continue
        if index in answered or is_own(cell):
            texts.append(COMMAND.sub("", cell.source))
    return tuple(texts)


def _answers(found: dict[str, Answer]) -> list[str]:
    return [text for answer in found.values() for text in answer.own]
