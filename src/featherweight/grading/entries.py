"""Entries to the championship: found as data, decoded inside the sandbox, judged outside.

In the sandbox there is no featherweight. What goes in, as a cell of ours in a process that has not seen the student's
code, is the source of the decoder; what comes out are ten scores for each hidden digit. The hidden digits are test
digits, turned and moved by the secret seed, or those of the instructor's own file.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from featherweight.errors import FileProblem
from featherweight.exercises import probes
from featherweight.exercises.limits import OutOfTime
from featherweight.grading.records import Entered
from featherweight.grading.session import Broken, OutOfMemory, Session
from featherweight.grading.settings import Settings
from featherweight.lab.weight_classes import weight_class

__all__ = ["decoder_cell", "digest_of", "hidden_digits", "play"]

PACKAGE = Path(__file__).parents[1]
MEMORY, MACS = 16 * 2**20, 20_000_000
"""An entry's tensors, in bytes, and its multiplications for one digit: LeNet-5, ten times over."""

MOST_DIGITS = 20_000
PLAYER = f"""
def played_entry(data, inputs):
    from featherweight.artifact.reading import decode
    with torch.no_grad():
        return decode(data.numpy().tobytes(), {MEMORY}, {MACS}).eval()(inputs)
"""
FINDER = """
import importlib.abc
import importlib.machinery
import sys

class Shipped(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name in SOURCES:
            return importlib.machinery.ModuleSpec(name, self, is_package=SOURCES[name] is None)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(compile(SOURCES[module.__name__] or "", module.__name__, "exec"), module.__dict__)

for name in [name for name in sys.modules if name.partition(".")[0] == "featherweight"]:
    del sys.modules[name]
sys.meta_path.insert(0, Shipped())
"""


class _Question:
    """What a session wants to know of an exercise, for the cell that plays an entry."""

    name, probe = "played_entry", staticmethod(probes.call)


def play(session: Session, entries: Sequence[bytes | str], settings: Settings) -> tuple[Entered, ...]:
    """Score every entry of a notebook. A broken sandbox costs the entry that broke it, and no other."""
    return tuple(_played(session, number, data, settings) for number, data in enumerate(entries, 1))


def _played(session: Session, number: int, data: bytes | str, settings: Settings) -> Entered:
    if isinstance(data, str):
        return Entered(number, 0, "", "refused", found=data)
    division = weight_class(len(data))
    if division is None:
        return Entered(number, len(data), "", "refused", found="it is heavier than every class")
    inputs, labels = hidden_digits(settings.secret, settings.digits, settings.digits_digest)
    state, found, right = "scored", "", 0
    try:
        session.begin([decoder_cell()], settings.seconds)
        asked = {"data": torch.frombuffer(bytearray(data), dtype=torch.uint8), "inputs": inputs}
        outcome = session.ask(_Question, asked, settings.seconds)
        session.end()
        if outcome.error is not None:
            state, found = "refused", _reason(outcome.error)
        else:
            state, found, right = _judged(outcome.answer, labels)
    except OutOfTime:
        state, found = "timeout", f"stopped after {settings.seconds:g} seconds"
    except Broken as problem:
        state, found = ("memory" if isinstance(problem, OutOfMemory) else "crashed"), str(problem)
    total = len(labels) if state == "scored" else 0
    return Entered(number, len(data), division.name, state, right, total, found)


def _judged(scores, labels: Tensor) -> tuple[str, str, int]:
    """What came out of the sandbox may be anything."""
    if not isinstance(scores, Tensor) or scores.shape != (len(labels), 10) or not scores.is_floating_point():
        return "refused", "it does not give ten scores for each digit", 0
    if scores.isnan().any():
        return "refused", "it gives NaN", 0
    return "scored", "", int((scores.argmax(1) == labels).sum())


def _reason(error: BaseException) -> str:
    """Why the decoder, or the network that it made, stopped. Its text comes out of the sandbox."""
    text = " ".join(str(error).split())[:200]
    return text or f"it stopped with {type(error).__name__}"


@cache
def decoder_cell() -> str:
    """The decoder's source as one cell that needs no package: its modules, a way to import them, and the player."""
    sources: dict[str, str | None] = {}
    left = ["featherweight.artifact.reading"]
    while left:
        name = left.pop()
        path = PACKAGE.parent / (name.replace(".", "/") + ".py")
        if name in sources or not path.is_file():
            continue
        sources[name] = path.read_text(encoding="utf-8")
        left += _imported(sources[name])
    folders = {name.rpartition(".")[0] for name in sources}
    sources |= dict.fromkeys(sorted(folders | {folder.rpartition(".")[0] for folder in folders} - {""}))
    return f"SOURCES = {sources!r}\n{FINDER}\n{PLAYER}"


def _imported(source: str) -> Iterable[str]:
    """Modules of the book that a module imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("featherweight"):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("featherweight"))


@cache
def hidden_digits(secret: str, file: str = "", digest: str = "") -> tuple[Tensor, Tensor]:
    """Inputs (n, 784) float32 in 0…1 and labels (n,): the instructor's, or test digits distorted by the secret.

    Raises FileProblem where the file is gone, has changed, or holds something else.
    """
    if file:
        return _read_digits(file, digest)
    from featherweight.lab.data import mnist5k
    from featherweight.lab.distortions import Strength, distorted

    digits = mnist5k()
    seed = int.from_bytes(hashlib.sha256(f"{secret} championship".encode()).digest()[:4], "big")
    slight = Strength(turn=6, shift=1, zoom=0.06, shear=0.08, bend=0.5)
    return distorted(digits.test_inputs, seed, slight), digits.test_labels


def digest_of(file: str | Path) -> str:
    """The hash of a file of hidden digits, which is read once to see that it holds some. Raises FileProblem."""
    try:
        digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    except OSError as problem:
        raise FileProblem(f"Could not read {file} ({problem.strerror}); wanted an .npz with the digits.") from problem
    _read_digits(str(file), digest)
    return digest


def _read_digits(file: str, digest: str) -> tuple[Tensor, Tensor]:
    wanted = "wanted an .npz with `inputs`, (n, 784) in 0…1 or 0…255, and `labels`, (n,), whole numbers from 0 to 9"
    try:
        if hashlib.sha256(Path(file).read_bytes()).hexdigest() != digest:
            raise FileProblem(f"{file} is not the file that this run began with; wanted the same one on every machine.")
        with np.load(file, allow_pickle=False) as held:
            inputs, labels = np.asarray(held["inputs"]), np.asarray(held["labels"])
        count = len(labels)
        inputs = inputs.reshape(count, -1)
        fits = 0 < count <= MOST_DIGITS and inputs.shape == (count, 784) and labels.shape == (count,)
        if not fits or not np.isin(labels, range(10)).all() or not np.isfinite(inputs).all() or inputs.min() < 0:
            raise ValueError(f"inputs {inputs.shape} and labels {labels.shape}")
        scale = 255 if inputs.max() > 1 else 1
    except (OSError, ValueError, KeyError, TypeError, EOFError) as problem:
        raise FileProblem(
            f"{file} holds no digits ({str(problem)[:120]}); {wanted}, at most {MOST_DIGITS:,}."
        ) from problem
    return torch.from_numpy(inputs.astype(np.float32) / scale), torch.from_numpy(labels.astype(np.int64))
