"""GLOSSARY.md: the terms that the book uses, from `solutions/glossary.toml`, and the lessons' own symbols."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from featherweight.authoring.lesson import Lesson
from featherweight.errors import FileProblem, LessonError

__all__ = ["SOURCE", "Term", "page", "prose", "read", "stands_in", "symbols"]

SOURCE = "solutions/glossary.toml"
OPENING = """\
# Glossary

The terms of this book, each with the lesson that introduces it, and below them the [symbols](#symbols) of every lesson.
The terms are the field's; what they mean is said in our words.

`featherweight build` writes this page from `{source}` and from the lessons' tables of symbols.
"""
SYMBOLS = """\
## Symbols

As the lessons list them. A letter means what its own lesson says.

| symbol | variable | meaning | lesson |
|---|---|---|---|
"""
KEYS = {"lesson": int, "means": str, "symbol": str, "also": list, "written": list}
WANTED = {"lesson", "means"}
MORE = "symbol, also, written"


@dataclass(frozen=True)
class Term:
    """One entry. symbol: in dollars, or "". also: other words for it. written: what its lesson has in its place."""

    name: str
    lesson: int
    means: str
    symbol: str = ""
    also: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is sorted by: its letters and digits, whatever their case."""
        return re.sub(r"[^a-z0-9]+", " ", self.name.lower()).strip()


def read(root: Path) -> list[Term]:
    """The terms of a project in alphabetical order; none if it has no glossary.

    Raises FileProblem for a file that is no TOML, LessonError for an entry that is not as wanted.
    """
    path = root / SOURCE
    if not path.is_file():
        return []
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:  # tomllib's own error is a ValueError: also for a term that comes twice
        raise FileProblem(f"{SOURCE} cannot be read ({problem}); wanted one table for each term.") from problem
    return sorted((_term(name, entry) for name, entry in entries.items()), key=lambda term: term.key)


def _term(name: str, entry: Mapping) -> Term:
    if not isinstance(entry, dict) or not WANTED <= set(entry) <= set(KEYS):
        raise LessonError(f"{SOURCE}: {name!r} has {_keys(entry)}; wanted lesson, means, perhaps {MORE}.")
    for key, value in entry.items():
        if not isinstance(value, KEYS[key]):
            raise LessonError(f"{SOURCE}: {key} of {name!r} is {value!r}; wanted {KEYS[key].__name__}.")
    return Term(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})


def _keys(entry: object) -> str:
    return ", ".join(entry) if isinstance(entry, dict) and entry else "nothing"


def page(lessons: Sequence[Lesson], terms: Sequence[Term]) -> str:
    """The page in Markdown, with links from the project's root. Raises LessonError for a term of no lesson."""
    names = {one.number: one.name for one in lessons}
    for term in terms:
        if term.lesson not in names:
            raise LessonError(f"{SOURCE}: {term.name!r} is of lesson {term.lesson}, which has no source.")
    parts = [OPENING.format(source=SOURCE)]
    for letter, group in groupby(terms, key=lambda term: _heading(term.key)):
        parts += [f"## {letter}\n", *(_entry(term, names[term.lesson]) for term in group), ""]
    rows = [f"| {' | '.join(row)} | {_link(one.number, one.name)} |" for one in lessons for row in symbols(one)]
    return "\n".join(parts) + "\n" + SYMBOLS + "\n".join(rows) + "\n"


def _heading(key: str) -> str:
    return key[0].upper() if key[0].isalpha() else "0–9"


def _entry(term: Term, lesson: str) -> str:
    symbol = f", {term.symbol}" if term.symbol else ""
    also = f" Also: {', '.join(term.also)}." if term.also else ""
    return f"- **{term.name}**{symbol}: {term.means}{also} ({_link(term.lesson, lesson)})"


def _link(number: int, name: str) -> str:
    return f"[lesson {number}](notebooks/{name}.ipynb)"


def symbols(one: Lesson) -> Iterator[tuple[str, str, str]]:
    """The rows of a lesson's table of symbols: symbol, variable, meaning."""
    for cell in one.cells:
        rows = (
            [line for line in cell.source.splitlines() if line.startswith("|")] if "part-symbols" in cell.tags else []
        )
        for row in rows[2:]:
            cells = [part.strip() for part in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
            yield tuple([*cells, "", ""][:3])


def stands_in(term: Term, text: str) -> bool:
    """Whether a term, or other words for it, stand in a text as `prose` gives it, in singular or plural."""
    words = (term.name, *term.also, *term.written)
    return any(re.search(rf"(?<!\w){re.escape(word.lower())}(?:s|es)?(?!\w)", text) for word in words)


def prose(one: Lesson) -> str:
    """A lesson's text in one line and lower case, without the marks of Markdown."""
    text = "\n".join(cell.source for cell in one.cells if cell.kind == "markdown")
    return " ".join(re.sub(r"[*`]|^#+ ", "", text, flags=re.MULTILINE).lower().split())
