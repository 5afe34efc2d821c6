"""What a file may hold, and how a fresh process makes the network of a file of numbers."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import nn

from featherweight.artifact.compress.forms import Numbers, Whole, recipe_of
from featherweight.artifact.compress.models import read_model
from featherweight.artifact.compress.rounding import stored
from featherweight.artifact.rebuilding import Recipe
from featherweight.errors import InputError

RECIPE = Recipe("mine", ".", "Net()")


class Normalized(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))


@pytest.mark.parametrize("form", [Whole(), Numbers(RECIPE)], ids=["whole", "numbers"])
def test_what_is_written_is_what_is_loaded(form, tmp_path):
    torch.manual_seed(0)
    network, x = Normalized().eval(), torch.randn(20, 6)
    smaller = form.smaller(network, x)
    parts = stored(smaller, form.names(smaller, x), None)
    (tmp_path / "n.fw").write_bytes(form.encode(smaller, parts, x[:2]))
    found = form.load(tmp_path / "n.fw", network, 2**26)
    torch.testing.assert_close(found(x), network(x), rtol=0, atol=1e-2)
    assert not found.training


def test_only_a_whole_network_loses_layers():
    network, x = Normalized().eval(), torch.randn(20, 6)
    assert isinstance(Whole().smaller(network, x)[1], nn.Identity)
    assert Numbers(RECIPE).smaller(network, x) is network
    assert "1.running_mean" in Numbers(RECIPE).names(network, x)


def test_the_class_of_a_file(tmp_path):
    (tmp_path / "my_nets.py").write_text("from torch import nn\n\nclass Net(nn.Linear):\n    pass\n")
    try:
        torch.save(nn.Linear(2, 2), tmp_path / "n.pt")
        read_model(tmp_path / "n.pt", tmp_path / "my_nets.py")
        model = sys.modules["my_nets"].Net(2, 2)
        code = tmp_path / "my_nets.py"
        assert recipe_of(model, code, "Net(2, 2)") == Recipe("my_nets", str(tmp_path), "Net(2, 2)")
        assert recipe_of(model, None, None) == Recipe("my_nets", str(tmp_path), "Net()")
        assert recipe_of(nn.Sequential(), code, "nn.Sequential(Net(2, 2))").names == ["Net", "nn"]
    finally:
        sys.modules.pop("my_nets", None)


@pytest.mark.parametrize(
    ("file", "folder"), [("nets/deep/one.py", "."), ("nets/deep/one/__init__.py", ".")], ids=["module", "package"]
)
def test_the_class_of_a_package(file, folder, tmp_path, monkeypatch):
    module = ModuleType("nets.deep.one")
    module.__file__ = str(tmp_path / file)
    monkeypatch.setitem(sys.modules, "nets.deep.one", module)
    kind = type("Net", (nn.Module,), {"__module__": "nets.deep.one"})
    found = recipe_of(kind(), None, None)
    assert (found.module, Path(found.folder)) == ("nets.deep.one", tmp_path.resolve())


def test_what_says_nothing_of_how_it_was_made(monkeypatch):
    with pytest.raises(InputError, match=r"^Sequential is torch's own and does not say how it was made; pass the file"):
        recipe_of(nn.Sequential(), "nets.py", None)
    kind = type("Net", (nn.Module,), {"__module__": "__main__"})
    with pytest.raises(InputError, match=r"^Net is defined in a script or a notebook; pass the file of its class"):
        recipe_of(kind(), None, None)
    with pytest.raises(InputError, match=r"^make is 'Net\(', which is no Python expression; wanted such as Net\(10\)"):
        recipe_of(kind(), "nets.py", "Net(")


def test_a_tied_tensor_is_stored_once_under_a_name_of_the_file():
    """The first name steps the grid, whichever of the names the file has."""
    network = nn.ModuleDict({"a": nn.Linear(16, 16), "b": nn.Linear(16, 16)})
    network["b"].weight = network["a"].weight
    assert sorted(stored(network, network.state_dict(), 0.5)) == ["a.bias", "a.weight", "b.bias"]
    steps = {"a.weight": torch.tensor([0.25])}
    found = stored(network, {"b.weight"}, 0.5, steps)
    assert list(found) == ["b.weight"]
    assert float(found["b.weight"].scale) == 0.25
