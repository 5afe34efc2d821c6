"""The learner's answers in a notebook, found by name in whatever state it comes back."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from featherweight.exercises.exercise import Exercise
from featherweight.exercises.source import is_untouched, stub_source
from featherweight.exercises.workbook import grade_id

__all__ = ["Answer", "answers", "load_catalogue"]


@dataclass(frozen=True)
class Answer:
    """The cells of one exercise. cells: their places in the notebook. own: the texts that are more than the stub."""

    name: str
    cells: tuple[int, ...]
    sources: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def started(self) -> bool:
        return bool(self.own)


def load_catalogue(catalogue: Sequence[Exercise] | None) -> Sequence[Exercise]:
    """The given exercises, or the book's."""
    if catalogue is None:
        from featherweight.exercises import catalogue as book

        return book()
    return catalogue


def answers(notebook: NotebookNode, catalogue: Sequence[Exercise] | None = None) -> dict[str, Answer]:
    """Exercise name → its cells, for every exercise that the notebook has a cell for.

    A cell belongs to the exercise of its nbgrader grade_id or its id, else to the exercises whose function it defines.
    Answers to exercises that this release does not know are included: their cells are nbgrader solutions.
    """
    book = {exercise.name: exercise for exercise in load_catalogue(catalogue)}
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(notebook.cells):
        for name in _answered_by(cell, book):
            places.setdefault(name, []).append(index)
    found = {}
    for name in sorted(places, key=lambda name: (list(book).index(name) if name in book else len(book), name)):
        sources = [notebook.cells[index].source for index in places[name]]
        own = tuple(source for source in sources if not _is_stub(source, book.get(name)))
        found[name] = Answer(name, tuple(places[name]), tuple(sources), own)
    return found


def _answered_by(cell: NotebookNode, book: dict[str, Exercise]) -> list[str]:
    if cell.cell_type != "code":
        return []
    marks = cell.metadata.get("nbgrader")
    if isinstance(marks, dict) and marks.get("grade_id"):
        return [grade_id(cell)] if marks.get("solution") or grade_id(cell) in book else []
    if cell.id in book:
        return [cell.id]
    return [name for name in dict.fromkeys(re.findall(r"^def\s+(\w+)\s*\(", cell.source, re.MULTILINE)) if name in book]


def _is_stub(source: str, exercise: Exercise | None) -> bool:
    """Whether nothing in a cell is the learner's: empty, or one function, still the stub, without new comments."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    if exercise is None:
        return len(body) == 1 and isinstance(body[0], ast.FunctionDef) and isinstance(body[0].body[-1], ast.Raise)
    if not body:
        return not source.strip()
    return len(body) == 1 and is_untouched(source, exercise) and _comments(source) <= _comments(stub_source(exercise))


def _comments(source: str) -> set[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return set()
    return {token.string.strip() for token in tokens if token.type == tokenize.COMMENT}
