import pytest
import torch
from torch import nn

from featherweight.artifact.cost import MAX_ELEMENTS, Meter
from featherweight.artifact.vocabulary import FUNCTIONS
from featherweight.errors import ArtifactProblem

X = torch.randn(2, 4, 6, 6)
LAYERS = [
    (nn.Linear(6, 5), X, 2 * 4 * 6 * 5 * 6),
    (nn.Conv2d(4, 8, 3, padding=1), X, 2 * 8 * 36 * 4 * 9),
    (nn.Conv2d(4, 8, 3, stride=2, groups=4), X, 2 * 8 * 4 * 9),
    (nn.Conv2d(4, 8, 3, padding="same"), X, 2 * 8 * 36 * 4 * 9),
    (nn.ConvTranspose2d(4, 3, 2, stride=2), X, 2 * 4 * 36 * 4 * 3),
    (nn.Embedding(9, 7), torch.zeros(3, 5, dtype=torch.int64), 0),
    (nn.BatchNorm2d(4), X, X.numel()),
]


@pytest.mark.parametrize(("layer", "x", "macs"), LAYERS, ids=lambda value: type(value).__name__)
def test_a_layer_costs_its_multiplications_and_its_results(layer, x, macs):
    """Oracle: the formulas of multiplications by hand, and the result itself; exactly."""
    meter = Meter([x], 10**9)
    meter.weigh(type(layer).__name__, layer, (x,))
    size = meter.macs - macs
    assert layer(x).numel() <= size <= max(layer(x).numel(), 2 * x.numel())


CALLS = [
    ("matmul", (X, X), 2 * 4 * 36),
    ("matmul", (X[0, 0], X[0, 0, 0]), 6),
    ("linear", (X, torch.randn(3, 6)), 2 * 4 * 6 * 3),
    ("add", (X[:, :1], X[:1]), X.numel()),
    ("repeat", (X, (2, 1, 3, 1)), 6 * X.numel()),
    ("expand", (X[:, :1], (-1, 4, -1, -1)), X.numel()),
    ("pad", (X, (1, 2, 3, 4)), 2 * 4 * 13 * 9),
    ("cat", ((X, X, X),), 3 * X.numel()),
    ("adaptive_avg_pool2d", (X, 9), 2 * 4 * 81),
    ("resize", (X, 3.0, 0), 9 * X.numel()),
    ("arange", (2, 9), 7),
    ("item", (X, torch.zeros(5, dtype=torch.int64)), 5 * 4 * 36),
    ("attention", (X, X, X), X.numel()),
    ("flatten", (X,), X.numel()),
]


@pytest.mark.parametrize(("name", "arguments", "size"), CALLS, ids=[name for name, *_ in CALLS])
def test_a_function_is_never_larger_than_it_was_weighed(name, arguments, size):
    """Oracle: the result itself."""
    function = FUNCTIONS[name]
    missing = len(function.names) - len(arguments)
    result = function.run(*arguments, *function.defaults[len(function.defaults) - missing :])
    meter = Meter([X], 10**9)
    meter.weigh(name, None, arguments)
    assert result.numel() == size
    assert meter.macs >= size


def test_too_many_steps_are_refused():
    meter = Meter([X], 200)
    meter.weigh("relu", None, (X,))
    with pytest.raises(ArtifactProblem, match=r"asks for 576 steps and 288 .* in its relu; at most 400 and"):
        meter.weigh("relu", None, (X,))


def test_too_large_a_result_is_refused():
    with pytest.raises(ArtifactProblem, match="Use fewer examples at a time, or a smaller network"):
        Meter([X], 10**15).weigh("expand", None, (X[:1, :1, :1, :1], (MAX_ELEMENTS + 1, 1, 1, 1)))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("unbind", (torch.zeros(5000),)), ("split", (torch.zeros(5000), 1)), ("chunk", (torch.zeros(5000), 5000))],
    ids=["unbind", "split", "chunk"],
)
def test_too_many_pieces_are_refused(name, arguments):
    with pytest.raises(ArtifactProblem):
        Meter([X], 10**9).weigh(name, None, arguments)
    Meter([X], 10**9).weigh(name, None, (torch.zeros(4000), *arguments[1:]))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("mul", ((1, 2), 10**9)), ("add", ((1,) * 12, (1,) * 12)), ("add", ((1,), 2))],
    ids=["repeated", "long", "mixed"],
)
def test_a_shape_is_not_multiplied(name, arguments):
    with pytest.raises(TypeError, match="numbers in a tuple"):
        Meter([X], 10**9).weigh(name, None, arguments)


def test_shapes_may_be_joined():
    Meter([X], 10**9).weigh("add", None, ((1, 2), (3,)))


@pytest.mark.parametrize("result", [2**41, float("inf"), (3, -(2**41))], ids=["large", "infinite", "in a shape"])
def test_sizes_that_no_tensor_has_are_refused(result):
    with pytest.raises(ArtifactProblem, match="computes with sizes that no tensor has"):
        Meter([X], 1).count(result)
