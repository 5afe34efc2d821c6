"""One method = one look; text and curves are readable on white."""

import re

import pytest

from featherweight.errors import InputError
from featherweight.lab import palette


def contrast(colour):
    """WCAG 2.1's contrast ratio of a colour on white."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_contrast_of_known_pairs():
    assert contrast("#000000") == pytest.approx(21) and contrast("#ffffff") == pytest.approx(1)


def test_text_is_readable():
    assert contrast(palette.INK) >= 4.5 and contrast(palette.GHOST) >= 3


def test_no_two_methods_look_alike():
    shared = {"ours": "gradient descent"}  # ours *is* plain gradient descent in lesson 1
    looks = {}
    for name, look in palette.METHODS.items():
        if name not in shared.values():
            looks.setdefault(look, []).append(name)
    assert [names for names in looks.values() if len(names) > 1] == []


def test_values_are_usable():
    for look in palette.METHODS.values():
        assert re.fullmatch("#[0-9A-Fa-f]{6}", look.colour) and look.dash in palette.DASHES and look.marker in "os^vDx+"


def test_unknown_method():
    with pytest.raises(InputError, match=r"No style for 'sdg'; wanted one of .*sgd.*: add it to lab/palette\.py"):
        palette.style("sdg")


def test_plot_options_give_the_dash_in_pixels():
    assert palette.plot_options("adam")["linestyle"] == "solid"
    assert palette.plot_options("yours", width=2.0)["linestyle"] == (0, (3.0, 1.5))
