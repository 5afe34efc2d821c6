"""Networks from files, and one line for each that cannot be compressed."""

import subprocess
import sys
import warnings

import pytest
import torch
from torch import nn

from featherweight.artifact.compress.data import Examples
from featherweight.artifact.compress.models import checked, logits, read_model
from featherweight.errors import FileProblem, InputError

SOME = Examples(torch.randn(8, 6), torch.arange(8) % 3)

CLASS = """
import torch
from torch import nn


class Mine(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 3)

    def forward(self, x):
        return self.layer(x)


if __name__ == "__main__":
    torch.save(Mine(), "mine.pt")
"""


def test_a_module_comes_back(tmp_path):
    network = nn.Sequential(nn.Linear(6, 3))
    torch.save(network, tmp_path / "n.pt")
    assert torch.equal(read_model(tmp_path / "n.pt")(SOME.inputs), network(SOME.inputs))


@pytest.fixture
def script(tmp_path, monkeypatch):
    """A script that has defined a class and saved a network of it, as a class of __main__."""
    (tmp_path / "mynet.py").write_text(CLASS)
    subprocess.run([sys.executable, "mynet.py"], cwd=tmp_path, check=True, timeout=120)
    yield tmp_path
    sys.modules.pop("mynet", None)


@pytest.mark.slow
def test_a_class_of_a_script_needs_its_code(script):
    with pytest.raises(
        InputError, match=r"^mine\.pt needs a class that Python does not find here .*--code FILE\.py\.$"
    ):
        read_model(script / "mine.pt")
    network = read_model(script / "mine.pt", script / "mynet.py")
    assert network(SOME.inputs).shape == (8, 3)
    assert not hasattr(sys.modules["__main__"], "Mine")


def write(folder, thing):
    torch.save(thing, folder / "n.pt")
    return folder / "n.pt"


@pytest.mark.parametrize(
    ("thing", "line"),
    [
        (nn.Linear(2, 2).state_dict(), r"^n\.pt holds tensors only, a state_dict without the network; load it into"),
        ([1, 2], r"^n\.pt holds a list; wanted a network that torch\.save\(model, FILE\) wrote\.$"),
        (
            {"model": nn.Linear(2, 2).state_dict(), "epoch": 3},
            r"^n\.pt holds 'model', 'epoch' and no network; load its weights into your model and torch\.save",
        ),
        (
            {"epoch": 3, "net": nn.Linear(2, 2)},
            r"^n\.pt holds a network among other things; write it alone: torch\.save\(found\['net'\], FILE\)\.$",
        ),
    ],
    ids=["state", "list", "checkpoint", "network inside"],
)
def test_what_is_no_network(thing, line, tmp_path):
    with pytest.raises(InputError, match=line):
        read_model(write(tmp_path, thing))


def test_files_that_are_none(tmp_path):
    with pytest.raises(FileProblem, match=r"^There is no file .*n\.pt; wanted a network that torch\.save"):
        read_model(tmp_path / "n.pt")
    (tmp_path / "n.pt").write_bytes(b"nothing")
    with pytest.raises(FileProblem, match=r"^Could not read n\.pt \("):
        read_model(tmp_path / "n.pt")
    with pytest.raises(FileProblem, match=r"^There is no file .*c\.py; wanted the Python file that defines"):
        read_model(write(tmp_path, nn.Linear(2, 2)), tmp_path / "c.py")


class Ends:
    """What a hostile pickle, or a script that was meant to be run, may do."""

    def __reduce__(self):
        return sys.exit, (0,)


def test_a_file_that_ends_the_program_does_not_end_it(tmp_path):
    with pytest.raises(FileProblem, match=r"^Could not read n\.pt \(0\); wanted a network"):
        read_model(write(tmp_path, Ends()))


def test_programs_without_layers(tmp_path):
    network = nn.Linear(6, 3).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TorchScript is on its way out
        torch.jit.save(torch.jit.trace(network, SOME.inputs), tmp_path / "script.pt")
    with pytest.raises(InputError, match=r"^script\.pt holds a TorchScript program, which cannot be trained"):
        read_model(tmp_path / "script.pt")
    (tmp_path / "program.pt2").write_bytes(b"PK")
    with pytest.raises(InputError, match=r"^program\.pt2 holds an exported program, which has no layers any more"):
        read_model(tmp_path / "program.pt2")


def test_no_memory_is_one_line(tmp_path, monkeypatch):
    def full(*_, **__):
        raise MemoryError

    monkeypatch.setattr(torch, "load", full)
    with pytest.raises(FileProblem, match=r"^n\.pt needs more memory than there is here\."):
        read_model(write(tmp_path, nn.Linear(2, 2)))


class Pair(nn.Module):
    """A network of two inputs."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 3)

    def forward(self, x, y):
        return self.layer(x) + y


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1 / 0", r"^own_code\.py cannot be run \(ZeroDivisionError: division by zero\); mend it"),
        ("a b", r"^own_code\.py cannot be run \(SyntaxError: "),
    ],
)
def test_code_that_does_not_run(text, line, tmp_path):
    (tmp_path / "own_code.py").write_text(text)
    with pytest.raises(InputError, match=line):
        read_model(write(tmp_path, nn.Linear(2, 2)), tmp_path / "own_code.py")
    assert "own_code" not in sys.modules


def test_the_model_is_left_as_it_is():
    model = nn.Sequential(nn.Linear(6, 3), nn.Dropout()).train()
    network = checked(model, SOME, 2)
    assert model.training and not network.training
    assert network[0].weight is not model[0].weight


class Says(nn.Module):
    def __init__(self, forward):
        super().__init__()
        self.layer, self.says = nn.Linear(6, 3), forward

    def forward(self, x):
        return self.says(self.layer(x))


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (3, r"^The model is int; wanted a torch\.nn\.Module\.$"),
        (nn.ReLU(), r"^The model has no parameters; there is nothing to compress\.$"),
        (nn.Linear(5, 3), r"^The model cannot take the inputs, torch\.float32 of shape \(8, 6\): mat1 and mat2"),
        (nn.Linear(6, 3).double(), r"but got .*\. Its parameters are torch\.float64: save model\.float\(\)\.$"),
        (Pair(), r"missing 1 required positional argument: 'y'\. Only networks of one input are compressed"),
        (nn.Linear(6, 1), r"^For 8 examples the model gives a tensor of shape \(8, 1\); wanted \(8, classes\)"),
        (nn.Linear(6, 2), r"^A label is 2, but the model has 2 classes, 0 to 1\.$"),
        (Says(lambda x: (x, x)), r"^The model gives a tuple; wanted one tensor of scores"),
        (Says(lambda x: x / 0), r"^The model predicts NaN or infinity for some examples"),
        (Says(lambda x: x.view(4, -1)), r"^For 8 examples the model gives a tensor of shape \(4, 6\)"),
    ],
    ids=["int", "empty", "inputs", "double", "two", "one", "classes", "tuple", "infinite", "batch"],
)
def test_what_cannot_be_compressed(model, line):
    with pytest.raises(InputError, match=line):
        checked(model, SOME, 2)


def test_predictions_do_not_depend_on_the_batch():
    network = nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3)).train()
    found = logits(network, SOME.inputs, batch=3)
    torch.testing.assert_close(found, network.eval()(SOME.inputs).detach())
    assert not found.requires_grad
