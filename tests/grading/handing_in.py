"""Notebooks as students hand them in: today's workbook with answers, and every way of mangling it."""

import copy
import json
import uuid
from pathlib import Path

import nbformat

from featherweight.exercises import catalogue
from featherweight.exercises.source import function_source, stub_source

WORKBOOKS = Path(__file__).parents[2] / "notebooks"
FIRST = "01_gradient_descent.ipynb"
LESSONS = [path.name for path in sorted(WORKBOOKS.glob("*.ipynb"))]
NAMES = [exercise.name for exercise in catalogue() if exercise.lesson == 1]
RIGHT = {one.name: function_source(one.reference, one.name) for one in catalogue()}
STUBS = {one.name: stub_source(one) for one in catalogue()}


def workbook(answers=None, name=FIRST):
    """A released workbook with answers by the exercise's name."""
    notebook = nbformat.read(WORKBOOKS / name, 4)
    for cell in notebook.cells:
        cell.source = (answers or {}).get(cell.id, cell.source)
    return notebook


def as_bytes(notebook):
    return json.dumps(notebook).encode()


def hand_in(root, student, answers=None, name=FIRST):
    """Write a student's notebook."""
    (root / student).mkdir(parents=True, exist_ok=True)
    (root / student / name).write_bytes(as_bytes(workbook(answers, name)))


def new_ids(notebook):
    for cell in notebook.cells:
        cell.id = uuid.uuid5(uuid.NAMESPACE_URL, cell.id).hex[:8]
        cell.metadata = nbformat.NotebookNode()
    return notebook


def duplicated(notebook):
    notebook.cells = [twin for cell in notebook.cells for twin in (cell, copy.deepcopy(cell))]
    return notebook


def stub_again(notebook):
    """The untouched stubs once more, at the end."""
    stubs = [copy.deepcopy(cell) for cell in notebook.cells if cell.id in STUBS]
    for cell in stubs:
        cell.source = STUBS[cell.id]
    notebook.cells += stubs
    return notebook


def backwards(notebook):
    notebook.cells.reverse()
    return notebook


def split(notebook):
    """Every answer in two cells of one id, as splitting leaves them."""
    cells = []
    for cell in notebook.cells:
        if cell.id in RIGHT:
            first = copy.deepcopy(cell)
            first.source = "import math as m"
            cells.append(first)
        cells.append(cell)
    notebook.cells = cells
    return notebook


def checked_in_place(notebook):
    for cell in notebook.cells:
        if cell.id in RIGHT:
            cell.source = (
                f"%%time\n%matplotlib inline\n!ls\n{cell.source}\n\n{cell.id} = check({cell.id})\nhint('x')\n?print"
            )
    return notebook


def windows(notebook):
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    return notebook


def old(notebook):
    """nbformat 3, which has worksheets and no ids."""
    return nbformat.convert(notebook, 3)


MANGLED = {
    "clean": lambda notebook: notebook,
    "duplicated": duplicated,
    "stubs again": stub_again,
    "backwards": backwards,
    "split": split,
    "stripped": new_ids,
    "checked in place": checked_in_place,
    "windows": windows,
    "nbformat 3": old,
}
