"""Moodle's grading worksheets, parsed back."""

import pytest

from featherweight.export.moodle import COLUMNS, files
from featherweight.grading.course import course


def test_a_worksheet_for_every_lesson(made_up, rows):
    found = made_up.small_course()
    made = files(found.everyone, found.book)
    assert list(made) == ["moodle-lesson-01.csv", "moodle-lesson-02.csv"]
    back = {row["Email address"]: row for row in rows(made["moodle-lesson-01.csv"])}
    bob = back["bob@example.org"]
    assert list(bob) == list(COLUMNS)
    assert (bob["Grade"], bob["Maximum grade"], bob["Status"]) == ("3", "5", "graded, late")
    assert "This looks like: squared. You square." in bob["Feedback comments"]
    cy = back["cy@example.org"]
    assert (cy["Grade"], cy["Status"], cy["Feedback comments"]) == ("", "missing", "")
    assert back["ada@example.org"]["Identifier"] == "Participant 7001"


@pytest.mark.parametrize(
    ("folder", "identifier"),
    [
        ("Ada L_123_assignsubmission_file", "Participant 123"),
        ("Ada_9_assignsubmission_file_123_assignsubmission_file", "Participant 9"),
        ("Ada L", ""),
        ("Ada L/eve_123_assignsubmission_file", ""),
    ],
)
def test_the_identifier_is_in_the_folder(made_up, rows, folder, identifier):
    record = made_up.record("Ada L", made_up.result("double"), path=f"{folder}/x_7_assignsubmission_/1.ipynb")
    [row] = rows(files(course([record]).everyone, {})["moodle-lesson-01.csv"])
    assert row["Identifier"] == identifier


def test_comments_are_escaped_for_the_page_that_shows_them(made_up, rows):
    found = made_up.hostile_course()
    back = rows(files(found.everyone, found.book)["moodle-lesson-01.csv"])
    assert len(back) == len(made_up.HOSTILE)
    comments = [row["Feedback comments"] for row in back]
    assert not any("<" in comment.replace("<br>", "") for comment in comments)
    assert any("&lt;b&gt;half&lt;/b&gt;" in comment for comment in comments)
    assert any("You give back x &lt; 2x as it is." in comment for comment in comments)
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in back for cell in row.values() if cell)


def test_nothing_hidden_and_unsandboxed_is_said(made_up, rows):
    found = made_up.hostile_course()
    made = files(found.everyone, found.book)
    assert [text for text in made_up.PLANTED for data in made.values() if text in data.decode()] == []
    assert all(row["Status"].endswith("unsandboxed") for row in rows(made["moodle-lesson-02.csv"]))


def test_nobody():
    assert files((), {}) == {}
