"""A handed-in notebook as data: which lesson it is, what it answers, and the code that the sandbox will see."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

from featherweight.errors import FileProblem
from featherweight.exercises.answers import Answer, answers
from featherweight.exercises.entry import find_entries
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.transfer import BOOK_ID, is_own
from featherweight.exercises.workbook import parse, read
from featherweight.grading.handed import Handed
from featherweight.grading.score import Entry, defined

__all__ = ["MAX_CODE", "MAX_PARTS", "Submission", "read_submission"]

MAX_CODE = 250_000
"""Characters of code in a notebook; a lesson has some 30,000. Parsing the worst of these takes seconds."""

MAX_PARTS = 100_000
"""Brackets and braces in a notebook's file; a lesson has some 500. Each may become an object of a thousand bytes."""

BORROWS = re.compile(r"^[ \t]*(?:from|import)[ \t]+featherweight\.(?:optimizers|compression|artifact)\b", re.MULTILINE)
COMMAND = re.compile(r"^([ \t]*)(?:[%!?]|[\w.]+\?+[ \t]*$|\w+[ \t]*=[ \t]*[%!]).*$", re.MULTILINE)
CHAMPIONSHIP = 13
"""The lesson whose notebooks may hold entries."""

PACKAGE = Path(__file__).parents[1]
RELEASED = (PACKAGE / "notebooks", PACKAGE.parents[1] / "notebooks")
"""Where the released workbooks are: in an installed package (pyproject.toml puts them there), or in a checkout."""


@dataclass(frozen=True)
class Submission:
    """cells: code in document order. entries: every exercise of the lesson. flags: what a human should look at.

    problem: why the notebook cannot be graded, or "". entered: entries to the championship, as `find_entries` has them.
    """

    student: str
    path: str
    lesson: int = 0
    cells: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    flags: tuple[str, ...] = ()
    problem: str = ""
    entered: tuple[bytes | str, ...] = ()


def read_submission(handed: Handed, book: Sequence[Exercise]) -> Submission:
    """Parse a notebook; whatever is wrong with it becomes its `problem`."""
    handed = handed.loaded()
    try:
        return _read(handed, book)
    except FileProblem as problem:
        reason = str(problem)
        named = f"{handed.path} "  # which every page and row says beside it
        reason = f"it {reason.removeprefix(named)}" if reason.startswith(named) else reason
        return Submission(handed.student, handed.path, problem=reason)
    except (RecursionError, MemoryError):
        return Submission(handed.student, handed.path, problem="its code is nested too deeply to be read")


def _read(handed: Handed, book: Sequence[Exercise]) -> Submission:
    if isinstance(handed.data, str):
        raise FileProblem(handed.data)
    if handed.data.count(b"{") + handed.data.count(b"[") > MAX_PARTS:
        raise FileProblem(f"it has more than {MAX_PARTS:,} brackets: clear its outputs")
    notebook = parse(handed.data, handed.path)
    for cell in notebook.cells:
        cell.source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    if sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "code") > MAX_CODE:
        raise FileProblem(f"it has more than {MAX_CODE:,} characters of code")
    found = answers(notebook, book)
    lessons = {exercise.name: exercise.lesson for exercise in book}
    counted = Counter(lessons[name] for name in found if name in lessons)
    if not counted:
        raise FileProblem("it has no exercise of the book in it")
    lesson = counted.most_common(1)[0][0]
    entries = tuple(Entry(exercise, _state(found.get(exercise.name))) for exercise in book if exercise.lesson == lesson)
    cells = _code(notebook, found, lesson)
    whole = any(BOOK_ID.fullmatch(cell.id) for cell in notebook.cells)  # else the book's cells may be among them
    theirs = cells if whole else [text for answer in found.values() for text in answer.own]
    flags = ("imports the book's own techniques",) if BORROWS.search("\n".join(theirs)) else ()
    code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    entered = tuple(find_entries(code)) if lesson == CHAMPIONSHIP else ()
    return Submission(handed.student, handed.path, lesson, cells, entries, flags, entered=entered)


def _state(answer: Answer | None) -> str:
    """A cell beside the stub that does not define the function, as splitting may leave one, starts nothing."""
    if answer is None:
        return "missing"
    stub_is_left = len(answer.own) < len(answer.sources)
    begun = any(answer.name in defined(text) for text in answer.own) if stub_is_left else answer.started
    return "started" if begun else "not started"


def _code(notebook: NotebookNode, found: dict[str, Answer], lesson: int) -> tuple[str, ...]:
    """What the learner wrote, in document order: answers that are more than the stub, and cells of their own."""
    answered = {index for answer in found.values() for index in answer.cells}
    books_own = {text for answer in found.values() for text in answer.sources if text not in answer.own}
    books_own |= _released(next((folder for folder in RELEASED if folder.is_dir()), PACKAGE), lesson)
    texts = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip() or cell.source.strip() in books_own:
            continue
        if cell.source not in books_own and (index in answered or is_own(cell)):
            texts.append(_plain(cell.source))
    return tuple(texts)


@cache
def _released(folder: Path, lesson: int) -> frozenset[str]:
    """The texts of the book's own cells in a lesson's released workbook: some tools strip the ids.

    Answers and further cells in it are those of whoever graded here and works in the checkout too: they do not count.
    """
    cells = [cell for path in sorted(folder.glob(f"{lesson:02d}_*.ipynb")) for cell in read(path).cells]
    return frozenset(cell.source.strip() for cell in cells if BOOK_ID.fullmatch(cell.id))


def _plain(source: str) -> str:
    """A cell in which lines that are only for Jupyter do nothing; one that is Python already stays as it is."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return COMMAND.sub(r"\1pass", source)
    return source
