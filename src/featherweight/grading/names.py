"""Names that came from outside: cleaned for a page or a cell, shortened for the eye, and turned into file names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["choices", "file_name", "plain", "sentence_end", "shown"]

DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters that turn the direction of the text after them; a right-to-left name needs none of them."""

SAFE = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
HASHED = re.compile(r"-[0-9a-f]{12}$")
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)")  # Windows opens these as devices


def plain(text: str) -> str:
    """A name on one line: no control characters, no lone surrogates, no turned direction, no blanks at the ends.

    In Unicode's form NFC: a Mac takes ë apart into e and ¨, and what looks the same must be found as the same.
    """
    text = "".join(map(_plain, text.translate(DIRECTIONS)))
    return " ".join(unicodedata.normalize("NFC", text).split())


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return " " if category in ("Cc", "Zl", "Zp") else character


def shown(text: str, most: int = 60) -> str:
    """A name as a page shows it, of at most `most` characters."""
    text = plain(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def choices(wrong: str, names: Iterable[str], most: int = 10) -> str:
    """What may have been meant by a wrong name: those like it, else the first few of all."""
    names = sorted(set(names))
    like = get_close_matches(wrong, names, n=3)
    more = ", …" if not like and len(names) > most else ""
    return ", ".join(map(shown, like or names[:most])) + more


def sentence_end(text: str) -> str:
    """A text with a full stop, unless it ends a sentence of its own."""
    text = text.rstrip()
    return text if text.endswith(("?", "!")) else text.rstrip(".") + "."


def file_name(student: str) -> str:
    """A student's file name without its ending: the name itself where that is safe, else what is safe of it and a hash.

    Depends on the name alone, so that it stays when others join, and no two names share one on any file system.
    """
    if SAFE.fullmatch(student) and not (student.endswith(".") or HASHED.search(student) or DEVICES.match(student)):
        return student
    ascii_part = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_part)[:40].strip("-") or "student"
    return f"{stem}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
