"""The roster: a CSV that says which student a folder or file belongs to, and what the course's system calls them.

Columns are known by any of these names, in any order and case; blanks and punctuation do not matter. A gradebook
exported from Canvas and a participants' list from Moodle are rosters as they are.

| means      | columns                                            |
|------------|----------------------------------------------------|
| folder     | folder, file, file name, submission                |
| name       | name, full name, or first and last name            |
| either     | student: the name, or the folder beside a name     |
| email      | email, email address, mail                         |
| login      | login, login id, SIS login id, username            |
| sis_id     | SIS id, SIS user id, student id, ID number         |
| lms_id     | id, LMS id, Canvas id, user id                     |
| section    | section, group                                     |
| identifier | identifier, participant                            |
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from featherweight.errors import FileProblem
from featherweight.grading.names import plain, shown

__all__ = ["Person", "Roster", "read_roster"]

COLUMNS = {
    "folder": ("folder", "foldername", "file", "filename", "submission"),
    "name": ("name", "fullname", "studentname"),
    "student": ("student",),
    "first": ("first", "firstname", "givenname"),
    "last": ("last", "lastname", "surname", "familyname"),
    "email": ("email", "emailaddress", "mail"),
    "login": ("login", "loginid", "sislogin", "sisloginid", "username"),
    "sis_id": ("sis", "sisid", "sisuserid", "studentid", "idnumber"),
    "lms_id": ("id", "lmsid", "canvasid", "userid"),
    "section": ("section", "group", "groups"),
    "identifier": ("identifier", "participant", "participantid"),
}
MEANING = {name: meaning for meaning, names in COLUMNS.items() for name in names}
UNIQUE = ("folder", "email", "login", "sis_id", "lms_id", "identifier")
MAX_BYTES = 20 * 2**20


@dataclass(frozen=True)
class Person:
    """One student. folder: the name of the folder or file that is theirs; the rest as the course's system has it."""

    folder: str
    name: str = ""
    email: str = ""
    login: str = ""
    sis_id: str = ""
    lms_id: str = ""
    section: str = ""
    identifier: str = ""

    @property
    def key(self) -> str:
        """What tells students apart."""
        return self.folder or self.login or self.email or self.sis_id or self.lms_id or self.name or self.identifier

    def known_as(self) -> set[str]:
        """Every name that a folder of theirs may have, loosely written; of one's names any may come first."""
        words = self.name.split()
        turned = {" ".join(words[place:] + words[:place]) for place in range(len(words))}
        numbers = {self.lms_id, self.identifier.removeprefix("Participant ")} - {""}
        numbered = {f"{name} {number}" for name in (*turned, "Participant") for number in numbers}
        names = (self.folder, self.email, self.email.split("@")[0], self.login, self.sis_id, self.lms_id)
        return {_loose(name) for name in (*names, *turned, *numbered)} - {""}


@dataclass(frozen=True)
class Roster:
    """The students of a course."""

    people: tuple[Person, ...] = ()

    def person(self, student: str) -> Person | None:
        """Whose folder or file it is; None where nobody's or more than one student's name fits.

        A number after a name, `Jane Doe #123`, is the platform's: it decides where the roster has such numbers too.
        """
        found = self._exact.get(plain(student)) or self._loose.get(_loose(student))
        name, mark, _ = plain(student).rpartition(" #")
        if found or not mark:
            return found
        only = self._loose.get(_loose(name))
        return only if only and not only.lms_id else None

    @cached_property
    def _exact(self) -> dict[str, Person]:
        return {one.folder: one for one in self.people if one.folder}

    @cached_property
    def _loose(self) -> dict[str, Person]:
        pairs = [(name, one) for one in self.people for name in one.known_as()]
        uses = Counter(name for name, _ in pairs)
        return {name: one for name, one in pairs if uses[name] == 1}

    def notes(self, students: Iterable[str]) -> list[str]:
        """One line for submissions that are nobody's, and one for students who handed nothing in."""
        students = sorted(set(students))
        met = {student: self.person(student) for student in students}
        strangers = [student for student in students if met[student] is None]
        present = set(met.values())
        absent = [one.name or one.key for one in self.people if one not in present]
        lines = []
        if strangers:
            lines.append(f"Not in the roster: {_some(strangers)}; add a row each with this in the column folder.")
        if absent:
            lines.append(f"In the roster, nothing handed in: {_some(absent)}.")
        return lines


def read_roster(path: str | Path) -> Roster:
    """Read a roster. Raises FileProblem: a file that is no CSV, lacks a column, or has a wrong or doubled row."""
    path = Path(path)
    rows = _rows(path)
    header = _header(path, rows[0] if rows else [])
    people = []
    for number, row in enumerate(rows[1:], start=2):
        known = [cell for cell, meaning in zip(row, header, strict=False) if meaning and cell.strip()]
        if known and row[0].strip() != "Points Possible":  # Canvas has up to two rows that are nobody's
            people.append(_person(path, number, header, row))
    _check_once(path, people)
    return Roster(tuple(one for _, one in people))


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise FileProblem(f"{path.name} has more than {MAX_BYTES:,} bytes; wanted a roster, one row per student.")
        text = data.decode("utf-8-sig")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except OSError as problem:
        raise FileProblem(f"Could not read {path} ({problem.strerror}); wanted a roster, a CSV file.") from problem
    except UnicodeDecodeError as problem:
        raise FileProblem(f"{path.name} is not UTF-8; wanted a CSV: save it again as “CSV UTF-8”.") from problem
    except csv.Error as problem:
        raise FileProblem(f"{path.name} is no whole CSV ({problem}); wanted one row per student.") from problem


def _header(path: Path, row: Sequence[str]) -> list[str]:
    """What each column means; empty for one of no use here."""
    header = [MEANING.get(_loose(cell), "") for cell in row]
    if "student" in header:
        named = {"name", "last"} & set(header) and "folder" not in header
        header[header.index("student")] = "folder" if named else "name"
    known = [meaning for meaning in header if meaning]
    twice = sorted({meaning for meaning in known if known.count(meaning) > 1})
    if twice:
        names = " and ".join(shown(cell) for cell, meaning in zip(row, header, strict=True) if meaning == twice[0])
        raise FileProblem(f"{path.name} has two columns for {twice[0]} ({names}); wanted one: rename the other.")
    if not {"folder", "name", "email", "login", "last", "identifier"} & set(known):
        got = shown(", ".join(row)) or "nothing"
        raise FileProblem(f"The first row of {path.name} is “{got}”; wanted columns such as folder, name, email.")
    return header


def _person(path: Path, number: int, header: Sequence[str], row: Sequence[str]) -> tuple[int, Person]:
    if len(row) != len(header):
        raise FileProblem(
            f"Row {number} of {path.name} has {len(row)} cells; wanted {len(header)}, as in the first row: "
            "put quotes around a comma that belongs to a name."
        )
    found = {meaning: plain(cell) for meaning, cell in zip(header, row, strict=True) if meaning}
    first, last = found.pop("first", ""), found.pop("last", "")
    found["name"] = found.get("name") or f"{first} {last}".strip()
    person = Person(**{"folder": "", **found})
    if not person.key:
        raise FileProblem(f"Row {number} of {path.name} names nobody; wanted a folder, a name or an address.")
    return number, person


def _check_once(path: Path, people: Sequence[tuple[int, Person]]) -> None:
    """No two rows may be of one folder or id."""
    for field in fields(Person):
        rows: dict[str, int] = {}
        for number, person in people if field.name in UNIQUE else ():
            value = getattr(person, field.name)
            if value and value in rows:
                raise FileProblem(
                    f"Rows {rows[value]} and {number} of {path.name} have the same {field.name} ({shown(value)}); "
                    "wanted one row per student: remove one."
                )
            rows[value] = number


def _loose(text: str) -> str:
    """Letters with their marks, and digits; in scripts such as Devanagari the marks alone tell names apart."""
    folded = unicodedata.normalize("NFKC", plain(text).casefold())
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")


def _some(names: Sequence[str], most: int = 12) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(shown(name, 40) for name in names[:most]) + rest
