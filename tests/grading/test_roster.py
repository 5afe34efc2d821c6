"""Rosters: columns of many names, students found, and one line for whatever is wrong."""

import pytest

from featherweight.errors import FileProblem
from featherweight.grading.roster import Person, Roster, read_roster

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1 (12)
    Points Possible,,,,,12
"Lovelace, Ada",101,S1,al1815,A,
"Test, Zoë",102,S2,zt,A,3
"""


@pytest.fixture
def read(tmp_path):
    def from_text(text, encoding="utf-8"):
        path = tmp_path / "roster.csv"
        path.write_bytes(text.encode(encoding))
        return read_roster(path)

    return from_text


def test_canvas_own_gradebook_is_a_roster(read):
    roster = read(CANVAS, "utf-8-sig")
    ada = Person("", "Lovelace, Ada", "", "al1815", "S1", "101", "A")
    assert roster.people[0] == ada and len(roster.people) == 2
    assert roster.person("lovelaceada") == roster.person("al1815") == roster.person("S1") == ada


@pytest.mark.parametrize(
    "header", ["folder,name,email", "File Name,Full name,E-Mail", "student,name,Email address", "name;FOLDER;mail"]
)
def test_columns_have_many_names(read, header):
    delimiter = ";" if ";" in header else ","
    row = ["f7", "Ada Lovelace", "ada@example.org"] if header[0] != "n" else ["Ada Lovelace", "f7", "ada@example.org"]
    [person] = read(f"{header}\n{delimiter.join(row)}\n").people
    assert person == Person("f7", "Ada Lovelace", "ada@example.org")


def test_first_and_last_name(read):
    [person] = read("First name,Last name,Email address,Groups\nAda,Lovelace,a@example.org,B\n").people
    assert person == Person("", "Ada Lovelace", "a@example.org", section="B")
    assert person.key == "a@example.org"


@pytest.mark.parametrize("folder", ["f7", "Ada Lovelace", "lovelaceada", "ADA.LOVELACE", "ada.l", "ada.l@example.org"])
def test_folders_are_found_by_any_name(read, folder):
    assert read("folder,name,email\nf7,Ada Lovelace,ada.l@example.org\n").person(folder).folder == "f7"


def test_a_name_that_fits_two_fits_nobody(read):
    roster = read("folder,name\nf1,Jo Lee\nf2,Lee Jo\nf3,Jo Lee\n")
    assert roster.person("Jo Lee") is None and roster.person("f3").folder == "f3"


@pytest.mark.parametrize(
    ("name", "folder"),
    [("Zoë", "Zoe\u0308"), ("Zoe\u0308", "zo\u00eb"), ("Ｚoë", "Zoë"), ("राम", "राम")],
    ids=["Mac folder", "Mac roster", "wide", "marks"],
)
def test_a_name_is_found_however_it_is_encoded(read, name, folder):
    assert read(f"name\n{name}\n").person(folder) is not None


def test_marks_tell_names_apart():
    assert Roster((Person("", "राम"),)).person("रम") is None


def test_namesakes_are_found_by_canvas_s_number_and_the_anonymous_by_moodle_s(read):
    roster = read('Student,ID\n"Lee, Jo",7\n"Lee, Jo",8\n')
    assert roster.person("leejo") is None and roster.person("leejo #8").lms_id == "8"
    anonymous = read("Identifier,Status\nParticipant 12,x\nParticipant 13,x\n")
    assert anonymous.person("Participant 13").identifier == "Participant 13"


def test_canvas_s_row_of_hidden_assignments_is_nobody(read):
    assert len(read(CANVAS.replace("    Points", ",,,,,Manual Posting\n    Points")).people) == 2


@pytest.mark.parametrize(
    "folder",
    ["van der Berg Anneke", "vanderberganneke", "Berg_Anneke van der", "ANNEKE VAN DER BERG"],
)
def test_any_part_of_a_name_may_come_first(read, folder):
    assert read("First name,Last name\nAnneke,van der Berg\n").person(folder).name == "Anneke van der Berg"


def test_a_name_is_found_however_its_accents_are_written(read):
    assert read("name\nMu\u0308ller Jo\u0308rg\n").person("m\xfcllerj\xf6rg").name == "M\xfcller J\xf6rg"


def test_a_number_tells_students_of_one_name_apart(read):
    roster = read("Student,ID\n" + "".join(f'"Smith, Jo",{number}\n' for number in (1, 2)) + '"Lee, Al",3\n')
    assert [roster.person(f"smithjo #{number}").lms_id for number in (1, 2)] == ["1", "2"]
    assert roster.person("smithjo #3") is roster.person("smithjo") is roster.person("leeal #4") is None
    moodle = read("name,identifier\nJo Lee,Participant 7\nJo Lee,8\nAda,9\n")
    assert [moodle.person(f"Jo Lee #{number}").identifier for number in (7, 8)] == ["Participant 7", "8"]
    assert moodle.person("Participant #9").name == moodle.person("Ada #70").name == "Ada"


def test_unmatched_both_ways_in_one_line_each(read):
    roster = read("folder\n" + "\n".join(f"f{number}" for number in range(15)))
    first, second = roster.notes(["f0", "stranger\n2", "<x>", "f0"])
    assert first == "Not in the roster: <x>; stranger 2; add a row each with this in the column folder."
    assert second == "In the roster, nothing handed in: f1; f2; f3; f4; f5; f6; f7; f8; f9; f10; f11; f12 and 2 more."
    assert roster.notes([f"f{number}" for number in range(15)]) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "The first row of roster.csv is “nothing”; wanted columns such as folder, name, email."),
        ("a,b\n1,2\n", "The first row of roster.csv is “a, b”; wanted columns such as folder, name, email."),
        ("name,Full name\n", "roster.csv has two columns for name (name and Full name); wanted one: rename the other."),
        ("folder,name\nf1,A\nf2,Doe, B\n", "Row 3 of roster.csv has 3 cells; wanted 2, as in the first row: "),
        ("folder,name\nf1\n", "Row 2 of roster.csv has 1 cells; wanted 2"),
        ("folder,name\nf1,A\n\nf1,B\n", "Rows 2 and 4 of roster.csv have the same folder (f1); wanted one row per "),
        ("name,email\nA,x@y\nB,x@y\n", "Rows 2 and 3 of roster.csv have the same email (x@y); wanted one row per "),
        ("folder,section\n,A\n", "Row 2 of roster.csv names nobody; wanted a folder, a name or an address."),
        ('folder,name\nf1,"A\n', "roster.csv is no whole CSV (unexpected end of data); wanted one row per student."),
    ],
    ids=["empty", "strange", "two columns", "more cells", "fewer cells", "same folder", "same email", "nobody", "torn"],
)
def test_a_wrong_roster_gets_one_line(read, text, line):
    with pytest.raises(FileProblem) as caught:
        read(text)
    assert str(caught.value).startswith(line) and "\n" not in str(caught.value)


def test_bytes_that_are_no_text(read, tmp_path):
    with pytest.raises(FileProblem, match=r"roster\.csv is not UTF-8; wanted a CSV: save it again"):
        read("name\nZoë\n", "latin-1")
    with pytest.raises(FileProblem, match=r"Could not read .*none\.csv"):
        read_roster(tmp_path / "none.csv")


def test_hostile_names_are_taken_in_and_cleaned(read, made_up):
    import csv
    import io

    text = io.StringIO()
    names = [name for key, name in made_up.HOSTILE.items() if key not in ("surrogate", "nul")]
    csv.writer(text).writerows([["folder"], *([name] for name in names)])
    roster = read(text.getvalue())
    assert len(roster.people) == len(names)
    assert all(roster.person(name) is not None for name in names)
