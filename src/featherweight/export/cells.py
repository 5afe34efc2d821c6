"""Cells of a CSV that no spreadsheet executes, and files of bytes that are the same every time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from featherweight.grading.feedback import number
from featherweight.grading.names import plain

__all__ = ["BOM", "cell", "table"]

BOM = "\ufeff"
"""Tells Excel that a CSV is UTF-8; without it, it reads Zoë as ZoÃ«."""

FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet takes for the begin of a formula (the wide ones in East Asian editions too)."""


def cell(value: str | float) -> str:
    """A number, or a text on one line; one that a spreadsheet would compute gets an apostrophe before it."""
    if not isinstance(value, str):
        return number(value)
    text = plain(value)
    return f"'{text}" if FORMULA.match(text) else text


def table(header: Sequence[str], rows: Iterable[Sequence[str | float]], bom: bool = False) -> bytes:
    """A CSV in UTF-8: commas, quotes where they are needed, LF. bom: where Excel is to open it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *([cell(value) for value in row] for row in rows)])
    return ((BOM if bom else "") + text.getvalue()).encode("utf-8")
