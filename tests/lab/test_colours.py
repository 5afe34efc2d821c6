"""The book's colours for readers who see fewer of them, and their contrast on light and dark pages.

Colour vision deficiency is simulated at its full strength with the matrices of G. M. Machado, M. M. Oliveira and
L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009.
Differences are CIE 1976 (CIELAB, D65). Ten is about four times the just noticeable difference of 2.3 (M. Mahy,
L. Van Eycken and A. Oosterlinck, 1994): thin lines need more than large patches.
"""

import re
from importlib.resources import files
from itertools import combinations, pairwise

import numpy as np
import pytest

from featherweight.exercises.verdict import STATES, Verdict
from featherweight.grading.report import DARKEST, LIGHTEST
from featherweight.lab import palette
from featherweight.lab.plots_coding import PART_COLOURS
from featherweight.widgets.where_bits import COLOURS as KIND_COLOURS

DEFICIENT = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SEEN = {"full colour vision": np.eye(3), **{name: np.array(rows) for name, rows in DEFICIENT.items()}}
LEAST = 10.0
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
PAGES = {
    "card": "widgets/card.css",
    "report": "grading/templates/base.html.j2",
    "compressed": "artifact/compress/compressed.html.j2",
}
TEXTS = {"ink", "link", "faint", "wrong"}
LINES = {"line", "right", "bar", "front", "kept"}


def linear(colour):
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    channels = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2.2's ratio."""
    light, dark = sorted((float(linear(each) @ TO_XYZ[1]) + 0.05 for each in (one, other)), reverse=True)
    return light / dark


def lab(colour, seen):
    """CIELAB coordinates of a colour as somebody sees it who lacks a cone."""
    xyz = TO_XYZ @ np.clip(SEEN[seen] @ linear(colour), 0, 1) / TO_XYZ.sum(1)
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one, other, seen):
    return float(np.linalg.norm(lab(one, seen) - lab(other, seen)))


def confused(looks):
    """Pairs that some readers can tell apart by nothing: neither by colour nor by dash nor by marker."""
    return [
        (name, other, seen)
        for (name, one), (other, two) in combinations(looks.items(), 2)
        for seen in SEEN
        if (one.dash, one.marker) == (two.dash, two.marker) and apart(one.colour, two.colour, seen) < LEAST
    ]


def themes(text):
    """The custom properties of a page: of its light form, and with what its dark form changes."""
    light, dark = [dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", text)]
    return {"light": light, "dark": light | dark}


def faint(names):
    """Texts below 4.5 : 1 and lines below 3 : 1 on a page's own paper, and texts on the head of its tables."""
    wanted = [(name, "paper", 4.5 if name in TEXTS else 3) for name in (TEXTS | LINES) & set(names)]
    wanted.append(("ink", "head", 4.5))
    return [(name, back) for name, back, least in wanted if contrast(names[name], names[back]) < least]


def page(name):
    return files("featherweight").joinpath(name).read_text(encoding="utf-8")


def test_known_values():
    assert contrast("#000", "#ffffff") == pytest.approx(21, abs=0.01)
    assert lab("#ffffff", "full colour vision") == pytest.approx([100, 0, 0], abs=0.02)
    assert lab("#ff0000", "full colour vision") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    for rows in DEFICIENT.values():  # a grey stays what it is
        assert np.sum(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_every_pair_of_methods_is_told_apart():
    methods = {name: look for name, look in palette.METHODS.items() if name != "ours"}  # ours is gradient descent
    assert confused(methods) == []


def test_a_pair_that_is_red_and_green_is_found():
    looks = {"red": palette.Style("#c04040", "solid", "o"), "green": palette.Style("#6f7040", "solid", "o")}
    assert "full colour vision" not in {seen for *_, seen in confused(looks)}
    assert {seen for *_, seen in confused(looks)} & {"protanopia", "deuteranopia"}
    looks["green"] = palette.Style("#6f7040", "dashed", "o")
    assert confused(looks) == []


@pytest.mark.parametrize("seen", SEEN)
def test_neighbours_in_a_bar_are_told_apart_by_colour_alone(seen):
    colours = list(PART_COLOURS.values())
    parts = list(KIND_COLOURS.values())
    assert [pair for pair in [*pairwise(colours), *combinations(parts, 2)] if apart(*pair, seen) < LEAST] == []


def test_labels_in_a_methods_colour_can_be_read():
    assert [name for name in palette.METHODS if contrast(palette.text_colour(name), palette.PAPER) < 4.5] == []


def test_curves_but_for_orange_and_sky_can_be_seen():
    """Orange and sky fall short of WCAG's 3 : 1 for graphics: they rely on marker, dash and label."""
    faintest = {look.colour for look in palette.METHODS.values() if contrast(look.colour, palette.PAPER) < 3}
    assert faintest == {palette.ORANGE, palette.SKY} and contrast(palette.GHOST, palette.PAPER) >= 3


@pytest.mark.parametrize("name", ["report", "compressed"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_can_be_read(name, theme):
    assert faint(themes(page(PAGES[name]))[theme]) == []


def test_a_faint_text_is_found():
    text = page(PAGES["report"]).replace("--faint: #595959", "--faint: #8a8a8a")
    assert faint(themes(text)["light"]) == [("faint", "paper")] and faint(themes(text)["dark"]) == []


@pytest.mark.parametrize("state", STATES)
def test_verdicts_can_be_read(state):
    html = Verdict("f", state, "found", "goes on").html()
    (sign,), (ink,) = re.findall(r"<strong style=\"color:(#\w+)", html), re.findall(r";color:(#\w+)", html)
    (paper,) = re.findall(r"background:(#\w+)", html)
    assert min(contrast(sign, paper), contrast(ink, paper)) >= 4.5


def test_numbers_in_shaded_cells_can_be_read():
    for channels in (DARKEST, LIGHTEST):
        assert contrast("#1b1b1b", "#" + "".join(f"{c:02x}" for c in channels)) >= 4.5


CARD = {"light": "#ffffff", "dark": "#212121"}
"""What a card lies on in JupyterLab's two themes."""


@pytest.mark.parametrize("theme", CARD)
def test_focus_and_sliders_of_a_card_can_be_seen(theme):
    css = page(PAGES["card"])
    shown = re.findall(r"(?:outline: 2px solid|accent-color:) (#\w+)", css)
    assert len(shown) == 3 and min(contrast(colour, CARD[theme]) for colour in shown) >= 3


def test_the_main_button_of_a_card_can_be_read():
    block = re.search(r"fw-main \{(.*?)\}", page(PAGES["card"]), re.DOTALL)[1]
    ink, back = re.search(r" color: (#\w+)", block)[1], re.search(r"background: (#\w+)", block)[1]
    assert contrast(ink, back) >= 4.5
