import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.artifact.codings import PACKED, pack, pack_bits, unpack, unpack_bits
from featherweight.artifact.values import Cursor
from featherweight.errors import ArtifactProblem, InputError

numbers = st.lists(st.one_of(st.just(0), st.integers(-4, 4), st.integers(-900, 900)), max_size=80)
codings = st.sampled_from(sorted(PACKED))


@settings(deadline=None)
@given(codings, numbers, st.integers(-3, 3))
def test_numbers_come_back_and_parts_say_where_bytes_go(coding, values, zero):
    parts = pack(coding, np.array(values, np.int64), zero)
    data = b"".join(piece for _, piece in parts)
    found, sizes = unpack(coding, Cursor(data, 0, len(data)), len(values))
    assert found.tolist() == values
    assert sizes == [(part, len(piece)) for part, piece in parts]


@settings(deadline=None)
@given(codings, st.binary(max_size=60), st.integers(0, 50))
def test_any_bytes_are_numbers_or_a_problem(coding, data, count):
    try:
        found, _ = unpack(coding, Cursor(data, 0, len(data)), count)
    except ArtifactProblem:
        return
    assert len(found) == count


@settings(deadline=None)
@given(st.lists(st.integers(0, 1023), max_size=50))
def test_bits_are_a_number_in_base_two(symbols):
    """Oracle: one whole number, symbol i times 1024^i, in little-endian bytes."""
    packed = pack_bits(np.array(symbols, np.int64), 10)
    assert int.from_bytes(packed, "little") == sum(symbol << 10 * place for place, symbol in enumerate(symbols))
    assert unpack_bits(packed, len(symbols), 10).tolist() == symbols


def test_bits_that_pad_must_be_zero():
    with pytest.raises(ArtifactProblem, match="bits that only fill the last byte are not 0"):
        unpack_bits(b"\x80", 1, 3)


def test_too_many_symbols_for_a_table_are_refused():
    with pytest.raises(InputError, match=r"100,001 different codes; at most 65,536 have a table. Use raw."):
        pack("huffman", np.array([0, 100_000]))
