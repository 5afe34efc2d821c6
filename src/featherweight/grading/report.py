"""`report.html` for the instructor and one feedback page per student: one file each, no scripts, everything escaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from featherweight.errors import FileProblem
from featherweight.grading.championship import SENTENCES, placings, unplaced
from featherweight.grading.course import Course
from featherweight.grading.feedback import number, tell
from featherweight.grading.guide import guides
from featherweight.grading.memory import told
from featherweight.grading.names import file_name, sentence_end, shown
from featherweight.grading.roster import Person
from featherweight.grading.standing import Standing
from featherweight.grading.summary import distribution, heat, lesson_rows, summary_sentence
from featherweight.runtime import write_atomically

__all__ = ["feedback_html", "report_html", "shade", "write_report"]

DARKEST, LIGHTEST = (240, 140, 60), (255, 246, 238)
"""Backgrounds of a cell that everybody, or next to nobody, is in; #1b1b1b on the darker has a contrast of 7 : 1."""


def write_report(course: Course, folder: str | Path) -> list[str]:
    """Write report.html, feedback/ and guide/ into a folder; returns a line for each and the roster's notes.

    Pages of an earlier report are replaced. Raises FileProblem.
    """
    folder = Path(folder)
    pages = {_page(one): feedback_html(one, course.book) for one in course.everyone}
    for name, text in pages.items():
        write_atomically(folder / "feedback" / name, text)
    _clear(folder / "feedback", set(pages))
    lessons = {mark.lesson for one in course.everyone for mark in one.marks}
    for name, text in guides([one for one in course.book.values() if one.lesson in lessons]).items():
        write_atomically(folder / "guide" / name, text)
    write_atomically(folder / "report.html", report_html(course))
    return [
        f"{folder / 'report.html'}: {len(course.everyone)} student{'s' * (len(course.everyone) != 1)}",
        f"{folder / 'feedback'}: a page for each of them",
        f"{folder / 'guide'}: a marking guide for each lesson",
        *course.notes,
    ]


def report_html(course: Course) -> str:
    """The instructor's page."""
    tables = heat(course.everyone)
    counted = Counter(record.counted for record in course.records if record.counted)
    return _render(
        "report.html.j2",
        everyone=course.everyone,
        notes=course.notes,
        unsandboxed=sum(not one.sandboxed for one in course.everyone),
        bins=distribution(course.everyone),
        rows=lesson_rows(course.everyone),
        tables=tables,
        sentences=[summary_sentence([table]) for table in tables],
        overall=summary_sentence(tables),
        memory=told(counted) if counted else "",
        students=[(one, _page(one), list(_remarks(one))) for one in course.everyone],
        unreadable=[(one.person, record) for one in course.everyone for record in one.unreadable],
        championship=placings(course.everyone),
        unplaced=unplaced(course.everyone),
    )


def feedback_html(one: Standing, book: Mapping) -> str:
    """A student's page."""
    lessons = [(mark, tell(mark.scored, book)) for mark in one.marks]
    return _render("feedback.html.j2", one=one, lessons=lessons, sentences=SENTENCES)


def shade(count: int, whole: int) -> str:
    """A cell's background: the more of the whole, the darker, and never so dark that its number cannot be read."""
    part = (count / whole) ** 0.5  # the eye takes small shares for smaller than they are
    channels = (round(light + part * (dark - light)) for dark, light in zip(DARKEST, LIGHTEST, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in channels)


@cache
def _pages() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pages.filters |= {"number": number, "prose": _prose, "sentence_end": sentence_end, "shade": shade}
    pages.filters |= {"share": _share, "shown": shown, "title": _title}
    return pages


def _render(template: str, **content) -> str:
    return _pages().get_template(template).render(**content).strip() + "\n"


def _page(one: Standing) -> str:
    return file_name(one.person.key) + ".html"


def _title(person: Person) -> str:
    return shown(person.name or person.key) or "a student without a name"


def _prose(text: str) -> Markup:
    """A sentence of the book's: what stands between backticks is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _share(one: Standing) -> str:
    return f"{100 * one.points / one.worth:.0f}%" if one.worth else "–"


def _remarks(one: Standing) -> Iterator[str]:
    """What an instructor should see at once."""
    if not one.sandboxed:
        yield "unsandboxed"
    if one.unreadable:
        yield f"{len(one.unreadable)} not readable"
    for mark in one.marks:
        words = mark.state.split(", ")
        words += [f"{len(mark.others) + 1} submissions"] if mark.others else []
        words += [f"of {mark.participants} participants of one name"] if mark.participants > 1 else []
        if words[1:] or "by hand" in words:
            yield f"lesson {mark.lesson}: {', '.join(word for word in words if word != 'graded')}"
    yield from one.flags


def _clear(folder: Path, kept: Collection[str]) -> None:
    """Take away pages of students who are no longer there."""
    try:
        for page in folder.glob("*.html") if folder.is_dir() else ():
            if page.name not in kept:
                page.unlink()
    except OSError as problem:
        raise FileProblem(f"Could not replace {folder} ({problem.strerror}); make it writable.") from problem
