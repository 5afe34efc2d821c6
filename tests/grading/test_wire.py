"""Questions and answers as bytes: every value comes back as it went, and whatever is no message is refused."""

import io
import json
import math
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.exercises import catalogue
from featherweight.exercises.diagnose import sheet
from featherweight.grading import wire
from featherweight.grading.wire import DTYPES, MAX_BYTES, Other, WireError, pack, read_message, unpack, write_message


def there_and_back(value):
    data, blob = pack(value)
    stream = io.BytesIO()
    write_message(stream, data, blob)
    stream.seek(0)
    return unpack(*read_message(stream, MAX_BYTES))


def same(one, other):
    """Equal in type and to the last bit; NaN equals NaN, and -0.0 is not 0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, torch.Tensor):
        same_bytes = pack(one.detach())[1] == pack(other)[1]
        return one.shape == other.shape and one.dtype == other.dtype and same_bytes
    return one.hex() == other.hex() if isinstance(one, float) else one == other


SHAPES = st.lists(st.integers(0, 3), max_size=4)
TENSORS = st.builds(
    lambda name, shape, seed: (torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * 50).to(DTYPES[name]),
    st.sampled_from(sorted(DTYPES)),
    SHAPES,
    st.integers(0, 9),
)
ARRAYS = TENSORS.filter(lambda tensor: tensor.dtype != torch.bfloat16).map(lambda tensor: tensor.numpy())
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | TENSORS | ARRAYS
VALUES = st.recursive(
    PLAIN, lambda parts: st.lists(parts, max_size=4) | st.lists(parts, max_size=4).map(tuple), max_leaves=12
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_there_and_back(value):
    assert same(there_and_back(value), value)


@pytest.mark.parametrize("exercise", [pytest.param(one, id=one.name) for one in catalogue()])
def test_whatever_the_book_asks_and_expects_crosses(exercise):
    asked = sheet(exercise, 7)
    for value in (*(value for inputs in asked.cases for value in inputs.values()), *asked.expected):
        assert same(there_and_back(value), value)


@pytest.mark.parametrize("value", [{"x": 1}, {1}, torch.ones(2, dtype=torch.complex64)], ids=["dict", "set", "complex"])
def test_what_would_not_cross_is_noticed(value):
    assert not same(there_and_back(value), value)


@pytest.mark.parametrize(
    "value",
    [-0.0, math.nan, math.inf, -math.inf, 5e-324, 10**3000, -(10**3000), True, 1, 1.0, "", "\ud800 Zoë", [], ((),)],
    ids=[
        "-0",
        "nan",
        "inf",
        "-inf",
        "tiny",
        "huge",
        "-huge",
        "true",
        "1",
        "1.0",
        "empty",
        "surrogate",
        "list",
        "tuple",
    ],
)
def test_odd_values(value):
    assert same(there_and_back(value), value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (torch.arange(6.0).reshape(2, 3).T, torch.arange(6.0).reshape(2, 3).T.contiguous()),
        (torch.arange(2.0)[::2], torch.zeros(1)),
        (torch.ones(2, requires_grad=True), torch.ones(2)),
        (torch.eye(2).to_sparse(), torch.eye(2)),
        (torch.tensor([1 + 2j]).conj().imag, torch.tensor([-2.0])),
        (torch.nn.Parameter(torch.ones(1)), torch.ones(1)),
        (np.arange(4)[::-2], np.array([3, 1])),
        (np.float64(0.1), np.array(0.1)),
        (np.bool_(True), np.array(True)),
    ],
    ids=["transposed", "one entry", "gradient", "sparse", "negated", "parameter", "strides", "scalar", "truth"],
)
def test_what_is_a_tensor_or_array_of_another_kind(value, expected):
    assert same(there_and_back(value), expected)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({}, "dict"),
        (object(), "object"),
        (10**5000, "int of too many digits"),
        (torch.ones(2, dtype=torch.complex64), "tensor of 1 axes and complex64"),
        (torch.ones([1] * 9), "tensor of 9 axes and float32"),
        (np.array([object()]), "array of object"),
        (np.array(["x"]), "array of <U1"),
        (np.array([1.0], dtype=">f4"), "array of >f4"),
    ],
    ids=["dict", "object", "digits", "complex", "axes", "objects", "texts", "order"],
)
def test_what_no_exercise_asks_for_is_told_by_name(value, kind):
    found = there_and_back([value])[0]
    assert isinstance(found, Other) and found.kind == kind


def test_lists_that_hold_themselves_end():
    endless = []
    endless.append(endless)
    assert isinstance(there_and_back(endless), list)


DAMAGED = [
    1,
    1.5,
    [],
    {},
    {"int": "1", "float": "1"},
    {"int": 1},
    {"int": "x"},
    {"int": "9" * 5000},
    {"float": "1e"},
    {"float": "0x1p99999"},
    {"list": "text"},
    {"list": {}},
    {"nothing": "1"},
    {"tensor": ["float32"]},
    {"tensor": ["object", [1]]},
    {"tensor": [["float32"], [1]]},
    {"tensor": ["float32", [-1]]},
    {"tensor": ["float32", [True]]},
    {"tensor": ["float32", [1.0]]},
    {"tensor": ["float32", [2**41]]},
    {"tensor": ["float32", [2**30, 2**30]]},
    {"tensor": ["float32", [0, 2**39, 2**39]]},
    {"tensor": ["float32", [1] * 9]},
    {"tensor": ["float32", [9]]},
    {"tensor": ["uint8", [3]]},
    {"array": ["bfloat16", [2]]},
    None,
]


@pytest.mark.parametrize("data", DAMAGED, ids=lambda data: str(data)[:40])
def test_what_is_no_value_is_refused(data):
    with pytest.raises(WireError):
        unpack(data, b"four")


def test_too_deep_and_too_many():
    deep = None
    for _ in range(20):
        deep = {"list": [deep]}
    for data in (deep, {"list": [None] * (wire.MAX_VALUES + 1)}):
        with pytest.raises(WireError, match="too deep or has too many parts"):
            unpack(data, b"")


def test_a_byte_that_is_no_truth_value_becomes_one():
    assert unpack({"tensor": ["bool", [3]]}, b"\0\1\2").tolist() == [False, True, True]


@settings(max_examples=100, deadline=None)
@given(VALUES, st.data())
def test_a_mutated_message_is_a_value_or_is_refused(value, draw):
    stream = io.BytesIO()
    write_message(stream, *pack(value))
    data = bytearray(stream.getvalue())
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    refused_or_read(bytes(data[: draw.draw(st.integers(0, len(data)))]))


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200) | st.binary(max_size=60).map(lambda text: len(text).to_bytes(8, "big") + bytes(8) + text)
)
def test_garbage_is_refused(data):
    refused_or_read(data)


def refused_or_read(data):
    with suppress(WireError, EOFError):
        unpack(*read_message(io.BytesIO(data), 100_000))


def message(text, blob=b"", sizes=None):
    first, second = sizes or (len(text), len(blob))
    return io.BytesIO(first.to_bytes(8, "big") + second.to_bytes(8, "big") + text + blob)


HUNGRY = {
    "a size beyond the cap": message(b"{}", sizes=(2**62, 0)),
    "both sizes together": message(b"{}", sizes=(2**20, MAX_BYTES)),
    "a text beyond its cap": message(b" " * (wire.MAX_TEXT + 1)),
    "a text of many parts": message(b"[" + b"[]," * 2_000_000 + b"[]]"),
    "a text that is deep": message(b"[" * 300_000),
    "a number of many digits": message(b"1" * 1_000_000),
    "two encodings": message(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("name", HUNGRY)
def test_a_hungry_message_is_refused_within_bounds(name):
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            read_message(HUNGRY[name], MAX_BYTES)
        assert tracemalloc.get_traced_memory()[1] < 4 * wire.MAX_TEXT
    finally:
        tracemalloc.stop()


def test_a_message_cut_short_is_the_end():
    with pytest.raises(EOFError):
        read_message(message(b"{}", sizes=(2, 1000)), MAX_BYTES)


def test_what_the_trusted_side_says_may_have_many_commas():
    assert read_message(message(json.dumps({"cells": ["," * 3_000_000]}).encode()))[0]["cells"]
