"""The pages at the top level that the build writes from the whole book: what they hold, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from featherweight.authoring import glossary, misconceptions
from featherweight.authoring.lesson import Lesson
from featherweight.exercises.exercise import Exercise

__all__ = ["NAMES", "pages"]

NAMES = ("GLOSSARY.md", "MISCONCEPTIONS.md")


def pages(root: Path, lessons: Sequence[Lesson], exercises: Sequence[Exercise]) -> dict[str, bytes]:
    """File name → content. lessons: all of the book. A project without terms has no glossary."""
    made = {"MISCONCEPTIONS.md": misconceptions.page(lessons, exercises)}
    if terms := glossary.read(root):
        made["GLOSSARY.md"] = glossary.page(lessons, terms)
    return {name: made[name].encode("utf-8") for name in NAMES if name in made}
