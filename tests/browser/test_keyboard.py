"""Every card of the book with a keyboard and nothing else: the guess, the sliders, the presets, and out again."""

import pytest

import featherweight.widgets as widgets
from featherweight.bench.accessibility import barriers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = [name for name in widgets.__all__ if name.islower() and name != "card"]
PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Cards</title><main><h1>Cards</h1>{}</main>'
PART = '<h2 id="before-{0}" tabindex="-1">{0}</h2><section id="{0}">{1}</section><button>after {0}</button>'
PICTURE = """(part) => {
  const canvas = part.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer).reduce((sum, pixel) => (Math.imul(31, sum) + pixel) | 0, 0);
}"""
HERE = """(part) => {
  const node = document.activeElement;
  return {
    inside: part.contains(node), tag: node.tagName, type: node.type ?? "", value: node.value, most: node.max,
    name: node.labels?.[0]?.textContent ?? node.textContent, said: node.getAttribute("aria-valuetext"),
    text: part.querySelector(".fw-text").textContent,
    places: [...part.querySelectorAll("input[type=range]")].map((input) => Number(input.value)),
  };
}"""


@pytest.fixture(scope="module")
def page(new_page, tmp_path_factory):
    """All cards on one page; they are in `page.cards`, and what it complains of in `page.noted`."""
    path = tmp_path_factory.mktemp("cards") / "cards.html"
    cards = {name: getattr(widgets, name)() for name in NAMES}
    parts = [PART.format(name, card.embed_html()) for name, card in cards.items()]
    path.write_text(PAGE.format("\n".join(parts)), "utf-8")
    opened = new_page(offline=True)
    opened.noted, opened.cards = [], cards
    opened.on("pageerror", lambda problem: opened.noted.append(str(problem)))
    opened.goto(path.as_uri())
    opened.locator(".fw-card[data-drawn]").nth(len(NAMES) - 1).wait_for()
    yield opened
    opened.context.close()


class Reader:
    """A reader who has keys only. `here`: what has the focus, and what the card shows."""

    def __init__(self, page, name):
        self.page, self.part, self.here = page, page.locator(f"#{name}"), {}
        page.locator(f"#before-{name}").evaluate("(heading) => heading.focus()")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        self.here = self.part.evaluate(HERE)
        return self.here


def guess(reader):
    """Answer the question: the second choice, fairly sure."""
    assert reader.press("Tab")["type"] == "radio"
    reader.press("Space", "ArrowDown")
    assert reader.press("Tab")["type"] == "radio"
    reader.press("Space", "ArrowDown")
    assert reader.press("Tab")["name"] == "Show me"
    reader.press("Enter")
    assert "fairly sure" in reader.part.locator(".fw-said").inner_text()
    assert reader.here["inside"], "the reveal loses the focus"


def slide(reader):
    """The slider in focus, from end to end: the line of text and the picture go along."""
    seen, pictures = [], set()
    for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
        seen.append(reader.press(key))
        pictures.add(reader.part.evaluate(PICTURE))
    first, second, last, before = [int(each["value"]) for each in seen]
    assert (first, second, last) == (0, 1, int(seen[0]["most"])) and before == last - 1
    assert seen[0]["said"] != seen[1]["said"]
    assert len(pictures) > 1, f"{seen[0]['name']} does not change the picture"
    assert len({each["text"] for each in seen}) > 1, f"{seen[0]['name']} does not change the line of text"


def choose(reader, card, key):
    """The button in focus: the sliders go where it says, and the focus stays on it."""
    name, before = reader.here["name"], reader.here["places"]
    sets = {**card.presets, "Reset": card.start}[name]
    wanted = [
        control["values"].index(sets[control["name"]]) if control["name"] in sets else place
        for control, place in zip(card.controls, before, strict=True)
    ]
    reader.press(key)
    assert reader.here["name"] == name and reader.here["places"] == wanted and reader.here["text"]


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_driven_with_keys_alone(page, name):
    reader, card, used = Reader(page, name), page.cards[name], []
    assert barriers(page, reader.part) == []
    reader = Reader(page, name)
    guess(reader)
    assert reader.here["tag"] == ("INPUT" if card.controls else "CANVAS")
    if not card.controls:
        reader.press("Tab")
    while reader.here["inside"]:
        used.append(reader.here["name"])
        slide(reader) if reader.here["type"] == "range" else choose(reader, card, ("Enter", "Space")[len(used) % 2])
        reader.press("Tab")
    assert used == [control["label"] for control in card.controls] + [*card.presets, *["Reset"] * bool(card.controls)]
    assert reader.here["name"] == f"after {name}" and page.noted == []
    assert barriers(page, reader.part) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("(part) => { part.querySelector('input[type=range]').tabIndex = -1; }", "Tab does not reach Learning rate"),
        (
            "(part) => part.querySelector('.fw-presets').addEventListener('keydown', (key) => key.preventDefault())",
            "Tab does not leave",
        ),
    ],
    ids=["unreachable", "trap"],
)
def test_a_spoiled_card_is_found(new_page, spoil, said):
    page = new_page()
    page.set_content(PAGE.format(PART.format("ravine", widgets.ravine(ask=None).embed_html())))
    part = page.locator("#ravine")
    part.locator("[data-drawn]").wait_for()
    part.evaluate(spoil)
    assert said in barriers(page, part)
    page.context.close()


def test_a_slider_that_does_nothing_is_found(new_page):
    page = new_page()
    page.set_content(PAGE.format(PART.format("ravine", widgets.ravine(ask=None).embed_html())))
    page.locator("#ravine [data-drawn]").wait_for()
    page.evaluate("addEventListener('input', (event) => event.stopImmediatePropagation(), true)")
    reader = Reader(page, "ravine")
    assert reader.press("Tab")["type"] == "range"
    with pytest.raises(AssertionError):
        slide(reader)
    page.context.close()
