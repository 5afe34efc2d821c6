"""Eight bits against ONNX Runtime, torch and closed forms."""

import platform
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from onnxruntime import InferenceSession

from featherweight.compression.quantization import (
    dequantize,
    integer_linear,
    per_channel_scale,
    quantize,
    scale_and_zero_point,
    symmetric,
)
from featherweight.errors import InputError

TYPES = {
    "uint8": (TensorProto.UINT8, 0, 255),
    "int8": (TensorProto.INT8, -128, 127),
    "uint16": (TensorProto.UINT16, 0, 2**16 - 1),
    "int16": (TensorProto.INT16, -(2**15), 2**15 - 1),
}
"""Name → ONNX's number for it, first and last code."""

TINY = torch.finfo(torch.float32).tiny


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def session(node, inputs, outputs):
    """ONNX Runtime for one node; inputs and outputs: name → type."""
    values = [[helper.make_tensor_value_info(n, kind, None) for n, kind in part.items()] for part in (inputs, outputs)]
    graph = helper.make_graph([node], "one", *values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def onnx_codes(tensor, scale, zero_point, kind, axis=None):
    """ONNX Runtime's QuantizeLinear; with an axis scale and zero point are tensors, one entry for each index of it."""
    number, *_ = TYPES[kind]
    more = {} if axis is None else {"axis": axis}
    node = helper.make_node("QuantizeLinear", ["x", "s", "z"], ["y"], **more)
    run = session(node, {"x": TensorProto.FLOAT, "s": TensorProto.FLOAT, "z": number}, {"y": number})
    given_ = {"x": tensor.numpy(), "s": np.asarray(scale, np.float32), "z": np.asarray(zero_point, kind)}
    return torch.tensor(run.run(None, given_)[0].astype(np.int32))


ties = torch.arange(-600, 601) / 2
wide = torch.cat([normal(500) * 40, normal(300, seed=1) * 1e6, torch.tensor([0.0, -0.0, 1e30, -1e30, 1e-40])])


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("offset", [0, 1, 77])
@pytest.mark.parametrize(("name", "tensor", "scale"), [("ties", ties, 1.0), ("ties", ties, 0.25), ("wide", wide, 0.3)])
def test_codes_are_those_of_onnx_runtime(kind, offset, name, tensor, scale):
    """Oracle: QuantizeLinear, bit for bit, ties and even and odd zero points included."""
    _, low, high = TYPES[kind]
    found = quantize(tensor, scale, low + offset, low, high)
    assert found.dtype == torch.int32
    assert torch.equal(found, onnx_codes(tensor, scale, low + offset, kind))


def test_codes_per_channel_are_those_of_onnx_runtime():
    weight, scale = normal(5, 3, 2, 2) * 3, torch.tensor([0.01, 0.3, 1.0, 0.02, 7.0])
    zero_point = torch.tensor([0, 3, -5, 127, -128])
    found = quantize(weight, scale.view(-1, 1, 1, 1), zero_point.view(-1, 1, 1, 1), -128, 127)
    assert torch.equal(found, onnx_codes(weight, scale, zero_point, "int8", axis=0))


def test_half_up_is_not_what_onnx_runtime_does():
    """The planted failure: the comparison above sees the difference."""
    up = (torch.floor(ties + 0.5) + 3).clamp(0, 255).int()
    assert not torch.equal(up, onnx_codes(ties, 1.0, 3, "uint8"))


def torch_codes(tensor, scale, zero_point):
    """torch's quantized tensors, which are on their way out and say so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.quantize_per_tensor(tensor, scale, zero_point, torch.quint8).int_repr().int()


@pytest.mark.skipif(not hasattr(torch, "quantize_per_tensor"), reason="this torch has no quantized tensors any more")
def test_codes_are_those_of_torch_away_from_ties():
    tensor = normal(2000) * 3
    assert torch.equal(quantize(tensor, 0.05, 61, 0, 255), torch_codes(tensor, 0.05, 61))


@pytest.mark.skipif(not hasattr(torch, "quantize_per_tensor"), reason="this torch has no quantized tensors any more")
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="other processors round in another order")
def test_torch_disagrees_with_itself_on_ties_with_an_odd_zero_point():
    """What the lesson shows: quantize_per_tensor adds the zero point before it rounds, fake_quantize after."""
    tensor = torch.tensor([-1.5, -0.5, 0.5, 1.5])
    assert quantize(tensor, 1.0, 3, 0, 255).tolist() == faked_codes(tensor, 3) == [1, 3, 3, 5]
    assert torch_codes(tensor, 1.0, 3).tolist() == [2, 2, 4, 4]
    assert quantize(tensor, 1.0, 2, 0, 255).tolist() == torch_codes(tensor, 1.0, 2).tolist() == [0, 2, 2, 4]


def faked_codes(tensor, zero_point):
    return (torch.fake_quantize_per_tensor_affine(tensor, 1.0, zero_point, 0, 255) + zero_point).tolist()


def test_codes_of_32_bits_are_exact():
    """A bias has as many: float32 could not add the zero point."""
    tensor = torch.tensor([2.0**24, -(2.0**30), 1e12, -1e12])
    assert quantize(tensor, 1.0, 1, -(2**31), 2**31 - 1).tolist() == [2**24 + 1, 1 - 2**30, 2**31 - 1, -(2**31)]


numbers = st.floats(-1e6, 1e6, width=32)
shapes = st.sampled_from([(0,), (1,), (7,), (2, 0), (3, 5), (2, 1, 3)])
ranges = st.sampled_from([(0, 255), (-128, 127), (-127, 127), (0, 15), (-8, 7), (0, 1)])


@st.composite
def tensors(draw, shape=shapes):
    chosen = draw(shape)
    values = draw(st.lists(numbers, min_size=int(np.prod(chosen)), max_size=int(np.prod(chosen))))
    return torch.tensor(values, dtype=torch.float32).view(chosen)


@settings(max_examples=60, deadline=None)
@given(tensors(), ranges)
def test_a_round_trip_costs_half_a_step_and_no_zero(tensor, ends):
    low, high = ends
    scale, zero_point = scale_and_zero_point(tensor, low, high)
    assert isinstance(scale, float) and scale > 0 and type(zero_point) is int and low <= zero_point <= high
    codes = quantize(tensor, scale, zero_point, low, high)
    assert codes.shape == tensor.shape and codes.dtype == torch.int32
    again = dequantize(codes, scale, zero_point)
    assert again.dtype == torch.float32 and torch.equal(again[tensor == 0], tensor[tensor == 0] * 0)
    far = (again.double() - tensor.double()).abs()
    assert (far <= scale / 2 * (1 + 1e-4) + TINY * 300).all()  # the division and the product round, too
    assert torch.equal(quantize(again, scale, zero_point, low, high), codes)


@settings(max_examples=25, deadline=None)
@given(tensors(st.sampled_from([(1,), (6,), (2, 5)])))
def test_scale_and_zero_point_are_those_of_onnx_runtime(tensor):
    """Oracle: DynamicQuantizeLinear, in float32: scale to 1e-6, zero point the same where no tie is near."""
    node = helper.make_node("DynamicQuantizeLinear", ["x"], ["y", "s", "z"])
    outputs = {"y": TensorProto.UINT8, "s": TensorProto.FLOAT, "z": TensorProto.UINT8}
    _, scale, zero_point = session(node, {"x": TensorProto.FLOAT}, outputs).run(None, {"x": tensor.numpy()})
    mine, code = scale_and_zero_point(tensor, 0, 255)
    if mine == 1.0 and not tensor.abs().max() > TINY * 300:
        return  # ONNX Runtime takes numbers for numbers that no float32 scale can tell apart
    assert mine == pytest.approx(float(scale), rel=1e-6)
    steps = -min(0.0, float(tensor.min())) / mine
    if abs(steps % 1 - 0.5) > 1e-4:
        assert code == int(zero_point)


@pytest.mark.parametrize(
    ("values", "ends", "scale", "zero_point"),
    [
        ([], (-128, 127), 1.0, -128),
        ([0.0, 0.0], (0, 255), 1.0, 0),
        ([2.0, 5.1], (0, 255), 0.02, 0),
        ([-2.0, -5.1], (0, 255), 0.02, 255),
        ([-1.0, 2.0], (0, 3), 1.0, 1),
        ([-0.5, 2.5], (0, 3), 1.0, 0),
        ([-1.5, 1.5], (0, 3), 1.0, 2),
        ([-1.5, 1.5], (-1, 2), 1.0, 1),
        ([-0.5, 2.5], (-1, 2), 1.0, -1),
        ([-1.27, 1.27], (-127, 127), 0.01, 0),
        ([1e-44], (0, 255), 1.0, 0),
    ],
)
def test_scale_and_zero_point_of_cases_worked_by_hand(values, ends, scale, zero_point):
    found = scale_and_zero_point(torch.tensor(values), *ends)
    assert found == (pytest.approx(scale, rel=1e-6), zero_point)


@settings(max_examples=40, deadline=None)
@given(tensors(st.sampled_from([(1, 1), (3, 5), (2, 3, 1), (4, 2, 2, 3)])), st.integers(2, 9))
def test_one_step_per_channel(weight, bits):
    """Closed form: the largest weight of a channel is the last code, and no weight is further off than half a step."""
    scale, last = per_channel_scale(weight, bits), 2 ** (bits - 1) - 1
    assert scale.shape == (len(weight), *[1] * (weight.dim() - 1)) and (scale > 0).all()
    codes = quantize(weight, scale, 0, -last, last)
    rows, sizes = codes.flatten(1).abs().amax(1), weight.flatten(1).abs().amax(1)
    assert (rows[sizes > TINY * 300] == last).all() and (scale.flatten()[sizes == 0] == 1).all()
    far = (dequantize(codes, scale, 0) - weight).abs()
    assert (far <= scale / 2 * (1 + 1e-4) + TINY * 300).all()


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8])
@pytest.mark.parametrize(("batch", "inputs", "outputs"), [(1, 1, 1), (3, 7, 2), (2, 4096, 5), (4, 0, 3)])
def test_integer_linear_is_exact(dtype, batch, inputs, outputs):
    """Oracle: numpy in int64."""
    g = torch.Generator().manual_seed(inputs)
    ends = torch.iinfo(dtype)
    codes = torch.randint(ends.max - 20, ends.max + 1, (batch, inputs), generator=g).to(dtype)
    weight = torch.randint(100, 128, (outputs, inputs), generator=g).to(torch.int8)
    bias = torch.randint(-(2**20), 2**20, (outputs,), generator=g, dtype=torch.int32)
    found = integer_linear(codes, ends.min + 3, weight, bias)
    expected = (codes.numpy().astype(np.int64) - (ends.min + 3)) @ weight.numpy().astype(np.int64).T + bias.numpy()
    assert found.dtype == torch.int32 and np.array_equal(found.numpy(), expected)
    if inputs == 4096:  # the planted failures: neither float32 nor int8 could have done it
        floats = (codes.float() - (ends.min + 3)) @ weight.float().T + bias
        assert not np.array_equal(floats.numpy().astype(np.int64), expected)
        assert np.abs(expected).max() > 2**24


def test_integer_linear_is_the_float_layer():
    """Oracle: torch's linear layer on the numbers that the codes stand for."""
    inputs, weight, bias = normal(9, 20).relu(), normal(6, 20, seed=1), normal(6, seed=2)
    scale, zero_point = scale_and_zero_point(inputs, 0, 255)
    codes = quantize(inputs, scale, zero_point, 0, 255)
    steps = per_channel_scale(weight, 8)
    wholes = quantize(weight, steps, 0, -127, 127)
    step = scale * steps.flatten()
    sums = integer_linear(
        codes.to(torch.uint8), zero_point, wholes.to(torch.int8), quantize(bias, step, 0, -(2**31), 2**31 - 1)
    )
    layer = torch.nn.functional.linear(dequantize(codes, scale, zero_point), dequantize(wholes, steps, 0), bias)
    torch.testing.assert_close(dequantize(sums, step, 0), layer, rtol=1e-5, atol=float(step.max()))


@settings(max_examples=30, deadline=None)
@given(tensors(st.sampled_from([(0, 3), (1, 1), (3, 5), (2, 3, 1, 2)])), st.integers(2, 8), st.booleans())
def test_symmetric_is_a_round_trip(weight, bits, per_channel):
    found = symmetric(weight, bits, per_channel)
    assert found.shape == weight.shape and found.dtype == torch.float32
    sizes = weight.abs().flatten(1).amax(1) if weight.numel() else weight.new_zeros(len(weight))
    step = (sizes if per_channel else sizes.max() if len(sizes) else sizes) / (2 ** (bits - 1) - 1)
    assert ((found - weight).abs().flatten(1) <= step.view(-1, 1) / 2 * (1 + 1e-4) + TINY * 300).all()
    torch.testing.assert_close(symmetric(-weight, bits, per_channel), -found, rtol=0, atol=0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_refused(value):
    weight = torch.tensor([[1.0, 2.0], [value, value]])
    says = rf"^symmetric got 2 of 4 numbers that are not finite, the first one {value} at \[1, 0\]; wanted finite "
    with pytest.raises(InputError, match=says + r"numbers: look for what made them before rounding\.$"):
        symmetric(weight, 8)


def test_one_bit_is_refused():
    says = r"^symmetric got bits=1; wanted 2 or more: one bit has no code besides 0 here\.$"
    with pytest.raises(InputError, match=says):
        symmetric(torch.ones(2, 2), 1)
