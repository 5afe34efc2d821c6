"""Answers are found in whatever state a notebook comes back, and "started" means that there is something to lose."""

import json
import random

import nbformat
import pytest
from nbformat import v4

from featherweight.exercises.answers import answers
from featherweight.exercises.workbook import parse, read


def _strip_metadata(notebook):
    for number, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.NotebookNode()
        cell.id = f"x{number}"
    return notebook


def _strip_ids_only(notebook):
    for number, cell in enumerate(notebook.cells):
        cell.id = f"x{number}"
    return notebook


def _strip_marks_only(notebook):
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
    return notebook


def _reorder(notebook):
    random.Random(0).shuffle(notebook.cells)
    return notebook


def _duplicate(notebook):
    notebook.cells += [
        v4.new_code_cell(cell.source, metadata=cell.metadata) for cell in notebook.cells if cell.cell_type == "code"
    ]
    return notebook


def _split(notebook):
    index, cell = next((i, cell) for i, cell in enumerate(notebook.cells) if cell.id == "gradient_descent")
    notebook.cells.insert(index, v4.new_code_cell("half = 0.5", metadata=cell.metadata))
    return notebook


def _version_3(notebook):
    sheet = {"cells": [], "metadata": {}}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            sheet["cells"].append(
                {"cell_type": "code", "input": cell.source, "language": "python", "outputs": [], "metadata": {}}
            )
        else:
            sheet["cells"].append({"cell_type": "markdown", "source": cell.source, "metadata": {}})
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}).encode()


def _as_old(notebook):
    """nbformat 4.4: cells have no ids."""
    content = json.loads(nbformat.writes(_strip_metadata(notebook)))
    for cell in content["cells"]:
        del cell["id"]
    return json.dumps({**content, "nbformat_minor": 4}).encode()


def _as_windows(notebook):
    return b"\xef\xbb\xbf" + nbformat.writes(notebook).replace("\n", "\r\n").encode()


CHANGES = [
    _strip_metadata,
    _strip_ids_only,
    _strip_marks_only,
    _reorder,
    _duplicate,
    _split,
    _version_3,
    _as_old,
    _as_windows,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_answers_are_found_in_a_changed_notebook(book, change):
    changed = change(book.answered())
    data = changed if isinstance(changed, bytes) else book.to_ipynb(changed)
    found = answers(parse(data, "renamed.ipynb"), book.exercises)
    assert list(found) == [exercise.name for exercise in book.exercises]
    for name, text in book.answers.items():
        assert text in found[name].own


def test_answers_are_found_in_the_twin_and_in_a_plain_script(book):
    for data in (book.to_py(book.answered()), "\n\n\n".join(book.answers.values()).encode()):
        found = answers(parse(data, "mine.py"), book.exercises)
        assert all(text in "\n".join(found[name].own) for name, text in book.answers.items())


def test_a_fresh_workbook_has_a_cell_for_each_and_none_started(book):
    found = answers(read(book.ipynb), book.exercises)
    assert [(answer.name, answer.started) for answer in found.values()] == [
        (each.name, False) for each in book.exercises
    ]


@pytest.mark.parametrize(
    ("text", "started"),
    [
        pytest.param("", False, id="emptied"),
        pytest.param("def largest_stable_rate(hessian):\n    raise NotImplementedError()", False, id="nbgrader's stub"),
        pytest.param("def largest_stable_rate(hessian):\n    ...", False, id="an ellipsis"),
        pytest.param("# 2 / L?\ndef largest_stable_rate(hessian):\n    ...", True, id="a thought in a comment"),
        pytest.param("# only a comment", True, id="a comment alone"),
        pytest.param("def largest_stable_rate(hessian):\n    ...\n\nx = 1", True, id="a stub and more"),
        pytest.param("def largest_stable_rate(hessian:", True, id="not Python yet"),
    ],
)
def test_started_means_that_something_would_be_lost(book, text, started):
    notebook = book.answered(largest_stable_rate=text)
    assert answers(notebook, book.exercises)["largest_stable_rate"].started is started


def test_a_bug_hunt_starts_with_its_first_change(book):
    hunt = next(cell for cell in book.fresh().cells if cell.id == "mended_clip")
    assert answers(book.fresh(), book.exercises)["mended_clip"].started is False
    changed = book.answered(mended_clip=hunt.source.replace("*", "/"))
    assert answers(changed, book.exercises)["mended_clip"].started is True


def test_an_answer_to_an_exercise_unknown_today_is_found(book):
    found = answers(book.answered(), book.exercises[:1])
    assert found["mended_clip"].own == (book.answers["mended_clip"],)
