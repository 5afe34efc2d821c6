"""A notebook as data: found whatever some tool did to it, unreadable with a reason else, and never slow or fatal."""

import ast
import json
import runpy
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import nbformat
import pytest

from featherweight.exercises import catalogue
from featherweight.grading import submission
from featherweight.grading.handed import Handed
from featherweight.grading.submission import MAX_CODE, MAX_PARTS, read_submission

GIVEN = runpy.run_path(str(Path(__file__).with_name("handing_in.py")))
FIRST, MANGLED, NAMES, RIGHT = (GIVEN[name] for name in ("FIRST", "MANGLED", "NAMES", "RIGHT"))
as_bytes, workbook = GIVEN["as_bytes"], GIVEN["workbook"]
BOOK = catalogue()
ROOT = Path(__file__).parents[2]


def taken(data, path=f"ada/{FIRST}"):
    return read_submission(Handed("ada", path, data), BOOK)


def states(found):
    return {entry.exercise.name: entry.state for entry in found.entries}


def defined(found):
    """What the cells define in the end, as syntax trees."""
    trees = [node for cell in found.cells for node in ast.parse(cell).body if isinstance(node, ast.FunctionDef)]
    return {tree.name: ast.dump(tree) for tree in trees}


def loose(*sources, **more):
    """A notebook of a few cells without ids."""
    cells = [
        {"cell_type": "code", "source": one, "metadata": {}, "outputs": [], "execution_count": 1} for one in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more}).encode()


@pytest.mark.parametrize("how", MANGLED)
def test_a_mangled_notebook_is_read_as_the_clean_one(how):
    clean, found = taken(as_bytes(workbook(RIGHT))), taken(as_bytes(MANGLED[how](workbook(RIGHT))))
    assert (found.problem, found.lesson, found.flags) == ("", 1, ())
    assert states(found) == dict.fromkeys(NAMES, "started")
    assert defined(found) == defined(clean)
    assert set(defined(clean)) == set(NAMES)


@pytest.mark.parametrize("how", MANGLED)
def test_an_untouched_one_is_not_started_and_runs_nothing(how):
    found = taken(as_bytes(MANGLED[how](workbook())))
    if how != "checked in place":
        assert states(found) == dict.fromkeys(NAMES, "not started")
        assert set(found.cells) <= {"import math as m"}


def test_a_byte_order_mark_a_new_name_and_deleted_cells():
    notebook = workbook(RIGHT)
    notebook.cells = [cell for cell in notebook.cells if cell.id != NAMES[0]]
    found = taken(b"\xef\xbb\xbf" + as_bytes(notebook), "ada/my homework FINAL.ipynb")
    assert states(found) == {name: "missing" if name == NAMES[0] else "started" for name in NAMES}


def test_the_learner_s_own_cells_count_in_their_order():
    notebook = workbook({NAMES[0]: f"def {NAMES[0]}(*a):\n    return helper(*a)"})
    notebook.cells.insert(3, type(notebook.cells[0])(cell_type="code", source="helper = max", metadata={}, outputs=[]))
    assert taken(as_bytes(notebook)).cells == ("helper = max", f"def {NAMES[0]}(*a):\n    return helper(*a)")


def test_without_released_workbooks_stripped_cells_are_harmless_extras(tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "RELEASED", (tmp_path / "none",))
    found = taken(as_bytes(MANGLED["stripped"](workbook(RIGHT))))
    assert states(found) == dict.fromkeys(NAMES, "started") and found.flags == ()
    assert len(found.cells) > len(NAMES)


def test_an_installed_package_knows_the_book_s_own_cells(tmp_path, monkeypatch):
    places = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    [(source, target)] = [(source, target) for source, target in places["sources"].items() if target]
    assert (submission.PACKAGE.parent / target, ROOT / source) == submission.RELEASED
    monkeypatch.setattr(submission, "RELEASED", (shutil.copytree(ROOT / source, tmp_path / target), tmp_path))
    assert set(taken(as_bytes(MANGLED["stripped"](workbook(RIGHT)))).cells) == {RIGHT[name] for name in NAMES}


def test_what_the_instructor_typed_into_the_checkout_is_not_the_book_s(tmp_path, monkeypatch):
    notebook = workbook(RIGHT)
    notebook.cells.append(nbformat.v4.new_code_cell("import numpy as np"))
    (tmp_path / FIRST).write_bytes(as_bytes(notebook))
    monkeypatch.setattr(submission, "RELEASED", (tmp_path,))
    found = taken(as_bytes(MANGLED["stripped"](notebook)))
    assert set(found.cells) == {*(RIGHT[name] for name in NAMES), "import numpy as np"}


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("%matplotlib inline", "pass"),
        ("    !ls", "    pass"),
        ("torch.ones?", "pass"),
        ("x = %pwd", "pass"),
        ("y = 1  # like this?", "y = 1  # like this?"),
        ("y = (7\n     % 2)", "y = (7\n     pass"),
    ],
)
def test_lines_for_jupyter_do_nothing(line, kept):
    cell = f"{line}\ndef gradient_descent(:"
    assert taken(loose(f"{line}\n!x\ndef gradient_descent(a):\n  return 1")).cells[0].startswith(kept)
    assert submission._plain(cell).splitlines()[0] == kept.splitlines()[0]


def test_python_stays_as_it_is():
    cell = "def gradient_descent(a):\n    b = (a\n    % 2)\n    return b  # right?"
    assert taken(loose(cell)).cells == (cell,)


@pytest.mark.parametrize("place", ["answer", "own cell"])
def test_imports_of_the_book_s_techniques_are_flagged(place):
    borrowed = "from featherweight.optimizers.descent import gradient_descent as it"
    notebook = workbook(
        {NAMES[0]: f"{borrowed}\ndef {NAMES[0]}(*a):\n    return it(*a)"} if place == "answer" else RIGHT
    )
    if place == "own cell":
        notebook.cells.append(type(notebook.cells[0])(cell_type="code", source=borrowed, metadata={}, outputs=[]))
    assert taken(as_bytes(notebook)).flags == ("imports the book's own techniques",)


WHOLE = as_bytes(workbook(RIGHT))
UNREADABLE = {
    "cut": (WHOLE[: len(WHOLE) // 2], "is not a whole notebook"),
    "empty": (b"", "is not a whole notebook"),
    "nul": (bytes(100), "is not a whole notebook"),
    "binary": (bytes(range(256)) * 9, "is not a whole notebook"),
    "no cells": (b'{"cells": 1}', "it is JSON, and holds no cells"),
    "deep": (b'{"cells": ' + b"[" * 90_000, "is not a whole notebook"),
    "another book": (loose("x = 1"), "it has no exercise of the book in it"),
    "too much code": (loose("x = 1\n" * MAX_CODE), "it has more than 250,000 characters of code"),
    "too many parts": (b'{"cells": [' + b"{}," * MAX_PARTS + b"{}]}", "it has more than 100,000 brackets"),
    "not there": ("it is a link", "it is a link"),
    "surrogate": (loose("def gradient_descent(a):\n  return '\udc80'"), "is not a whole notebook"),
    "no text": (loose(17), "is not a whole notebook"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_unreadable_says_why(name):
    data, reason = UNREADABLE[name]
    found = taken(data)
    assert reason in found.problem and found.problem.count("\n") == 0 and FIRST not in found.problem
    found.problem.encode()


HEAD = "def gradient_descent(a):\n    return "
MANY = MAX_CODE // 4
HOSTILE = {
    "open brackets": HEAD + "(" * MANY,
    "brackets": HEAD + "[" * MANY + "]" * MANY,
    "a long sum": HEAD + "+".join("1" * MANY),
    "signs": HEAD + "-" * MANY + "1",
    "calls": HEAD + "a" + "()" * MANY,
    "comparisons": HEAD + "1<" * MANY + "1",
    "a long line": HEAD + "'" + "x" * 3 * MANY + "'",
    "a long number": HEAD + "9" * 5000,
    "a long number in hexadecimal": HEAD + "0x" + "f" * 5000,
    "null bytes": HEAD + "1\0",
    "question marks": HEAD + "(\n" + "? " * MANY,
    "blank lines": HEAD + "(\n?" + "\n" * 3 * MANY + "a",
    "words": HEAD + "(\n" + "a." * MANY + "?x",
    "braces": HEAD + "f'" + "{" * MANY + "'",
    "definitions": "def gradient_descent(a):\n  pass\n" * (MANY // 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_source_costs_little_and_ends_nothing(name):
    start = time.monotonic()
    found = taken(loose(HOSTILE[name]))
    assert time.monotonic() - start < 6
    assert found.problem in ("", "its code is nested too deeply to be read")
    assert states(found).get("gradient_descent", "started") == "started"


@pytest.mark.slow
def test_reading_notebooks_builds_no_grammar():
    code = "import sys, featherweight.grading.submission\nprint('nbformat' in sys.modules, 'lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "True False\n"
