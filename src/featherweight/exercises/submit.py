"""Make the one file to hand in: every workbook of a folder in a zip, without pictures and widget state."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from featherweight.errors import FileProblem
from featherweight.exercises.answers import answers, load_catalogue
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.reconcile import reconcile
from featherweight.exercises.workbook import find_workbooks, ipynb_text, read, workbook_folder
from featherweight.runtime import write_atomically

__all__ = ["FILE_NAME", "Submission", "submit"]

FILE_NAME = "featherweight-submission.zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Submission:
    """The file to hand in, and lines on what is in it and what is not started."""

    path: Path
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def submit(
    folder: str | Path | None = None, out: str | Path | None = None, catalogue: Sequence[Exercise] | None = None
) -> Submission:
    """Write every workbook of a folder into one zip; the same workbooks give the same bytes.

    folder: default the current one or its `notebooks/`. out: default `featherweight-submission.zip` in it.
    Raises FileProblem, and writes nothing, if a workbook cannot be read, the zip cannot be written, or `out` is
    something else than an earlier submission.
    """
    folder, book = workbook_folder(folder), load_catalogue(catalogue)
    members, lines = {}, []
    for path in find_workbooks(folder):
        if line := reconcile(path):
            lines.append(line)
        notebook = read(path)
        lines.append(f"{path.name}: {_summary(notebook, book)}")
        members[path.name] = _plain(notebook)
    for path in sorted(folder.glob("*.ipynb")):
        if path.name not in members:
            lines.append(f"{path.name} is left out: only workbooks, named NN_topic.ipynb, are handed in.")
    out = Path(out) if out else folder / FILE_NAME
    if out.name != FILE_NAME and out.exists() and not _is_submission(out):
        raise FileProblem(f"{out} is there and is no earlier submission; nothing was written: choose another name.")
    write_atomically(out, _zipped(members))
    lines.append(f"Hand in {out}.")
    return Submission(out, tuple(lines))


def _is_submission(path: Path) -> bool:
    """Whether a file may be overwritten: a zip with nothing in it but notebooks."""
    try:
        with zipfile.ZipFile(path) as archive:
            return all(name.endswith(".ipynb") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _summary(notebook: NotebookNode, book: Sequence[Exercise]) -> str:
    found = answers(notebook, book)
    missing = _missing(found, book)
    idle = [answer.name for answer in found.values() if not answer.started]
    parts = [f"{len(found) - len(idle)} of {len(found) + len(missing)} exercises have an answer"]
    parts += [f"not started: {', '.join(idle)}"] if idle else []
    parts += [f"cell deleted: {', '.join(missing)}"] if missing else []
    return "; ".join(parts) + "."


def _missing(found: dict, book: Sequence[Exercise]) -> list[str]:
    """Exercises of the lessons in a notebook that have no cell in it."""
    lessons = {exercise.lesson for exercise in book if exercise.name in found}
    return [exercise.name for exercise in book if exercise.lesson in lessons and exercise.name not in found]


def _plain(notebook: NotebookNode) -> bytes:
    """A notebook's file with text outputs only."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_text_only, cell.outputs) if output]
    return ipynb_text(notebook).encode("utf-8")


def _text_only(output: NotebookNode) -> NotebookNode | None:
    if "data" not in output:
        return output
    output.data = {kind: text for kind, text in output.data.items() if kind == "text/plain"}
    return output if output.data else None


def _zipped(members: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in sorted(members.items()):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content)
    return memory.getvalue()
