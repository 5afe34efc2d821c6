import pytest
import torch

from featherweight.exercises import cases_04 as cases

SEEDS = pytest.mark.parametrize("seed", range(5))


@SEEDS
def test_matrices_are_square_wide_and_tall_and_none_is_near_a_unit_norm_throughout(seed):
    shapes = [case["matrix"].shape for case in cases.matrices(seed)]
    assert {(rows > columns) - (rows < columns) for rows, columns in shapes} == {-1, 0, 1}
    norms = torch.tensor([case["matrix"].norm().item() for case in cases.matrices(seed)])
    assert norms.min() < 0.1 and norms.max() > 10


@SEEDS
def test_moments_outvote_gradients_and_the_other_way_round_and_some_mix_is_zero(seed):
    votes, zero = set(), False
    for case in cases.signed_steps(seed):
        m, g, beta1 = case["first_moment"], case["gradient"], case["beta1"]
        mix = beta1 * m + (1 - beta1) * g
        split = m * g < 0
        votes |= set((mix.sign() == m.sign())[split].tolist())
        zero |= bool((mix == 0).any())
    assert votes == {True, False} and zero


@SEEDS
def test_average_and_iterate_are_alike_at_the_first_step_only(seed):
    for case in cases.averages(seed):
        assert torch.equal(case["average"], case["iterate"]) == (case["step"] == 1)


@SEEDS
def test_climbs_hold_a_matrix_a_radius_of_zero_and_a_place_without_slope(seed):
    found = cases.climbs(seed)
    assert any(case["parameter"].ndim == 2 for case in found)
    assert any(case["radius"] == 0 for case in found)
    assert sum(torch.equal(case["parameter"], case["minimum"]) for case in found) == 1


@SEEDS
def test_pieces_add_up_and_some_are_left_over(seed):
    found = cases.accumulations(seed)
    assert all(sum(case["sizes"]) == len(case["inputs"]) == len(case["targets"]) for case in found)
    assert {len(case["sizes"]) % case["every"] > 0 for case in found} == {True, False}
    assert {len(set(case["sizes"])) > 1 for case in found} == {True, False}
