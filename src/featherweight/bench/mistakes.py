"""Answers to type into an exercise's cell: right, wrong by a known misconception, raising, and never ending."""

from __future__ import annotations

import ast
from contextlib import suppress
from textwrap import indent

from featherweight.errors import FeatherweightError, LessonError
from featherweight.exercises.check import judge
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.source import function_source, is_untouched, standalone_source

__all__ = ["hanging", "raising", "right", "wrong"]

PRELUDE = "import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import Tensor\n"


def right(exercise: Exercise) -> tuple[str, str]:
    """The book's own function, and what its verdict begins with."""
    return function_source(exercise.reference, exercise.name), f"{exercise.name}: passed"


def wrong(exercise: Exercise) -> tuple[str, str]:
    """The first misconception that can be typed into a notebook, and the name that its verdict says.

    Raises FeatherweightError where there is none.
    """
    for misconception in exercise.misconceptions:
        with suppress(LessonError, NameError):  # it needs what a notebook does not have
            text = standalone_source(misconception.wrong, exercise.name)
            if not _is_the_stub(exercise, text) and _is_named(exercise, misconception, text):
                return _alone(text, exercise.name), f"This looks like: {misconception.name}"
    raise FeatherweightError(f"No misconception of {exercise.name} can be typed into a notebook; wanted one: add it.")


def _is_the_stub(exercise: Exercise, text: str) -> bool:
    return is_untouched(ast.get_source_segment(text, ast.parse(text).body[-1]), exercise)


def _is_named(exercise: Exercise, misconception: Misconception, text: str) -> bool:
    space: dict = {}
    exec(PRELUDE + text, space)
    return judge(exercise, space[exercise.name]).misconception == misconception.name


def _alone(text: str, name: str) -> str:
    """The same with its helpers inside a function, where they hide none of the lesson's own names."""
    if len(ast.parse(text).body) == 1:
        return text
    return f"def _made():\n{indent(text, '    ')}\n\n    return {name}\n\n\n{name} = _made()"


def raising(exercise: Exercise) -> tuple[str, str]:
    """A function that raises whatever it is given."""
    return f'def {exercise.name}(*args, **kwargs):\n    raise ArithmeticError("mine")', "ArithmeticError: mine"


def hanging(exercise: Exercise) -> tuple[str, str]:
    """A function that never returns."""
    return f"def {exercise.name}(*args, **kwargs):\n    while True:\n        pass", "stopped after"
