"""The scalar map is what happens to a matrix, and what the card says of the band holds for every value."""

from importlib import import_module
from itertools import product

import numpy as np
import pytest
import torch

from featherweight.optimizers.muon import newton_schulz

module = import_module("featherweight.widgets.singular_values")  # the package exports the function under this name

STATES = list(product(module.STEPS, module.SMALLEST, module.COEFFICIENTS))
LIFTABLE = torch.tensor(np.geomspace(0.0015, 1, 5001))


def turned(values, shape):
    """A matrix of these singular values, between two random orthogonal ones."""
    draw = torch.Generator().manual_seed(3)
    left, right = (torch.linalg.qr(torch.randn(n, n, generator=draw, dtype=torch.float64))[0] for n in shape)
    return left[:, : len(values)] @ torch.diag(values) @ right[: len(values)]


def cubic(matrix, steps):
    """The classic iteration, as matrices."""
    for _ in range(steps):
        matrix = 1.5 * matrix - 0.5 * matrix @ matrix.mT @ matrix
    return matrix


@pytest.mark.parametrize("shape", [(8, 8), (8, 12), (12, 8)], ids=["square", "wide", "tall"])
@pytest.mark.parametrize("smallest", module.SMALLEST)
def test_muons_map_is_newton_schulz_on_a_matrix(smallest, shape):
    """Oracle: the singular values of the technique's own result, for every number of steps."""
    values = module.spread_values(smallest)
    matrix = turned(values, shape)
    for steps in module.STEPS:
        found = torch.linalg.svdvals(newton_schulz(7.0 * matrix, steps))  # its size does not matter
        mapped = module.map_values(values, steps, "Muon").sort(descending=True).values
        torch.testing.assert_close(mapped, found, rtol=0, atol=1e-10)


def test_cubic_map_is_the_classic_iteration_on_a_matrix():
    values = module.spread_values(0.015)
    for steps in module.STEPS:
        mapped = module.map_values(values, steps, "cubic").sort(descending=True).values
        found = torch.linalg.svdvals(cubic(turned(values, (8, 12)), steps))
        torch.testing.assert_close(mapped, found, rtol=0, atol=1e-10)


def test_a_swapped_coefficient_would_be_found(monkeypatch):
    monkeypatch.setitem(module.COEFFICIENTS, "Muon", (3.4445, 2.0315, -4.7750))
    values = module.spread_values(0.015)
    found = torch.linalg.svdvals(newton_schulz(torch.diag(values), 1))
    assert (module.map_values(values, 1, "Muon").sort(descending=True).values - found).abs().max() > 0.1


@pytest.mark.parametrize("smallest", module.SMALLEST)
def test_values_have_norm_one_and_one_proportion(smallest):
    values = module.spread_values(smallest)
    assert float(values.norm()) == pytest.approx(1, abs=1e-12) and float(values[0]) == pytest.approx(smallest)
    ratios = values[1:] / values[:-1]
    torch.testing.assert_close(ratios, ratios[:1].expand_as(ratios), rtol=1e-12, atol=0)


def test_five_steps_put_every_large_enough_value_in_the_band_and_no_smaller_one():
    after = module.map_values(LIFTABLE, 5, "Muon").round(decimals=2)
    assert module.BAND[0] == after.min() and after.max() == module.BAND[1]
    assert module.map_values(torch.tensor(0.0014), 5, "Muon") < module.BAND[0] - 0.02


@pytest.mark.parametrize("steps", range(6, 31, 4))
def test_once_in_the_band_a_value_stays_and_never_settles(steps):
    after = module.map_values(LIFTABLE, steps, "Muon")
    assert after.min() > 0.68 and after.max() < 1.2
    assert (after - 1).abs().mean() > 0.1


def test_one_is_no_fixed_point_of_muon_and_the_one_of_the_cubic():
    one = torch.ones((), dtype=torch.float64)
    assert float(module.map_values(one, 1, "Muon")) == pytest.approx(0.701)
    assert f"{float(module.map_values(one, 1, 'Muon')):.2f}" in module.QUESTION.because
    assert float(module.map_values(one, 1, "cubic")) == 1
    assert float((module.map_values(module.spread_values(0.15), 8, "cubic") - 1).abs().max()) < 1e-5


@pytest.mark.parametrize(("coefficients", "factor"), [("Muon", 3.4445), ("cubic", 1.5)])
def test_tiny_values_grow_by_the_first_coefficient(coefficients, factor):
    tiny = torch.tensor(1e-9, dtype=torch.float64)
    assert float(module.map_values(tiny, 5, coefficients) / tiny) == pytest.approx(factor**5)


def test_answer_of_the_question_is_true():
    values = module.spread_values(module.QUESTION.shows["smallest"])
    five, eight = (module.map_values(values, steps, "Muon") for steps in (5, 8))
    assert five.min() > 0.68 and five.max() < 1.2 and "0.68 and 1.2" in module.QUESTION.text
    assert (eight - 1).abs().max() > (five - 1).abs().max() and (eight - 1).abs().mean() > (five - 1).abs().mean()
    assert module.QUESTION.choices[module.QUESTION.answer] == "No closer"


@pytest.mark.parametrize(
    ("preset", "inside"),
    [
        ("five steps of Muon", 8),
        ("too small to be lifted", 5),
        ("never settles", 8),
        ("cubic: slow", 3),
        ("cubic: exact, if it has time", 8),
    ],
)
def test_presets_show_what_their_names_say(preset, inside):
    state = module.PRESETS[preset]
    after = module.map_values(module.spread_values(state["smallest"]), state["steps"], state["coefficients"])
    assert int(((after > 0.679) & (after < 1.205)).sum()) == inside
    assert f"{inside} of 8 values in the band" in module.singular_values_frame(**state).summary


def test_every_state_stays_inside_the_picture():
    for state in STATES[::3]:
        frame = module.singular_values_frame(*state)
        assert all(line.y.min() >= 0 and line.y.max() < 1.5 for line in frame.lines), state
        assert all(len(line.x) == state[0] + 1 for line in frame.lines if line.panel == "paths")
