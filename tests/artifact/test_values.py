from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.artifact.values import Cursor, Ref, write_value, write_varint
from featherweight.errors import ArtifactProblem

NODE = 300
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.just(...),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False),
    st.integers(0, NODE - 1).map(Ref),
)
slices = st.builds(slice, plain, plain, plain)
values = st.recursive(st.one_of(plain, slices), lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=8)


def written(value):
    out = bytearray()
    write_value(out, value, NODE)
    return bytes(out)


def depth(value):
    return 1 + max(map(depth, value), default=0) if isinstance(value, tuple) else 0


@settings(deadline=None)
@given(values.filter(lambda value: depth(value) <= 4))
def test_a_value_comes_back_with_its_type(value):
    data = written(value)
    cursor = Cursor(data, 0, len(data))
    found = cursor.value(NODE)
    assert repr(found) == repr(value)
    assert cursor.place == len(data)


@pytest.mark.parametrize(
    ("value", "size"),
    [(0, 1), (143, 1), (144, 2), (16383, 2), (16384, 4), (-16, 1), (-17, 2), (0.5, 5), (1e-5, 9), (Ref(299), 1)],
    ids=str,
)
def test_a_value_takes_so_many_bytes(value, size):
    assert len(written(value)) == size


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_a_problem(data):
    cursor = Cursor(data, 0, len(data))
    with suppress(ArtifactProblem):
        cursor.value(3)
    assert 0 <= cursor.place <= len(data)


def test_lists_in_lists_in_lists_end():
    data = bytes([231, 1]) * 2000
    with pytest.raises(ArtifactProblem, match="the byte 231 begins no value"):
        Cursor(data, 0, len(data)).value(0)


def test_a_reference_forward_is_refused():
    with pytest.raises(ArtifactProblem, match="node 2 asks for a result that comes 5 before it"):
        Cursor(bytes([244]), 0, 1).value(2)


@settings(deadline=None)
@given(st.integers(0, 2**40))
def test_a_varint_comes_back(number):
    out = bytearray()
    write_varint(out, number)
    assert Cursor(bytes(out), 0, len(out)).varint() == number


@pytest.mark.parametrize("data", [b"\xff" * 12, b"\x80" * 12, b"\x80"], ids=["huge", "endless", "cut short"])
def test_a_varint_that_is_none_is_refused(data):
    with pytest.raises(ArtifactProblem):
        Cursor(data, 0, len(data)).varint()


def test_a_type_without_a_byte_is_refused():
    with pytest.raises(TypeError, match="str"):
        written("text")
