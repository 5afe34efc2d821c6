"""The learner's workbooks on disk: finding, reading and writing them, and the answers in them.

A workbook is a notebook and its Jupytext twin, `NN_topic.ipynb` and `NN_topic.py`. Reading is tolerant (renamed,
reordered, stripped of metadata, older formats); what cannot be read at all is a FileProblem of one line.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import tokenize
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from featherweight.errors import FileProblem
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.source import is_untouched, stub_source
from featherweight.runtime import write_atomically

__all__ = [
    "MANIFEST",
    "Answer",
    "answers",
    "find_workbooks",
    "fingerprint",
    "generated",
    "grade_id",
    "load_catalogue",
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
WORKBOOK = re.compile(r"\d\d_.+(?<!-Copy\d)(?<!-Copy\d\d)(?<! \(\d\))(?<! \(\d\d\))")
KINDS = ("code", "markdown", "raw")


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
    files = [path for path in Path(folder).iterdir() if path.suffix in (".ipynb", ".py") and path.is_file()]
    return sorted({path.with_suffix(".ipynb") for path in files if WORKBOOK.fullmatch(path.stem)})


def read(path: str | Path) -> NotebookNode:
    """Read a notebook or a Jupytext percent file as nbformat 4.5. Raises FileProblem."""
    return parse(read_bytes(path), Path(path).name)


def read_bytes(path: str | Path) -> bytes:
    """A file's content. Raises FileProblem if it is not there or cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise FileProblem(
            f"Could not read {path} ({problem.strerror}); wanted a workbook: check its name."
        ) from problem


def parse(data: bytes, name: str) -> NotebookNode:
    """A notebook from a file's content; every cell has a kind, a text, metadata and an id of its own.

    Raises FileProblem for a truncated or foreign file, and for one without a cell.
    """
    import jupytext

    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if text.lstrip().startswith("{") or not name.endswith(".py"):
                notebook = nbformat.reads(text, as_version=4)
            else:
                notebook = jupytext.reads(text, fmt=PERCENT)
        return _tidy(notebook)
    except Exception as problem:  # whatever a damaged file makes the libraries raise
        reason = " ".join(str(problem).split())[:120] or type(problem).__name__
        raise FileProblem(
            f"{name} is not a whole notebook ({reason}); wanted a saved .ipynb or its .py twin: download it again."
        ) from problem


def _tidy(notebook: NotebookNode) -> NotebookNode:
    """nbformat 4.5 with unique ids, made from the text where they are missing, so that reading twice gives the same."""
    seen: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type not in KINDS or not isinstance(cell.source, str):
            raise FileProblem(f"a cell of kind {cell.cell_type!r}")
        cell.source.encode("utf-8")
        cell.setdefault("metadata", NotebookNode())
        if cell.cell_type == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
        cell.id = _free_id(cell.get("id"), cell.source, seen)
        seen.add(cell.id)
    if not any(cell.source.strip() for cell in notebook.cells):
        raise FileProblem("it holds no text")
    notebook.setdefault("metadata", NotebookNode())
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _free_id(wanted, source: str, taken: set[str]) -> str:
    base = hashlib.sha256(source.encode()).hexdigest()[:8]
    valid = isinstance(wanted, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", wanted)
    tries = [wanted] if valid else []
    tries += [base, *(f"{base}-{number}" for number in range(len(taken) + 1))]
    return next(each for each in tries if each not in taken)


def write(path: Path, notebook: NotebookNode) -> None:
    """Write a workbook and then its twin, which is never older. Raises FileProblem; neither is ever half-written."""
    pairing = _tidy(notebook).metadata.setdefault("jupytext", NotebookNode())
    pairing.pop("text_representation", None)
    pairing.formats = "ipynb,py:percent"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
    write_atomically(path, text)
    write_atomically(path.with_suffix(".py"), twin_text(notebook))


def twin_text(notebook: NotebookNode) -> str:
    """The Jupytext percent form of a notebook, without the tool's version."""
    import jupytext

    return re.sub(
        r"^#\s+jupytext_version: .*\n", "", jupytext.writes(notebook, fmt=PERCENT), count=1, flags=re.MULTILINE
    )


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
    except (OSError, ValueError, AttributeError):
        return {}


def grade_id(cell: NotebookNode) -> str:
    """A cell's nbgrader name, or ""."""
    marks = cell.metadata.get("nbgrader")
    return str(marks.get("grade_id", "")) if isinstance(marks, dict) else ""


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
