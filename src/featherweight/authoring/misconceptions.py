"""MISCONCEPTIONS.md: every mistake that a check knows by name, in the order of the book, from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from featherweight.authoring.lesson import Lesson
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["escaped", "listed", "page"]

OPENING = """\
# Misconceptions

Every mistake that the checks of this book tell by name: what it is, and where to look for it. A check says the same
when your answer behaves like one of them. This is a place to look things up, or to see what a class is likely to get
wrong; a list read before its exercise takes the exercise away, and those of the bug hunts are folded for that reason.
Where several faults come together, a check names them together; here each stands alone.

`featherweight build` writes this page from the exercises.
"""
SPECIAL = re.compile(r"([\\<>\[\]$~|]|(?<! )\*|\*(?! )|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def page(lessons: Sequence[Lesson], exercises: Sequence[Exercise]) -> str:
    """The page in Markdown, with links from the project's root."""
    parts = [OPENING, *(_lesson(one, [each for each in exercises if each.lesson == one.number]) for one in lessons)]
    return "\n".join(parts)


def listed(exercise: Exercise) -> list[Misconception]:
    """An exercise's misconceptions without those that are only several of the others at once."""
    names = {misconception.name for misconception in exercise.misconceptions}
    several = {name for name in names if " and " in name and set(name.split(" and ")) <= names}
    return [misconception for misconception in exercise.misconceptions if misconception.name not in several]


def escaped(text: str) -> str:
    """Plain text with `code` in it, as Markdown that shows just that."""
    pieces = re.split(r"(`[^`]+`)", " ".join(text.split()))
    return "".join(piece if piece.startswith("`") else SPECIAL.sub(r"\\\1", piece) for piece in pieces)


def _lesson(one: Lesson, exercises: Sequence[Exercise]) -> str:
    count = f"{len(exercises)} exercise{'s' if len(exercises) != 1 else ''}"
    parts = [f"## {one.title}\n", f"[Lesson {one.number}](notebooks/{one.name}.ipynb), {count}.\n"]
    parts += map(_exercise, exercises)
    return "\n".join(parts)


def _exercise(exercise: Exercise) -> str:
    lines = [f"### `{exercise.name}`", "", *map(_line, listed(exercise)), ""]
    if exercise.starts_from is not None:
        summary = "<details><summary>A bug hunt: unfold this when you have mended the code.</summary>"
        lines = [*lines[:2], summary, *lines[1:], "</details>", ""]
    return "\n".join(lines)


def _line(misconception: Misconception) -> str:
    return " ".join(_sentences(misconception))


def _sentences(misconception: Misconception) -> Iterator[str]:
    yield f"- **{escaped(misconception.name)}.**"
    yield escaped(misconception.says)
    if misconception.look:
        stop = "" if misconception.look.endswith((".", "?")) else "."
        yield f"*Look at* {escaped(misconception.look)}{stop}"
