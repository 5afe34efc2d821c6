"""The command line: quick help, lazy commands, one line and status 2 for whatever goes wrong."""

import os
import subprocess
import sys

import pytest

from featherweight import cli
from featherweight.errors import FileProblem

COMMANDS = [
    *(
        "bench",
        "build",
        "compress",
        "doctor",
        "export",
        "grade",
        "lab",
        "override",
        "progress",
        "report",
        "resume",
        "site",
        "submit",
    ),
]


def test_these_commands_and_no_others():
    assert sorted(command.callback.__name__ for command in cli.app.registered_commands) == COMMANDS


@pytest.mark.parametrize("arguments", [[], ["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help(arguments, capsys):
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out.startswith("Usage: ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nothing"], "No such command 'nothing'. See featherweight --help"),
        (["lab", "--prot"], "No such option: --prot"),
        (["lab", "--port", "x"], "Invalid value for '--port': "),
        (["resume"], "Missing argument 'FILE'. See featherweight resume --help"),
        (["lab", "--dir", "no/such/folder"], "No notebooks in "),
        (["bench", "--only", "nothing"], "There is no part of the benchmarks 'nothing'; choose one of setup, "),
        (["report", "no/such/folder"], "There is no gradebook.sqlite in no/such/folder; wanted the folder of "),
        (["report", "x", "--late-off", "101"], "Invalid value for '--late-off': "),
        (["export", "x"], "Missing option '--to'"),
        (["grade", "x"], "Missing option '--out'"),
        (["grade", "no/such/folder", "--out", "build/none"], "Could not read no/such/folder"),
        (["grade", "x", "--out", "y", "-j", "0"], "Invalid value for '--jobs'"),
        (["grade", "x", "--out", "y", "--seconds", "0"], "0 seconds for an exercise; wanted more than 0"),
        (["grade", "x", "--out", "y", "--seed-file", "no/seed"], "Could not read no/seed (No such file"),
        (["override", "x", "ada", "double", "1"], "There is no gradebook.sqlite in x; wanted the folder of "),
        (["compress", "no.pt"], "Missing option '--data'"),
        (["compress", "no.pt", "--data", "no.npz"], "There is no file no.pt; wanted a network that torch.save("),
        (["compress", "no.pt", "--data", "x", "--budget", "much"], "The budget is 'much'; wanted a size of at least"),
        (["compress", "no.pt", "--data", "x", "--max-drop", "0"], "max_drop is 0.0; wanted points of accuracy above 0"),
    ],
    ids=[
        "command",
        "flag",
        "value",
        "argument",
        "folder",
        "group",
        "gradebook",
        "late",
        "kind",
        "out",
        "submissions",
        "jobs",
        "seconds",
        "seed",
        "override",
        "data",
        "model",
        "budget",
        "drop",
    ],
)
def test_a_mistake_gets_one_line_and_status_2(arguments, line, capsys):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"featherweight: {line}")
    assert captured.err.count("\n") == 1


@pytest.fixture
def grades(made_up, tmp_path):
    """A gradebook of two students, with a roster that knows one of them."""
    from featherweight.grading.gradebook import Gradebook

    with Gradebook(tmp_path / "grades") as book:
        book.keep([made_up.record(name, made_up.result("double"), late=True) for name in ("ada", "bob")], "c")
    (tmp_path / "roster.csv").write_text("folder,name\nada,Ada Lovelace\n")
    return tmp_path / "grades"


def test_report(grades, capsys):
    assert cli.main(["report", str(grades), "--roster", str(grades.parent / "roster.csv")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{grades / 'report.html'}: 2 students" and lines[-1].startswith("Not in the roster: bob;")
    assert sorted(path.name for path in (grades / "feedback").iterdir()) == ["ada.html", "bob.html"]
    assert "Ada Lovelace" in (grades / "report.html").read_text("utf-8")


def test_export(grades, capsys, tmp_path):
    arguments = ["export", str(grades), "--to", "canvas", "--late-off", "50", "--out", str(tmp_path / "out")]
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'out' / 'canvas.csv'}\n"
    assert "\nada,,,,,1.5\n" in (tmp_path / "out" / "canvas.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (["--to", "excel"], "There is no export to 'excel'; wanted one of canonical, "),
        (["--to", "csv", "--attempts", "first"], "attempts 'first'; wanted best or last."),
        (["--to", "csv", "--roster", "none.csv"], "Could not read none.csv (No such file or directory); wanted "),
        (["--to", "csv", "--private", "/no/such.py"], "Could not read /no/such.py ("),
    ],
    ids=["kind", "attempts", "roster", "private"],
)
def test_a_wrong_export_writes_nothing(grades, more, line, capsys):
    assert cli.main(["export", str(grades), *more]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"featherweight: {line}") and captured.err.count("\n") == 1
    assert not (grades / "export").exists()


def test_every_error_of_ours_gets_one_line(monkeypatch, capsys):
    def fail():
        raise FileProblem("Could not read\n  a.ipynb; open it once and save it.")

    monkeypatch.setattr("featherweight.doctor.examine", fail)
    assert cli.main(["doctor"]) == 2
    assert capsys.readouterr().err == "featherweight: Could not read a.ipynb; open it once and save it.\n"


def test_an_error_that_is_not_ours_is_not_hidden(monkeypatch):
    monkeypatch.setattr("featherweight.doctor.examine", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cli.main(["doctor"])


def test_doctor_exits_1_where_lessons_cannot_run(monkeypatch, capsys):
    from featherweight.doctor import Finding

    monkeypatch.setattr(
        "featherweight.doctor.examine", lambda: [Finding("torch", False, "not installed", "Install it")]
    )
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().out == "lack  torch: not installed. Install it\n"


def test_interrupted(monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr("featherweight.doctor.examine", interrupt)
    assert cli.main(["doctor"]) == 130


@pytest.mark.slow
def test_what_the_terminal_cannot_show_is_escaped(tmp_path):
    """A file's name can be of bytes that are no text, and a terminal can be of ASCII."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_é.ipynb").write_text('{"cells": [')
    command = [sys.executable, "-m", "featherweight.cli", "submit"]
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2 and done.stderr.startswith(rb"featherweight: 01_\xe9.ipynb is not a whole notebook")


def test_no_sandbox_has_a_status_of_its_own(monkeypatch, tmp_path, capsys):
    from featherweight.errors import MissingTool
    from featherweight.grading import grade

    def none(limits):
        raise MissingTool("no bwrap; wanted bubblewrap: install it.")

    monkeypatch.setattr(grade, "probe", none)
    (tmp_path / "ada.ipynb").write_text("{}")
    assert cli.main(["grade", str(tmp_path / "ada.ipynb"), "--out", str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err == "featherweight: no bwrap; wanted bubblewrap: install it.\n"
