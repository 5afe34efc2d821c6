"""What the command line shows and keeps: counts, marks, points by hand, and never the secret."""

import os
import runpy
from collections import Counter
from pathlib import Path

import pytest

from featherweight import cli
from featherweight.errors import FileProblem
from featherweight.grading.command import settings_for, summary, told
from featherweight.grading.gradebook import Gradebook
from featherweight.grading.records import Override

GIVEN = runpy.run_path(str(Path(__file__).with_name("handing_in.py")))
SECRET = "correct horse battery"


@pytest.fixture
def grades(made_up, tmp_path):
    with Gradebook(tmp_path / "grades") as book:
        book.keep([made_up.record("ada", made_up.result("double")), made_up.unreadable("bob")], "c")
    return tmp_path / "grades"


def test_counts_are_told_best_first():
    assert told(Counter({"wrong": 2, "unreadable": 1, "passed": 3, "error": 0})) == "3 passed, 2 wrong, 1 unreadable"


def test_the_summary_marks_what_had_no_sandbox(made_up):
    records = [made_up.record("ada", made_up.result("double"), sandboxed=False), made_up.unreadable("bob")]
    assert list(summary(records, Path("out"))) == [
        "2 students, 2 notebooks: 1 passed, 1 unreadable.",
        "Graded without a sandbox, and marked so: 1 notebook.",
        "Not readable, the report says why: bob.",
        "The gradebook is out/gradebook.sqlite; next: featherweight report out",
    ]


def test_points_by_hand_and_taken_back(grades, capsys, made_up):
    give = ["override", str(grades), "ada", "double"]
    assert cli.main([*give, "2", "--note", "half right"]) == 0
    assert capsys.readouterr().out == "ada, double: 2 of 3 by hand. half right\n"
    with Gradebook(grades) as book:
        assert book.overrides() == [Override("ada", "double", 2, "half right")]
    assert cli.main(give) == 0
    assert capsys.readouterr().out == "ada, double: by the rules again.\n"
    with Gradebook(grades) as book:
        book.keep([made_up.record("Zo\u00eb", made_up.result("double"))], "c")
    assert cli.main(["override", str(grades), "Zoe\u0308", "double", "2"]) == 0


@pytest.mark.parametrize(
    ("student", "exercise", "points", "line"),
    [
        ("adda", "double", "1", "There is no student 'adda' in "),
        ("ada", "doubles", "1", "There is no exercise 'doubles'; wanted one of double, or --private FILE."),
        ("ada", "double", "4", "4 points for double; wanted 0 to 3."),
    ],
)
def test_points_by_hand_that_cannot_be(grades, capsys, student, exercise, points, line):
    assert cli.main(["override", str(grades), student, exercise, points]) == 2
    assert capsys.readouterr().err.startswith(f"featherweight: {line}")


def test_points_by_hand_for_anyone_in_the_roster(grades, tmp_path, capsys):
    (tmp_path / "roster.csv").write_text('Student,ID\n"Lovelace, Ada",ada\n"Lee, Jo",7\n"Lee, Jo",8\n')
    by = ["--roster", str(tmp_path / "roster.csv")]
    assert cli.main(["override", str(grades), "Ada Lovelace", "double", "1", *by]) == 0
    assert cli.main(["override", str(grades), "8", "double", "2", "--note", "told me", *by]) == 0
    assert capsys.readouterr().out == "ada, double: 1 of 3 by hand.\n8, double: 2 of 3 by hand. told me\n"
    assert cli.main(["override", str(grades), "Lee, Jo", "double", "1", *by]) == 2
    line = "featherweight: There is no one student 'Lee, Jo' in the roster; wanted one of Lee, Jo.\n"
    assert capsys.readouterr().err == line
    assert cli.main(["report", str(grades), *by]) == 0
    assert "told me" in (grades / "feedback" / "8.html").read_text("utf-8")


def test_where_the_secret_comes_from(tmp_path):
    (tmp_path / "seed").write_text(SECRET)
    (tmp_path / "mine.py").write_text("SECRET = 'of the private file'")
    with Gradebook(tmp_path) as book:
        assert settings_for(tmp_path / "seed", tmp_path / "mine.py")(book).secret == SECRET
        assert settings_for(None, tmp_path / "mine.py")(book).secret == "of the private file"
        made = settings_for(None, None)(book)
        assert len(made.secret) == 32 and settings_for(None, None)(book) == made
    with pytest.raises(FileProblem):
        settings_for(None, tmp_path / "none.py")


@pytest.mark.parametrize(
    ("there", "cause"),
    [(False, "bwrap is not on the PATH"), (True, "The sandbox did not start (")],
    ids=["missing", "failing"],
)
def test_without_bubblewrap_it_refuses_with_a_status_of_its_own_cause_and_cure(
    there, cause, tmp_path, monkeypatch, capsys
):
    GIVEN["hand_in"](tmp_path / "in", "ada", GIVEN["RIGHT"])
    programs = tmp_path / "programs"
    programs.mkdir()
    if there:
        (programs / "bwrap").write_text("#!/bin/sh\nexit 1\n")
        (programs / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}" if there else str(programs))
    assert cli.main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    assert cause in said.err and "apt-get install bubblewrap" in said.err and "--unsafe" in said.err
    with Gradebook(tmp_path / "out") as book:
        assert book.records() == []


@pytest.mark.slow
def test_the_secret_and_hidden_inputs_are_in_no_output(tmp_path, capfd):
    """A learner's code that tells what it was asked; what was told stays in the gradebook and the canonical export."""
    name = GIVEN["NAMES"][0]
    GIVEN["hand_in"](tmp_path / "in", "ada", {name: f"def {name}(*a, **k):\n    raise ValueError('asked', a, k)"})
    (tmp_path / "seed").write_text(SECRET)
    grading = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    assert cli.main([*grading, "--seed-file", str(tmp_path / "seed")]) == 0
    with Gradebook(tmp_path / "out") as book:
        [record] = book.records()
    assert "asked" in record.results[0].found
    assert cli.main(["report", str(tmp_path / "out")]) == 0
    for kind in ("canvas", "moodle", "gradescope"):
        assert cli.main(["export", str(tmp_path / "out"), "--to", kind]) == 0
    shown = "".join(capfd.readouterr())
    assert shown.startswith("Memory of a student's processes together: looked at")
    everything = [path for path in tmp_path.joinpath("out").rglob("*") if path.is_file()]
    assert not [path for path in everything if SECRET.encode() in path.read_bytes()] and SECRET not in shown
    feedback = [path for path in everything if {"feedback", "guide", "export"} & set(path.parts)]
    assert feedback and not [
        path for path in feedback if b"asked&#39;" in path.read_bytes() or b"'asked'" in path.read_bytes()
    ]
    assert "asked" not in shown
