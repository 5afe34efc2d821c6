"""What GRADING.md tells an instructor to do works."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from featherweight import cli
from featherweight.export.write import KINDS

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "GRADING.md").read_text(encoding="utf-8")
SCRIPTS = re.findall(r"```sh\n(#!.*?)```", TEXT, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_every_export_is_in_its_table():
    assert sorted(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == sorted(KINDS)


def test_the_repository_is_the_one_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"git+{project['urls']['Repository']}\n" in SCRIPTS[0]


def test_every_option_exists(capsys):
    shown = ""
    for command in ("report", "export"):
        assert cli.main([command, "--help"]) == 0
        shown += capsys.readouterr().out
    for option in ("--roster", "--attempts", "--late-off", "--private", "--to", "--out"):
        assert option in TEXT and option in shown


@pytest.mark.parametrize("script", SCRIPTS, ids=["setup", "run"])
def test_scripts_are_bash(script):
    done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_private_file_is_taken(tmp_path):
    from featherweight.grading.private import read_book

    (tmp_path / "mine.py").write_text(PYTHON[0])
    [extended] = [one for one in read_book(tmp_path / "mine.py") if one.name == "soft_threshold"]
    assert extended.cases(0)[-1]["threshold"] == 1.0


STAND_IN = """#!/usr/bin/env bash
if [ "$1" != grade ]; then exec "{python}" -m featherweight "$@"; fi
test -d "$2/student" && mkdir -p "$4" && cp "{gradebook}" "$4/"
"""


@pytest.mark.slow
def test_the_gradescope_recipe_makes_a_result(made_up, tmp_path):
    """Grading itself is replaced by a gradebook made up beforehand; the rest of the script runs as it stands."""
    from featherweight.grading.gradebook import FILE_NAME, Gradebook

    with Gradebook(tmp_path / "made") as book:
        book.keep([made_up.record("student", made_up.result("double"), sandboxed=False)], "c")
    root = tmp_path / "autograder"
    for folder in ("submission", "environment/bin", "source"):
        (root / folder).mkdir(parents=True)
    command = root / "environment" / "bin" / "featherweight"
    command.write_text(STAND_IN.format(gradebook=tmp_path / "made" / FILE_NAME, python=sys.executable))
    command.chmod(0o755)
    script = SCRIPTS[1].replace("/autograder", str(root))
    subprocess.run(
        ["bash"], input=script, text=True, env={**os.environ, "TMPDIR": str(tmp_path)}, timeout=120, check=True
    )
    result = json.loads((root / "results" / "results.json").read_text("utf-8"))
    assert (result["score"], result["output"]) == (3.0, "Graded without a sandbox.")
