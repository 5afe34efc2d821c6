"""A lesson as notebooks: solved (the import replaced by the function's source) and the learner's (by a stub).

Everything that could differ between two machines or two builds is fixed: ids, metadata, key order, counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import nbformat
from nbformat import NotebookNode, v4

from featherweight.authoring.lesson import Cell, Lesson
from featherweight.exercises import workbook
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.source import function_source, stub_source

__all__ = ["OUTPUT_TAG", "learner", "notebook_bytes", "solved", "stored_outputs", "twin", "with_outputs"]

OUTPUT_TAG = "nbval-check-output"
FOLDED = {"colab-only", "hide-input"}
"""Tags of cells whose source Lab shows as a folded bar."""


def solved(lesson: Lesson, exercises: Sequence[Exercise]) -> NotebookNode:
    """The solved notebook, not yet executed: each exercise cell holds its reference's source."""
    return _notebook(lesson, exercises, lambda exercise: function_source(exercise.reference, exercise.name))


def learner(lesson: Lesson, exercises: Sequence[Exercise]) -> NotebookNode:
    """The workbook: each exercise cell holds its stub, each check cell is locked; nothing is stored as output.

    A bug hunt's cell is no solution cell to nbgrader: it would be emptied on release, or unknown when handed in.
    """
    notebook = _notebook(lesson, exercises, stub_source)
    by_id = {exercise.name: exercise for exercise in exercises}
    for cell in notebook.cells:
        tags = [tag for tag in cell.metadata.pop("tags", []) if tag != OUTPUT_TAG]
        if tags:
            cell.metadata["tags"] = tags
        if cell.id in by_id:
            hands_over = by_id[cell.id].starts_from is not None
            cell.metadata |= {"deletable": False, "nbgrader": _nbgrader(cell.id, solution=not hands_over)}
        elif (name := cell.id.removeprefix("check-")) in by_id:
            points = by_id[name].points
            locked = {"deletable": False, "editable": False}
            cell.metadata |= locked | {"nbgrader": _nbgrader(cell.id, points=points)}
    notebook.metadata["jupytext"] = {"formats": "ipynb,py:percent"}
    return notebook


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """The `.ipynb` file of a notebook: sorted keys, indent 1, UTF-8, LF, one newline at the end."""
    nbformat.validate(notebook)
    return workbook.ipynb_text(notebook).encode("utf-8")


def twin(ipynb: bytes) -> bytes:
    """The Jupytext percent file of an `.ipynb` file, made from what that file says and from nothing else."""
    return workbook.twin_text(nbformat.reads(ipynb.decode("utf-8"), as_version=4)).encode("utf-8")


def with_outputs(notebook: NotebookNode, outputs: Mapping[str, Sequence[Mapping]]) -> NotebookNode:
    """A copy whose cells tagged `nbval-check-output` hold `outputs` (cell id → outputs) and their place as count."""
    copy = nbformat.from_dict(notebook)
    code = (cell for cell in copy.cells if cell.cell_type == "code")
    for count, cell in enumerate(code, start=1):
        if OUTPUT_TAG in cell.metadata.get("tags", ()) and outputs.get(cell.id):
            cell.execution_count = count
            cell.outputs = [_plain(output, count) for output in outputs[cell.id]]
    return copy


def stored_outputs(notebook: NotebookNode) -> dict[str, list]:
    """Cell id → outputs, for every code cell that has any."""
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code" and cell.outputs}


def _notebook(lesson: Lesson, exercises: Sequence[Exercise], source: Callable[[Exercise], str]) -> NotebookNode:
    answers = {exercise.name: exercise for exercise in exercises if exercise.lesson == lesson.number}
    cells = [_cell(cell, source(answers[cell.id]) if cell.id in answers else cell.source) for cell in lesson.cells]
    return v4.new_notebook(cells=cells, metadata={"kernelspec": workbook.KERNEL})


def _cell(cell: Cell, source: str) -> NotebookNode:
    make = v4.new_code_cell if cell.kind == "code" else v4.new_markdown_cell
    metadata: dict = {"tags": list(cell.tags)} if cell.tags else {}
    if FOLDED.intersection(cell.tags):
        metadata["jupyter"] = {"source_hidden": True}
    return make(source, id=cell.id, metadata=metadata)


def _nbgrader(grade_id: str, *, solution: bool = False, points: int | None = None) -> dict:
    graded = {"points": points} if points is not None else {}
    flags = {"grade": bool(graded), "locked": bool(graded), "solution": solution, "task": False}
    return {"grade_id": grade_id, "schema_version": 3} | flags | graded


def _plain(output: Mapping, count: int) -> NotebookNode:
    plain = nbformat.from_dict(output)
    if plain["output_type"] == "execute_result":
        plain["execution_count"] = count
    return plain
