"""The card in a real JupyterLab, in a real browser: drawn, moved, asked, saved, reopened, embedded."""

import json
import time

import nbconvert
import nbformat
import pytest

from featherweight.bench.browser import STEP_SECONDS
from featherweight.widgets import ravine

pytestmark = pytest.mark.browser

CELLS = [
    'import os\nos.environ["FEATHERWEIGHT_PROGRESS"] = "featherweight-progress.json"',
    "from featherweight.widgets import *\nasked = ravine()\nasked",
    "card = ravine(ask=None)\ncard",
    "print(card.rate, card.condition, asked.answer, asked.revealed)",
    "card.rate = 0.01",
    "from featherweight.optimizers.descent import gradient_descent\nravine(gradient_descent, ask=None)",
    "def mine(gradient, start, rate, steps):\n    return start if rate > 0.1 else 1 / 0\nravine(mine, ask=None)",
    "schedule_drawer(ask=None)",
    "pruning_cliff(ask=None)",
    "sensitivity_map(ask=None)",
    "latency_vs_sparsity(ask=None)",
]
EDGES = 100  # more pixels than the edges of letters leave in the ghost's grey
PIXELS = """(canvas) => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0, grey = 0;
  for (let i = 0; i < data.length; i += 4) {
    sum = (31 * sum + 3 * data[i] + 5 * data[i + 1] + 7 * data[i + 2]) % 2147483647;
    grey += data[i] === 140 && data[i + 1] === 140 && data[i + 2] === 140;
  }
  return { sum, grey };
}"""
COLOURS = """(canvas) => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let i = 0; i < data.length; i += 4) count += Math.abs(data[i] - data[i + 2]) > 30;
  return count;
}"""
QUICK_CLICKS = """async (card, milliseconds) => {
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const click = (name) => [...card.querySelectorAll("button")].find((button) => button.textContent === name).click();
  click("on the edge");
  await wait(milliseconds);
  click("diverges");
  const text = card.querySelector(".fw-text"), said = new Set([text.textContent]);
  for (let i = 0; i < 40; i += 1) {
    await wait(5);
    said.add(text.textContent);
  }
  return [...said];
}"""
CONTRAST = """(card) => {
  const light = (text) => {
    const channels = text.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255);
    const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const back = light(getComputedStyle(card).backgroundColor);
  const nodes = [...card.querySelectorAll("label, output, button, .fw-said")];
  return Math.min(...nodes.map((node) => {
    const front = light(getComputedStyle(node).color);
    return Math.max(front, back) / Math.min(front, back);
  }));
}"""


def pixels(card):
    return card.locator("canvas").evaluate(PIXELS)


def says(card):
    return card.locator(".fw-text").inner_text()


def wait_for(card, text):
    card.locator(".fw-text", has_text=text).wait_for()


def wait_until(holds):
    until = time.monotonic() + STEP_SECONDS
    while not holds():
        assert time.monotonic() < until, f"not within {STEP_SECONDS} s"
        time.sleep(0.1)


def fits(card):
    box = card.bounding_box()
    return box["width"] <= 800 and box["height"] <= 360


@pytest.fixture(scope="module")
def notebook(open_notebook):
    opened = open_notebook("card.ipynb", CELLS)
    opened.run(0)
    return opened


@pytest.fixture
def card(notebook):
    """A table card at its start, its slider in focus."""
    notebook.run(2)
    found = notebook.card(2)
    found.get_by_label("Learning rate").focus()
    yield found
    assert notebook.errors == []


def test_question_comes_first_and_its_answer_is_kept(notebook, lab):
    notebook.run(1)
    card = notebook.card(1)
    assert fits(card) and not card.locator(".fw-controls").is_visible() and pixels(card)["grey"] < EDGES
    empty = pixels(card)
    show = card.get_by_role("button", name="Show me")
    assert show.is_disabled()
    card.get_by_label("It zigzags, but arrives").check()
    card.get_by_label("fairly sure").check()
    show.click()
    wait_for(card, "diverged at step 7")
    assert fits(card) and pixels(card) != empty
    assert "You said “It zigzags, but arrives” (fairly sure). It is: It flies out of the valley." in card.inner_text()
    progress = lab.folder / "featherweight-progress.json"
    wait_until(progress.exists)  # the browser shows the answer at once; the kernel writes it when it gets to it
    assert "ravine-edge" in json.dumps(json.loads(progress.read_text(encoding="utf-8")))
    assert notebook.errors == []


def test_question_is_not_asked_twice(notebook):
    notebook.run(1)
    card = notebook.card(1)
    assert "You said “It zigzags, but arrives”" in card.inner_text() and says(card).startswith("Rate 0.1")


def test_question_can_be_skipped(open_notebook):
    notebook = open_notebook("skip.ipynb", ["from featherweight.widgets import schedule_drawer\nschedule_drawer()"])
    notebook.run(0)
    card = notebook.card(0)
    card.get_by_role("button", name="Skip").click()
    assert "Skipped. Answer: The cosine." in card.inner_text() and fits(card)
    assert notebook.errors == []


def test_veil_covers_the_answer(open_notebook):
    notebook = open_notebook("veil.ipynb", ["from featherweight.widgets import sensitivity_map\nsensitivity_map()"])
    notebook.run(0)
    card = notebook.card(0)
    veiled = card.locator("canvas").evaluate(COLOURS)
    card.get_by_role("button", name="Skip").click()
    assert veiled < 0.5 * card.locator("canvas").evaluate(COLOURS)


def test_arrow_keys_change_pixels_text_and_trait(notebook, card):
    before, active = (
        pixels(card),
        notebook.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex"),
    )
    notebook.page.keyboard.press("ArrowRight")
    wait_until(lambda: pixels(card)["sum"] != before["sum"])
    assert says(card).startswith("Rate 0.125")
    notebook.page.keyboard.press("ArrowRight")
    wait_until(lambda: pixels(card)["grey"] > 3 * EDGES)  # the run before, as a ghost
    notebook.page.wait_for_timeout(300)
    notebook.run(3)
    assert "0.16 10 {" in notebook.cell(3).inner_text()
    assert active == 2


def test_letters_do_not_reach_the_notebook(notebook, card):
    cells = notebook.page.locator(".jp-Notebook .jp-Cell").count()
    notebook.page.keyboard.press("d")
    notebook.page.keyboard.press("d")
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_presets_and_reset(card):
    start = pixels(card)
    card.get_by_role("button", name="on the edge").click()
    wait_for(card, "on the edge")
    assert pixels(card)["grey"] > 3 * EDGES
    card.get_by_role("button", name="diverges").click()
    wait_for(card, "diverged at step 7")
    card.get_by_role("button", name="Reset").click()
    wait_for(card, "Rate 0.1,")
    assert pixels(card) == start


def test_kernel_does_not_take_back_a_later_click(card):
    """Python echoes what it is told; an echo of the click before must not undo the click after it."""
    for milliseconds in range(0, 100, 2):
        (said,) = card.evaluate(QUICK_CLICKS, milliseconds)
        assert "diverged at step 7" in said


def test_python_moves_the_card(notebook, card):
    notebook.run(4)
    wait_for(card, "Rate 0.01")
    assert card.get_by_label("Learning rate").input_value() == "0"


def test_picture_has_role_label_and_live_text(card):
    canvas = card.locator("canvas")
    assert canvas.get_attribute("role") == "img" and "Ravine" in canvas.get_attribute("aria-label")
    assert card.locator(".fw-text").get_attribute("aria-live") == "polite"
    assert canvas.get_attribute("aria-describedby") == card.locator(".fw-text").get_attribute("id")
    assert card.get_by_label("Learning rate").get_attribute("aria-valuetext") == "0.1"


def test_live_card_runs_the_learners_function(notebook):
    notebook.run(5)
    card = notebook.card(5)
    wait_for(card, "Yours: loss 1.1 × 10⁻⁵")
    before = pixels(card)
    card.get_by_label("Learning rate").focus()
    for _ in range(4):
        notebook.page.keyboard.press("ArrowRight")
    wait_for(card, "Rate 0.2,")  # the latest wish is what stays
    notebook.page.wait_for_timeout(500)
    assert "Yours: loss 4.1" in says(card) and pixels(card)["sum"] != before["sum"]
    assert notebook.errors == []


def test_live_failure_is_text_in_the_card(notebook):
    notebook.run(6)
    card = notebook.card(6)
    wait_for(card, "Yours: mine raised ZeroDivisionError: division by zero.")
    card.get_by_role("button", name="on the edge").click()
    wait_for(card, "Yours: it returned shape (2,); wanted a tensor of shape (61, 2).")
    assert fits(card) and notebook.errors == []


@pytest.mark.parametrize("cell", [7, 8, 9], ids=["schedule drawer", "pruning cliff", "sensitivity map"])
def test_every_widget_draws_and_moves(notebook, cell):
    notebook.run(cell)
    card = notebook.card(cell)
    before = pixels(card)
    card.get_by_role("slider").nth(1).focus()
    notebook.page.keyboard.press("ArrowRight")
    assert pixels(card)["sum"] != before["sum"] and fits(card)
    assert notebook.errors == []


def test_a_click_in_the_picture_moves_the_sliders(open_notebook):
    """Neuron surgery: a click on the third row, and both layers shrink."""
    cells = ["from featherweight.widgets import neuron_surgery\nsurgery = neuron_surgery()\nsurgery"]
    notebook = open_notebook("click.ipynb", [*cells, "print(surgery.neuron, surgery.operation)"])
    notebook.run(0)
    card = notebook.card(0)
    card.locator("canvas").click(position={"x": 60, "y": 100})  # before the guess nothing can be clicked
    card.get_by_role("button", name="Skip").click()
    card.get_by_role("button", name="Reset").click()
    wait_for(card, "layers 6 × 4 and 3 × 6")
    card.locator("canvas").click(position={"x": 60, "y": 100})
    wait_for(card, "Neuron 3 with bias −0.4, deleted, bias folded: layers 5 × 4 and 3 × 5")
    assert card.get_by_label("Neuron", exact=True).input_value() == "2"
    card.locator("canvas").click(position={"x": 700, "y": 100})  # nothing to click there
    notebook.page.wait_for_timeout(300)
    notebook.run(1)
    assert "3 deleted, bias folded" in notebook.cell(1).inner_text()
    assert notebook.errors == []


def test_saved_notebook_keeps_picture_and_text(notebook, card):
    saved = notebook.save()
    assert "widgets" not in saved.metadata
    (output,) = saved.cells[2].outputs
    assert set(output.data) == {"image/png", "text/html", "text/plain"}
    assert output.data["text/plain"].startswith("Ravine: gradient descent in a narrow valley. Rate 0.1, κ = 10")
    page, _ = nbconvert.HTMLExporter().from_notebook_node(saved)
    assert output.data["image/png"].strip()[:200] in page.replace("\n", "")


def test_reopened_notebook_shows_the_picture(notebook):
    notebook.save()
    notebook.open()
    notebook.cell(2).locator(".jp-OutputArea img").wait_for()
    assert "model not found" not in notebook.page.inner_text("body")
    assert notebook.errors == []


def test_dark_theme_is_readable(open_notebook):
    notebook = open_notebook(
        "dark.ipynb", [CELLS[2].replace("card", "from featherweight.widgets import ravine\ncard", 1)]
    )
    notebook.command("apputils:change-theme", theme="JupyterLab Dark")
    notebook.page.wait_for_selector("[data-jp-theme-light=false]", state="attached")
    notebook.run(0)
    assert notebook.card(0).evaluate(CONTRAST) >= 4.5


def test_light_theme_is_readable(card):
    assert card.evaluate(CONTRAST) >= 4.5


def test_embedded_card_lives_without_kernel_and_network(new_page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8>{ravine().embed_html()}{ravine(ask=None).embed_html()}", "utf-8"
    )
    page, errors, requests = new_page(offline=True), [], []
    page.on("pageerror", lambda problem: errors.append(str(problem)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    page.locator(".fw-card[data-drawn]").nth(1).wait_for()
    asked, card = page.locator(".fw-card").all()
    card.get_by_label("Learning rate").focus()
    before = pixels(card)
    page.keyboard.press("ArrowRight")
    assert pixels(card)["sum"] != before["sum"] and says(card).startswith("Rate 0.125")
    asked.get_by_label("It flies out of the valley").check()
    asked.get_by_label("certain").check()
    asked.get_by_role("button", name="Show me").click()
    assert "certain): right." in asked.inner_text() and "diverged at step 7" in says(asked)
    assert errors == [] and [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []


def test_exported_html_is_live_where_embedding_is_asked_for(new_page, tmp_path, monkeypatch):
    monkeypatch.setenv("FEATHERWEIGHT_EMBED", "1")
    data, _ = ravine(ask=None)._repr_mimebundle_()
    shown = nbformat.v4.new_output("display_data", data=data)
    cell = nbformat.v4.new_code_cell("ravine()", outputs=[shown])
    exported, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    path = tmp_path / "page.html"
    path.write_text(exported, "utf-8")
    page = new_page(offline=True)
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    card = page.locator(".fw-card[data-drawn]")
    card.get_by_role("button", name="diverges").click()
    assert "diverged at step 7" in says(card)


def test_without_scripts_the_picture_shows(new_page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(ravine().embed_html(), "utf-8")
    page = new_page(java_script_enabled=False)
    page.goto(path.as_uri())
    assert page.locator("img").get_attribute("alt").startswith("Ravine")
    assert page.locator("img").bounding_box()["height"] == pytest.approx(224, abs=1)
