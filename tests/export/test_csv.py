"""The CSV for a spreadsheet, parsed back."""

import csv as standard
import io

from featherweight.export.csv import COLUMNS, files
from featherweight.grading.standing import Rules


def test_everything_that_counts_comes_back(made_up, rows):
    made = files(made_up.small_course(rules=Rules(late_off=50)).everyone, {})
    assert list(made) == ["grades.csv"] and made["grades.csv"].startswith(b"\xef\xbb\xbfstudent,")
    back = rows(made["grades.csv"])
    [double, twice] = [row for row in back if row["student"] == "bob" and row["lesson"] == "1"]
    assert double == dict(
        **dict(zip(COLUMNS[:7], ("bob", "Bob van Dam", "bob@example.org", "bob", "S2", "102", "B"), strict=True)),
        **{"lesson": "1", "state": "graded, late", "exercise": "double", "verdict": "passed", "misconception": ""},
        **{"points": "1.5", "worth": "3", "points_before_late": "3", "by_hand": "no", "note": "", "sandboxed": "yes"},
        **{"file": "bob/1.ipynb"},
    )
    assert (twice["verdict"], twice["misconception"], twice["points"]) == ("wrong", "squared", "0")
    missing = [(row["lesson"], row["state"], row["points"], row["worth"]) for row in back if row["student"] == "cy"]
    assert missing == [("1", "missing", "0", "5"), ("2", "missing", "0", "4")]


def test_hostile_names_are_text_on_one_line_each(made_up, rows):
    data = files(made_up.hostile_course().everyone, {})["grades.csv"]
    back = rows(data)
    assert len(data.decode().splitlines()) == 1 + len(back) == 1 + 3 * len(made_up.HOSTILE) + 1
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in back for cell in row.values() if cell)
    assert len({row["student"] for row in back}) == len(made_up.HOSTILE)
    [torn] = [row for row in back if row["state"] == "unreadable"]
    assert torn["note"] == "not JSON: <img src=x onerror=alert(1)>" and torn["file"].endswith("bad.ipynb")
    [changed] = [row for row in back if row["by_hand"] == "yes"]
    assert (changed["note"], changed["points"]) == ("<b>half</b> right =1", "1")
    assert {row["sandboxed"] for row in back if row["lesson"] == "2"} == {"no"}


def test_nothing_hidden_and_the_same_bytes(made_up):
    one, other = (files(made_up.hostile_course().everyone, {})["grades.csv"] for _ in range(2))
    assert one == other
    assert [text for text in made_up.PLANTED if text in one.decode()] == []


def test_every_row_is_whole(made_up):
    text = files(made_up.hostile_course().everyone, {})["grades.csv"].decode("utf-8-sig")
    assert {len(row) for row in standard.reader(io.StringIO(text, newline=""), strict=True)} == {len(COLUMNS)}
