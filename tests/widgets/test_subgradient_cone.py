"""The cone holds exactly the lines below the function, and zero is in it at the minimum and nowhere else."""

from importlib import import_module
from itertools import product

import numpy as np
import pytest

module = import_module("featherweight.widgets.subgradient_cone")  # the package exports the function under this name

STATES = list(product(module.PLACES, module.SLOPES))
GRID = np.linspace(-3, 3, 601)


def f(x, slope):
    return np.abs(x) + slope * x


def below(x, slope, g):
    """Whether the line of slope g through (x, f(x)) is nowhere above f: the definition of a subgradient."""
    return (f(GRID, slope) >= f(x, slope) + g * (GRID - x) - 1e-12).all()


@pytest.mark.parametrize(("x", "slope"), STATES)
def test_the_interval_is_all_subgradients_and_no_more(x, slope):
    low, high = module.subgradients_at(x, slope)
    assert all(below(x, slope, g) for g in np.linspace(low, high, 5))
    assert not below(x, slope, low - 0.01) and not below(x, slope, high + 0.01)


@pytest.mark.parametrize(("x", "slope"), STATES)
def test_minimum_is_said_where_nothing_is_lower(x, slope):
    lowest = f(x, slope) <= f(GRID, slope).min() + 1e-12
    assert ("x is a minimum" in module.subgradient_frame(x, slope).summary) == lowest


@pytest.mark.parametrize(("x", "slope"), STATES)
def test_the_marked_subgradient_is_the_shortest(x, slope):
    marked = next(mark.y for mark in module.subgradient_frame(x, slope).marks if mark.panel == "slopes")
    every = np.linspace(*module.subgradients_at(x, slope), 1001)
    assert abs(marked) == pytest.approx(np.abs(every).min(), abs=1e-12)


def test_the_edge_is_a_slope_as_large_as_the_price():
    at_zero = {slope: "a minimum" in module.subgradient_frame(0.0, slope).summary for slope in module.SLOPES}
    assert at_zero == {slope: abs(slope) <= module.PRICE for slope in module.SLOPES}


def test_a_step_goes_downhill():
    for x, slope in STATES:
        summary = module.subgradient_frame(x, slope).summary
        if "a step goes" in summary:
            way = -1 if "goes left" in summary else 1
            assert f(x + 0.01 * way, slope) < f(x, slope), (x, slope)


def test_the_fan_is_drawn_at_the_corner_only():
    fan = {x: len(module.subgradient_frame(x, 0.5).lines) for x in module.PLACES}
    assert fan[0.0] - fan[1.0] == module.FAN and len(set(fan.values())) == 2


def test_answer_of_the_question_is_true():
    assert GRID[np.argmin(f(GRID, 0.5))] == pytest.approx(0, abs=1e-9)
    assert module.QUESTION.choices[module.QUESTION.answer] == "Still at 0"
    assert "from −0.5 to 1.5" in module.subgradient_frame(**module.QUESTION.shows).summary
