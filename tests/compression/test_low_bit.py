import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from featherweight.compression import low_bit

DOUBLE = torch.float64


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)


class Rounding(torch.autograd.Function):
    """The straight-through estimator of 1308.3432 as a function of its own: the oracle's only rounding."""

    @staticmethod
    def forward(ctx, x):
        return torch.round(x)

    @staticmethod
    def backward(ctx, slope):
        return slope


def test_straight_through_at_every_kind_of_place():
    """Oracle: written out by hand; exactly. Ties to even, both ends included, nothing outside."""
    x = torch.tensor([-3.6, -2.6, -2.2, -2.0, -1.5, -0.5, 0.3, 0.5, 1.0, 1.2, 9.0], dtype=DOUBLE, requires_grad=True)
    found = low_bit.straight_through(x, -2, 1)
    found.backward(torch.arange(1.0, 12.0, dtype=DOUBLE))
    assert found.tolist() == [-2.0, -2.0, -2.0, -2.0, -2.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert x.grad.tolist() == [0.0, 0.0, 0.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 0.0, 0.0]


@given(st.lists(st.floats(-300, 300, width=32), min_size=1), st.integers(-130, -1), st.integers(1, 130))
def test_straight_through_gives_whole_numbers_exactly(values, low, high):
    """Oracle: Python's round, which takes a half to the even neighbour."""
    found = low_bit.straight_through(torch.tensor(values), low, high)
    assert found.tolist() == [min(max(round(value), low), high) for value in values]


def test_plain_rounding_teaches_nothing():
    """The planted failure: without the detour the gradient is zero."""
    x = torch.tensor([0.2, 0.7], requires_grad=True)
    x.clamp(-1, 1).round().sum().backward()
    assert not x.grad.any()


def of_the_paper(x, scale, low, high):
    """Equations 1 and 2 of 1902.08153, by torch's own clamp and a straight-through rounding."""
    return Rounding.apply((x / scale).clamp(low, high)) * scale


@pytest.mark.parametrize(("low", "high"), [(-2, 1), (-8, 7), (0, 15), (-128, 127), (-1, 1)])
@pytest.mark.parametrize("shape", [(7, 9), (1,), (3, 2, 2, 5), ()])
@pytest.mark.parametrize("step", [0.05, 0.31, 4.0])
def test_lsq_gradient_is_autograd_of_the_paper(low, high, shape, step):
    """Oracle: autograd through the paper's definition in float64, times its g; 1e-12."""
    x, upstream = normal(*shape), normal(*shape, seed=1)
    scale = torch.tensor(step, dtype=DOUBLE, requires_grad=True)
    of_the_paper(x, scale, low, high).backward(upstream)
    expected = scale.grad / math.sqrt(x.numel() * high)
    found = low_bit.lsq_gradient(x, scale.detach(), low, high, upstream)
    assert found.shape == ()
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


def test_where_autograd_and_the_paper_differ():
    """On the outermost codes themselves: equation 3 says low and high, clamp's own gradient says inside."""
    x, scale = torch.tensor([1.0], dtype=DOUBLE), torch.tensor(1.0, dtype=DOUBLE, requires_grad=True)
    of_the_paper(x, scale, -1, 1).backward(torch.ones(1, dtype=DOUBLE))
    assert scale.grad == 0  # clamp passes its gradient on at its ends
    assert low_bit.lsq_gradient(x, scale.detach(), -1, 1, torch.ones(1, dtype=DOUBLE)) == 1


def test_lsq_has_both_gradients():
    """Oracle: autograd through the paper's definition, 1e-12, for x; `lsq_gradient` for the scale."""
    upstream = normal(6, 5, seed=1)
    ours, theirs = (normal(6, 5).requires_grad_() for _ in range(2))
    steps = [torch.tensor(0.4, dtype=DOUBLE, requires_grad=True) for _ in range(2)]
    found, expected = low_bit.lsq(ours, steps[0], -2, 1), of_the_paper(theirs, steps[1], -2, 1)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)
    found.backward(upstream)
    expected.backward(upstream)
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-12, atol=1e-12)
    wanted = low_bit.lsq_gradient(ours.detach(), steps[0].detach(), -2, 1, upstream)
    torch.testing.assert_close(steps[0].grad, wanted, rtol=1e-12, atol=1e-12)


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=30))
def test_ternary_absmean_entry_by_entry(values):
    """Oracle: equations 1 to 3 of 2402.17764 on Python numbers; codes near a tie are let off, the scale to 1e-5."""
    codes, scale = low_bit.ternary_absmean(torch.tensor(values))
    mean = math.fsum(map(abs, values)) / len(values)
    assert codes.dtype == torch.int8 and scale.shape == ()
    assert float(scale) == pytest.approx(mean, rel=1e-5, abs=1e-44)
    for code, value in zip(codes.tolist(), values, strict=True):
        share = value / mean if mean > 1e-38 else 0.0
        assert code == max(-1, min(1, round(share))) or abs(abs(share) - 0.5) < 1e-5 or 0 < mean <= 1e-38


def test_ternary_of_zeros_and_of_ties():
    codes, scale = low_bit.ternary_absmean(torch.zeros(2, 3))
    assert scale == 0 and not codes.any() and codes.shape == (2, 3)
    codes, scale = low_bit.ternary_absmean(torch.tensor([1.0, -1.0, 2.5, -3.5]))  # mean 2: halves go to 0
    assert scale == 2 and codes.tolist() == [0, 0, 1, -1]


@given(st.integers(0, 99), st.floats(0.5, 2))
def test_no_other_scale_of_signs_is_nearer(seed, other):
    """Oracle: the least squared error over scales, 1603.05279 section 3.1; 1e-12 for rounding errors."""
    weight = normal(4, 5, seed=seed)
    found = low_bit.binary(weight)
    assert (found - weight).square().sum() <= (other * found - weight).square().sum() + 1e-12
    assert low_bit.binary(torch.tensor([0.0, -0.0, 3.0, -1.0])).tolist() == [1.0, 1.0, 1.0, -1.0]


@pytest.mark.parametrize("shape", [(3, 4, 5), (1, 1, 1), (2, 7, 1), (6, 2, 9)])
def test_binary_step_is_autograd_at_the_signs(shape):
    """Oracle: nn.Linear holding the signs, torch's loss and SGD; 1e-12."""
    outputs, inputs, examples = shape
    latent = normal(outputs, inputs).clamp(-1, 1)
    latent[0, 0] = 0.0
    xs, ys = normal(examples, inputs, seed=1), 3 * normal(examples, outputs, seed=2)
    layer = nn.Linear(inputs, outputs, bias=False, dtype=DOUBLE)
    with torch.no_grad():
        layer.weight.copy_(torch.where(latent < 0, -1.0, 1.0))
    (0.5 * nn.functional.mse_loss(layer(xs), ys, reduction="sum") / examples).backward()
    expected = nn.functional.hardtanh(latent - 0.1 * layer.weight.grad)
    torch.testing.assert_close(low_bit.binary_step(latent, xs, ys, 0.1), expected, rtol=1e-12, atol=1e-12)


def test_binary_steps_find_the_signs_that_made_the_targets_and_overwritten_ones_do_not():
    """The planted failure: a step that starts from the signs has forgotten all the small moves before it."""
    xs, hidden = normal(200, 20), normal(5, 20, seed=1).sign()
    ys, start = xs @ hidden.T, 0.5 * normal(5, 20, seed=2).clamp(-1, 1)
    kept = overwritten = start
    for _ in range(100):
        kept = low_bit.binary_step(kept, xs, ys, 0.02)
        signs = torch.where(overwritten >= 0, 1.0, -1.0).to(DOUBLE)
        overwritten = low_bit.binary_step(signs, xs, ys, 0.02)
    assert torch.equal(kept.sign(), hidden)
    assert torch.equal(overwritten.sign(), start.sign()) and not torch.equal(start.sign(), hidden)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_pact_by_the_paper(bits):
    """Oracle: 0.5 · (|x| − |x − α| + α) of 1805.06085 and autograd through it, and the paper's levels; 1e-12."""
    ours, theirs = (normal(40).requires_grad_() for _ in range(2))
    alphas = [torch.tensor(0.8, dtype=DOUBLE, requires_grad=True) for _ in range(2)]
    found = low_bit.pact(ours, alphas[0], bits)
    clipped = 0.5 * (theirs.abs() - (theirs - alphas[1]).abs() + alphas[1])
    unit = alphas[1].detach() / (2**bits - 1)
    torch.testing.assert_close(found, (clipped / unit).round() * unit, rtol=1e-12, atol=1e-12)
    found.backward(normal(40, seed=1))
    clipped.backward(normal(40, seed=1))
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(alphas[0].grad, alphas[1].grad, rtol=1e-12, atol=1e-12)
    assert len(found.detach().unique()) <= 2**bits


@pytest.mark.parametrize("bits", [2, 3, 8])
def test_dorefa_by_the_paper(bits):
    """Oracle: 2 · quantize_k(tanh w / (2 max |tanh w|) + ½) − 1, its gradient through tanh by hand; 1e-12."""
    weight = normal(5, 6).requires_grad_()
    found = low_bit.dorefa(weight, bits)
    levels = 2**bits - 1
    largest = weight.tanh().abs().max().detach()
    expected = 2 * torch.round(levels * (weight.tanh() / (2 * largest) + 0.5)) / levels - 1
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)
    found.sum().backward()
    torch.testing.assert_close(weight.grad, (1 - weight.detach().tanh() ** 2) / largest, rtol=1e-12, atol=1e-12)


def test_dorefa_with_one_bit_and_of_zeros():
    weight = normal(5, 6).requires_grad_()
    found = low_bit.dorefa(weight, 1)
    torch.testing.assert_close(found, low_bit.binary(weight), rtol=1e-12, atol=1e-12)
    found.sum().backward()
    assert (weight.grad == 1).all()
    assert low_bit.dorefa(torch.zeros(3), 2).abs().tolist() == pytest.approx([1 / 3] * 3)
