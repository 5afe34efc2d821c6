"""An optimizer's state in bytes against bitsandbytes, which says on import what it lacks here, and brute force."""

import contextlib
import io
import math
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.compression.state import dequantize_state, dynamic_map, encode_state, quantize_state
from featherweight.errors import InputError
from featherweight.optimizers.adaptive import adam_step

with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    functional = pytest.importorskip("bitsandbytes.functional")

BOTH = pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
SMALL = torch.tensor([-0.9, -0.25, 0.0, 0.5, 1.0])


def normal(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@BOTH
def test_the_map_is_that_of_bitsandbytes(signed):
    """Oracle: create_dynamic_map, to two units in float32's last place: it interpolates in float32."""
    found = dynamic_map(signed)
    assert found.dtype == torch.float32 and found.shape == (256,)
    torch.testing.assert_close(found, functional.create_dynamic_map(signed), rtol=2.4e-7, atol=0)


@BOTH
@pytest.mark.parametrize("bits", [2, 3, 4, 5, 7])
def test_smaller_maps_are_those_of_bitsandbytes(signed, bits):
    """Oracle: create_dynamic_map, which fills up to 256 entries with zeros."""
    theirs = functional.create_dynamic_map(signed, max_exponent_bits=bits - 1, total_bits=bits)
    found = dynamic_map(signed, bits)
    assert len(found) == 2**bits
    padded = torch.cat([found, torch.zeros(256 - len(found))]).sort().values
    torch.testing.assert_close(padded, theirs, rtol=2.4e-7, atol=0)


def test_the_map_of_three_bits_by_hand():
    expected = torch.tensor([-0.775, -0.325, -0.055, 0.0, 0.055, 0.325, 0.775, 1.0])
    torch.testing.assert_close(dynamic_map(True, 3), expected)


@BOTH
def test_the_map_rises_and_holds_what_it_must(signed):
    entries = dynamic_map(signed)
    assert (entries.diff() > 0).all() and entries[-1] == 1.0 and (entries == 0).sum() == 1
    assert (entries[0] > -1) if signed else (entries[0] == 0)
    smallest = entries[entries > 0][0].item()
    assert smallest == pytest.approx(5.5e-7 if signed else 3.25e-7, rel=1e-6)


def test_an_evenly_spaced_map_is_another():
    """The planted failure: what the bug hunt hands over."""
    with pytest.raises(AssertionError):
        torch.testing.assert_close(torch.linspace(0, 1, 256), functional.create_dynamic_map(False), rtol=1e-6, atol=0)


@BOTH
@pytest.mark.parametrize("count", [1, 256, 3000])
def test_states_are_at_least_as_near_as_those_of_bitsandbytes(signed, count):
    """Oracle: its CPU kernel, which looks indices up in a table: the scales are the same, no index of ours is worse."""
    tensor = normal(count) ** 3 if signed else normal(count) ** 2
    code = functional.create_dynamic_map(signed)
    indices, absmax = quantize_state(tensor, code, 256)
    theirs, state = functional.quantize_blockwise(tensor, code=code, blocksize=256)
    assert torch.equal(absmax, state.absmax)
    theirs = theirs.view_as(tensor)
    mine, other = ((dequantize_state(each, absmax, code, 256) - tensor).abs() for each in (indices, theirs))
    assert (mine <= other + 1e-7 * absmax.max()).all()
    assert (indices == theirs).double().mean() > 0.85
    again = functional.dequantize_blockwise(indices, quant_state=state)
    torch.testing.assert_close(dequantize_state(indices, absmax, code, 256), again, rtol=1e-6, atol=0)


numbers = st.floats(-1e6, 1e6, width=32)


@settings(max_examples=60, deadline=None)
@given(st.lists(numbers, max_size=40), st.integers(1, 45), st.booleans(), st.booleans())
def test_each_number_gets_the_nearest_entry(values, block, signed, matrix):
    """Oracle: all distances in float64, to what float32 loses in the quotient."""
    code = dynamic_map(signed)
    tensor = torch.tensor(values, dtype=torch.float32)
    tensor = (tensor if signed else tensor.abs())[: len(values) // 2 * 2].view(2, -1) if matrix else tensor
    indices, absmax = quantize_state(tensor, code, block)
    assert indices.shape == tensor.shape and indices.dtype == torch.uint8
    assert absmax.shape == (math.ceil(tensor.numel() / block),) and absmax.dtype == torch.float32
    for number, piece in enumerate(tensor.flatten().split(block) if tensor.numel() else ()):
        largest = piece.abs().max()
        assert absmax[number] == largest
        if largest < 1e-37:
            continue  # below float32's normal numbers a quotient is anything
        apart = (piece.double()[:, None] / largest.double() - code.double()).abs()
        mine = indices.flatten()[number * block :][: len(piece)].long()
        assert (apart.gather(1, mine[:, None])[:, 0] <= apart.amin(1) + 1e-7).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(numbers, max_size=40), st.integers(1, 45), st.booleans())
def test_a_second_round_trip_changes_nothing(values, block, signed):
    code = dynamic_map(signed)
    tensor = torch.tensor(values, dtype=torch.float32)
    first = quantize_state(tensor if signed else tensor.abs(), code, block)
    again = dequantize_state(*first, code, block)
    assert again.shape == tensor.shape
    for number, piece in enumerate(again.split(block) if len(again) else ()):
        if piece.abs().max() != first[1][number]:  # the largest was negative, and −1 is no entry
            return
    second = quantize_state(again, code, block)
    assert torch.equal(dequantize_state(*second, code, block), again)


@pytest.mark.parametrize(
    ("values", "block", "indices", "absmax"),
    [
        ([], 4, [], []),
        ([0.0, 0.0, 0.0], 2, [2, 2, 2], [0.0, 0.0]),
        ([3.0], 8, [4], [3.0]),
        ([-3.0], 8, [0], [3.0]),
        ([0.5, 1.0, 4.0, 100.0], 2, [3, 4, 2, 4], [1.0, 100.0]),
        ([0.25, 0.75, -0.125, -0.3, 1.0], 5, [2, 3, 1, 1, 4], [1.0]),  # halfway: the lower index
        ([0.0, 0.0, 2.0, 1.0, -2.0], 2, [2, 2, 4, 3, 0], [0.0, 2.0, 2.0]),
    ],
)
def test_cases_worked_by_hand(values, block, indices, absmax):
    found = quantize_state(torch.tensor(values), SMALL, block)
    assert [part.tolist() for part in found] == [indices, absmax]


def test_blocks_run_across_rows():
    tensor = torch.tensor([[1.0, 2.0, 8.0], [0.0, 4.0, 4.0]])
    indices, absmax = quantize_state(tensor, SMALL, 2)
    assert absmax.tolist() == [2.0, 8.0, 4.0] and indices.shape == (2, 3)
    assert dequantize_state(indices, absmax, SMALL, 2).tolist() == [[1.0, 2.0, 8.0], [0.0, 4.0, 4.0]]


def steps_of_adam(code_of):
    """Forty steps of Adam on gradients of sizes 1 and 0.01 in one block, its state kept in bytes between them."""
    parameter, gradients = torch.zeros(256), normal(40, 256, seed=3) * torch.where(torch.arange(256) < 8, 1.0, 0.01)
    moments = [torch.zeros(256), torch.zeros(256)]
    for step, gradient in enumerate(gradients, start=1):
        parameter, *moments = adam_step(parameter, gradient, *moments, step, 0.01, 0.9, 0.999, 1e-8)
        if code_of:
            pairs = zip(moments, map(code_of, (True, False)), strict=True)
            moments = [dequantize_state(*quantize_state(m, code, 256), code, 256) for m, code in pairs]
    return parameter


def test_adam_survives_the_dynamic_map_and_not_an_even_one():
    """Why the map is as it is: with even steps second moments become 0, and Adam divides by ε."""
    exact = steps_of_adam(None)
    dynamic, even = (steps_of_adam(code) for code in (dynamic_map, lambda signed: torch.linspace(-signed, 1, 256)))
    assert exact.abs().max() < 0.5
    assert (dynamic - exact).abs().max() < 0.1
    assert not even.abs().max() < 10


def test_two_moments_take_two_bytes_and_little_more():
    parameters, block = 100_000, 256
    indices, absmax = quantize_state(normal(parameters), dynamic_map(True), block)
    taken = 2 * (indices.numel() * indices.element_size() + absmax.numel() * absmax.element_size())
    assert taken / parameters <= 2.04


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(InputError, match=rf"^encode_state got 1 of 3 .* the first one {value} at \[2\]; wanted finite"):
        encode_state(torch.tensor([1.0, 2.0, value]), SMALL, 2)


@pytest.mark.parametrize(
    ("block", "entries", "got"), [(0, 5, "block=0 and a map of 5"), (2, 257, "block=2 and a map of 257")]
)
def test_blocks_and_maps_that_cannot_be_are_refused(block, entries, got):
    says = f"^encode_state got {got} entries; wanted a block of 1 or more, and 2 to 256 entries, which fit a byte.$"
    with pytest.raises(InputError, match=says):
        encode_state(torch.ones(3), torch.linspace(0, 1, entries), block)


def test_what_can_be_encoded_is():
    tensor = normal(3, 5)
    one, other = encode_state(tensor, SMALL, 4), quantize_state(tensor, SMALL, 4)
    assert all(map(torch.equal, one, other))
