"""The command line: quick help, lazy commands, one line and status 2 for whatever goes wrong."""

import os
import subprocess
import sys

import pytest

from featherweight import cli
from featherweight.errors import FileProblem

COMMANDS = ["bench", "build", "doctor", "export", "lab", "progress", "report", "resume", "submit"]


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
    ],
    ids=["command", "flag", "value", "argument", "folder"],
)
def test_a_mistake_gets_one_line_and_status_2(arguments, line, capsys):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"featherweight: {line}")
    assert captured.err.count("\n") == 1


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


def test_what_the_terminal_cannot_show_is_escaped(tmp_path):
    """A file's name can be of bytes that are no text, and a terminal can be of ASCII."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_é.ipynb").write_text('{"cells": [')
    command = [sys.executable, "-m", "featherweight.cli", "submit"]
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2 and done.stderr.startswith(rb"featherweight: 01_\xe9.ipynb is not a whole notebook")
