"""Exercises: what the learner writes, how it is judged, and what is said about it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from featherweight.errors import InputError

if TYPE_CHECKING:
    from featherweight.exercises.exercise import Exercise

__all__ = ["by_name", "catalogue"]


@cache
def catalogue() -> tuple[Exercise, ...]:
    """Every exercise of the book, in lesson order and in the order of the lesson."""
    lessons = sorted(module.name for module in iter_modules(__path__) if module.name.startswith("lesson_"))
    found = [exercise for lesson in lessons for exercise in import_module(f"{__name__}.{lesson}").EXERCISES]
    names = [exercise.name for exercise in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InputError(f"The name {min(twice)!r} stands for two exercises; wanted one of each: rename one.")
    return tuple(found)


def by_name(name: str) -> Exercise:
    """The exercise whose function is called `name`. Raises InputError with the nearest names otherwise."""
    from difflib import get_close_matches

    known = {exercise.name: exercise for exercise in catalogue()}
    if name in known:
        return known[name]
    near = get_close_matches(str(name), known, n=3, cutoff=0.4) or sorted(known)
    raise InputError(f"There is no exercise called {name!r}; did you mean {' or '.join(near)}?")
