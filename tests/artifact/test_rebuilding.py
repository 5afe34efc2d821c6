"""A network made by its own code and filled from a file, in this process and in a fresh one."""

import sys

import pytest
import torch

from featherweight.artifact import encode_weights
from featherweight.artifact.fresh import NoPredictions, predictions
from featherweight.artifact.rebuilding import Recipe, rebuilt
from featherweight.errors import InputError

CODE = """
from torch import nn

from beside import LAYER


class Net(nn.Module):
    def __init__(self, width, act=nn.ReLU):
        super().__init__()
        self.first, self.act, self.last = LAYER(6, width), act(), LAYER(width, 3)

    def forward(self, x):
        x = self.last(self.act(self.first(x)))
        return x if x.sum() > 0 else -x


def number():
    return 3
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with code that imports what lies beside it; what is imported from there is forgotten."""
    (tmp_path / "own_net_here.py").write_text(CODE)
    (tmp_path / "beside.py").write_text("from torch.nn import Linear as LAYER\n")
    yield tmp_path
    for name in ("own_net_here", "beside"):
        sys.modules.pop(name, None)


def recipe(home, make):
    return Recipe("own_net_here", str(home), make)


@pytest.fixture
def made(home):
    """A network of that code, and its file."""
    torch.manual_seed(0)
    path = home / "net.fw"
    sys.path.insert(0, str(home))
    try:
        network = __import__("own_net_here").Net(8).eval()
    finally:
        sys.path.remove(str(home))
    path.write_bytes(encode_weights(network))
    return network, path


def test_the_network_comes_back(made, home):
    network, path = made
    before = list(sys.path)
    x = torch.randn(5, 6)
    assert torch.equal(rebuilt(path, recipe(home, "Net(8)"))(x), network(x))
    assert not rebuilt(path, recipe(home, "Net(8)")).training
    assert sys.path == before


@pytest.mark.slow
def test_a_fresh_process_needs_only_the_file_and_the_code(made, home):
    network, path = made
    x = torch.randn(5, 6)
    sys.modules.pop("own_net_here")
    with torch.no_grad():
        assert torch.equal(predictions(path, x, recipe=recipe(home, "Net(8, act=nn.ReLU)")), network(x))
    with pytest.raises(NoPredictions, match=r"fresh process: Net\(\) of own_net_here makes no network") as caught:
        predictions(path, x, recipe=recipe(home, "Net()"))
    assert caught.value.said.startswith("Net() of own_net_here")


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (
            "Net()",
            r"^Net\(\) of own_net_here makes no network \(TypeError: .*'width'\)\. Make it as it was made: --make",
        ),
        ("Nett(8)", r"^Nett\(8\) of own_net_here makes no network \(NameError: name 'Nett' is not defined"),
        ("number()", r"^number\(\) of own_net_here gives int; wanted a torch\.nn\.Module\.$"),
        ("Net(9)", r"^Net\(9\) makes a network with other tensors: .*size mismatch.*Make it as it was made: --make"),
        ("nn.Linear(6, 3)", r"^nn\.Linear\(6, 3\) makes a network with other tensors: .*Missing key"),
    ],
)
def test_a_recipe_that_is_wrong(make, line, made, home):
    with pytest.raises(InputError, match=line):
        rebuilt(made[1], recipe(home, make))


def test_code_that_cannot_be_imported(made, home):
    (home / "broken_here.py").write_text("1 / 0\n")
    with pytest.raises(InputError, match=r"^Net\(\) of broken_here makes no network \(ZeroDivisionError"):
        rebuilt(made[1], Recipe("broken_here", str(home), "Net()"))


def test_the_names_to_import():
    assert Recipe("m", ".", "Net(8, act=nn.ReLU, most=max(3, WIDTH))").names == ["Net", "WIDTH", "nn"]
