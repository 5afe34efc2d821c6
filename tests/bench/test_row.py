"""A row leaves no cell empty, judges what its goal is for, and says so when it falls short."""

import pytest

from featherweight.bench.repeats import Ratio
from featherweight.bench.row import Row, missing, number
from featherweight.errors import InputError

HALF = Ratio(0.5, 0.4, 0.6, 5)


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (Row("a", 0.2, "s", 0.3), ("a", "0.2 s", "–", "–", "≤ 0.3 s", "met")),
        (Row("a", 0.4, "s", 0.3), ("a", "0.4 s", "–", "–", "≤ 0.3 s", "falls short")),
        (Row("a", 12345.6, "bytes", why="a law"), ("a", "12,346 bytes", "–", "–", "– (a law)", "–")),
        (Row("a", 50, "×", 40, at_least=True), ("a", "50 ×", "–", "–", "≥ 40 ×", "met")),
        (Row("a", 30, "×", 40, at_least=True), ("a", "30 ×", "–", "–", "≥ 40 ×", "falls short")),
        (
            Row("a", 9, "ms", 0.4, beside="b, 18 ms", ratio=HALF, of_ratio=True),
            ("a", "9 ms", "b, 18 ms", "0.5 × (0.4 to 0.6)", "≤ 0.4 ×", "falls short"),
        ),
        (Row("a", 9, "ms", 0.5, ratio=HALF, of_ratio=True), ("a", "9 ms", "–", "0.5 × (0.4 to 0.6)", "≤ 0.5 ×", "met")),
        (missing("a", "no\n tool"), ("a", "not measured: no tool", "–", "–", "– (not run)", "not measured")),
        (
            missing("a", "not measured: no tool"),
            ("a", "not measured: no tool", "–", "–", "– (not run)", "not measured"),
        ),
    ],
    ids=["within", "over", "shown only", "at least", "too little", "ratio over", "ratio within", "missing", "said"],
)
def test_cells(row, cells):
    assert row.cells == cells
    assert row.within is (row.verdict != "falls short")


@pytest.mark.parametrize(
    "given",
    [("", 1.0, "s"), ("a", None, "s"), ("a", 1.0, "s", None, "", "", None, False, False, "")],
    ids=["no name", "no value and no reason", "no goal and no reason"],
)
def test_a_row_with_an_empty_cell_is_refused(given):
    with pytest.raises(InputError, match="would leave a cell empty"):
        Row(*given)


def test_a_goal_for_a_ratio_needs_one():
    with pytest.raises(InputError, match="has a goal for a ratio and no ratio"):
        Row("a", 1.0, "s", 0.5, of_ratio=True)


@pytest.mark.parametrize(
    ("value", "text"), [(0.012345, "0.0123"), (999.4, "999"), (1000, "1,000"), (2e9, "2,000,000,000"), (0, "0")]
)
def test_number(value, text):
    assert number(value) == text
