"""The instructor's report and a feedback page in a real browser: wide and narrow, light and dark, without a network."""

from itertools import pairwise

import pytest

from featherweight.grading.report import write_report

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3')].map((each) => Number(each.tagName[1]))"
NAMELESS = """() => [...document.querySelectorAll("th")].filter((each) => !each.scope).length
  + [...document.querySelectorAll("table")].filter((each) => !each.caption?.textContent.trim()).length"""
FAINT = """() => {
  const parsed = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (channels) => {
    const [r, g, b] = channels.slice(0, 3).map((c) => c / 255).map((c) =>
      c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const channels = parsed(getComputedStyle(node).backgroundColor);
      if (channels.length === 3 || channels[3] > 0) return channels;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("body *")].filter((node) =>
    [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim()));
  const found = texts.map((node) => {
    const pair = [light(parsed(getComputedStyle(node).color)), light(behind(node))];
    return { ratio: Math.max(...pair) / Math.min(...pair), text: node.textContent.slice(0, 40) };
  });
  return found.filter(({ ratio }) => ratio < 4.5);
}"""


@pytest.fixture(scope="module")
def pages(made_up, tmp_path_factory):
    """The addresses of the report and of the page of a student who is called like a script."""
    folder = tmp_path_factory.mktemp("grades")
    write_report(made_up.hostile_course(), folder)
    [page] = folder.joinpath("feedback").glob("script-alert-1-script-*.html")
    return {"report": folder / "report.html", "feedback": page}


@pytest.fixture(scope="module")
def opened(new_page, pages):
    """`opened(kind, size, scheme)`: a page, and the list of everything that it complained of or asked for."""
    known = {}

    def look(kind, size="desktop", scheme="light"):
        if (kind, size, scheme) not in known:
            width, height = SIZES[size]
            page, noted = new_page(viewport={"width": width, "height": height}, color_scheme=scheme), []
            page.on("console", lambda message: noted.append(message.text))
            page.on("pageerror", lambda problem: noted.append(str(problem)))
            page.on("dialog", lambda dialog: (noted.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: noted.append(request.url))
            page.goto(pages[kind].as_uri())
            known[kind, size, scheme] = page, noted
        return known[kind, size, scheme]

    yield look
    for page, _ in known.values():
        page.context.close()


BOTH = pytest.mark.parametrize("kind", ["report", "feedback"])


@BOTH
def test_nothing_runs_and_nothing_is_fetched(opened, pages, kind):
    _, noted = opened(kind)
    assert noted == [pages[kind].as_uri()]


def test_what_runs_is_noted(opened):
    page, noted = opened("report", "desktop", "dark")
    before = len(noted)
    page.evaluate("() => console.log('heard')")
    page.evaluate("() => fetch('http://127.0.0.1:9/').catch(() => 0)")  # the page's own policy refuses
    assert noted[before] == "heard" and len(noted) > before + 1


@BOTH
def test_a_name_with_markup_is_text(opened, kind):
    page, _ = opened(kind)
    assert "<script>alert(1)</script>" in page.locator("main").inner_text()
    assert page.locator("script, img, iframe, main i, main b").count() == 0


@BOTH
def test_headings_tables_language_and_title(opened, kind):
    page, _ = opened(kind)
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.evaluate(NAMELESS) == 0
    assert page.locator("html").get_attribute("lang") == "en" and page.title()


@BOTH
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(opened, kind, scheme):
    page, _ = opened(kind, "desktop", scheme)
    assert page.evaluate(FAINT) == []
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    assert dark is (scheme == "dark")


def test_a_text_that_cannot_be_read_is_found(opened):
    page, _ = opened("feedback", "desktop", "dark")
    page.evaluate("() => document.querySelector('h1').style.color = '#555'")
    assert {each["text"] for each in page.evaluate(FAINT)} == {
        "Feedback for <script>alert(1)</script>",
        "<script>alert(1)</script>",
    }
    page.evaluate("() => document.querySelector('h1').style.color = ''")


@BOTH
@pytest.mark.parametrize("size", SIZES)
def test_the_page_itself_never_scrolls_sideways(opened, kind, size):
    page, _ = opened(kind, size)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= SIZES[size][0]


def test_no_word_of_a_narrow_table_stands_upright(opened):
    page, _ = opened("report", "phone")
    heights = page.locator("#lessons + .wide tbody th").evaluate_all(
        "(cells) => cells.map((each) => each.offsetHeight)"
    )
    assert heights and max(heights) < 70  # two lines


def test_tables_and_hints_are_reached_by_keyboard(opened):
    page, _ = opened("feedback")
    for _ in range(2):  # past the link to the content
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("details[open]").first.inner_text().startswith("Hint 1 of 3\n")
    report, _ = opened("report")
    assert report.locator(".wide:not([tabindex='0'])").count() == 0
    assert report.locator("#students + .wide tbody a").first.get_attribute("href").startswith("feedback/")


def test_on_paper_it_is_dark_on_white(opened):
    page, _ = opened("report", "phone", "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(27, 27, 27)"
    assert page.locator("nav").is_hidden()
