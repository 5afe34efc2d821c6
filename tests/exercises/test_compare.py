"""The order of comparison, what is accepted, and where the first difference is said to be."""

import numpy as np
import pytest
import torch

from featherweight.exercises.compare import close, exact, prop

T = torch.tensor
DOUBLE = T([1.0, 2.0], dtype=torch.float64)


async def forgetful():
    """An answer written with `async def`."""


ACCEPTED = [
    pytest.param([1.0, 2.0], T([1.0, 2.0]), id="list"),
    pytest.param([1, 2], T([1.0, 2.0]), id="list of whole numbers"),
    pytest.param((1.0, 2.0), DOUBLE, id="tuple for a float64 tensor"),
    pytest.param(np.array([1.0, 2.0]), DOUBLE, id="ndarray"),
    pytest.param([T([1.0]), T([2.0])], T([[1.0], [2.0]]), id="list of tensors"),
    pytest.param([np.array([1.0]), np.array([2.0])], T([[1.0], [2.0]]).double(), id="list of arrays"),
    pytest.param(T(3.0), 3.0, id="0-d tensor for a number"),
    pytest.param(np.float64(3.0), 3.0, id="numpy number"),
    pytest.param(3, 3.0, id="whole number for a number"),
    pytest.param(3.0, T(3.0), id="number for a 0-d tensor"),
    pytest.param([True, False], T([True, False]), id="list of booleans"),
    pytest.param([T([1.0]), T([2.0])], (T([1.0]), T([2.0])), id="list for a tuple"),
    pytest.param(torch.nn.Parameter(T([1.0, 2.0])), T([1.0, 2.0]), id="a parameter"),
    pytest.param(T([1.0, 0.0]).to_sparse(), T([1.0, 0.0]), id="sparse"),
    pytest.param([], torch.empty(0), id="empty"),
    pytest.param([], torch.empty(0, 3), id="no rows"),
    pytest.param(np.int64(3), 3, id="numpy whole number"),
]

REFUSED = [
    pytest.param(None, T([1.0]), "type", "None (is a return missing?)", id="nothing returned"),
    pytest.param("1", T([1.0]), "type", "a str of 1", id="text"),
    pytest.param(T([3.0]), 3.0, "type", "a tensor of shape (1,)", id="1-d tensor for a number"),
    pytest.param(True, 1.0, "type", "True", id="a boolean is no number"),
    pytest.param(T([1.0, 2.0]), T([[1.0, 2.0]]), "shape", "shape (2,)", id="shape before values"),
    pytest.param(DOUBLE * 9, T([1.0, 2.0]), "dtype", "dtype float64", id="dtype before values"),
    pytest.param(np.array([1.0, 2.0]), T([1.0, 2.0]), "dtype", "dtype float64", id="dtype of an ndarray"),
    pytest.param(T([1.0, 0.0]), T([True, False]), "dtype", "dtype float32", id="a mask of floats"),
    pytest.param([1, 0], T([True, False]), "dtype", "dtype int64", id="a list of 0 and 1 for a mask"),
    pytest.param((T([1.0]),), (T([1.0]), T([1.0])), "shape", "a tuple of 1", id="a part too few"),
    pytest.param(lambda: 0, 1.0, "type", "a function", id="a function"),
    pytest.param(
        (x for x in ()), T([1.0]), "type", "a generator (a yield where a return is wanted?)", id="a generator"
    ),
    pytest.param(forgetful(), 1.0, "type", "a coroutine (async def where def is wanted?)", id="a coroutine"),
    pytest.param({1: 2}, (1.0,), "type", "a dict of 1", id="a dict"),
    pytest.param([[1.0], [1.0, 2.0]], T([[1.0], [2.0]]), "type", "a list of 2", id="ragged"),
]


@pytest.mark.parametrize(("answer", "expected"), ACCEPTED)
def test_accepts_what_is_unambiguous(answer, expected):
    assert close().difference(answer, expected) is None


@pytest.mark.parametrize(("answer", "expected", "kind", "yours"), REFUSED)
def test_says_what_differs_first(answer, expected, kind, yours):
    difference = close().difference(answer, expected)
    assert (difference.kind, difference.yours) == (kind, yours)


VALUES = [
    pytest.param(T([1.0, 5.0]), T([1.0, 2.0]), "entry [1]: yours 5, expected 2 (off by 3)", id="vector"),
    pytest.param(T([[1.0, 2.0], [3.0, 9.0]]), T([[1.0, 2.0], [3.0, 4.0]]), "step 1, entry [1]", id="named axis"),
    pytest.param(T([1.0, float("nan")]), T([1.0, 2.0]), "entry [1]: yours nan, expected 2", id="nan"),
    pytest.param(T([float("inf")]), T([2.0]), "entry [0]: yours inf, expected 2", id="infinite"),
    pytest.param((T([1.0]), T([3.0])), (T([1.0]), T([2.0])), "moment, entry [0]: yours 3", id="named part"),
    pytest.param(1.0, 1.0 + 1e-9, "yours 1, expected 1.000000001 (off by 1e-09)", id="as many digits as it takes"),
    pytest.param(2.5, 2.0, "yours 2.5, expected 2 (off by 0.5)", id="number"),
    pytest.param(T([True]), T([False]), "entry [0]: yours True, expected False", id="boolean"),
]


@pytest.mark.parametrize(("answer", "expected", "says"), VALUES)
def test_locates_the_first_difference(answer, expected, says):
    axes = ("step",) if isinstance(expected, torch.Tensor) and expected.ndim == 2 else ()
    difference = close(axes=axes, parts=("parameter", "moment")).difference(answer, expected)
    assert str(difference).startswith(says)


TOLERANCES = [
    pytest.param(close(float32=1e-3), T([1.0005]), T([1.0]), True, id="inside"),
    pytest.param(close(float32=1e-4), T([1.0005]), T([1.0]), False, id="outside"),
    pytest.param(close(float64=1e-3, atol=0.0), 1e-9, 0.0, False, id="no absolute tolerance"),
    pytest.param(exact(), T([1.0 + 2**-23]), T([1.0]), False, id="exact to the last bit"),
    pytest.param(close(), T([2]), T([3]), False, id="whole numbers are exact"),
]


@pytest.mark.parametrize(("compare", "answer", "expected", "equal"), TOLERANCES)
def test_tolerances(compare, answer, expected, equal):
    assert (compare.difference(answer, expected) is None) is equal


@pytest.mark.parametrize("answer", [1.0, -float("inf"), float("nan"), 1e308], ids=str)
def test_infinity_is_equal_to_itself_alone(answer):
    infinity = float("inf")
    assert close().difference(answer, infinity) is not None and close().difference(infinity, infinity) is None
    double = {"dtype": torch.float64}
    assert close().difference(T([answer], **double), T([infinity], **double)) is not None


HUGE = 10**5000


@pytest.mark.parametrize(
    ("answer", "expected", "says"),
    [
        (HUGE, 1.0, "yours inf, expected 1"),
        (-HUGE, 1.0, "yours -inf, expected 1"),
        (HUGE, 7, "yours a whole number of 16,610 bits, expected 7"),
        ([HUGE], torch.ones(1), "yours a list of 1, expected a tensor of shape (1,)"),
        (HUGE, torch.ones(1), "yours a whole number of 16,610 bits, expected a tensor of shape (1,)"),
        (HUGE, [1], "yours a whole number of 16,610 bits, expected a list of 1"),
    ],
    ids=["float", "negative", "int", "in a list", "tensor", "list"],
)
def test_numbers_beyond_every_float_are_wrong_and_said_in_a_line(answer, expected, says):
    assert str(close().difference(answer, expected)) == says


def test_nan_is_the_same_as_nan_only_between_wrong_answers():
    nan = T([float("nan")])
    assert close().same(nan, nan)
    assert close().difference(nan, nan) is not None


def test_a_property_sees_a_converted_answer():
    even = prop(lambda inputs, answer, expected: None if answer.sum() == inputs["total"] else "another total")
    assert even.difference([1.0, 3.0], T([2.0, 2.0]), {"total": 4}) is None
    assert even.difference([1.0, 4.0], T([2.0, 2.0]), {"total": 4}).expected == "another total"
    assert even.difference([1.0], T([2.0, 2.0]), {"total": 4}).kind == "shape"
