"""Solution text in a learner's file is found in whatever style it comes; a lesson's own words are not taken for it."""

import json

import nbformat
import pytest

from featherweight.authoring import lesson, notebook
from featherweight.authoring.leaks import leaks

SOURCE = """def tiny_norm(values, power):
    total = sum(abs(value) ** power for value in values)
    return math.pow(total, 1.0 / power)"""


def found(project, content, name="notebooks/01_tiny.py") -> list[str]:
    return leaks(name, content, project.exercises)


def quoted(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def as_notebook(cell) -> str:
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))


def as_output(**output) -> str:
    return as_notebook(nbformat.v4.new_code_cell("f()", outputs=[nbformat.v4.new_output(**output)]))


RENAMED = """def mine(xs, p):
    s = sum(abs(x) ** p for x in xs)
    return math.pow(s, 1.0 / p)"""
REFORMATTED = (
    "def f():\n  total=sum( abs( value )**power\n     for value in values )\n  return math . pow(total,1.0/power)"
)
STYLES = {
    "as it stands": SOURCE,
    "in comments": quoted(SOURCE),
    "in a quoted comment of the twin": quoted(quoted(SOURCE)),
    "half of it": "total = sum(abs(value) ** power for value in values)",
    "under other names": RENAMED,
    "under other names in a notebook": as_notebook(nbformat.v4.new_code_cell(RENAMED)),
    "spaced and wrapped": REFORMATTED,
    "without its assignment": "print(sum(abs(value) ** power for value in values))",
    "in prose": as_notebook(nbformat.v4.new_markdown_cell(f"```python\n{SOURCE}\n```")),
    "in what a cell prints": as_output(output_type="stream", text=SOURCE),
    "in a value": as_output(output_type="execute_result", data={"text/plain": repr(SOURCE)}),
    "in a traceback": as_output(output_type="error", ename="E", evalue="", traceback=SOURCE.splitlines()),
    "in metadata": as_notebook(nbformat.v4.new_code_cell("f()", metadata={"old": SOURCE})),
    "in an attachment's name": as_notebook(nbformat.v4.new_markdown_cell("", metadata={"a": {"b": [SOURCE]}})),
    "in code that does not parse": SOURCE + "\n!ls (",
}


@pytest.mark.parametrize("content", STYLES.values(), ids=STYLES)
def test_a_solution_is_found(project, content):
    assert found(project, content) == [
        "notebooks/01_tiny.py: gives away the solution of 'tiny_norm'; take it out of the lesson."
    ]


INNOCENT = {
    "a shared statement": "total = 0\nreturn total",
    "other mathematics": "x = sum(abs(v) for v in values)\ny = math.pow(x, 2.0)",
    "prose": "The sum of the absolute values, each to the power, then the root.",
    "no text": "",
    "not a notebook": json.dumps({"cells": 3}),
}


@pytest.mark.parametrize("content", INNOCENT.values(), ids=INNOCENT)
def test_what_is_no_solution_is_let_be(project, content):
    assert found(project, content) == []


def test_the_generated_workbook_and_its_twin_leak_nothing(project):
    workbook = notebook.notebook_bytes(notebook.learner(lesson.read(project.source), project.exercises))
    assert found(project, workbook.decode()) == []
    assert found(project, notebook.twin(workbook).decode()) == []


def test_the_solved_notebook_gives_everything_away(project):
    solved = notebook.notebook_bytes(notebook.solved(lesson.read(project.source), project.exercises))
    assert len(found(project, solved.decode())) == 2


def test_a_mended_bug_hunt_is_found(project):
    workbook = notebook.notebook_bytes(notebook.learner(lesson.read(project.source), project.exercises)).decode()
    mended = workbook.replace("len(values) + 1", "len(values)")
    assert mended != workbook
    assert [line for line in found(project, mended) if "mended_tiny_mean" in line]


def test_a_bug_hunt_that_hands_over_another_exercises_answer_is_found(project):
    text = "def wrong(values):\n    return sum(abs(value) ** power for value in values)\n"
    spoiled = project.with_exercise(1, starts_from=project.technique(text, "wrong"))
    workbook = notebook.notebook_bytes(notebook.learner(lesson.read(project.source), spoiled.exercises)).decode()
    assert [line for line in found(spoiled, workbook) if "'tiny_norm'" in line]


@pytest.mark.parametrize(
    ("lesson_number", "leaked"), [(1, True), (2, True), (0, False)], ids=["own", "a later one's", "an earlier one's"]
)
def test_importing_an_answer_is_found(project, lesson_number, leaked):
    own = project.with_exercise(0, lesson=lesson_number).exercises[:1]
    content = "def f():\n    from tiny_technique import tiny_norm as help\n"
    assert bool(leaks("notebooks/01_tiny.py", content, own)) is leaked


def test_a_one_line_solution_counts_as_a_whole(project):
    short = project.technique("def area(a, b):\n    return a * b\n", "area")
    spoiled = project.with_exercise(0, reference=short)
    assert "'tiny_norm'" in found(spoiled, "def f(a, b):\n    return a * b")[0]
    assert found(spoiled, "b = 3\nreturn_a = 2") == []
