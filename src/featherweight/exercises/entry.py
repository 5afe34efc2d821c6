"""A learner's entry to the championship of lesson 13: looked at, given a provisional score, and put into the notebook.

An entry is a .fw file of at most 32,000 bytes that turns 784 pixels into ten scores. In the notebook it is text, so
that handing in the workbook hands it in: data that the fixed decoder reads, and never code.
"""

from __future__ import annotations

import ast
import base64
import binascii
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import torch

from featherweight.artifact import decode
from featherweight.errors import ArtifactProblem, InputError
from featherweight.lab.data import mnist5k
from featherweight.lab.statistics import Interval, wilson
from featherweight.lab.weight_classes import CLASSES, weight_class

__all__ = ["MAX_BYTES", "MAX_ENTRIES", "Placed", "enter", "find_entries", "read_entry", "text_of"]

MAX_BYTES = CLASSES[-1].limit
MAX_ENTRIES = 8
"""In one notebook."""

WIDTH = 88
ONLY_CHECKED = "It is not entered: leave out place=False for that."
PROVISIONAL = "provisional, since all 5,000 digits come with the book"


@dataclass(frozen=True, repr=False)
class Placed:
    """What an entry is worth here. size: bytes. accuracy: on the 1,000 test digits. cell: the text that was placed."""

    size: int
    division: str
    accuracy: Interval
    cell: str
    note: str

    def __str__(self) -> str:
        score = f"{self.accuracy:.1%} of the test digits"
        return f"{self.division}, {self.size:,} bytes: {score}, {PROVISIONAL}. {self.note}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


def enter(file: str | Path | bytes, place: bool = True) -> Placed:
    """Check an entry, give it a provisional score, and put it into the notebook, in a cell below the one that runs.

    file: a .fw file, or its bytes. place: False to check and score alone. Raises ArtifactProblem or InputError, and
    places nothing, for a file that is damaged, too heavy, or no network from 784 pixels to ten scores.
    """
    data = read_entry(file)
    network, digits = decode(data).eval(), mnist5k()
    with torch.no_grad():
        scores = _scores(network, digits.test_inputs)
    right = int((scores.argmax(1) == digits.test_labels).sum())
    division, cell = weight_class(len(data)).name, text_of(data)
    return Placed(len(data), division, wilson(right, len(scores)), cell, _place(cell) if place else ONLY_CHECKED)


def read_entry(file: str | Path | bytes) -> bytes:
    """An entry's bytes, of which nothing but the number is looked at."""
    if isinstance(file, bytes | bytearray):
        data = bytes(file)
    else:
        try:
            with Path(file).open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except (OSError, TypeError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise InputError(f"enter could not read {file!r} ({reason}); wanted a .fw file, or its bytes.") from problem
    if not 0 < len(data) <= MAX_BYTES:
        had = f"more than {MAX_BYTES:,}" if data else "no"
        raise InputError(f"enter got {had} bytes; wanted 1 to {MAX_BYTES:,}, the heaviest class: make it smaller.")
    return data


def _scores(network: torch.nn.Module, inputs: torch.Tensor) -> torch.Tensor:
    try:
        scores = network(inputs)
    except (RuntimeError, TypeError, ValueError, IndexError) as problem:
        raise ArtifactProblem(
            f"This network does not take rows of 784 pixels ({str(problem).splitlines()[0][:120]}); wanted "
            "(n, 784) → (n, 10): begin with an Unflatten where it wants pictures."
        ) from problem
    if not isinstance(scores, torch.Tensor) or scores.shape != (len(inputs), 10):
        shape = tuple(scores.shape) if isinstance(scores, torch.Tensor) else type(scores).__name__
        raise ArtifactProblem(f"This network makes {shape} of {len(inputs)} pictures; wanted ten scores for each.")
    if scores.isnan().any():
        raise ArtifactProblem("This network gives NaN for some of the test digits; wanted scores: look at its weights.")
    return scores


def text_of(data: bytes) -> str:
    """The cell of an entry: a comment and an assignment of text to `entry`."""
    lines = textwrap.wrap(base64.b64encode(data).decode(), WIDTH)
    division = weight_class(len(data)).name
    head = f"# Your entry: {len(data):,} bytes, {division}. It is data; handing in this notebook hands it in."
    return "\n".join([head, 'entry = """', *lines, '"""'])


def _place(cell: str) -> str:
    """Ask the notebook for a new cell, unless this entry is there already; say what became of it."""
    try:
        from IPython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is None:
        return "Outside a notebook nothing is placed; its `cell` is the text to paste."
    if [_text(shell.user_ns.get("entry"))] == _assigned(cell):
        return "It is in this notebook already."
    shell.set_next_input(cell)
    return "It stands in the cell below: run that cell, save the notebook, and hand it in."


def _text(value) -> str:
    return "".join(value.split()) if isinstance(value, str) else ""


def find_entries(sources: Iterable[str]) -> list[bytes | str]:
    """Entries in a notebook's code cells, as data: bytes, or in a sentence why it is none. Nothing is executed.

    Equal ones count once; of more than eight the first eight are taken.
    """
    found: dict[str, bytes | str] = {}
    for source in sources:
        for text in _assigned(source):
            found.setdefault(text, _decoded(text))
    return list(found.values())[:MAX_ENTRIES]


def _assigned(source: str) -> list[str]:
    """Texts that a cell assigns to the name `entry` at its outermost level."""
    if "entry" not in source:
        return []
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    named = (node for node in body if isinstance(node, ast.Assign))
    values = (node.value for node in named if any(isinstance(t, ast.Name) and t.id == "entry" for t in node.targets))
    return [_text(value.value) for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def _decoded(text: str) -> bytes | str:
    if len(text) > 4 * (MAX_BYTES + 2) // 3 + 4:
        return f"it has more than {MAX_BYTES:,} bytes"
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return "its text is not what `enter` placed: place it again"
    return data or "it is empty"
