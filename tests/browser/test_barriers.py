"""The search for barriers finds those that are planted, and none where there are none."""

import pytest

from featherweight.bench.accessibility import barriers, violations
from featherweight.errors import InputError

pytestmark = pytest.mark.browser

WHOLE = """<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1><div id="part">
<label>Rate <input type="range"></label>
<label><input type="radio" name="a">one</label><label><input type="radio" name="a">two</label>
<button>Reset</button><details><summary>More</summary>text</details></div><a href="#">next</a></main></html>"""
FAULTS = {
    "label": ("<label>Rate ", "<label>Rate</label><label>", 'label (critical) at input[type="range"]: Form elements'),
    "color-contrast": ("<h1>", '<h1 style="color: #aaa">', "color-contrast (serious) at h1: Elements must meet"),
    "image-alt": ("<h1>", '<img src="data:,"><h1>', "image-alt (critical) at img: Images must have"),
}
WALLS = {
    "out of the order": ("<button>", '<button tabindex="-1">', ["Tab does not reach Reset"]),
    "no outline": ("<button>", '<button style="outline: none">', ["the focus cannot be seen on Reset"]),
    "faint outline": (
        "<button>",
        '<button style="outline: 2px solid #ccc">',
        ["the focus cannot be seen on Reset"],
    ),
    "trap": (
        "<button>",
        '<button onkeydown="event.preventDefault()">',
        ["Tab does not leave", "Tab does not reach More"],
    ),
    "trap backwards": (
        "<button>",
        '<button onkeydown="if (event.shiftKey) event.preventDefault()">',
        ["Shift+Tab does not leave"],
    ),
    "made of a div": (
        "<button>Reset</button>",
        '<div tabindex="-1" role="button">Reset</div>',
        ["Tab does not reach Reset"],
    ),
}


@pytest.fixture(scope="module")
def page(new_page):
    one = new_page()
    yield one
    one.context.close()


def test_a_page_without_faults(page):
    page.set_content(WHOLE)
    assert violations(page) == [] and barriers(page, page.locator("#part")) == []
    assert page.locator("[data-start], [data-met]").count() == 0


@pytest.mark.parametrize(("old", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_a_violation_is_named_in_one_line(page, old, new, said):
    page.set_content(WHOLE.replace(old, new, 1))
    (line,) = violations(page)
    assert line.startswith(said) and "\n" not in line


def test_only_the_part_counts(page):
    page.set_content(WHOLE.replace("<h1>", '<h1 style="color: #aaa">'))
    assert violations(page, "#part") == [] and len(violations(page, "h1")) == 1


def test_a_part_that_is_not_there(page):
    page.set_content(WHOLE)
    with pytest.raises(InputError, match=r"'#prat' matches nothing on about:blank; wanted the part of the page"):
        violations(page, "#prat")


@pytest.mark.parametrize(("old", "new", "said"), WALLS.values(), ids=WALLS)
def test_a_barrier_is_named(page, old, new, said):
    page.set_content(WHOLE.replace(old, new, 1))
    assert barriers(page, page.locator("#part")) == said
