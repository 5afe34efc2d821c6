"""Every lesson as its reader meets it: run untouched, its cards moved, its exercises answered."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from featherweight.bench import mistakes
from featherweight.bench.browser import Notebook
from featherweight.exercises import catalogue

pytestmark = pytest.mark.browser

WORKBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.name for path in WORKBOOKS.glob("*.ipynb"))
RUN_SECONDS = 300  # a lesson takes up to 30 on a free core
PIXELS = "(canvas) => canvas.toDataURL()"
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.type !== "code" ? [] :
  [...Array(cell.model.outputs.length).keys()].map((k) => cell.model.outputs.get(k)).map(
    (output) => output.type === "error" ? "ERROR" : String(output.data["text/plain"] ?? "")))"""
SCROLL = "(number) => window.jupyterapp.shell.currentWidget.content.scrollToItem(number, 'center')"
SET_SOURCE = """([number, source]) =>
  window.jupyterapp.shell.currentWidget.content.widgets[number].model.sharedModel.setSource(source)"""


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, lab, new_page):
    """The notebook, run untouched, with its cells and its exercises; a page without complaints at the end."""
    for path in WORKBOOKS.glob(f"{request.param[:2]}_*"):
        shutil.copy(path, lab.folder)
    notebook = Notebook(new_page(), lab.address, lab.folder, request.param, [])
    notebook.cells = nbformat.read(notebook.path, as_version=4).cells
    notebook.at = {cell.id: number for number, cell in enumerate(notebook.cells)}
    notebook.exercises = [e for e in catalogue() if e.lesson == int(request.param[:2])]
    notebook.command("notebook:run-all-cells", seconds=RUN_SECONDS)
    yield notebook
    notebook.page.context.close()
    assert notebook.errors == []


def show(lesson, number):
    """Bring a cell into view: Lab draws only what is near the window."""
    lesson.page.evaluate(SCROLL, number)


def said(lesson, exercise, source):
    """Type an answer into the page, run it and its check, and read the verdict."""
    lesson.page.evaluate(SET_SOURCE, [lesson.at[exercise.name], source])
    lesson.run(lesson.at[exercise.name])
    number = lesson.at[f"check-{exercise.name}"]
    lesson.run(number)
    show(lesson, number)
    note = lesson.cell(number).locator("[role=note]")
    note.wait_for()
    return note.inner_text()


def test_the_untouched_lesson_runs_to_its_end(lesson):
    outputs = lesson.page.evaluate(OUTPUTS)
    assert not any("ERROR" in each for each in outputs)
    assert lesson.exercises
    for exercise in lesson.exercises:
        assert "not started" in " ".join(outputs[lesson.at[f"check-{exercise.name}"]])
    places = [number for number, cell in enumerate(lesson.cells) if cell.source == "progress()"]
    assert f"Lesson {lesson.exercises[0].lesson}" in " ".join(outputs[places[-1]])


def test_every_card_moves_and_says_so(lesson):
    cards = [number for number, cell in enumerate(lesson.cells) if "widget" in cell.metadata.get("tags", ())]
    assert cards
    for number in cards:
        show(lesson, number)
        card = lesson.card(number)
        if card.get_by_role("button", name="Skip").count():
            card.get_by_role("button", name="Skip").click()
        for slider in card.locator("input[type=range]").all():
            moved(lesson, card, slider)
        for button in card.locator(".fw-presets button").all():
            button.click()
            assert re.search(r"\w", card.locator(".fw-text").inner_text())


def moved(lesson, card, slider):
    """One arrow key, and the picture is another."""
    canvas = card.locator("canvas").first
    before = canvas.evaluate(PIXELS)
    at_end = slider.evaluate("(input) => input.value === input.max")
    slider.focus()
    lesson.page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
    lesson.page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas.element_handle(), before]
    )


def test_every_exercise_meets_a_wrong_answer_by_name_and_a_right_one_with_a_pass(lesson):
    for exercise in lesson.exercises:
        for answer in (mistakes.wrong, mistakes.right):
            text, verdict = answer(exercise)
            assert verdict in said(lesson, exercise, text)
