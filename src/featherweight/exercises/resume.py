"""Take a workbook in: yesterday's download, an older release, another machine. Nothing of today's is overwritten.

Answers move by exercise name into today's untouched stubs. Where today has an answer of its own, the incoming one is
put beside it as text that is never run. Cells that the learner added follow the cell they stood after.
Taking the same file in twice changes nothing.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from featherweight.errors import FileProblem
from featherweight.exercises import transfer
from featherweight.exercises.answers import answers, load_catalogue
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.kept import keep_aside
from featherweight.exercises.progress import FILE_NAME, merge_file
from featherweight.exercises.reconcile import reconcile
from featherweight.exercises.workbook import (
    find_workbooks,
    generated,
    parse,
    pristine_in,
    read,
    read_bytes,
    workbook_folder,
    write,
)

__all__ = ["ResumeReport", "resume"]

MOST_BYTES = 200 << 20
"""What the notebooks of a zip may hold unpacked: more than any browser saves, and less than any memory."""


@dataclass(frozen=True)
class ResumeReport:
    """What was done, a line each, and the workbooks that were written."""

    lines: tuple[str, ...]
    changed: tuple[Path, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass
class _Today:
    """The folder's workbooks while something is taken in."""

    folder: Path
    catalogue: Sequence[Exercise]
    notebooks: dict[Path, NotebookNode] = field(default_factory=dict)
    changed: set[Path] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)


def resume(
    file: str | Path, folder: str | Path | None = None, catalogue: Sequence[Exercise] | None = None
) -> ResumeReport:
    """Take a file into today's workbooks: a notebook, a .py twin, a submission's zip or a progress file.

    folder: where today's workbooks are, default the current folder or its `notebooks/`. The file is only read.
    Raises FileProblem if it is missing, damaged or foreign, or if a workbook cannot be written.
    """
    file, data = Path(file), read_bytes(file)
    if _is_progress(file, data):
        return ResumeReport((merge_file(file, workbook_folder(folder)),), ())
    incoming = _notebooks(file.name, data)
    today = _open(file, workbook_folder(folder), load_catalogue(catalogue))
    if _within(file, today.notebooks):
        today.lines.append(f"{file.name} is today's workbook itself: its answers are where they belong.")
        incoming = []
    for name, notebook in incoming:
        _take_in(name, notebook, today)
    _save(today)
    return ResumeReport(tuple(today.lines), tuple(sorted(today.changed)))


def _is_progress(file: Path, data: bytes) -> bool:
    named = file.suffix == ".json" and file.stem.startswith(Path(FILE_NAME).stem)
    return named or b'"format": "featherweight-progress"' in data[:200]


def _notebooks(name: str, data: bytes) -> list[tuple[str, NotebookNode]]:
    """The notebooks in a file: itself, or the members of a zip."""
    if not data.startswith(b"PK"):
        return [(name, parse(data, name))]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in sorted(archive.namelist()) if _is_notebook(member)]
            if sum(archive.getinfo(member).file_size for member in members) > MOST_BYTES:
                raise ValueError(f"its notebooks are larger than {MOST_BYTES >> 20} MB")
            found = [(Path(member).name, parse(archive.read(member), member)) for member in members]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError) as problem:
        raise FileProblem(
            f"{name} is not a whole zip file ({problem}); wanted a submission: download it again."
        ) from problem
    if not found:
        raise FileProblem(f"{name} holds no notebook; wanted a submission made by `featherweight submit`.")
    return found


def _is_notebook(member: str) -> bool:
    """Whether a member of a zip is a notebook, and not one of the copies that Jupyter and macOS hide beside it."""
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in Path(member).parts)
    return member.endswith(".ipynb") and not hidden


def _open(file: Path, folder: Path, catalogue: Sequence[Exercise]) -> _Today:
    """Today's workbooks, each pair in step. One that cannot be read is left alone, and a line says so."""
    today = _Today(folder, catalogue)
    for path in _targets(file, folder):
        try:
            if line := reconcile(path):
                today.lines.append(line)
            today.notebooks[path] = read(path)
        except FileProblem as problem:
            today.lines.append(f"{path.name} is left alone: {problem}")
    return today


def _targets(file: Path, folder: Path) -> list[Path]:
    """The workbooks that the build generated here; without its manifest, all that are not the file itself."""
    listed = generated(folder)
    found = find_workbooks(folder)
    known = [path for path in found if path.name in listed]
    return known or [path for path in found if path.with_suffix(".py").exists() or not _within(file, [path])]


def _within(file: Path, paths: Iterable[Path]) -> bool:
    """Whether a file is one of these workbooks, or its twin."""
    return file.suffix in (".ipynb", ".py") and file.with_suffix(".ipynb").resolve() in {
        path.resolve() for path in paths
    }


def _take_in(name: str, incoming: NotebookNode, today: _Today) -> None:
    """Everything of the learner's in one notebook."""
    main = _main_target(name, incoming, today)
    homes: dict[str, Path] = {}
    for path, notebook in {main: today.notebooks[main], **today.notebooks}.items():
        for exercise in answers(notebook, today.catalogue):
            homes.setdefault(exercise, path)
    start = len(today.lines)
    for answer in answers(incoming, today.catalogue).values():
        path = homes.get(answer.name, main)
        _note(today, path, transfer.move_answer(answer, today.notebooks[path], name, path.name, today.catalogue))
    _note(today, main, transfer.carry_own_cells(incoming, today.notebooks[main], name, main.name, today.catalogue))
    if differing := transfer.differing_cells(incoming, today.notebooks[main]):
        kept = keep_aside(today.folder, f"{main.stem}-other.py", transfer.as_text(differing))
        today.lines.append(
            f"{len(differing)} of the book's own cells read differently in {name} (your edits, or another release): "
            f"today's stay, and the others are kept in {kept.parent.name}/{kept.name}."
        )
    if len(today.lines) == start:
        today.lines.append(f"{name} holds no answer yet; nothing was changed.")


def _main_target(name: str, incoming: NotebookNode, today: _Today) -> Path:
    """The workbook that shares most with a notebook."""
    marks = transfer.marks(incoming, today.catalogue)
    shared = {
        path: len(marks & transfer.marks(notebook, today.catalogue)) for path, notebook in today.notebooks.items()
    }
    best = max(shared, key=shared.get, default=None)
    if best is None or not shared[best]:
        wanted = f"{name} has nothing in common with the workbooks in {today.folder}; wanted one of this book's."
        raise FileProblem(" ".join([wanted, *today.lines]))
    return best


def _note(today: _Today, path: Path, done: tuple[list[str], bool]) -> None:
    lines, changed = done
    today.lines += lines
    today.changed |= {path} if changed else set()


def _save(today: _Today) -> None:
    """Write the changed workbooks, each after a copy of what it was, unless that was untouched."""
    pristine = pristine_in(today.folder)
    for path in sorted(today.changed):
        if not pristine(path.name, read(path)):
            kept = keep_aside(today.folder, path.name, read_bytes(path))
            today.lines.append(f"{path.name} as it was is kept as {kept.parent.name}/{kept.name}.")
        write(path, today.notebooks[path])
