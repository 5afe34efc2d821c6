import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.compression.gptq import gptq_layer, obq, obs_prune, round_to_grid, row_scales

DOUBLE = torch.float64
TOLERANCE = {"rtol": 0, "atol": 1e-10}


def layer(outputs, inputs, examples, seed=0):
    """Weights, and activations whose channels depend on each other, as those of a network do."""
    g = torch.Generator().manual_seed(seed)
    weight = torch.randn(outputs, inputs, generator=g, dtype=DOUBLE)
    mix = torch.randn(inputs, inputs, generator=g, dtype=DOUBLE)
    return weight, torch.randn(examples, inputs, generator=g, dtype=DOUBLE) @ mix


def by_least_squares(weight, hessian, scale, bits, damping):
    """The oracle: with the columns so far fixed at their rounded values, the others minimise the output's error.

    From the normal equations, W_F + H_FF⁻¹ H_FQ (W_Q − Q), of the weights as given; nothing is carried from column to
    column, and no inverse Hessian is updated or factored.
    """
    damped = hessian + damping * hessian.diagonal().mean() * torch.eye(len(hessian), dtype=DOUBLE)
    top, rounded = 2 ** (bits - 1) - 1, torch.zeros_like(weight)
    for j in range(weight.shape[1]):
        moved = (weight[:, :j] - rounded[:, :j]) @ damped[:j, j:] @ torch.linalg.inv(damped[j:, j:])
        rounded[:, j] = ((weight[:, j] + moved[:, 0]) / scale[:, 0]).round().clamp(-top, top) * scale[:, 0]
    return rounded


def error(rounded, weight, activations):
    return float(((rounded - weight) @ activations.T).square().sum())


SHAPES = [(1, 1, 3), (4, 6, 20), (8, 16, 64), (3, 12, 5), (20, 5, 9)]


@pytest.mark.parametrize("bits", [2, 3, 8])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("method", [gptq_layer, obq])
def test_it_is_the_least_squares_solution_column_by_column(method, shape, bits):
    """Oracle: the normal equations, float64, 1e-10."""
    for seed in range(4):
        weight, activations = layer(*shape, seed=seed)
        scale, hessian = row_scales(weight, bits), activations.T @ activations
        expected = by_least_squares(weight, hessian, scale, bits, 0.01)
        torch.testing.assert_close(method(weight, hessian, scale, bits, 0.01), expected, **TOLERANCE)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 12), st.integers(2, 5), st.floats(0.001, 0.5), st.integers(0, 10**6))
def test_it_is_naive_obq(outputs, inputs, bits, damping, seed):
    """Oracle: `obq`, which inverts what is left of the Hessian anew for every column."""
    weight, activations = layer(outputs, inputs, 2 * inputs, seed)
    scale, hessian = row_scales(weight, bits), activations.T @ activations
    rounded = gptq_layer(weight, hessian, scale, bits, damping)
    torch.testing.assert_close(rounded, obq(weight, hessian, scale, bits, damping), **TOLERANCE)
    codes = rounded / scale
    torch.testing.assert_close(codes, codes.round(), **TOLERANCE)
    assert codes.abs().max() <= 2 ** (bits - 1) - 1 + 1e-9


@pytest.mark.parametrize("hessian", [torch.eye(6, dtype=DOUBLE), torch.arange(1.0, 7, dtype=DOUBLE).diag()])
def test_without_correlation_it_is_rounding(hessian):
    weight, _ = layer(5, 6, 1)
    scale = row_scales(weight, 3)
    assert torch.equal(gptq_layer(weight, hessian, scale, 3, 0.01), round_to_grid(weight, scale, 3))


def test_the_outputs_err_less_than_by_rounding_in_most_layers():
    """Not in all: greedy choices may be regretted. 200 layers of 8 × 16 with as many examples as inputs."""
    better = 0
    for seed in range(200):
        weight, activations = layer(8, 16, 16, seed)
        scale = row_scales(weight, 4)
        rounded = gptq_layer(weight, activations.T @ activations, scale, 4, 0.01)
        better += error(rounded, weight, activations) < error(round_to_grid(weight, scale, 4), weight, activations)
    assert better >= 190


def test_without_damping_a_dead_input_stops_it():
    """The planted failure: one channel always 0, and the Hessian has no inverse."""
    weight, activations = layer(3, 5, 20)
    activations[:, 2] = 0
    with pytest.raises(torch.linalg.LinAlgError):
        gptq_layer(weight, activations.T @ activations, row_scales(weight, 3), 3, 0.0)
    scale = row_scales(weight, 3)
    rounded = gptq_layer(weight, activations.T @ activations, scale, 3, 0.01)
    assert torch.equal(rounded[:, 2], round_to_grid(weight, scale, 3)[:, 2])  # nothing is passed on to it


def test_the_grid():
    weight = torch.tensor([[0.7, -3.0, 1.5], [0.0, 0.0, 0.0]], dtype=DOUBLE)
    assert row_scales(weight, 3).tolist() == [[1.0], [1.0]]
    assert round_to_grid(weight, row_scales(weight, 3), 3).tolist() == [[1.0, -3.0, 2.0], [0.0, 0.0, 0.0]]
    assert round_to_grid(weight, torch.full((2, 1), 0.5, dtype=DOUBLE), 3)[0].tolist() == [0.5, -1.5, 1.5]


@pytest.mark.parametrize("count", [0, 1, 5, 9])
def test_obs_leaves_the_best_weights_for_what_it_zeroes(count):
    """Oracles: each step tried out in full for every weight by least squares; the rest is least squares of the end."""
    weight, activations = layer(4, 10, 40)
    hessian = activations.T @ activations
    damped = hessian + 0.01 * hessian.diagonal().mean() * torch.eye(10, dtype=DOUBLE)
    pruned = obs_prune(weight, hessian, count, 0.01)
    for given_row, found in zip(weight, pruned, strict=True):
        gone = []
        for _ in range(count):
            tried = {j: refitted(given_row, damped, [*gone, j]) for j in range(10) if j not in gone}
            gone.append(min(tried, key=lambda j: tried[j][1]))
        assert set((found == 0).nonzero().flatten().tolist()) == set(gone)
        torch.testing.assert_close(found, refitted(given_row, damped, gone)[0], rtol=0, atol=1e-9)


def refitted(row, hessian, gone):
    """The row with some weights at zero and the others best for it, and what that costs."""
    stay = [j for j in range(len(row)) if j not in gone]
    fitted = torch.zeros_like(row)
    moved = torch.linalg.solve(hessian[stay][:, stay], hessian[stay][:, gone] @ row[gone]) if gone else 0.0
    fitted[stay] = row[stay] + moved
    return fitted, float((fitted - row) @ hessian @ (fitted - row))
