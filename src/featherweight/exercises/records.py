"""The rows of a progress file: what they are, how two files become one, and how they are written and read.

Rows are keyed by exercise and code, so two files (yesterday's download and today's) merge without counting twice.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import textwrap
from dataclasses import asdict, dataclass, fields, replace

from featherweight.errors import FileProblem

__all__ = ["ExerciseRecord", "PredictionRecord", "Progress", "fingerprint", "parse", "serialize"]

FORMAT = "featherweight-progress"
VERSION = 1
RANKS = {"passed": 3, "wrong": 2, "error": 1, "timeout": 1}
KINDS = {
    "choice": (int, str),
    "confidence": (int, float, str, type(None)),
    "correct": (bool, type(None)),
    "tries": (int,),
}


@dataclass(frozen=True)
class ExerciseRecord:
    """One version of an answer. code: its fingerprint. state: the best seen. first, last: UTC, ISO 8601."""

    name: str
    code: str
    state: str
    tries: int
    first: str
    last: str

    @property
    def rank(self) -> tuple[int, str]:
        return RANKS.get(self.state, 0), self.state

    def joined(self, other: ExerciseRecord, tries: int) -> ExerciseRecord:
        """This row and another of the same name and code as one, with so many tries."""
        best = max(self, other, key=lambda record: record.rank)
        first, last = min(self.first, other.first), max(self.last, other.last)
        return replace(best, tries=tries, first=first, last=last)


@dataclass(frozen=True)
class PredictionRecord:
    """One committed guess. key: the question. choice, confidence: as the card gives them. at: UTC, ISO 8601."""

    key: str
    choice: int | str
    confidence: int | float | str | None
    correct: bool | None
    at: str


@dataclass(frozen=True)
class Progress:
    """Everything in a progress file."""

    exercises: tuple[ExerciseRecord, ...] = ()
    predictions: tuple[PredictionRecord, ...] = ()

    def of(self, name: str) -> ExerciseRecord | None:
        """An exercise's best state and all its tries, over every version of its answer; None if never tried."""
        rows = [record for record in self.exercises if record.name == name]
        total = None
        for row in rows:
            total = row if total is None else total.joined(row, total.tries + row.tries)
        return total

    def prediction(self, key: str) -> PredictionRecord | None:
        """The first guess committed to a question: the one that counts."""
        return next((record for record in self.predictions if record.key == key), None)

    def adding(self, record: ExerciseRecord | PredictionRecord) -> Progress:
        """With one more try, or one more guess."""
        if isinstance(record, PredictionRecord):
            return replace(self, predictions=_in_order([*self.predictions, record]))
        return replace(self, exercises=_by_code([*self.exercises, record], lambda a, b: a.tries + b.tries))

    def merged(self, other: Progress) -> Progress:
        """This file and another as one. A file merged twice changes nothing."""
        exercises = _by_code([*self.exercises, *other.exercises], lambda a, b: max(a.tries, b.tries))
        return Progress(exercises, _in_order(dict.fromkeys([*self.predictions, *other.predictions])))


def _by_code(records, tries) -> tuple[ExerciseRecord, ...]:
    rows: dict[tuple[str, str], ExerciseRecord] = {}
    for record in records:
        key = record.name, record.code
        rows[key] = rows[key].joined(record, tries(rows[key], record)) if key in rows else record
    return tuple(rows[key] for key in sorted(rows))


def _in_order(records) -> tuple[PredictionRecord, ...]:
    return tuple(sorted(records, key=lambda record: record.at))


def fingerprint(code: str | None) -> str:
    """16 hex digits of an answer without comments, docstrings and layout; of the bare text if it is not Python."""
    text = textwrap.dedent(code or "")
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256(ast.unparse(tree).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def parse(data: bytes, name: str) -> Progress:
    """Read a progress file's bytes. Raises FileProblem, saying why, for anything that is not a whole one."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise FileProblem(f"{name} is not whole JSON ({problem}); wanted a featherweight progress file.") from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FileProblem(f"{name} is not a featherweight progress file; wanted one with format {FORMAT!r}.")
    if content.get("version") != VERSION:
        got = content.get("version")
        raise FileProblem(f"{name} has version {got!r}; wanted {VERSION}: use the featherweight that wrote it.")
    exercises = tuple(_row(ExerciseRecord, row, name) for row in _rows(content, "exercises", name))
    predictions = tuple(_row(PredictionRecord, row, name) for row in _rows(content, "predictions", name))
    return Progress().merged(Progress(exercises, predictions))


def _rows(content: dict, part: str, name: str) -> list:
    rows = content.get(part)
    if not isinstance(rows, list):
        raise FileProblem(f"{name} has no list of {part}; wanted a whole featherweight progress file.")
    return rows


def _row(kind: type, row, name: str):
    wanted = [field.name for field in fields(kind)]
    if not isinstance(row, dict) or sorted(row) != sorted(wanted):
        raise FileProblem(f"{name} holds a row that is not one of {', '.join(wanted)}; wanted a whole progress file.")
    wrong = [key for key in wanted if not _fits(row[key], KINDS.get(key, (str,)))]
    if wrong:
        raise FileProblem(f"{name} holds {wrong[0]} = {row[wrong[0]]!r}; wanted a whole progress file.")
    return kind(**row)


def _fits(value, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not (isinstance(value, float) and not math.isfinite(value))


def serialize(done: Progress) -> str:
    """The text of a progress file: JSON, one row per line."""
    parts = [f'"format": "{FORMAT}"', f'"version": {VERSION}']
    for part in ("exercises", "predictions"):
        rows = ",\n  ".join(json.dumps(asdict(record)) for record in getattr(done, part))
        parts.append(f'"{part}": [\n  {rows}\n ]' if rows else f'"{part}": []')
    return "{\n " + ",\n ".join(parts) + "\n}\n"
