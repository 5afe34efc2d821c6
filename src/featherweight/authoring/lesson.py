"""A lesson source, `solutions/NN_topic.py` in Jupytext's percent format, read into frozen data."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from featherweight.errors import FileProblem, LessonError

__all__ = ["Cell", "Import", "Lesson", "find", "imported", "read"]

SPACING = ("lines_to_end_of_cell_marker", "lines_to_next_cell")
"""Jupytext's notes on blank lines between cells, which no notebook needs."""
FILE_NAME = re.compile(r"(?P<number>\d\d)_[a-z0-9_]+")


@dataclass(frozen=True)
class Import:
    """What an exercise cell imports: `from module import function [as name]`."""

    module: str
    function: str
    name: str


@dataclass(frozen=True)
class Cell:
    """One cell. `kind` is "markdown" or "code"; `id` is its id in the notebooks; `stray` is metadata besides tags."""

    kind: str
    source: str
    tags: tuple[str, ...]
    id: str
    stray: tuple[str, ...] = ()

    @property
    def first_line(self) -> str:
        return self.source.partition("\n")[0]


@dataclass(frozen=True)
class Lesson:
    """A lesson in document order. `name` is the file's, without suffix; `stray` is header metadata that must not be."""

    name: str
    number: int
    cells: tuple[Cell, ...]
    stray: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its first heading, such as "1 · Gradient descent"; the file's name where there is none."""
        lines = [line for cell in self.cells if cell.kind == "markdown" for line in cell.source.splitlines()]
        return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), self.name)


def imported(source: str) -> Import | None:
    """The single `from … import …` that `source` is, or None if it is anything else."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    if len(body) != 1 or not isinstance(body[0], ast.ImportFrom) or "\n" in source.strip() or "#" in source:
        return None
    statement = body[0]
    if len(statement.names) != 1 or statement.level or not statement.module:
        return None
    alias = statement.names[0]
    return Import(statement.module, alias.name, alias.asname or alias.name)


def read(path: Path) -> Lesson:
    """Read one lesson source. Raises LessonError for a misnamed or malformed file, FileProblem for no text."""
    match = FILE_NAME.fullmatch(path.stem)
    if not match:
        raise LessonError(f"{path.name}: got that file name, wanted NN_topic.py in lower case; rename it.")
    notebook = _parsed(path)
    cells = _exercise_ids([_cell(raw, match["number"], index) for index, raw in enumerate(notebook.cells)])
    header = notebook.metadata.get("jupytext", {})
    stray = [key for key in header if key != "text_representation"]
    stray += [key for key in header.get("text_representation", {}) if key == "jupytext_version"]
    return Lesson(path.stem, int(match["number"]), cells, tuple(stray))


def find(folder: Path) -> list[Path]:
    """Every lesson source in `folder`, in order."""
    return sorted(path for path in folder.glob("*.py") if path.name[0] not in "._")


def _parsed(path: Path):
    import jupytext

    try:
        return jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except (OSError, UnicodeDecodeError) as problem:
        raise FileProblem(f"{path.name}: cannot be read ({problem}); wanted a Python file in UTF-8.") from problem
    except Exception as problem:  # whatever a malformed YAML header makes jupytext raise
        reason = " ".join(str(problem).split())
        raise LessonError(
            f"{path.name}: Jupytext cannot read it ({reason}); is its header as Jupytext writes it?"
        ) from problem


def _cell(raw, number: str, index: int) -> Cell:
    stray = tuple(sorted(key for key in raw.metadata if key not in ("tags", *SPACING)))
    return Cell(
        raw.cell_type, raw.source.rstrip("\n"), tuple(raw.metadata.get("tags", ())), f"{number}-{index:03}", stray
    )


def _exercise_ids(cells: list[Cell]) -> tuple[Cell, ...]:
    """Name exercise cells after their exercise and the check cells that follow them `check-<name>`."""
    named, name = [], ""
    for cell in cells:
        found = imported(cell.source) if "exercise" in cell.tags else None
        new_id = found.name if found else f"check-{name}" if name and "check" in cell.tags else cell.id
        name = found.name if found else ""
        named.append(Cell(cell.kind, cell.source, cell.tags, new_id, cell.stray))
    return tuple(named)
