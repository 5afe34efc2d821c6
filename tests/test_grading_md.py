"""What GRADING.md tells an instructor to do works."""

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
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


COMMAND = """#!/bin/sh
exec "{python}" -m featherweight "$@"
"""
TOP = {"score", "output", "output_format", "visibility", "stdout_visibility", "extra_data", "tests"}
NUMBERS, TEXTS = {"score", "max_score"}, {"name", "number", "status", "output", "output_format", "visibility"}


def faults(result):
    """What Gradescope would not take (gradescope-autograders.readthedocs.io, Autograder Specifications)."""
    found = sorted(set(result) - TOP)
    found += [] if isinstance(result["score"], int | float) else ["score"]
    found += [] if {result["visibility"], result["stdout_visibility"]} <= {"visible", "hidden"} else ["visibility"]
    for test in result["tests"]:
        found += sorted(set(test) ^ (NUMBERS | TEXTS))
        found += [name for name in NUMBERS if not isinstance(test[name], int | float)]
        found += [name for name in TEXTS if not isinstance(test[name], str)]
        wrong = test["status"] not in ("passed", "failed") or test["output_format"] != "text"
        found += ["status or format"] if wrong or test["score"] > test["max_score"] else []
    return found


@pytest.fixture
def autograder(tmp_path):
    """Gradescope's folders, made of the zip as it makes them: `autograder(files)` runs it and gives the result."""
    root, pack = tmp_path / "autograder", tmp_path / "autograder.zip"
    with zipfile.ZipFile(pack, "w") as made:
        for name, text in zip(("setup.sh", "run_autograder", "seed.txt"), (*SCRIPTS, "nobody guesses"), strict=True):
            made.writestr(name, text.replace("/autograder", str(root)))
    with zipfile.ZipFile(pack) as made:
        made.extractall(root / "source")
    command = root / "environment" / "bin" / "featherweight"
    command.parent.mkdir(parents=True)
    command.write_text(COMMAND.format(python=sys.executable))
    command.chmod(0o755)

    def handed_in(files):
        for name, data in files.items():
            (root / "submission").mkdir(exist_ok=True)
            (root / "submission" / name).write_bytes(data)
        own = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": f"{ROOT / 'src'}:{os.environ['PYTHONPATH']}"}
        subprocess.run(["bash", root / "source" / "run_autograder"], cwd=root, env=own, timeout=200, check=True)
        return json.loads((root / "results" / "results.json").read_text("utf-8"))

    return handed_in


@pytest.mark.slow
def test_the_gradescope_recipe_grades(autograder):
    given = runpy.run_path(str(ROOT / "tests" / "grading" / "handing_in.py"))
    first, second = given["NAMES"][:2]
    answers = {first: given["RIGHT"][first], second: f"def {second}(hessian):\n    return 0.0"}
    result = autograder({given["FIRST"]: given["as_bytes"](given["workbook"](answers))})
    assert faults(result) == []
    assert (result["score"], result["output"]) == (3.0, "Graded without a sandbox.")
    assert [test["score"] for test in result["tests"]] == [3.0, 0.0, 0.0, 0.0, 0.0]
    assert faults({**result, "rank": 1, "tests": [{**result["tests"][0], "score": 9, "name": 1}]}) == [
        *("rank", "name", "status or format"),
    ]


def test_the_gradescope_recipe_says_that_there_is_no_notebook(autograder):
    result = autograder({"essay.pdf": b"%PDF"})
    assert result == {"score": 0, "output": "There is no notebook in what you handed in: wanted .ipynb."}
