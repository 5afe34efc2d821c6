"""The learner's workbooks on disk: finding, reading and writing them.

A workbook is a notebook and its Jupytext twin, `NN_topic.ipynb` and `NN_topic.py`. Reading is tolerant (renamed,
reordered, stripped of metadata, older formats); what cannot be read at all is a FileProblem of one line.
"""

from __future__ import annotations

import ast
import errno
import hashlib
import json
import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from featherweight.errors import FileProblem
from featherweight.runtime import write_atomically

__all__ = [
    "MANIFEST",
    "find_workbooks",
    "fingerprint",
    "generated",
    "grade_id",
    "ipynb_text",
    "is_pair",
    "parse",
    "pristine_in",
    "read",
    "read_bytes",
    "twin_text",
    "workbook_folder",
    "write",
]

MANIFEST = "generated.json"
PERCENT = "py:percent"
MAX_CELLS = 2_000
"""Of a notebook; a lesson has about a hundred. Each is checked against nbformat's schema, a millisecond or more."""

WORKBOOK = re.compile(r"\d\d_.+(?<!-Copy\d)(?<!-Copy\d\d)(?<! \(\d\))(?<! \(\d\d\))")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
PAIRED = re.compile(rb'^(#\s+|\s*")formats"?: "?ipynb,py:percent"?,?\r?$', re.MULTILINE)
PAIRING = {"formats": "ipynb,py:percent"}
LAYOUT = ("cell_marker", "lines_to_end_of_cell_marker", "lines_to_next_cell")
MARKER = re.compile(r"^# ?%%(?=\s|$)", re.MULTILINE)
KINDS = ("code", "markdown", "raw")
CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)  # in JSON a line of a cell never begins so


def workbook_folder(folder: str | Path | None = None) -> Path:
    """The given folder; by default the current one or its `notebooks/`. Raises FileProblem if no workbook is there."""
    places = [Path(folder)] if folder is not None else [Path(), Path("notebooks")]
    for place in places:
        if place.is_dir() and find_workbooks(place):
            return place
    raise FileProblem(
        f"There is no workbook (NN_topic.ipynb) in {places[0].resolve()}; name the folder that holds them."
    )


def find_workbooks(folder: str | Path) -> list[Path]:
    """The `.ipynb` paths of a folder's workbooks in lesson order, also where only the twin is there; no copies."""
    try:
        files = [path for path in Path(folder).iterdir() if path.suffix in (".ipynb", ".py") and path.is_file()]
    except OSError as problem:
        raise FileProblem(
            f"Could not look into {folder} ({problem.strerror}); wanted a folder of workbooks."
        ) from problem
    named = sorted({path.with_suffix(".ipynb") for path in files if _is_named(path.stem)})
    return [path for path in named if is_pair(path)]


def _is_named(stem: str) -> bool:
    """Whether a file is called as a workbook is, in letters that a zip and a screen can show."""
    return WORKBOOK.fullmatch(stem) is not None and stem == stem.encode("utf-8", "replace").decode("utf-8")


def is_pair(path: Path) -> bool:
    """Whether a notebook and the .py beside it are twins: the build made them so, one says so, or there is no .py.

    A solved notebook and its lesson source share a name and are no pair: neither may be written from the other.
    """
    twins = [each for each in (path, path.with_suffix(".py")) if each.is_file()]
    if path.name in generated(path.parent) or not path.with_suffix(".py").exists():
        return True
    return any(PAIRED.search(read_bytes(each)) for each in twins)


def read(path: str | Path) -> NotebookNode:
    """Read a notebook or a Jupytext percent file as nbformat 4.5. Raises FileProblem."""
    return parse(read_bytes(path), Path(path).name)


def read_bytes(path: str | Path) -> bytes:
    """A file's content. Raises FileProblem if it is not there or cannot be read."""
    try:
        if Path(path).exists() and not Path(path).is_file():  # a folder, or a device, which may never end
            raise OSError(errno.EINVAL, "it is no ordinary file")
        return Path(path).read_bytes()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", problem)
        raise FileProblem(f"Could not read {path} ({reason}); wanted a workbook: check its name.") from problem


def parse(data: bytes, name: str) -> NotebookNode:
    """A notebook from a file's content; every cell has a kind, a text, metadata and an id of its own.

    Raises FileProblem for a truncated or foreign file, and for one without a cell.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if text.lstrip().startswith("{") or not name.endswith(".py"):
                notebook = _loaded(text)
            else:
                notebook = _from_percent(text)
        return _tidy(notebook)
    except Exception as problem:  # whatever a damaged file makes the libraries raise
        reason = " ".join(str(problem).split())[:120] or type(problem).__name__
        raise FileProblem(
            f"{name} is not a whole notebook ({reason}); wanted a saved .ipynb or its .py twin: download it again."
        ) from problem


def _loaded(text: str) -> NotebookNode:
    """A notebook from JSON; where nbformat stumbles over outputs or metadata, from its cells' texts alone."""
    if not text.strip():
        raise FileProblem("it is empty")
    if CONFLICT.search(text):
        raise FileProblem("it holds the marks of a merge, <<<<<<<: choose one of the two versions")
    content = json.loads(text)
    cells = content.get("cells", content.get("worksheets")) if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise FileProblem("it is JSON, and holds no cells")
    _check_number(cells)
    try:
        return nbformat.convert(nbformat.reader.reads(text), 4)
    except Exception:  # whatever a damaged part makes nbformat raise
        if "cells" not in content:
            raise
        return nbformat.v4.new_notebook(cells=[_salvaged(cell) for cell in content["cells"]])


def _check_number(cells: list) -> None:
    if len(cells) > MAX_CELLS:
        raise FileProblem(f"it has {len(cells):,} cells, more than {MAX_CELLS:,}")


def _salvaged(cell) -> NotebookNode:
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        raise FileProblem("it has a cell of no known kind")
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise FileProblem("it has a cell without text")
    return _bare(NotebookNode(cell, source="".join(lines)))


def _from_percent(text: str) -> NotebookNode:
    """A notebook from a .py twin, which an unfinished triple quote in one cell does not make one cell of the rest."""
    import jupytext

    notebook = jupytext.reads(text, fmt=PERCENT)
    if not any(_swallows(cell) for cell in notebook.cells):
        return notebook
    header, *parts = re.split(f"(?={MARKER.pattern})", text, flags=re.MULTILINE)
    notebook.cells = [cell for part in parts for cell in jupytext.reads(header + part, fmt=PERCENT).cells]
    return notebook


def _swallows(cell: NotebookNode) -> bool:
    """Whether a cell runs on over the beginnings of others, which inside a string of whole code are only text."""
    if cell.cell_type != "code" or not MARKER.search(cell.source):
        return False
    try:
        ast.parse(cell.source)
    except (SyntaxError, ValueError):
        return True
    return False


def _tidy(notebook: NotebookNode) -> NotebookNode:
    """nbformat 4.5 with unique ids, made from the text where they are missing, so that reading twice gives the same."""
    _check_number(notebook.cells)
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        if cell.cell_type not in KINDS or not isinstance(cell.get("source"), str):
            raise FileProblem("it has a cell of no known kind, or without text")
        cell.source.encode("utf-8")
        cell.id = _free_id(cell.get("id"), cell.source, seen)
    if not any(cell.source.strip() for cell in notebook.cells):
        raise FileProblem("it holds no text")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return _laid_out(notebook if _is_valid(notebook.get("metadata"), notebook.cells) else _repaired(notebook))


def _laid_out(notebook: NotebookNode) -> NotebookNode:
    """Without Jupytext's notes on layout: a twin has the book's own, and a damaged note can be beyond any memory."""
    paired = notebook.metadata.pop("jupytext", None) == PAIRING
    notebook.metadata |= {"jupytext": PAIRING} if paired else {}
    for cell in notebook.cells:
        cell.metadata = NotebookNode({key: value for key, value in cell.metadata.items() if key not in LAYOUT})
    return notebook


def _is_valid(metadata, cells: Sequence[NotebookNode]) -> bool:
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    if any(nbformat.validator.iter_validate(whole)) or not isinstance(_language(metadata), str):
        return False
    try:
        return bool(json.dumps(whole, ensure_ascii=False).encode("utf-8"))
    except UnicodeEncodeError:
        return False


def _language(metadata: dict) -> object:
    """The kernel's language, which nbformat leaves unchecked and Jupytext relies on."""
    return metadata.get("kernelspec", KERNEL).get("language", "python")


def _repaired(notebook: NotebookNode) -> NotebookNode:
    """A notebook that some tool left invalid: every text, and of the invalid parts nothing but nbgrader's marks."""
    metadata = notebook.get("metadata")
    cells = [cell if _is_valid({}, [cell]) else _bare(cell) for cell in notebook.cells]
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata if _is_valid(metadata, []) else {})


def _bare(cell: NotebookNode) -> NotebookNode:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
    name = _free_id(cell.get("id"), cell.source, {})
    return make(cell.source, id=name, metadata={"nbgrader": marks} if isinstance(marks, dict) else {})


def _free_id(wanted, source: str, taken: dict[str, int]) -> str:
    """An id that no other cell has. taken: every id so far, with the number that the next cell of its text gets."""
    base = hashlib.sha256(source.encode()).hexdigest()[:8]
    valid = isinstance(wanted, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", wanted)
    name = wanted if valid and wanted not in taken else base
    while name in taken:
        name = f"{base}-{taken[base]}"
        taken[base] += 1
    taken[name] = 0
    return name


def write(path: Path, notebook: NotebookNode) -> None:
    """Write a workbook and then its twin, which is never older. Raises FileProblem; neither is ever half-written."""
    notebook = _tidy(notebook)
    notebook.metadata.setdefault("kernelspec", KERNEL)
    notebook.metadata.jupytext = PAIRING
    write_atomically(path, ipynb_text(notebook))
    write_atomically(path.with_suffix(".py"), twin_text(notebook))


def ipynb_text(notebook: NotebookNode) -> str:
    """The `.ipynb` form of a notebook, as the build writes it."""
    return nbformat.v4.writes(notebook).rstrip("\n") + "\n"


def twin_text(notebook: NotebookNode) -> str:
    """The Jupytext percent form of a notebook, without the tool's version."""
    import jupytext

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on metadata that a text file cannot hold, and that the .ipynb keeps
        text = jupytext.writes(notebook, fmt=PERCENT)
    return re.sub(r"^#\s+jupytext_version: .*\n", "", text, count=1, flags=re.MULTILINE)


def fingerprint(notebook: NotebookNode) -> str:
    """A hash of the kinds and texts of the cells: the same for a notebook and its twin, as in the build's manifest."""
    cells = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode("utf-8")).hexdigest()


def pristine_in(folder: Path) -> Callable[[str, NotebookNode], bool]:
    """(file name, notebook) → whether it reads as the build generated it; False where there is no manifest."""
    known = generated(folder)
    return lambda name, notebook: known.get(name) == fingerprint(notebook)


def generated(folder: Path) -> dict[str, str]:
    """File name → fingerprint of what the build generated in a folder; empty where its manifest is missing."""
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {Path(name).name: mark for name, mark in listed.items() if name.startswith("notebooks/")}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def grade_id(cell: NotebookNode) -> str:
    """A cell's nbgrader name, or ""."""
    marks = cell.metadata.get("nbgrader")
    return str(marks.get("grade_id", "")) if isinstance(marks, dict) else ""
