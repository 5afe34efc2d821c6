"""Bring a workbook and its Jupytext twin in step without losing anything, whatever their modification times.

Jupytext itself takes the text from the .py file, refuses to open a pair whose .ipynb is the newer one, and drops the
answers of an .ipynb that is the older one, such as a download put back over a fresh workbook.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from featherweight.errors import FileProblem
from featherweight.exercises.kept import keep_aside
from featherweight.exercises.workbook import grade_id, is_pair, parse, pristine_in, read_bytes, twin_text, write

__all__ = ["reconcile"]


def reconcile(path: str | Path, pristine: Callable[[str, NotebookNode], bool] | None = None) -> str | None:
    """Bring a pair in step; return a line on what was done, or None if it was in step already.

    path: either twin. pristine: (file name, notebook) → whether it reads as generated; default: the build's manifest.
    The only edited twin wins; of two, the newer, and the other is kept aside, as is a damaged one.
    Files of one name that are no pair, such as a solved notebook and its source, are left alone.
    Raises FileProblem if neither can be read, or a file cannot be written.
    """
    path = Path(path).with_suffix(".ipynb")
    pair = [each for each in (path, path.with_suffix(".py")) if each.exists()]
    if not pair:
        raise FileProblem(f"There is no {path.name} in {path.parent.resolve()}; wanted a workbook or its .py twin.")
    if not is_pair(path):
        return None
    read, damaged = {}, {}
    for each in pair:
        data = read_bytes(each)
        try:
            read[each] = parse(data, each.name)
        except FileProblem as problem:
            damaged[each] = data, problem
    if not read:
        raise next(iter(damaged.values()))[1]
    if len(read) == 1:
        return _restore(path, *read.items(), damaged)
    return _choose(path, read, pristine or pristine_in(path.parent))


def _restore(path: Path, good: tuple[Path, NotebookNode], damaged: dict[Path, tuple[bytes, FileProblem]]) -> str:
    """Make the missing or damaged twin again from the good one."""
    source, notebook = good
    other = path if source != path else path.with_suffix(".py")
    kept = [keep_aside(each.parent, each.name, data) for each, (data, _) in damaged.items()]
    write(path, notebook)
    if kept:
        return f"{other.name} was damaged: it is kept as {_short(kept[0])} and made again from {source.name}."
    return f"{other.name} was missing and is made again from {source.name}."


def _choose(path: Path, read: dict[Path, NotebookNode], pristine: Callable[[str, NotebookNode], bool]) -> str | None:
    twin = path.with_suffix(".py")
    if _texts(read[path]) == _texts(read[twin]):
        return None
    edited = [each for each in read if not pristine(each.name, read[each])]
    if len(edited) == 1:
        winner, loser, why = edited[0], twin if edited[0] == path else path, "holds the edits"
    else:
        winner, loser = (twin, path) if twin.stat().st_mtime_ns > path.stat().st_mtime_ns else (path, twin)
        why = f"is the newer of two edited ones; the other is kept as {_short(_keep(loser))}"
    write(path, read[path] if winner == path else _with_outputs(read[twin], read[path]))
    return f"{loser.name} was out of step and now reads as {winner.name}, which {why}."


def _keep(path: Path) -> Path:
    return keep_aside(path.parent, path.name, read_bytes(path))


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _texts(notebook: NotebookNode) -> list[tuple[str, str]]:
    """The cells as the .py file can express them."""
    again = parse(twin_text(notebook).encode("utf-8"), "twin.py")
    return [(cell.cell_type, cell.source) for cell in again.cells]


def _with_outputs(texts: NotebookNode, outputs: NotebookNode) -> NotebookNode:
    """The texts of a .py file with the ids, outputs and attachments of the notebook that it was paired with."""
    from jupytext.combine import combine_inputs_with_outputs

    combined = combine_inputs_with_outputs(texts, outputs, fmt=".py:percent")
    ids = {grade_id(cell): cell.id for cell in outputs.cells if grade_id(cell)}
    for cell in combined.cells:
        cell.id = ids.get(grade_id(cell), cell.id)
    return combined
