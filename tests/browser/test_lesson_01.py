"""Lesson 1 as its reader meets it: opened, run, played with, answered wrong, answered right."""

import shutil
from pathlib import Path

import nbformat
import pytest

from featherweight.bench.browser import Notebook

pytestmark = pytest.mark.browser

WORKBOOKS = Path(__file__).parents[2] / "notebooks"
NAME = "01_gradient_descent.ipynb"
PIXELS = "(canvas) => canvas.toDataURL()"
WRONG = """def gradient_descent(gradient, start, learning_rate, steps):
    places = [start]
    for _ in range(steps):
        places.append(places[-1] + learning_rate * gradient(places[-1]))
    return torch.stack(places)
"""
RIGHT = WRONG.replace("places[-1] + ", "places[-1] - ")
OUTPUT = """(number) => {
  const outputs = window.jupyterapp.shell.currentWidget.content.widgets[number].model.outputs;
  return outputs.length ? outputs.get(0).data["text/plain"] : "";
}"""
SET_SOURCE = """([number, source]) =>
  window.jupyterapp.shell.currentWidget.content.widgets[number].model.sharedModel.setSource(source)"""


@pytest.fixture(scope="module")
def lesson(lab, new_page):
    for path in WORKBOOKS.glob("01_*"):
        shutil.copy(path, lab.folder)
    notebook = Notebook(new_page(), lab.address, lab.folder, NAME, [])
    notebook.command("notebook:run-all-cells", seconds=300)
    yield notebook
    assert notebook.errors == []


@pytest.fixture(scope="module")
def at():
    """Cell id → its place in the workbook."""
    cells = nbformat.read(WORKBOOKS / NAME, as_version=4).cells
    places = {cell.id: number for number, cell in enumerate(cells)}
    return places | {cell.source: number for number, cell in enumerate(cells)}


def show(lesson, number):
    """Bring a cell into view: Lab draws only what is near the window."""
    scroll = "(number) => window.jupyterapp.shell.currentWidget.content.scrollToItem(number, 'center')"
    lesson.page.evaluate(scroll, number)


def verdict(lesson, at, source):
    """Type an answer into the page, run it and its check, and read what is said."""
    lesson.page.evaluate(SET_SOURCE, [at["gradient_descent"], source])
    lesson.run(at["gradient_descent"])
    lesson.run(at["check-gradient_descent"])
    show(lesson, at["check-gradient_descent"])
    note = lesson.cell(at["check-gradient_descent"]).locator("[role=note]")
    note.wait_for()
    return note


def test_every_exercise_is_not_started_and_the_lesson_runs_to_its_end(lesson, at):
    show(lesson, at["progress()"])
    lesson.cell(at["progress()"]).get_by_text("Lesson 1", exact=False).first.wait_for()
    states = [lesson.page.evaluate(OUTPUT, at[key]) for key in at if key.startswith("check-")]
    assert len(states) == 5
    assert all("not started" in state for state in states)


def test_no_cell_of_the_untouched_lesson_fails(lesson):
    failed = lesson.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets.filter((cell) => cell.model.type === "code" &&
        [...Array(cell.model.outputs.length).keys()].some((k) => cell.model.outputs.get(k).type === "error")).length"""
    )
    assert failed == 0


def test_a_prediction_is_asked_for_and_the_answer_revealed(lesson, at):
    number = at["ravine()"]
    show(lesson, number)
    card = lesson.card(number)
    card.get_by_label("It flies out of the valley").check()
    card.get_by_label("certain").check()
    card.get_by_role("button", name="Show me").click()
    assert "You said" in card.inner_text()


def test_an_arrow_key_and_a_preset_move_the_ravine(lesson, at):
    card = lesson.card(at["ravine()"])
    canvas = card.locator("canvas")
    card.get_by_label("Learning rate").focus()
    before = canvas.evaluate(PIXELS)
    lesson.page.keyboard.press("ArrowRight")
    assert canvas.evaluate(PIXELS) != before
    card.get_by_role("button", name="diverges", exact=True).click()
    card.locator(".fw-text", has_text="diverged at step").wait_for()
    card.get_by_role("button", name="Reset", exact=True).click()
    card.locator(".fw-text", has_text="Rate 0.1,").wait_for()


def test_a_wrong_answer_is_met_by_name(lesson, at):
    note = verdict(lesson, at, WRONG)
    assert "This looks like: climbing." in note.inner_text()
    assert note.locator("img").get_attribute("alt").startswith("your answer drawn over the expected one")
    note.locator("summary").first.click()
    assert "On paper, with one number" in note.inner_text()


def test_a_right_answer_passes_and_the_live_ravine_runs_it(lesson, at):
    assert "passed, 8 cases" in verdict(lesson, at, RIGHT).inner_text()
    number = at["ravine(gradient_descent)"]
    lesson.run(number)
    show(lesson, number)
    card = lesson.card(number)
    card.get_by_role("button", name="Skip").click()
    card.locator(".fw-text", has_text="Yours: loss").wait_for()


def test_the_answer_is_in_both_twins_after_saving(lesson, lab, at):
    saved = lesson.save()
    assert RIGHT.strip() in saved.cells[at["gradient_descent"]].source
    assert "places[-1] - learning_rate" in (lab.folder / NAME).with_suffix(".py").read_text(encoding="utf-8")
    bundles = [
        output.data for cell in saved.cells if cell.cell_type == "code" for output in cell.outputs if "data" in output
    ]
    assert not any("application/vnd.jupyter.widget-view+json" in data for data in bundles)
    assert sum("image/png" in data and "Ravine" in data.get("text/plain", "") for data in bundles) == 2
