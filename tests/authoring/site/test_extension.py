"""Formulas become MathML, read as TeX reads them; every formula of the book does."""

import re
from pathlib import Path

import pytest

from featherweight.authoring.site.extension import mathml
from featherweight.errors import LessonError

SOURCES = sorted((Path(__file__).parents[3] / "solutions").glob("[0-9][0-9]_*.py"))
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)


def plain(tex, block=False):
    return re.sub(r"\s+", "", re.sub(r"<mfrac[^>]*>", "<mfrac>", mathml(tex, "here", block=block)))


def test_a_fraction_without_braces_takes_one_digit_each():
    half = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"
    assert half in plain(r"\tfrac12 x^2") and half in plain(r"\frac 1 2") and half in plain("\\mu = ½")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in plain(r"\tfrac12 x^2")


def test_dots_are_known_and_a_block_is_a_block():
    assert "…" in plain(r"t_0 \dots t_1") and 'display="block"' in mathml("x", "here", block=True)


@pytest.mark.parametrize(("tex", "says"), [(r"\nosuch x", "Unknown LaTeX command"), ("10^12", "first digit only")])
def test_a_formula_that_would_be_wrong_is_named_with_its_place(tex, says):
    with pytest.raises(LessonError, match=r"01_slopes: got the formula .*" + says):
        mathml(tex, "01_slopes", block=False)


def markdown(path):
    cells = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "\n\n".join(
        re.sub(r"^# ?", "", cell, flags=re.MULTILINE) for cell in cells if cell.startswith(" [markdown]")
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_formula_of_a_lesson_is_read(path):
    formulas = [block or inline for block, inline in FORMULA.findall(markdown(path))]
    assert formulas
    assert all(mathml(tex, path.stem, block=False).startswith("<math") for tex in formulas)
