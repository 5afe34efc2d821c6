"""Give one exercise's stub back, and keep the old text aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from nbformat import NotebookNode, v4

from featherweight.errors import FileProblem, InputError
from featherweight.exercises.answers import Answer, answers, load_catalogue
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.kept import keep_aside
from featherweight.exercises.reconcile import reconcile
from featherweight.exercises.source import stub_source
from featherweight.exercises.workbook import find_workbooks, generated, grade_id, read, workbook_folder, write

__all__ = ["reset"]


def reset(name: str, folder: str | Path | None = None, catalogue: Sequence[Exercise] | None = None) -> None:
    """Put the stub of the exercise `name` back into the workbook on disk; print what was done, and the stub.

    The text that was there goes to `kept/` beside the workbook. Raises InputError for an unknown name, and FileProblem
    if there is no workbook with that exercise or it cannot be written.
    """
    book = load_catalogue(catalogue)
    exercise = next((each for each in book if each.name == name), None)
    if exercise is None:
        known = [each.name for each in book]
        near = get_close_matches(str(name), known, n=3, cutoff=0.4) or known
        raise InputError(f"There is no exercise called {name!r}; did you mean {' or '.join(near)}?")
    path, notebook, answer = _find(exercise, workbook_folder(folder), book)
    print(_give_back(exercise, path, notebook, answer))
    print(f"\n{stub_source(exercise)}")


def _find(exercise: Exercise, folder: Path, book: Sequence[Exercise]) -> tuple[Path, NotebookNode, Answer | None]:
    """The workbook with the exercise's cells, or with the check of a cell that was deleted; the book's own first."""
    check = f"check-{exercise.name}"
    listed = generated(folder)
    for path in sorted(find_workbooks(folder), key=lambda path: path.name not in listed):
        reconcile(path)
        notebook = read(path)
        answer = _alone(exercise.name, answers(notebook, book))
        if answer or any(check in (cell.id, grade_id(cell)) for cell in notebook.cells):
            return path, notebook, answer
    raise FileProblem(
        f"No workbook in {folder.resolve()} has a cell for {exercise.name}; get a fresh copy of its lesson."
    )


def _alone(name: str, found: dict[str, Answer]) -> Answer | None:
    """The exercise's answer without cells that answer another exercise as well: those stay."""
    shared = {index for other in found.values() if other.name != name for index in other.cells}
    if name not in found:
        return None
    pairs = zip(found[name].cells, found[name].sources, strict=True)
    own = [(index, source) for index, source in pairs if index not in shared]
    return replace(found[name], cells=tuple(i for i, _ in own), sources=tuple(s for _, s in own)) if own else None


def _give_back(exercise: Exercise, path: Path, notebook: NotebookNode, answer: Answer | None) -> str:
    """Change the workbook on disk; a line on what was done."""
    stub = stub_source(exercise)
    if answer and set(answer.sources) == {stub}:
        return f"{exercise.name} is as it was handed out; nothing was changed."
    kept = ""
    if answer:
        old = keep_aside(path.parent, f"{exercise.name}.py", "\n\n\n".join(answer.sources) + "\n")
        kept = f" Your text is kept in {old.parent.name}/{old.name}."
    _replace(notebook, exercise, answer, stub)
    write(path, notebook)
    return (
        f"{exercise.name} has its stub back in {path.name}.{kept} In an open tab choose File → Reload Notebook from "
        "Disk; what you typed since the last save is only in that tab, so copy it first."
    )


def _replace(notebook: NotebookNode, exercise: Exercise, answer: Answer | None, stub: str) -> None:
    """One stub where the first cell of the answer was, or before the check; further cells of the answer go."""
    marks = {
        "grade": False,
        "grade_id": exercise.name,
        "locked": False,
        "schema_version": 3,
        "solution": exercise.starts_from is None,
        "task": False,
    }
    fresh = v4.new_code_cell(stub, id=exercise.name, metadata={"deletable": False, "nbgrader": marks})
    check = f"check-{exercise.name}"
    places = answer.cells if answer else ()
    first = (
        places[0] if places else next(i for i, cell in enumerate(notebook.cells) if check in (cell.id, grade_id(cell)))
    )
    if places:
        fresh.metadata |= (
            {"tags": notebook.cells[first].metadata["tags"]} if "tags" in notebook.cells[first].metadata else {}
        )
    others = [(index, cell) for index, cell in enumerate(notebook.cells) if index not in places]
    before, after = ([cell for index, cell in others if (index < first) is side] for side in (True, False))
    notebook.cells = [*before, fresh, *after]
