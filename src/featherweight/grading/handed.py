"""One notebook as it was handed in: whose it is by its path, and its bytes, read when they are needed and up to a cap.

| layout                                        | student                                 |
|-----------------------------------------------|-----------------------------------------|
| `alice/03_topic.ipynb`, at any depth          | the first folder                        |
| `submitted/alice/assignment/03_topic.ipynb`   | the folder below `submitted`            |
| `Alice Doe_123456_assignsubmission_file/…`    | what stands before the number (Moodle)  |
| `Participant_123456_assignsubmission_file/…`  | with the number (Moodle, anonymous)     |
| `doealice_123_456_03_topic.ipynb`             | what stands before the numbers (Canvas) |
| `anon_x7Kq2_456_03_topic.ipynb`               | `anon_x7Kq2` (Canvas, anonymous)        |
| `alice.ipynb`, `alice.zip`                    | the file's name                         |
| `03_topic.ipynb`, in no folder                | what was given: a folder, zip or file   |

Two students of one name have the platform's number after it: `Alice Doe #123456`.
Source of Canvas's names: lib/content_zipper.rb of instructure/canvas-lms.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from featherweight.grading.names import plain

__all__ = [
    "MAX_NOTEBOOK",
    "MOODLE",
    "SKIPPED",
    "Handed",
    "is_twin",
    "lesson_name",
    "named",
    "read_capped",
    "told_apart",
    "wanted",
]

MAX_NOTEBOOK = 20 * 2**20
"""Bytes of a notebook that are read; a larger one is unreadable."""

MOODLE = re.compile(r"([^_/]+)_(\d{1,20})_assignsubmission_")
"""Name and participant. Moodle writes a name's underscores as blanks: no file's name can stand in for its number."""

CANVAS = re.compile(r"(.+?)(_LATE|_late)?_(\d{1,20})_\d+_")
ANONYMOUS = re.compile(r"(LATE_)?(anon_[^\W_]+)_\d+_")
SKIPPED = re.compile(r"(^|/)(\.(?!\.?/)|__MACOSX)|-checkpoint\.ipynb$", re.IGNORECASE)
WANTED = re.compile(r"\.(ipynb|zip)$", re.IGNORECASE)
WORKBOOK = re.compile(r"\d\d_\w+(-\w+)?( ?\(\d+\))?\.(ipynb|py)")
LESSON = re.compile(r"(?:^|[^\d])(\d\d_[a-z]\w*)[^/]*\.(?:ipynb|py)$", re.IGNORECASE)


@dataclass(frozen=True)
class Handed:
    """path: within what was given. data: the notebook's bytes, the file that holds them, or why there are none.

    number: what the platform calls the student, where the path has it.
    """

    student: str
    path: str
    data: bytes | Path | str
    late: bool = False
    number: str = ""

    @property
    def owner(self) -> tuple[str, str]:
        """What tells students apart who have the same name."""
        return self.student, self.number

    def loaded(self) -> Handed:
        """With its bytes, or why there are none, in the place of its file."""
        return replace(self, data=_read(self.data)) if isinstance(self.data, Path) else self

    @property
    def digest(self) -> str:
        """A hash of what there is to grade."""
        data = self.loaded().data
        return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def wanted(path: str) -> bool:
    """Whether a path is that of a notebook or zip, and not of what editors and systems leave behind."""
    return bool(WANTED.search(path)) and not SKIPPED.search(path)


def is_twin(path: str) -> bool:
    """Whether a path may be that of a workbook's twin in Python."""
    return path.lower().endswith(".py") and not SKIPPED.search(path)


def lesson_name(path: str) -> str:
    """What a workbook and its twin share of their names, as `03_topic`; "" where nothing says so."""
    found = LESSON.search(path)
    return found[1] if found else ""


def _read(path: Path) -> bytes | str:
    try:
        data = read_capped(path, MAX_NOTEBOOK)
    except OSError as problem:
        return f"it cannot be read ({problem.strerror or problem})"
    return f"it has more than {MAX_NOTEBOOK:,} bytes" if data is None else data


def read_capped(path: Path, most: int) -> bytes | None:
    """An ordinary file's bytes, or None where they are more. Raises OSError, for pipes, devices and links too."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is no ordinary file")
        data = file.read(min(status.st_size, most) + 1)
    return data if len(data) <= most else None


def named(path: str, place: str, data: bytes | Path | str) -> Handed:
    """A notebook under the student that its path names. place: the name of what was given, without ending."""
    parts = [part for part in PurePosixPath(path).parts if part not in ("/", "..", ".")] or [place]
    if parts[0] == "submitted" and len(parts) > 2:
        parts = parts[1:]
    first = parts[0]
    if moodle := MOODLE.match(first):
        name = f"Participant {moodle[2]}" if moodle[1] == "Participant" else moodle[1]
        return Handed(name, path, data, number=moodle[2])
    if anonymous := ANONYMOUS.match(first):
        return Handed(anonymous[2], path, data, anonymous[1] is not None)
    if canvas := CANVAS.match(first):
        return Handed(canvas[1], path, data, canvas[2] is not None, canvas[3])
    if len(parts) > 1:
        return Handed(first, path, data)
    return Handed(place if WORKBOOK.fullmatch(first) else PurePosixPath(first).stem, path, data)


def _namesakes(handed: Sequence[Handed]) -> set[str]:
    """Names of several students. Canvas's number is a student's own; Moodle's belongs to one assignment."""
    numbers = defaultdict(set)
    for one in handed:
        moodle = any(map(MOODLE.match, PurePosixPath(one.path).parts))
        numbers[one.student, lesson_name(one.path) if moodle else ""].add(one.number)
    return {student for (student, _), found in numbers.items() if len(found) > 1}


def told_apart(handed: Sequence[Handed]) -> list[Handed]:
    """In order, with names that can be printed and kept; no two students and no two paths become one by that."""
    namesakes, students, taken, found = _namesakes(handed), {}, set(), []
    for one in sorted(handed, key=lambda one: (one.student, one.number, one.path)):
        told = one.student in namesakes and one.number
        name = f"{one.student} #{one.number}" if told else one.student
        if name not in students:
            students[name] = _free(plain(name) or "nameless", set(students.values()))
        path = _free(_shown(one.path), taken)
        taken.add(path)
        found.append(replace(one, student=students[name], path=path))
    return sorted(found, key=lambda one: (one.student, one.path))


def _shown(path: str) -> str:
    """A path as text: bytes that are none are escaped, as are control characters."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _free(name: str, taken: set[str]) -> str:
    number, tried = 1, name
    while tried in taken:
        number += 1
        tried = f"{name} ({number})"
    return tried
