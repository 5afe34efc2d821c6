import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from featherweight.compression.transformers import (
    awq_scales,
    hadamard,
    int8_with_outliers,
    outlier_split,
    rotate,
    smooth,
)
from featherweight.errors import InputError

DOUBLE = torch.float64
TOLERANCE = {"rtol": 0, "atol": 1e-12}


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)


def with_a_loud_channel(examples=20, inputs=8, loud=3, times=40.0):
    activations = normal(examples, inputs, seed=1)
    activations[:, loud] *= times
    return activations


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1), st.integers(1, 6), st.integers(1, 9), st.integers(0, 10**6))
@example(0.5, 3, 4, 0)
def test_smoothing_changes_nothing_before_rounding(alpha, outputs, inputs, seed):
    """Oracle: the layer as it was, float64, 1e-12 of the largest output."""
    weight, activations = normal(outputs, inputs, seed=seed), normal(7, inputs, seed=seed + 1) * 30
    weight[:, 0] = 0.0 if seed % 3 == 0 else weight[:, 0]
    activations[:, -1] = 0.0 if seed % 4 == 0 else activations[:, -1]
    w, x = smooth(weight, activations, alpha)
    torch.testing.assert_close(x @ w.T, activations @ weight.T, rtol=1e-11, atol=1e-11)
    assert w.isfinite().all() and x.isfinite().all()


@pytest.mark.parametrize("alpha", [0.0, 0.25, 0.5, 1.0])
def test_smoothing_shares_the_loudness_by_alpha(alpha):
    """Oracle: the paper's equation 4 written out, and what follows from it: X'ᵅ and W' meet at α = ½."""
    weight, activations = normal(5, 8), with_a_loud_channel()
    w, x = smooth(weight, activations, alpha)
    for j in range(8):
        loud, strong = float(activations[:, j].abs().max()), float(weight[:, j].abs().max())
        assert float(w[0, j] / weight[0, j]) == pytest.approx(loud**alpha / strong ** (1 - alpha))
        assert float(x[:, j].abs().max()) == pytest.approx((loud * strong) ** (1 - alpha))
        assert float(w[:, j].abs().max()) == pytest.approx((loud * strong) ** alpha)


def test_smoothing_helps_eight_bit_activations_and_costs_nothing_where_no_channel_is_loud():
    def error(weight, activations, alpha):
        w, x = (weight, activations) if alpha is None else smooth(weight, activations, alpha)
        rounded = [(t / (t.abs().max() / 127)).round() * (t.abs().max() / 127) for t in (w, x)]
        return float((rounded[1] @ rounded[0].T - activations @ weight.T).square().mean())

    weight = normal(16, 8)
    assert error(weight, with_a_loud_channel(), 0.5) < 0.2 * error(weight, with_a_loud_channel(), None)
    plain = with_a_loud_channel(times=1.0)
    assert error(weight, plain, 0.5) > 0.3 * error(weight, plain, None)


def awq_by_loops(weight, activations, grid, bits):
    """The oracle: every exponent, output and example by itself, in plain numbers."""
    count = len(activations)
    tried = []
    for exponent in grid:
        means = [sum(abs(float(row[j])) for row in activations) / count for j in range(weight.shape[1])]
        scale = [1.0 if mean == 0 else mean**exponent for mean in means]
        total = 0.0
        for row in weight.tolist():
            scaled = [w * s for w, s in zip(row, scale, strict=True)]
            step = max(map(abs, scaled)) / (2 ** (bits - 1) - 1)
            off = [round(v / step) * step / s - w for v, s, w in zip(scaled, scale, row, strict=True)]
            total += sum(sum(x * o for x, o in zip(xs, off, strict=True)) ** 2 for xs in activations.tolist())
        tried.append((total, scale))
    return min(tried, key=lambda pair: pair[0])[1]


@pytest.mark.parametrize("bits", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_awq_finds_the_best_of_the_grid(bits, seed):
    """Oracle: plain Python, 1e-12."""
    weight, activations = normal(6, 8, seed=seed), with_a_loud_channel() * normal(1, 8, seed=seed).exp()
    activations[:, seed] = 0.0 if seed % 2 else activations[:, seed]
    grid = [0.0, 0.25, 0.5, 0.75, 1.0]
    found = awq_scales(weight, activations, grid, bits)
    expected = torch.tensor(awq_by_loops(weight, activations, grid, bits), dtype=DOUBLE)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=0)


def test_of_equally_good_exponents_the_first_is_taken():
    weight = torch.tensor([[1.0, -1.0], [1.0, 1.0]], dtype=DOUBLE)
    activations = torch.tensor([[2.0, 2.0], [2.0, -2.0]], dtype=DOUBLE)  # all channels alike: no exponent matters
    assert awq_scales(weight, activations, [0.5, 0.0, 1.0], 4).tolist() == [2.0**0.5] * 2


@pytest.mark.parametrize("n", [1, 2, 4, 8, 128])
def test_hadamard_is_orthogonal_and_even(n):
    """Oracle: the identity; every entry is ±1/√n, and the first row has no minus."""
    matrix = hadamard(n)
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(n, dtype=DOUBLE), **TOLERANCE)
    torch.testing.assert_close(matrix.abs(), torch.full((n, n), n**-0.5, dtype=DOUBLE), **TOLERANCE)
    assert (matrix[0] > 0).all()


@pytest.mark.parametrize("n", [0, -2, 3, 12, 384])
def test_other_sizes_are_refused(n):
    with pytest.raises(InputError, match=rf"n is {n}; wanted a power of two: rotate blocks of such a size"):
        hadamard(n)


@pytest.mark.parametrize("size", [1, 4, 8])
def test_rotation_changes_nothing_and_spreads_the_loud_channel(size):
    weight, activations = normal(5, 24), with_a_loud_channel(inputs=24)
    rotation = hadamard(size)
    w, x = rotate(weight, rotation), rotate(activations, rotation)
    torch.testing.assert_close(x @ w.T, activations @ weight.T, **{**TOLERANCE, "atol": 1e-11})
    assert rotate(weight.float(), rotation).dtype == torch.float32
    if size == 8:
        assert x.abs().max() < 0.5 * activations.abs().max()


def test_a_rotation_that_does_not_fit_is_refused():
    with pytest.raises(InputError, match="12 inputs and a rotation of 8; wanted a size that divides the inputs"):
        rotate(normal(2, 12), hadamard(8))


def test_outliers_are_whole_channels():
    activations = torch.tensor([[1.0, 7.0, -6.0], [2.0, 0.5, -5.0], [0.0, 1.0, 3.0]])
    regular, outliers = outlier_split(activations, 6.0)
    assert regular.tolist() == [[1.0, 0.0, -6.0], [2.0, 0.0, -5.0], [0.0, 0.0, 3.0]]
    assert torch.equal(regular + outliers, activations)


@pytest.mark.parametrize(("threshold", "least", "most"), [(0.0, 0.0, 1e-12), (6.0, 1e-4, 0.05), (1e9, 0.05, 2.0)])
def test_int8_with_outliers(threshold, least, most):
    """All outliers is the float product; none is plain 8-bit, which the loud channel spoils; 6 is near the first."""
    weight, activations = normal(16, 8), with_a_loud_channel(times=400.0)
    activations[:, :3] = activations[:, :3].clamp(-2, 2)
    off = int8_with_outliers(activations, weight, threshold) - activations @ weight.T
    assert least <= float(off.square().mean().sqrt()) <= most


def test_the_integers_are_exact():
    """Oracle: float64 products of whole numbers. 512 inputs of ±127 add up beyond what float16 or int16 hold."""
    activations = torch.full((2, 512), 127.0, dtype=DOUBLE)
    weight = torch.full((3, 512), -127.0, dtype=DOUBLE)
    assert int8_with_outliers(activations, weight, 1e9).unique().tolist() == [-127.0 * 127 * 512]
