"""Integers give what the float layers give, within a step, and exactly what ONNX Runtime gives."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from featherweight.compression.quantization import dequantize
from featherweight.lab import integer_network, onnx_network

INPUTS = torch.rand(200, 20, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 3))


@given(st.floats(1e-9, 1e3))
def test_a_factor_is_an_integer_and_a_shift(factor):
    multiplier, shift = integer_network.fixed_point(torch.tensor([factor], dtype=torch.float64))
    assert 2**30 <= multiplier < 2**31
    assert float(multiplier) * 2.0 ** -float(shift) == pytest.approx(factor, rel=2**-30)


@pytest.mark.parametrize("per_channel", [True, False])
def test_answers_are_near_those_of_float32(network, per_channel):
    layers = integer_network.integer_layers(network, INPUTS, per_channel)
    codes = integer_network.run(layers, integer_network.codes_of(INPUTS))
    assert codes.dtype == torch.int8
    last = layers[-1]
    off = dequantize(codes, last.scale_out, last.zero_out) - network(INPUTS)
    assert off.abs().max() < 4 * last.scale_out


@pytest.mark.parametrize("per_channel", [True, False])
def test_onnx_runtime_gives_the_same_codes(network, per_channel):
    """Theirs multiplies by a float where ours shifts: equal but for ties, of which there are none here."""
    layers = integer_network.integer_layers(network, INPUTS, per_channel)
    theirs = onnx_network.session(onnx_network.eight_bit_model(layers)).run(None, {"x": INPUTS.numpy()})[0]
    ours = integer_network.run(layers, integer_network.codes_of(INPUTS)).numpy()
    assert theirs.dtype == np.uint8
    apart = np.abs(theirs.astype(int) - onnx_network.UP - ours)
    assert apart.max() <= 1 and (apart == 0).mean() > 0.99


def test_another_product_is_used_and_seen(network):
    layers = integer_network.integer_layers(network, INPUTS)
    codes = integer_network.codes_of(INPUTS)

    def wraps(inputs, zero_point, weight, bias):
        return ((inputs - zero_point) @ weight.T).to(torch.int32) + bias

    assert not torch.equal(integer_network.run(layers, codes, wraps), integer_network.run(layers, codes))


def test_a_file_holds_bytes_and_one_scale_or_one_for_each_channel(network):
    for per_channel, scales in ((True, 16), (False, 1)):
        state = integer_network.state(integer_network.integer_layers(network, INPUTS, per_channel))
        assert state["0.weight"].dtype == torch.int8 and state["0.bias"].dtype == torch.int32
        assert state["0.multiplier"].shape == state["0.shift"].shape == (scales,)
        assert state["0.multiplier"].min() >= 2**30


def test_nonzeros_are_counted_in_the_codes(network):
    layers = integer_network.integer_layers(network, INPUTS, per_channel=False)
    codes = [part.tolist() for layer in layers for part in (layer.weight.flatten(), layer.bias)]
    assert integer_network.nonzeros(layers) == sum(code != 0 for part in codes for code in part)
    assert integer_network.nonzeros(layers) < sum(p.numel() for p in network.parameters())  # some codes are 0
