"""Ranges against torch.quantile and a fine search; folding and correcting against the layers themselves."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.compression.calibration import bias_correction, fold_batch_norm, mse_range, percentile_range
from featherweight.compression.quantization import dequantize, quantize, scale_and_zero_point, symmetric
from featherweight.errors import InputError

DOUBLE = torch.float64


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=30), st.floats(0.5, 100))
def test_percentiles_are_those_of_torch(values, percent):
    """Oracle: torch.quantile in float64, to 1e-9 of the largest number."""
    tensor = torch.tensor(values, dtype=DOUBLE)
    share = (1 - percent / 100) / 2
    expected = [float(torch.quantile(tensor, q)) for q in (share, 1 - share)]
    assert percentile_range(tensor, percent) == pytest.approx(expected, abs=1e-9 * float(tensor.abs().max()))


def test_all_of_it_is_the_whole_range_and_less_leaves_an_outlier_out():
    tensor = torch.cat([normal(999), torch.tensor([50.0])])
    assert percentile_range(tensor, 100) == (float(tensor.min()), float(tensor.max()))
    assert percentile_range(tensor, 99)[1] < 3


@pytest.mark.parametrize(("percent", "values"), [(0, [1.0]), (101, [1.0]), (50, [])])
def test_a_percentile_that_cannot_be_is_refused(percent, values):
    says = (
        f"^percentile_range got percent={percent} and {len(values)} numbers; wanted above 0 to 100, and at least one "
        "number.$"
    )
    with pytest.raises(InputError, match=says):
        percentile_range(torch.tensor(values), percent)


@pytest.mark.parametrize("function", [lambda t: percentile_range(t, 99.0), lambda t: mse_range(t, 0, 255)])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_refused(function, value):
    with pytest.raises(InputError, match=r"^(percentile|mse)_range got 1 of 2 numbers that are not finite"):
        function(torch.tensor([1.0, value]))


def error_of(tensor, ends, low, high):
    scale, zero_point = scale_and_zero_point(torch.tensor(ends), low, high)
    again = dequantize(quantize(tensor.float(), scale, zero_point, low, high), scale, zero_point)
    return float((again - tensor.float()).square().double().mean())


@pytest.mark.parametrize(("low", "high"), [(0, 15), (-128, 127), (0, 255)])
@pytest.mark.parametrize("outlier", [1.0, 8.0, 40.0])
def test_the_least_squared_error_of_the_grid(low, high, outlier):
    """Oracle: every clip of the grid in turn. In no case is clipping worse than the whole range."""
    tensor = torch.cat([normal(400), torch.tensor([outlier], dtype=DOUBLE)])
    found = mse_range(tensor, low, high)
    whole = float(tensor.float().min()), float(tensor.float().max())
    tried = [error_of(tensor, tuple(end * step / 100 for end in whole), low, high) for step in range(1, 101)]
    values = torch.cat([torch.zeros(1, dtype=DOUBLE), tensor])
    assert error_of(values, found, low, high) == pytest.approx(min(tried) * 401 / 402, rel=1e-6)
    assert min(tried) <= tried[-1]


def test_clipping_pays_at_four_bits_and_an_outlier_and_not_at_eight_bits_without():
    far = torch.cat([normal(2000), torch.tensor([30.0])])
    assert error_of(far, mse_range(far, 0, 15), 0, 15) < 0.75 * error_of(far, (float(far.min()), 30.0), 0, 15)
    even = torch.linspace(-1, 1, 1001)
    assert mse_range(even, 0, 255) == (-1.0, 1.0)


def test_a_symmetric_range_comes_from_a_tensor_and_its_negative():
    tensor = torch.cat([normal(500), torch.tensor([9.0])])
    smallest, largest = mse_range(torch.cat([tensor, -tensor]), -7, 7)
    assert smallest == -largest and 2 < largest < 9
    assert scale_and_zero_point(torch.tensor([smallest, largest]), -7, 7)[1] == 0


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [3.0], [-2.0]])
def test_ranges_of_little(values):
    smallest, largest = mse_range(torch.tensor(values), 0, 255)
    assert (smallest, largest) == (min([0.0, *values]), max([0.0, *values]))


@pytest.mark.parametrize("convolution", [False, True], ids=["linear", "convolution"])
def test_a_folded_layer_is_the_two_of_them(convolution):
    """Oracle: F.batch_norm behind the layer, float64 to 1e-12."""
    weight, bias = normal(4, 3, 2, 2) if convolution else normal(4, 3), normal(4, seed=1)
    scale, shift, mean = (normal(4, seed=seed) for seed in (2, 3, 4))
    variance, layer = normal(4, seed=5).square(), F.conv2d if convolution else F.linear
    inputs = normal(5, 3, 6, 6, seed=6) if convolution else normal(5, 3, seed=6)
    two = F.batch_norm(layer(inputs, weight, bias), mean, variance, scale, shift, eps=0.1)
    one = layer(inputs, *fold_batch_norm(weight, bias, scale, shift, mean, variance, 0.1))
    torch.testing.assert_close(one, two, rtol=0, atol=1e-12)


@pytest.mark.parametrize("convolution", [False, True], ids=["linear", "convolution"])
def test_a_corrected_bias_leaves_the_mean_output_where_it_was(convolution):
    """Oracle: the means of both layers' outputs, float64 to 1e-12; without the correction they are apart."""
    weight, bias = normal(4, 3, 2, 2) if convolution else normal(4, 3), normal(4, seed=1)
    inputs = normal(50, 3, 2, 2, seed=2) if convolution else normal(50, 3, seed=2)
    inputs = inputs.relu().mean((2, 3), keepdim=True).expand(-1, -1, 2, 2) if convolution else inputs.relu()
    quantized, layer = symmetric(weight, 3).double(), F.conv2d if convolution else F.linear
    mean = inputs.mean((0, 2, 3) if convolution else 0)
    corrected = bias_correction(weight, quantized, bias, mean)
    axes = (0, 2, 3) if convolution else 0
    wanted, without, found = (
        layer(inputs, w, b).mean(axes) for w, b in ((weight, bias), (quantized, bias), (quantized, corrected))
    )
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-12)
    assert (without - wanted).abs().max() > 0.01
