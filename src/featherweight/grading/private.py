"""What an instructor keeps to themselves: a secret, extra cases and exercises, from a file outside the repository.

The file is Python, is executed on the trusted side only, and defines any of

    SECRET = "a text that nobody guesses"                    what hidden cases are drawn from
    CASES = {"adam_step": lambda seed: [{...}, {...}]}       cases beyond the book's, inputs by keyword
    EXERCISES = (Exercise(...),)                             exercises beyond the book's, as in exercises/lesson_NN.py

since whatever is in a public repository is known to every student.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType

from torch import Tensor

from featherweight.errors import FeatherweightError, FileProblem
from featherweight.exercises import catalogue, probes
from featherweight.exercises.diagnose import Sheet
from featherweight.exercises.exercise import Exercise

__all__ = ["Private", "load_private", "read_book", "with_private"]

NAMES = ("CASES", "EXERCISES", "SECRET")
REPOSITORY = Path(__file__).parents[3]
LEAST_SECRET = 8


@dataclass(frozen=True)
class Private:
    """secret: "" where the file has none. cases: exercise → seed → inputs. digest: of the file, for a grade's terms."""

    secret: str = ""
    cases: Mapping[str, Callable[[int], Sequence[Mapping]]] = field(default_factory=dict)
    exercises: tuple[Exercise, ...] = ()
    digest: str = ""


def load_private(path: str | Path) -> Private:
    """Execute an instructor's file. Raises FileProblem: not there, in the repository, failing, or of other names."""
    path = Path(path).resolve()
    if (REPOSITORY / "pyproject.toml").is_file() and path.is_relative_to(REPOSITORY):
        raise FileProblem(f"{path.name} is inside the repository, which students read; wanted it elsewhere: move it.")
    try:
        source = path.read_bytes()
    except OSError as problem:
        raise FileProblem(f"Could not read {path} ({problem.strerror}); wanted a Python file.") from problem
    found = {name: value for name, value in _executed(path, source).items() if name in NAMES}
    if not found:
        raise FileProblem(f"{path.name} defines none of {', '.join(NAMES)}; wanted at least one.")
    secret, cases, exercises = found.get("SECRET", ""), found.get("CASES", {}), found.get("EXERCISES", ())
    for failed, wanted in (
        (not isinstance(secret, str) or 0 < len(secret) < LEAST_SECRET, "SECRET a text of 8 characters or more"),
        (not isinstance(cases, dict) or not all(map(callable, cases.values())), "CASES a dict of functions of a seed"),
        (not _are_exercises(exercises), "EXERCISES a tuple of Exercise"),
    ):
        if failed:
            raise FileProblem(f"{path.name}: {wanted.split()[0]} cannot be used; wanted {wanted.partition(' ')[2]}.")
    return Private(secret, dict(cases), tuple(exercises), hashlib.sha256(source).hexdigest())


def _are_exercises(value) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, Exercise) for one in value)


def _executed(path: Path, source: bytes) -> dict:
    """The names that the file defines."""
    names = {"__name__": path.stem, "__file__": str(path)}
    try:
        code: CodeType = compile(source, str(path), "exec", dont_inherit=True)
        exec(code, names)
    except SyntaxError as problem:
        raise FileProblem(f"{path.name} is no Python: {problem.msg}, line {problem.lineno}; mend it.") from problem
    except Exception as problem:
        lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == str(path)]
        where = f" in line {lines[-1]}" if lines else ""
        kind = type(problem).__name__
        raise FileProblem(f"{path.name} stops with {kind}: {problem}{where}; wanted it to run: mend it.") from problem
    return names


def with_private(book: Sequence[Exercise], private: Private) -> tuple[Exercise, ...]:
    """The book with an instructor's cases and exercises. Every one is tried once; raises FileProblem if it fails."""
    names = {exercise.name for exercise in book}
    for name in private.cases:
        if name not in names:
            raise FileProblem(f"CASES has {name!r}, which is no exercise of the book; wanted one of it.")
    extended = tuple(_more_cases(one, private.cases[one.name]) if one.name in private.cases else one for one in book)
    for exercise in private.exercises:
        if exercise.name in names:
            raise FileProblem(f"EXERCISES has {exercise.name!r}, which is taken; wanted a name of its own: rename it.")
        names.add(exercise.name)
        if getattr(probes, exercise.probe.__name__, None) is not exercise.probe:
            raise FileProblem(f"The probe of {exercise.name} is none of the book's; wanted one from exercises.probes.")
        _try(exercise)
    return (*extended, *private.exercises)


def read_book(path: str | Path | None = None) -> tuple[Exercise, ...]:
    """The book's exercises, with an instructor's file where there is one."""
    return with_private(catalogue(), load_private(path)) if path else catalogue()


def _more_cases(exercise: Exercise, more: Callable[[int], Sequence[Mapping]]) -> Exercise:
    extended = replace(exercise, cases=lambda seed: [*exercise.cases(seed), *more(seed)])
    known = [list(inputs) for inputs in exercise.cases(0)]
    for names in map(list, _try(extended)):
        if names not in known:
            raise FileProblem(
                f"A case of {exercise.name} has the inputs {', '.join(names)}; wanted {', '.join(known[0])}, "
                "as in the book."
            )
    return extended


def _crosses(value) -> bool:
    """Whether an input can cross into the sandbox."""
    if isinstance(value, list | tuple):
        return all(map(_crosses, value))
    return value is None or isinstance(value, Tensor | bool | int | float | str)


def _try(exercise: Exercise) -> Sequence[Mapping]:
    """Ask the reference every case of one seed, and return them."""
    try:
        asked = Sheet(exercise, 0)
        if not asked.expected:
            raise FileProblem(f"{exercise.name} has no case; wanted at least one.")
        if not all(_crosses(value) for inputs in asked.cases for value in inputs.values()):
            raise FileProblem(f"A case of {exercise.name} holds more than tensors, numbers, texts and lists of these.")
        return asked.cases
    except FeatherweightError:
        raise
    except Exception as problem:
        raise FileProblem(
            f"The cases of {exercise.name} do not suit its reference ({type(problem).__name__}: {problem}); "
            "wanted lists of inputs by the names of its arguments: mend them."
        ) from problem
