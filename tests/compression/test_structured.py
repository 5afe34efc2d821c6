import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from featherweight.compression.structured import (
    align_residual,
    csr_break_even,
    magnitude_scores,
    neuron_scores,
    remove_channels,
    remove_neurons,
    slimming_scores,
)

DOUBLE = torch.float64


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)


masks = st.lists(st.booleans(), min_size=6, max_size=6).filter(any).map(torch.tensor)
ALL, ONE = torch.tensor([True] * 6), torch.tensor([False] * 5 + [True])
TOLERANCE = {"rtol": 0, "atol": 1e-12}


@pytest.mark.parametrize("convolution", [False, True], ids=["linear", "convolution"])
def test_neuron_scores_are_the_slope_in_a_gate(convolution):
    """Oracle: autograd through z · (w · x) + b, batch by batch."""
    weight = normal(4, 3, 2, 2) if convolution else normal(4, 5)
    layer = F.conv2d if convolution else F.linear
    gradients, slopes = [], []
    for seed in range(3):
        inputs = normal(7, 3, 5, 5, seed=seed) if convolution else normal(7, 5, seed=seed)
        leaf, gate = weight.clone().requires_grad_(), torch.ones(4, dtype=DOUBLE, requires_grad=True)
        at = (4, *[1] * (weight.dim() - 2))
        loss = (layer(inputs, leaf) * gate.view(at) + 0.3).relu().square().mean()
        loss.backward()
        gradients.append(leaf.grad)
        slopes.append(gate.grad)
    found = neuron_scores(weight, torch.stack(gradients))
    torch.testing.assert_close(found, torch.stack(slopes).square().mean(0), rtol=1e-10, atol=0)


def test_magnitude_and_slimming_scores():
    weight = torch.tensor([[3.0, -4.0], [0.0, 1.0]])
    assert magnitude_scores(weight).tolist() == [5.0, 1.0]
    assert magnitude_scores(weight.view(2, 1, 2, 1)).tolist() == [5.0, 1.0]
    assert slimming_scores(torch.tensor([-2.0, 0.5])).tolist() == [2.0, 0.5]


@settings(max_examples=10, deadline=None)
@given(masks)
@example(ALL)
@example(ONE)
def test_neurons_removed_are_neurons_masked(keep):
    """Oracle: the same network with the rows of weights zeroed, biases left alone."""
    weight, bias, after, last = normal(6, 4), normal(6, seed=1), normal(3, 6, seed=2), normal(3, seed=3)
    inputs = normal(9, 4, seed=4)
    masked = F.linear(F.linear(inputs, weight * keep[:, None], bias).relu(), after, last)
    w, b, v, c = remove_neurons(weight, bias, after, last, keep)
    assert w.shape == (keep.sum(), 4) and v.shape == (3, keep.sum())
    torch.testing.assert_close(F.linear(F.linear(inputs, w, b).relu(), v, c), masked, **TOLERANCE)


@settings(max_examples=6, deadline=None)
@given(masks)
@example(ALL)
@example(ONE)
def test_channels_of_a_convolution_removed_are_channels_masked(keep):
    weight, bias, after, last = normal(6, 2, 3, 3), normal(6, seed=1), normal(3, 6, 2, 2, seed=2), normal(3, seed=3)
    inputs = normal(5, 2, 8, 8, seed=4)
    masked = F.conv2d(F.conv2d(inputs, weight * keep[:, None, None, None], bias, padding=1).relu(), after, last)
    w, b, v, c = remove_neurons(weight, bias, after, last, keep)
    torch.testing.assert_close(F.conv2d(F.conv2d(inputs, w, b, padding=1).relu(), v, c), masked, **TOLERANCE)


def test_a_padded_convolution_cannot_fold():
    """The planted failure: at the border the next layer reads zeros, not the constant."""
    keep = torch.tensor([True] * 3 + [False] * 3)
    weight, bias, after, last = normal(6, 2, 3, 3), normal(6, seed=1).abs(), normal(3, 6, 3, 3), normal(3, seed=3)
    inputs = normal(5, 2, 8, 8, seed=4)
    masked = F.conv2d(F.conv2d(inputs, weight * keep[:, None, None, None], bias).relu(), after, last, padding=1)
    w, b, v, c = remove_neurons(weight, bias, after, last, keep)
    apart = (F.conv2d(F.conv2d(inputs, w, b).relu(), v, c, padding=1) - masked).abs()
    assert apart[:, :, 1:-1, 1:-1].max() < 1e-12 and apart.max() > 0.1


@settings(max_examples=6, deadline=None)
@given(masks)
@example(ALL)
@example(ONE)
def test_channels_before_batch_normalization(keep):
    """Oracle: torch's own modules, the convolution's output zeroed by hand."""
    norm, inputs = nn.BatchNorm2d(6, eps=0.01).double().eval(), normal(5, 2, 8, 8, seed=9)
    with torch.no_grad():
        for number, tensor in enumerate((norm.weight, norm.bias, norm.running_mean)):
            tensor.copy_(normal(6, seed=number))
        norm.running_var.copy_(normal(6, seed=3).square())
    weight, after, last = normal(6, 2, 3, 3), normal(3, 6, 2, 2, seed=2), normal(3, seed=3)
    masked = F.conv2d(norm(F.conv2d(inputs, weight) * keep[:, None, None]).relu(), after, last)
    four = norm.weight.detach(), norm.bias.detach(), norm.running_mean, norm.running_var
    w, scale, shift, mean, variance, v, c = remove_channels(weight, *four, 0.01, after, last, keep)
    normed = F.batch_norm(F.conv2d(inputs, w), mean, variance, scale, shift, eps=0.01)
    torch.testing.assert_close(F.conv2d(normed.relu(), v, c), masked.detach(), **TOLERANCE)


def test_align_residual_keeps_the_same_channels_everywhere():
    """Oracle: the sum over the group written out channel by channel."""
    writers, readers = [normal(6, 2), normal(6, 3, 2, 2, seed=1)], [normal(4, 6, seed=2), normal(5, 6, 3, 3, seed=3)]
    score = [
        sum(float(w[c].square().sum()) for w in writers) + sum(float(r[:, c].square().sum()) for r in readers)
        for c in range(6)
    ]
    best = sorted(sorted(range(6), key=lambda c: -score[c])[:3])
    small, smaller = align_residual(writers, readers, 3)
    assert all(map(torch.equal, small, [w[best] for w in writers]))
    assert all(map(torch.equal, smaller, [r[:, best] for r in readers]))


DENSITIES = [0.01, 0.1, 0.3, 1.0]


@pytest.mark.parametrize(
    ("times", "dense", "expected"),
    [
        ([0.1, 0.5, 1.5, 5.0], 1.0, 0.2),
        ([0.1, 0.5, 1.5, 5.0], 0.5, 0.1),
        ([1.1, 1.5, 2.5, 5.0], 1.0, 0.0),
        ([0.1, 0.2, 0.3, 0.5], 1.0, 1.0),
        ([0.1, 1.5, 0.9, 5.0], 0.8, 0.055),
    ],
    ids=["between", "at a point", "never", "always", "first crossing"],
)
def test_csr_break_even(times, dense, expected):
    assert csr_break_even(DENSITIES, times, dense) == pytest.approx(expected)


@given(st.lists(st.floats(0.01, 10), min_size=4, max_size=4, unique=True), st.floats(0.01, 10))
def test_csr_break_even_is_numpys_inverse_interpolation(times, dense):
    times = sorted(times)
    expected = np.interp(dense, times, DENSITIES, left=0.0)
    assert csr_break_even(DENSITIES, times, dense) == pytest.approx(expected, abs=1e-9)
