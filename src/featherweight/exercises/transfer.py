"""Move a learner's text from one notebook into another, without overwriting any. Works on notebooks in memory."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbformat import NotebookNode, v4

from featherweight.exercises.answers import Answer, answers
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.workbook import grade_id, twin_text

__all__ = ["as_text", "carry_own_cells", "differing_cells", "is_own", "marks", "move_answer"]

BOOK_ID = re.compile(r"\d\d-\d{3}|check-\w+")
Done = tuple[list[str], bool]


def move_answer(
    answer: Answer, today: NotebookNode, source: str, target: str, catalogue: Sequence[Exercise] | None = None
) -> Done:
    """Put an answer into today's stub; beside today's own answer if there is one; at the end if it has no cell.

    source, target: the names of the two files. Returns lines on what was done, and whether `today` changed.
    """
    if not answer.started:
        return [], False
    here = answers(today, catalogue).get(answer.name)
    untouched = here is not None and not here.started
    new = [text for text in answer.own if untouched or not _holds(today, text)]
    if not new:
        return [f"{answer.name}: already in {target}."], False
    if here is None:
        today.cells += [v4.new_code_cell(text) for text in new]
        return [
            f"{answer.name}: today's release has no cell for it; your answer is added to {target}, at its end."
        ], True
    if here.started:
        cells = [v4.new_markdown_cell(_beside(answer.name, text, source)) for text in new]
        _insert(today, here.cells[-1] + 1, cells)
        return [
            f"{answer.name}: {target} has an answer of its own, which stays; the one from {source} is beside it."
        ], True
    cell = today.cells[here.cells[-1]]
    cell.source, cell.outputs, cell.execution_count = new[0], [], None
    _insert(today, here.cells[-1] + 1, [v4.new_code_cell(text) for text in new[1:]])
    return [f"{answer.name}: your answer is moved into {target}."], True


def _holds(notebook: NotebookNode, text: str) -> bool:
    """Whether a text is a cell of the notebook, or kept beside one."""
    return any(_same(cell.source, text) or f"\n{_fenced(text)}" in cell.source for cell in notebook.cells)


def _same(one: str, other: str) -> bool:
    return one.rstrip() == other.rstrip()


def _beside(name: str, text: str, source: str) -> str:
    return (
        f"**Kept by `featherweight resume`:** another answer to `{name}`, from `{source}`. "
        f"It is not run; the cell above is. Copy what you want of it, then delete this cell.\n\n{_fenced(text)}"
    )


def _fenced(text: str) -> str:
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{text.rstrip()}\n{fence}"


def _insert(notebook: NotebookNode, place: int, cells: list[NotebookNode]) -> None:
    notebook.cells[place:place] = cells


def carry_own_cells(
    incoming: NotebookNode, today: NotebookNode, source: str, target: str, catalogue: Sequence[Exercise] | None = None
) -> Done:
    """Carry over the cells that the learner added, each after the cell that it stood after. Returns as move_answer."""
    taken = {index for answer in answers(incoming, catalogue).values() for index in answer.cells}
    carried = 0
    for index, cell in enumerate(incoming.cells):
        if index not in taken and is_own(cell) and not _holds(today, cell.source):
            _insert(today, _place(incoming, index, today), [_fresh(cell)])
            carried += 1
    if not carried:
        return [], False
    cells = "1 cell" if carried == 1 else f"{carried} cells"
    return [f"{cells} that you added in {source}: carried over into {target}."], True


def is_own(cell: NotebookNode) -> bool:
    return bool(cell.source.strip()) and not grade_id(cell) and not BOOK_ID.fullmatch(cell.id)


def _place(incoming: NotebookNode, index: int, today: NotebookNode) -> int:
    """Where a cell goes today: after the nearest cell above it that is here too, else at the top."""
    for above in reversed(incoming.cells[:index]):
        for place in reversed(range(len(today.cells))):
            if _matches(above, today.cells[place]):
                return place + 1
    return 0


def _matches(one: NotebookNode, other: NotebookNode) -> bool:
    names = {one.id, grade_id(one)} - {""}
    return bool(names & {other.id, grade_id(other)}) or (bool(one.source.strip()) and _same(one.source, other.source))


def _fresh(cell: NotebookNode) -> NotebookNode:
    """A copy without outputs."""
    copy = cell.copy()
    if copy.cell_type == "code":
        copy.outputs, copy.execution_count = [], None
    return copy


def differing_cells(incoming: NotebookNode, today: NotebookNode) -> list[NotebookNode]:
    """The incoming cells of the book itself, answers and checks aside, that read differently from today's."""
    return [
        cell
        for cell in incoming.cells
        if re.fullmatch(r"\d\d-\d{3}", cell.id) and cell.source.strip() and not _holds(today, cell.source)
    ]


def as_text(cells: list[NotebookNode]) -> str:
    """Cells as a Jupytext percent file."""
    return twin_text(v4.new_notebook(cells=cells))


def marks(notebook: NotebookNode, catalogue: Sequence[Exercise] | None = None) -> set[str]:
    """What identifies a notebook's cells: ids, grade_ids, texts, and the exercises that they answer."""
    found = {mark for cell in notebook.cells for mark in (cell.id, grade_id(cell), cell.source.strip())} - {""}
    return found | set(answers(notebook, catalogue))
