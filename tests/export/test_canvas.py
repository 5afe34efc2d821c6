"""What Canvas's importer would make of our file: its rules, written again in Python, read it back."""

import csv
import io
import re

import pytest

from featherweight.export.canvas import STUDENT_COLUMNS, files
from featherweight.grading.roster import Person, Roster
from featherweight.grading.standing import standings


def imported(data: bytes):
    """Points possible by assignment, and students' grades by ID, SIS id or name, as lib/gradebook_importer.rb does."""
    header, *lines = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    assert "Student" in header[0] and "ID" in header[1] and header[0] == "Student"
    assert re.match(r"SIS\s+User\s+ID", header[2]) and re.match(r"SIS\s+Login\s+ID", header[3])
    assert "Section" in header[4]
    possible, grades = {}, {}
    for line in lines:
        if "Points Possible" in line[0]:
            assert not possible, "a student who is taken for the row of points possible"
            possible = dict(zip(header[5:], map(float, line[5:]), strict=True))
        else:
            grades[line[1] or line[2] or line[3] or line[0]] = dict(zip(header[5:], line[5:], strict=True))
    return possible, grades


def test_canvas_finds_everyone_and_their_points(made_up):
    [(name, data)] = files(made_up.small_course().everyone, {}).items()
    possible, grades = imported(data)
    assert name == "canvas.csv" and possible == {"Lesson 1": 5.0, "Lesson 2": 4.0}
    assert grades == {
        "101": {"Lesson 1": "5", "Lesson 2": "4"},
        "102": {"Lesson 1": "3", "Lesson 2": ""},
        "103": {"Lesson 1": "", "Lesson 2": ""},
    }
    assert data.decode().splitlines()[0] == ",".join([*STUDENT_COLUMNS, "Lesson 1", "Lesson 2"])


def test_a_student_cannot_set_the_points_possible(made_up):
    one = made_up.record("my Points Possible", made_up.result("double"))
    possible, grades = imported(files(standings([one]), {})["canvas.csv"])
    assert possible == {"Lesson 1": 3.0} and list(grades) == ["my points possible"]
    people = Roster((Person("x", "Points Possible"),))
    assert imported(files(standings([], roster=people), {})["canvas.csv"]) == ({}, {"points possible": {}})


def test_a_student_who_could_is_caught():
    data = b"Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1\nPoints Possible,,,,,3\nmy Points Possible,,,,,1\n"
    with pytest.raises(AssertionError, match="taken for the row"):
        imported(data)


def test_hostile_names(made_up):
    data = files(made_up.hostile_course().everyone, {})["canvas.csv"]
    _, grades = imported(data)
    assert len(grades) == len(made_up.HOSTILE)
    assert not any(name[:1] in ("=", "+", "-", "@") for name in grades)


def test_nobody():
    assert files((), {}) == {"canvas.csv": b"Student,ID,SIS User ID,SIS Login ID,Section\nPoints Possible,,,,\n"}
