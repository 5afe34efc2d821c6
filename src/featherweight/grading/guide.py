"""The marking guide of a lesson, in Markdown, from its exercises: points, what it is checked against, what to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.grading.names import sentence_end

__all__ = ["guide", "guides"]


def guides(book: Sequence[Exercise]) -> dict[str, str]:
    """File name → text, a guide for every lesson in the book."""
    lessons = groupby(sorted(book, key=lambda one: one.lesson), key=lambda one: one.lesson)
    return {f"lesson-{lesson:02d}.md": guide(lesson, tuple(exercises)) for lesson, exercises in lessons}


def guide(lesson: int, exercises: Sequence[Exercise]) -> str:
    """One lesson's guide."""
    total = sum(exercise.points for exercise in exercises)
    rows = "\n".join(
        f"| `{one.name}` | {one.points} | {one.minutes} | {one.difficulty} of 5 | {len(one.misconceptions)} |"
        for one in exercises
    )
    head = (
        f"# Marking guide, lesson {lesson}\n\n"
        f"{len(exercises)} exercises, {total} points. An exercise gives all of its points or none; "
        "points for half an answer are given by hand, with a note.\n\n"
        "| exercise | points | minutes | difficulty | misconceptions |\n|---|--:|--:|---|--:|\n" + rows
    )
    return "\n\n".join([head, *map(_section, exercises)]) + "\n"


def _section(exercise: Exercise) -> str:
    kind = "A bug hunt: the function is handed out wrong." if exercise.starts_from else "A function to write."
    place = ["Changing an input in place is itself wrong here."] if exercise.forbids_in_place else []
    lines = [
        f"## `{exercise.name}` ({exercise.points} points)",
        " ".join([kind, f"Gives back {_text(exercise.returns)}.", *place]),
        f"Checked against: {_text(exercise.oracle)}.",
        "### What goes wrong, and what to say",
        "\n".join(map(_misconception, exercise.misconceptions)) or "Nothing is named.",
        "### Hints, in this order",
        "\n".join(f"{number}. {_text(hint)}" for number, hint in enumerate(exercise.hints, 1)),
    ]
    return "\n\n".join(lines)


def _misconception(one: Misconception) -> str:
    look = f" Where to look: {_text(sentence_end(one.look))}" if one.look else ""
    return f"- **{_text(one.name)}.** {_text(one.says)}{look}"


def _text(text: str) -> str:
    """Text as Markdown that reads as it was written; code between backticks stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_\[\]<>|#`])", r"\\\1", part) for part in parts)
