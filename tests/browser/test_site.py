"""The built site, opened from disk with every way to the network closed: cards live, search finds, nothing spills."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from featherweight.authoring.site.build import build_site
from featherweight.authoring.site.shown import NEEDS_KERNEL

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
LESSONS = {1: "01_gradient_descent.html", 2: "02_stochastic_gradients.html"}
LOCAL = ("file:", "data:", "blob:")
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "preload": False}
OURS = "willReadFrequently"  # a hint to this test, which reads the canvas
PIXELS = """(canvas) => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let sum = 0;
  for (let i = 0; i < data.length; i += 4)
    sum = (31 * sum + 3 * data[i] + 5 * data[i + 1] + 7 * data[i + 2]) % 2147483647;
  return sum;
}"""
SPILL = "document.documentElement.scrollWidth - innerWidth"
CONTRAST = """(node) => {
  const light = (text) => {
    const channels = text.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255);
    const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const [front, back] = [light(getComputedStyle(node).color), light(getComputedStyle(node).backgroundColor)];
  return [back, Math.max(front, back) / Math.min(front, back)];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site of two lessons; executed copies come from build/site-work where they are still true."""
    out = tmp_path_factory.mktemp("site")
    return build_site(ROOT, out, LESSONS, report=lambda line: None).parent


@pytest.fixture
def open_page(site, new_page):
    """`open_page(name, **options)`: a page without a network; fails at the end if it complained or asked for one."""
    opened, complaints, asked = [], [], []

    def opens(name, query="", **options):
        page = new_page(offline=True, **options)
        opened.append(page)
        page.context.route(lambda url: not url.startswith(LOCAL), lambda route: route.abort())
        page.on("console", lambda message: complaints.append(message.text) if loud(message) else None)
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on("request", lambda request: request.url.startswith(LOCAL) or asked.append(request.url))
        page.goto((site / name).as_uri() + query)
        return page

    yield opens
    for page in opened:
        page.context.close()
    assert complaints == [] and asked == []


def loud(message):
    return message.type in ("error", "warning") and OURS not in message.text


def moving_card(page):
    """The Ravine, its question skipped, and its canvas drawn."""
    card = page.locator(".fw-card[data-drawn]", has=page.get_by_label("Condition number"))
    card.get_by_role("button", name="Skip").click()
    return card


def pixels(card):
    return card.locator("canvas").evaluate(PIXELS)


def test_a_slider_moves_the_picture_by_mouse_and_by_keyboard(open_page):
    card = moving_card(open_page(LESSONS[1]))
    slider, text = card.get_by_label("Learning rate"), card.locator(".fw-text")
    seen, said = [pixels(card)], [text.inner_text()]
    slider.focus()
    slider.press("ArrowRight")
    seen.append(pixels(card))
    said.append(text.inner_text())
    box = slider.bounding_box()
    slider.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    slider.page.mouse.down()
    slider.page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2, steps=5)
    slider.page.mouse.up()
    seen.append(pixels(card))
    said.append(text.inner_text())
    assert len(set(seen)) == len(set(said)) == 3
    card.get_by_role("button", name="diverges").click()
    assert "diverged at step 7" in text.inner_text()


def test_every_table_card_lives_and_those_of_the_learner_say_why_not(open_page):
    for name, live, still in ((LESSONS[1], 3, 1), (LESSONS[2], 3, 0)):
        page = open_page(name)
        page.locator(".fw-card[data-drawn]").nth(live - 1).wait_for()
        assert page.locator(".fw-live").count() == page.locator(".fw-card").count() == live
        assert page.get_by_text(NEEDS_KERNEL).count() == still


def test_without_scripts_the_pictures_show(open_page):
    page = open_page(LESSONS[1], java_script_enabled=False)
    pictures = page.locator(".fw-embed > img")
    assert pictures.count() == 3
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert picture.bounding_box()["height"] > 150 and len(picture.get_attribute("alt")) > 20
    assert page.locator(".fw-card").count() == 0


def test_search_from_disk_finds_a_word(open_page):
    page = open_page("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("Polyak")
    page.keyboard.press("Enter")
    page.locator("ul.search a", has_text="Gradient descent").click()
    assert page.locator("h1").first.inner_text().startswith("1 · Gradient descent")


def test_a_word_that_is_nowhere_is_not_found(open_page):
    page = open_page("search.html", "?q=xylophone")
    page.get_by_text("did not match any documents").wait_for()


def test_lessons_lead_to_the_next_and_back(open_page):
    page = open_page(LESSONS[1])
    page.locator("a.right-next").click()
    assert page.locator("h1").first.inner_text().startswith("2 ·")
    page.locator("a.left-prev").click()
    assert page.locator("h1").first.inner_text().startswith("1 ·")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_and_card_can_be_read_in_the_light_and_in_the_dark(open_page, scheme):
    page = open_page(LESSONS[1], color_scheme=scheme)
    backs = []
    for node in (page.locator("body"), moving_card(page), page.locator("[role=note]").first):
        back, contrast = node.evaluate(CONTRAST)
        backs.append(back)
        assert contrast >= 7
    assert all((back > 0.5) == (scheme == "light") for back in backs[:2])
    assert page.locator(".fw-picture img").first.evaluate("(node) => getComputedStyle(node).filter") == "none"


@pytest.mark.parametrize("name", ["index.html", *LESSONS.values(), "grading.html", "search.html"])
def test_a_phone_scrolls_one_way_only(open_page, name):
    page = open_page(name, viewport={"width": 360, "height": 780})
    page.wait_for_load_state()
    assert page.evaluate(SPILL) == 0


def test_a_page_that_spills_is_caught(open_page):
    page = open_page("index.html", viewport={"width": 360, "height": 780})
    page.evaluate("document.querySelector('.bd-article').insertAdjacentHTML('beforeend', '<hr style=width:900px>')")
    assert page.evaluate(SPILL) > 0


def test_on_a_phone_a_card_works_and_its_picture_can_be_read(open_page):
    card = moving_card(open_page(LESSONS[1], viewport={"width": 360, "height": 780}, has_touch=True))
    assert card.bounding_box()["width"] <= 360 and card.locator("canvas").bounding_box()["width"] >= 600
    before = pixels(card)
    card.get_by_role("button", name="diverges").tap()
    assert pixels(card) != before and card.get_by_label("Learning rate").bounding_box()["width"] > 40


def test_paper_gets_pictures_and_no_bars(open_page):
    page = open_page(LESSONS[1])
    page.locator(".fw-card[data-drawn]").nth(2).wait_for()
    page.emulate_media(media="print")
    for gone in (".fw-card", ".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article", ".prev-next-footer"):
        assert not any(node.is_visible() for node in page.locator(gone).all()), gone
    assert all(picture.is_visible() for picture in page.locator(".fw-still").all())
    assert page.locator("h1", has_text="Gradient descent").locator("visible=true").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", LESSONS[1], "grading.html"])
def test_axe_finds_nothing_serious(open_page, name, scheme):
    page = open_page(name, color_scheme=scheme)
    assert serious(page) == []


def test_axe_sees_a_picture_without_alt(open_page):
    page = open_page("index.html")
    page.evaluate("document.querySelector('.bd-article').insertAdjacentHTML('beforeend', '<img src=data:,>')")
    page.wait_for_timeout(100)
    assert [line for line in serious(page) if line.startswith("image-alt")]


def serious(page):
    """Axe's serious and critical findings, one line for each node."""
    found = Axe().run(page, options=WCAG).response["violations"]
    chosen = [one for one in found if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {node['html'][:160]}" for one in chosen for node in one["nodes"]]
