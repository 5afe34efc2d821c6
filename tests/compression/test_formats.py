import warnings

import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType, quants
from hypothesis import example, given, settings
from hypothesis import strategies as st

from featherweight.compression.formats import pack_q4_0, pack_q8_0, unpack_q4_0, unpack_q8_0, whole_blocks
from featherweight.errors import InputError

FORMATS = {"Q8_0": (pack_q8_0, unpack_q8_0, 34), "Q4_0": (pack_q4_0, unpack_q4_0, 18)}
LARGEST = 65504 * 7.96875
"""Of a block whose scale is finite in float16, for Q4_0; Q8_0 has room to spare."""

numbers = st.floats(-(2.0**110), 2.0**110, width=32).map(lambda x: 0.0 if abs(x) < 1e-30 else x)
tame = st.floats(-LARGEST, LARGEST, width=32).map(lambda x: 0.0 if abs(x) < 1e-2 else x)


def blocks_of(numbers):
    return st.lists(numbers, min_size=0, max_size=3 * 32).map(
        lambda found: torch.tensor(found + [0.0] * (-len(found) % 32))
    )


def by_gguf(values, kind):
    """The bytes, and what they are read as."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a scale beyond float16, the other branch of a where
        packed = quants.quantize(values.numpy(), GGMLQuantizationType[kind])
        return torch.from_numpy(packed.copy()), quants.dequantize(packed, GGMLQuantizationType[kind])


def normal(blocks, size=1.0, seed=0):
    return size * torch.randn(32 * blocks, generator=torch.Generator().manual_seed(seed))


BLOCKS = {
    "random": normal(500),
    "zero": torch.zeros(64),
    "minus zero": torch.full((32,), -0.0),
    "a scale below float16": normal(50, 1e-9),
    "tiny": normal(50, 1e-30),
    "huge": normal(50, 5e4),
    "a scale beyond float16": normal(50, 1e30),
    "halves": torch.arange(-16, 16) / 2 * torch.tensor([[127.0], [8.0], [1.0]]) / 8,
    "halves on the grid": torch.cat([torch.tensor([127.0]), torch.arange(31) - 15.5]),
    "halves of Q4_0": torch.cat([torch.tensor([-8.0]), torch.arange(31) / 2 - 7.5]),
    "one number": torch.eye(32) * -3.7,
    "equally large": torch.tensor([1.0, -1.0] * 16),
    "equally large, minus first": torch.tensor([0.0, -1.0, 1.0, 0.5] * 8),
    "just under a half": torch.tensor([127.0, 0.49999997, -0.49999997] + [0.0] * 29),
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("values", BLOCKS.values(), ids=BLOCKS)
def test_bytes_are_those_of_gguf(kind, values):
    """Oracle: gguf-py, byte for byte."""
    pack, unpack, size = FORMATS[kind]
    packed = pack(values)
    assert packed.dtype == torch.uint8 and packed.shape == (values.numel() // 32, size)
    theirs, read = by_gguf(values.flatten(), kind)
    assert torch.equal(packed.flatten(), theirs)
    assert np.array_equal(unpack(packed).numpy(), read, equal_nan=True)


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=60, deadline=None)
@given(blocks_of(numbers))
@example(torch.zeros(0))
def test_any_bytes_are_those_of_gguf(kind, values):
    packed = FORMATS[kind][0](values)
    assert packed.shape == (len(values) // 32, FORMATS[kind][2])
    if len(values):
        assert torch.equal(packed.flatten(), by_gguf(values, kind)[0])


@settings(max_examples=60, deadline=None)
@given(blocks_of(tame))
def test_q8_0_errs_by_half_a_step_and_the_rounding_of_the_scale(values):
    rows = values.view(-1, 32)
    off = (unpack_q8_0(pack_q8_0(values)).view(-1, 32) - rows).abs()
    largest = rows.abs().amax(1, keepdim=True)
    assert (off <= largest / 127 * 0.5001 + largest * 2**-10).all()


@settings(max_examples=60, deadline=None)
@given(blocks_of(tame))
def test_q4_0_errs_by_half_a_step_except_at_the_end_without_a_code(values):
    """The grid is −8 … 7: on the side of 7 a value may be a whole step away, never more."""
    rows = values.view(-1, 32)
    off = (unpack_q4_0(pack_q4_0(values)).view(-1, 32) - rows).abs()
    largest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    beyond = rows / torch.where(largest == 0, 1, largest) < -7.5 / 8
    step = largest.abs() / 8
    assert (off <= torch.where(beyond, step, step / 2) * 1.0001 + largest.abs() * 2**-10).all()


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=30, deadline=None)
@given(blocks_of(st.integers(-7, 7).map(float)), st.integers(-12, 8))
def test_what_was_read_packs_to_the_same_bytes(kind, values, power):
    """Where the scale is a power of two nothing is rounded twice."""
    pack, unpack, _ = FORMATS[kind]
    values.view(-1, 32)[:, 0] = 127.0 if kind == "Q8_0" else -8.0
    packed = pack(values * 2.0**power)
    assert torch.equal(unpack(packed), values * 2.0**power)
    assert torch.equal(pack(unpack(packed)), packed)


def test_the_two_roundings_differ_from_that_of_onnx():
    """The planted failure: a code by round-half-even is another byte, and so is one from the float16 scale."""
    values = BLOCKS["halves on the grid"]
    assert (values.round().to(torch.int8) != pack_q8_0(values)[0, 2:].view(torch.int8)).sum() == 16
    values = normal(100)
    rows = values.view(-1, 32)
    stored = (rows.abs().amax(1, keepdim=True) / 127).half().float()
    assert ((rows / stored).round().to(torch.int8) != pack_q8_0(values)[:, 2:].view(torch.int8)).any()


@pytest.mark.parametrize("number", [torch.inf, -torch.inf, torch.nan, 1e300])
def test_what_is_not_finite_is_refused(number):
    values = torch.zeros(32, dtype=torch.float64)
    values[7] = number
    with pytest.raises(InputError, match=r"1 of 32 values are infinite or NaN; wanted finite numbers: replace them fi"):
        whole_blocks(values)


@pytest.mark.parametrize("length", [1, 31, 33])
def test_a_block_that_is_not_full_is_refused(length):
    with pytest.raises(
        InputError, match=rf"{length} values; wanted a multiple of 32: add zeros and remember the length"
    ):
        whole_blocks(torch.ones(length))


def test_whole_blocks():
    assert whole_blocks(torch.zeros(0)).shape == (0, 32)
    ready = whole_blocks(torch.ones(2, 48, dtype=torch.float16), 16)
    assert ready.shape == (6, 16) and ready.dtype == torch.float32
