import pytest
import torch

from featherweight.artifact.vocabulary import FUNCTIONS, LAYERS, arity, build, number_of, word
from featherweight.errors import ArtifactProblem


def test_every_word_has_a_number_of_its_own():
    words = [*FUNCTIONS, *LAYERS]
    assert sorted({number_of(name) for name in words}) == sorted(number_of(name) for name in words)
    assert all(word(number_of(name)) == name for name in words)
    assert max(map(number_of, words)) < 128
    assert max(number_of(name) for name in FUNCTIONS) < min(number_of(name) for name in LAYERS)


def test_numbers_never_change():
    """Planted: these are what files of version 1 say."""
    known = {"input": 1, "relu": 4, "max_pool2d": 23, "flatten": 30, "add": 51, "Linear": 100, "LSTM": 115}
    assert {name: number_of(name) for name in known} == known


def test_defaults_are_as_many_as_said():
    assert arity("relu") == (1, ())
    assert arity("Linear") == (3, (True,))
    assert arity("MultiheadAttention") == (9, (True, False))


def test_a_layer_is_built_without_memory():
    layer = build("Linear", (2**20, 2**20))
    assert layer.weight.is_meta
    assert layer.weight.shape == (2**20, 2**20)
    assert not layer.training
    assert build("Conv2d", (1, 2, 3, 1, -1)).padding == "same"
    assert build("Linear", (0, 5)).weight.shape == (5, 0)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("Linear", (2**30, 4)),
        ("Linear", (-1, 4)),
        ("Linear", ("4", 4)),
        ("Conv2d", (4, 4, (3, 3, 3, 3))),
        ("Conv2d", (4, 4, 3, 1, 0, 1, 0)),
        ("Conv2d", (4, 4, 3, 1, 0, 1, 3)),
        ("GRU", (4, 4, 10**6)),
        ("MultiheadAttention", (8, 0)),
        ("MultiheadAttention", (8, 3)),
        ("LayerNorm", (None,)),
        ("BatchNorm2d", (4, float("nan"))),
    ],
)
def test_settings_that_no_layer_has_are_refused(name, settings):
    with pytest.raises(ArtifactProblem, match=name):
        build(name, settings)


def test_a_number_without_a_word_is_refused():
    with pytest.raises(ArtifactProblem, match="0 is the number of no layer or function"):
        word(0)


def test_functions_run_without_a_network():
    assert torch.equal(FUNCTIONS["neg"].run(torch.ones(2)), -torch.ones(2))
