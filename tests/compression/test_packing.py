import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from featherweight.compression.packing import (
    pack_nibbles,
    pack_signs,
    pack_trits,
    unpack_nibbles,
    unpack_signs,
    unpack_trits,
    xnor_popcount_matmul,
)

nibbles = st.lists(st.integers(0, 15), max_size=40)
trits = st.lists(st.integers(-1, 1), max_size=40)
halves = st.integers(0, 3), st.integers(0, 40), st.integers(0, 99)


def whole(values, dtype=torch.uint8):
    return torch.tensor(values, dtype=dtype)


def signs(rows, count, seed):
    g = torch.Generator().manual_seed(seed)
    return torch.where(torch.rand(rows, count, generator=g) < 0.5, -1.0, 1.0)


@given(nibbles)
@example([])
@example([15])
def test_nibbles_are_hexadecimal_digits(codes):
    """Oracle: Python's hexadecimal numbers, each byte's two digits written in reverse; exactly."""
    text = "".join(f"{code:x}" for code in codes) + "0" * (len(codes) % 2)
    expected = [int(text[place : place + 2][::-1], 16) for place in range(0, len(text), 2)]
    packed = pack_nibbles(whole(codes))
    assert packed.dtype == torch.uint8
    assert packed.tolist() == expected


@given(nibbles)
@example([])
@example([0])
def test_nibbles_come_back(codes):
    packed = pack_nibbles(whole(codes))
    found = unpack_nibbles(packed, len(codes))
    assert len(packed) == (len(codes) + 1) // 2
    assert found.dtype == torch.uint8 and found.tolist() == codes


def test_nibbles_lie_as_ggufs_do_within_a_byte():
    """Oracle: gguf-py's Q4_0, which puts code i of a block's 32 and code i + 16 into byte i, the earlier one low."""
    from gguf.quants import Q4_0

    codes = np.arange(32) % 16
    block = Q4_0.quantize_blocks((codes[None] - 8.0).astype(np.float32))[0, 2:]  # after the two bytes of its scale
    pairs = torch.tensor(np.stack([codes[:16], codes[16:]], 1).ravel(), dtype=torch.uint8)
    assert pack_nibbles(pairs).tolist() == block.tolist()


@given(trits)
@example([])
@example([-1])
def test_trits_are_numbers_in_base_3(codes):
    """Oracle: Python's int(text, 3); exactly, and back."""
    text = "".join(str(code + 1) for code in codes) + "0" * (-len(codes) % 5)
    packed = pack_trits(whole(codes, torch.int8))
    assert packed.dtype == torch.uint8
    assert packed.tolist() == [int(text[place : place + 5][::-1], 3) for place in range(0, len(text), 5)]
    found = unpack_trits(packed, len(codes))
    assert found.dtype == torch.int8 and found.tolist() == codes


@given(*halves)
@example(2, 0, 0)
@example(0, 9, 0)
def test_signs_are_numpys_bits(rows, count, seed):
    """Oracle: numpy.packbits in little bit order; exactly, and back."""
    values = signs(rows, count, seed) * torch.rand(rows, count)
    packed = pack_signs(values)
    expected = np.packbits((values >= 0).numpy(), axis=1, bitorder="little")
    assert packed.dtype == torch.uint8 and packed.shape == (rows, (count + 7) // 8)
    assert np.array_equal(packed.numpy(), expected)
    assert torch.equal(unpack_signs(packed, count), torch.where(values >= 0, 1.0, -1.0))


def test_zero_is_positive_on_both_sides_and_infinity_has_a_sign():
    values = torch.tensor([[0.0, -0.0, float("inf"), -float("inf"), 1e-45, -1e-45]])
    assert pack_signs(values).tolist() == [[0b010111]]


@settings(deadline=None)
@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 70), st.integers(0, 99))
@example(3, 3, 0, 0)
@example(2, 2, 1, 0)
def test_the_packed_product_is_the_float_product(rows, others, count, seed):
    """Oracle: torch's float matmul of −1 and +1; exactly."""
    a, b = signs(rows, count, seed), signs(others, count, seed + 1)
    found = xnor_popcount_matmul(pack_signs(a), pack_signs(b), count)
    assert found.dtype == torch.int32
    assert torch.equal(found, (a @ b.T).to(torch.int32))


@pytest.mark.parametrize("count", [255, 256, 257, 2048, 5001])
def test_long_rows_do_not_overflow(count):
    """All signs differ: the count of ones is beyond what uint8 or int8 holds. Oracle: −count, and count."""
    a = signs(1, count, 0)
    assert xnor_popcount_matmul(pack_signs(a), pack_signs(-a), count).tolist() == [[-count]]
    assert xnor_popcount_matmul(pack_signs(a), pack_signs(a), count).tolist() == [[count]]


def test_padding_that_is_not_zero_would_count():
    """The planted failure of the exactness above: one foreign padding bit moves the result by two."""
    a, b = pack_signs(signs(1, 5, 0)), pack_signs(signs(1, 5, 1))
    foreign = a | 0b1000_0000
    assert xnor_popcount_matmul(foreign, b, 5) == xnor_popcount_matmul(a, b, 5) - 2
