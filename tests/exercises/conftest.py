"""A small book on disk: one lesson of three exercises as a workbook pair with its manifest, as the build writes it."""

import hashlib
import json
from types import SimpleNamespace

import jupytext
import nbformat
import pytest
from nbformat import v4

from featherweight.exercises import by_name
from featherweight.exercises.check import judge
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.source import stub_source
from featherweight.optimizers import descent, stability

STEM = "01_gradient_descent"
ANSWERS = {
    "gradient_descent": "def gradient_descent(gradient, start, learning_rate, steps):\n    return start  # mine",
    "largest_stable_rate": "def largest_stable_rate(hessian):\n    # I think so\n    return 0.5",
    "mended_clip": "def mended_clip(gradient, max_norm):\n    return gradient / max_norm",
}


def overlong(gradient, max_norm):
    """The bug hunt's function."""
    return gradient * max_norm  # always scaled


def _exercise(name, reference, **more):
    return Exercise(
        name=name,
        lesson=1,
        points=2,
        minutes=5,
        difficulty=1,
        reference=reference,
        cases=lambda seed: [],
        compare=close(),
        returns="",
        oracle="",
        misconceptions=(),
        hints=("", "", ""),
        **more,
    )


BOOK = (
    _exercise("gradient_descent", descent.gradient_descent),
    _exercise("largest_stable_rate", stability.largest_stable_rate),
    _exercise("mended_clip", descent.clip_gradient, starts_from=overlong),
)


def _exercise_cells(exercise):
    def marks(grade_id, solution):
        return {
            "nbgrader": {
                "grade_id": grade_id,
                "grade": not solution,
                "locked": not solution,
                "schema_version": 3,
                "solution": solution,
                "task": False,
            }
        }

    name = exercise.name
    return [
        v4.new_code_cell(stub_source(exercise), id=name, metadata=marks(name, True)),
        v4.new_code_cell(f"{name} = check({name})", id=f"check-{name}", metadata=marks(f"check-{name}", False)),
    ]


def fresh_notebook():
    """Today's workbook as generated."""
    cells = [
        v4.new_markdown_cell("# Gradient descent", id="01-000"),
        v4.new_code_cell("import math\n\nfrom featherweight import check", id="01-001"),
        *(cell for exercise in BOOK for cell in _exercise_cells(exercise)),
        v4.new_code_cell("rate = 0.1\nprint(rate)", id="01-002"),
        v4.new_markdown_cell("## Recap\n\nYou can step downhill.", id="01-003"),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "jupytext": {"formats": "ipynb,py:percent"}})


def answered_notebook(**texts):
    """Yesterday's workbook: some exercises answered (default: all three as in ANSWERS), and a note of the learner's."""
    notebook = fresh_notebook()
    for cell in notebook.cells:
        cell.source = (texts or ANSWERS).get(cell.id, cell.source)
    notebook.cells.insert(4, v4.new_markdown_cell("My note: small steps.", id="a1b2c3d4"))
    return notebook


def to_ipynb(notebook) -> bytes:
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()


def to_py(notebook) -> bytes:
    return jupytext.writes(notebook, fmt="py:percent").encode()


def texts_of(path) -> list[str]:
    return [cell.source for cell in jupytext.read(path).cells]


@pytest.fixture
def book(tmp_path):
    """A learner's folder with today's fresh pair, and the helpers of this file."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    fresh = fresh_notebook()
    ipynb, py = folder / f"{STEM}.ipynb", folder / f"{STEM}.py"
    ipynb.write_bytes(to_ipynb(fresh))
    py.write_bytes(to_py(fresh))
    mark = hashlib.sha256(json.dumps([(cell.cell_type, cell.source) for cell in fresh.cells]).encode()).hexdigest()
    manifest = {f"notebooks/{ipynb.name}": mark, f"notebooks/{py.name}": mark, f"solutions/{ipynb.name}": "other"}
    (folder / "generated.json").write_text(json.dumps(manifest))
    return SimpleNamespace(
        folder=folder,
        ipynb=ipynb,
        py=py,
        exercises=BOOK,
        answers=ANSWERS,
        fresh=fresh_notebook,
        answered=answered_notebook,
        to_ipynb=to_ipynb,
        to_py=to_py,
        texts_of=texts_of,
        in_both=lambda text: [any(text in source for source in texts_of(path)) for path in (ipynb, py)] == [True, True],
    )


@pytest.fixture
def line_on():
    """(exercise, misconception), both by name → what its owner is told in one line."""

    def line(name, misconception):
        exercise = by_name(name)
        return judge(exercise, next(m.wrong for m in exercise.misconceptions if m.name == misconception)).line

    return line


@pytest.fixture
def handed_over():
    """A bug hunt → the state of its function as handed over, and the misconception of a learner's own that does it."""

    def said(exercise, *seed):
        def retyped(*case):
            return exercise.starts_from(*case)

        return judge(exercise, exercise.starts_from).state, judge(exercise, retyped, *seed).misconception

    return said
