"""No serious violation of axe-core's rules in cards, verdicts, and the pages that the book writes; light and dark."""

import runpy
from pathlib import Path

import pytest

import featherweight.widgets as widgets
from featherweight.artifact.compress.report import report_html
from featherweight.bench.accessibility import violations
from featherweight.exercises.progress_report import report
from featherweight.exercises.records import ExerciseRecord, PredictionRecord, Progress
from featherweight.exercises.verdict import STATES, Verdict
from featherweight.grading.report import write_report
from featherweight.lab.plots import png

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TESTS = Path(__file__).parents[1]
WIDGETS = runpy.run_path(str(TESTS / "widgets" / "conftest.py"))["WIDGETS"]
DARK = "--jp-layout-color1: #212121; --jp-ui-font-color1: #ffffff; --jp-border-color1: #616161"
"""JupyterLab's own dark theme, as far as a card reads it."""
THEMES = {"light": "", "dark": f":root {{ {DARK} }} body {{ background: #212121; color: #ffffff }}"}
BOTH = pytest.mark.parametrize("theme", THEMES)


def whole(*parts, theme="light", more=""):
    """A page around pieces of HTML."""
    head = f"<title>Pieces</title><style>{THEMES[theme]} {more}</style>"
    body = f"<main><h1>Pieces</h1>{''.join(parts)}</main>"
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def faults(new_page, path, theme="light", before=None):
    """The violations in a file, as a browser of that theme shows it, after `before(page)`."""
    page = new_page(color_scheme=theme, offline=True)
    page.goto(path.as_uri())
    if before:
        before(page)
    found = violations(page)
    page.context.close()
    return found


def in_folder(new_page, folder):
    """The violations in every page of a folder of HTML, in both themes: lines that begin with file and theme."""
    return [
        f"{path.relative_to(folder)}, {theme}: {line}"
        for path in sorted(folder.rglob("*.html"))
        for theme in THEMES
        for line in faults(new_page, path, theme)
    ]


@pytest.fixture(scope="module")
def cards():
    """Every card of the book as HTML without a kernel, its question not yet answered."""
    return [getattr(widgets, name)().embed_html() for name in WIDGETS]


def test_every_card_before_and_after_the_guess(new_page, cards, tmp_path):
    path = tmp_path / "cards.html"
    path.write_text(whole(*cards), "utf-8")
    page = new_page(offline=True)
    page.goto(path.as_uri())
    page.locator(".fw-card[data-drawn]").nth(len(cards) - 1).wait_for()
    asked = page.locator(".fw-ask").count()
    found = {"light, asked": violations(page)}
    dark = page.add_style_tag(content=THEMES["dark"])
    found["dark, asked"] = violations(page)
    page.evaluate("() => document.querySelectorAll('.fw-ask button[type=button]').forEach((each) => each.click())")
    assert asked > 0 and page.locator(".fw-ask").count() == 0
    found["dark, shown"] = violations(page)
    dark.evaluate("(style) => style.remove()")
    found["light, shown"] = violations(page)
    page.context.close()
    assert found == {state: [] for state in found}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('make("label", { htmlFor: id,', 'make("span", {', "label (critical)"),
        ("color: var(--fw-ink)", "color: #b0b0b0", "color-contrast (serious)"),
    ],
    ids=["an unlabelled slider", "faint text"],
)
def test_a_fault_in_a_card_is_found(new_page, tmp_path, old, new, said):
    html = widgets.ravine(ask=None).embed_html()
    assert old in html
    path = tmp_path / "card.html"
    path.write_text(whole(html.replace(old, new)), "utf-8")
    found = faults(new_page, path, before=lambda page: page.locator(".fw-card[data-drawn]").wait_for())
    assert found and all(line.startswith(said) for line in found)


@BOTH
def test_every_verdict(new_page, tmp_path, theme):
    picture = png(lambda axes: axes.plot([0, 1], [0, 1]))
    more = {"misconception": "a step too many", "says": "Count again.", "look": "the loop", "hints": ("one", "two")}
    full = {**more, "inputs": "x = [1]", "picture": picture, "alt": "two curves"}
    verdicts = [
        Verdict(f"exercise_{state.replace(' ', '_')}", state, "Case 1 of 2.", "It goes on.", **full) for state in STATES
    ]
    path = tmp_path / "verdicts.html"
    path.write_text(whole(*(one.html() for one in verdicts), theme=theme), "utf-8")

    def unfold(page):
        page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    assert faults(new_page, path, theme, unfold) == []


@BOTH
def test_tables_in_a_notebook(new_page, tmp_path, theme):
    exercises = [ExerciseRecord("adam_step", "aa", state, 2, "", "") for state in STATES]
    done = Progress(tuple(exercises), (PredictionRecord("ravine-edge", 1, "certain", True, ""),))
    path = tmp_path / "tables.html"
    path.write_text(whole(report(done).html(), theme=theme), "utf-8")
    assert faults(new_page, path, theme) == []


def test_report_and_feedback(new_page, made_up, tmp_path):
    write_report(made_up.small_course(), tmp_path)
    assert len(list(tmp_path.rglob("*.html"))) == 4
    assert in_folder(new_page, tmp_path) == []


def test_a_folder_names_page_theme_and_fault(new_page, tmp_path):
    (tmp_path / "deep").mkdir()
    page = whole('<input type="range">', "<p>a faint line</p>", more="p { color: #999 }")
    (tmp_path / "deep" / "bad.html").write_text(page, "utf-8")
    lines = in_folder(new_page, tmp_path)
    assert [line.split(" at ")[0] for line in lines] == [
        f"deep/bad.html, {theme}: {rule}"
        for theme in THEMES
        for rule in ("color-contrast (serious)", "label (critical)")
    ]


@pytest.mark.parametrize("reached", [True, False])
def test_report_of_a_compressed_network(new_page, tmp_path, reached):
    from featherweight.artifact.compress.goal import Goal

    result = runpy.run_path(str(TESTS / "artifact" / "compress" / "made_up.py"))["result"]
    (tmp_path / "small.html").write_text(report_html(result(Goal(3000, 2.0), reached, notes=("Bring more.",))), "utf-8")
    assert in_folder(new_page, tmp_path) == []
