"""The whole way, on networks that no lesson uses: what is reported is what the file predicts in a fresh process."""

import copy
import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
import torch
from torch import nn

import featherweight
from featherweight.artifact import load
from featherweight.artifact.compress import models
from featherweight.artifact.compress import run as module
from featherweight.artifact.compress.data import split
from featherweight.artifact.compress.run import compress
from featherweight.errors import ArtifactProblem, FileProblem, InputError

NETWORKS = {
    "Attentive": ("digits", 5),
    "Reader": ("sentences", 5),
    "Depthwise": ("digits", 4),
    "Residual": ("digits", 5),
    "Recurrent": ("digits", 5),
}
"""Which task, and how many times smaller the file must at least be, in a few seconds of search."""


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_ones_own(name, own, tmp_path):
    task, least = NETWORKS[name]
    network, data = own.trained(getattr(own, name), getattr(own, task)())
    before = copy.deepcopy(network.state_dict())
    result = compress(network, data, max_drop=3, out=tmp_path, minutes=0.25)
    assert result.reached, result
    assert result.times_smaller >= least, result
    assert result.lost.estimate < 4, result
    part = split(data, 0).held_out
    assert torch.equal(load(result.path)(part.inputs).argmax(1) == part.labels, result.after.right)
    assert result.after.bytes == os.path.getsize(result.path)
    assert result.before.accuracy.estimate > 0.8
    assert result.examples[2] == len(part)
    assert all(torch.equal(one, before[key]) for key, one in network.state_dict().items())
    assert result.report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.slow
def test_a_budget_and_the_loader_that_is_printed(quick, tmp_path):
    """The printed lines run in a fresh Python whose only network code is the loader."""
    network, data = quick
    result = compress(network, data, "4kB", out=tmp_path, name="mine", minutes=0.1)
    assert result.reached
    assert result.after.bytes <= 4000
    part = split(data, 0).held_out
    torch.save(part.inputs, tmp_path / "inputs.pt")
    code = f"import torch\ninputs = torch.load('inputs.pt')\n{result.loader}print(classes.tolist())"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    classes = torch.tensor(eval(done.stdout))
    assert torch.equal(classes == part.labels, result.after.right)


@pytest.mark.slow
def test_out_of_reach_is_no_error_and_says_so(quick, tmp_path):
    started = time.process_time()
    result = compress(*quick, "100", out=tmp_path, minutes=0.1)
    assert time.process_time() - started < 30
    assert not result.reached
    assert result.problem.startswith("No file fits in 100 bytes: the smallest has ")
    assert result.after.bytes == min(point.bytes for point in result.tried)
    assert "The goal was not reached." in result.report.read_text(encoding="utf-8")
    assert str(result).splitlines()[-1] == result.problem


ODD = """
import torch
from torch import nn


class Odd(nn.Module):
    def __init__(self, width, sign=1):
        super().__init__()
        self.norm, self.rnn = nn.InstanceNorm1d(1, affine=True), nn.RNN(8, width, batch_first=True)
        self.mix, self.head = nn.Parameter(torch.eye(width)), nn.Linear(width, 10)
        self.sign = sign

    def forward(self, x):
        x = self.rnn(self.norm(x[:, None]).unflatten(2, (8, 8))[:, 0])[0]
        x = torch.einsum("bti,ij->btj", x, self.mix).amax(1)
        return self.sign * self.head(x if x.abs().max() < 1e6 else -x)
"""


@pytest.fixture
def odd(own, tmp_path):
    """A network of layers and steps that no file can tell, its data and its code."""
    code = tmp_path / "odd_code.py"
    code.write_text(ODD)
    network = models._classes(code)["Odd"]
    yield *own.trained(lambda: network(48), own.digits(), steps=250), code
    sys.modules.pop("odd_code", None)


@pytest.mark.slow
def test_where_the_steps_cannot_be_told_the_best_numbers_are_kept_for_its_own_code(odd, tmp_path):
    """The printed lines run in a fresh Python that knows the loader and the learner's own file, nothing else."""
    network, data, code = odd
    result = compress(network, data, max_drop=4, out=tmp_path, minutes=0.2, code=code, make="Odd(48)")
    assert result.path.name == "Odd.weights.fw"
    assert result.reached, result
    assert result.times_smaller >= 4, result
    first = "This file holds numbers only and needs the network's code, Odd(48) of odd_code. This Odd cannot "
    assert result.lines()[0].startswith(f"{first}be followed: ")
    page = result.report.read_text(encoding="utf-8").partition("<main>")[2].strip()
    assert page.startswith('<p class="note"><strong>' + first.replace("'", "&#39;"))
    part = split(data, 0).held_out
    torch.save(part.inputs, tmp_path / "inputs.pt")
    lines = f"import torch\ninputs = torch.load('inputs.pt')\n{result.loader}print(classes.tolist())"
    done = subprocess.run([sys.executable, "-c", lines], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert torch.equal(torch.tensor(json.loads(done.stdout)) == part.labels, result.after.right)
    assert result.before.macs == result.after.macs > 8 * 48 * (8 + 48)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "line"),
    [
        (
            None,
            r"^This Odd cannot be followed: .*Nor is there a file of its numbers alone, for its own code: Odd\(\) of ",
        ),
        ("Odd(9)", r"own code: Odd\(9\) makes a network with other tensors: "),
        (
            "Odd(48, -1)",
            r"own code: Odd\(48, -1\) makes a network that predicts something else with the same numbers; ",
        ),
    ],
    ids=["arguments", "width", "sign"],
)
@pytest.mark.usefixtures("no_search")
def test_code_that_makes_another_network_is_found_before_the_search(make, line, odd, tmp_path):
    network, data, code = odd
    with pytest.raises(ArtifactProblem, match=line):
        compress(network, data, out=tmp_path, code=code, make=make)
    assert [one.name for one in tmp_path.iterdir()] == ["odd_code.py"]


@pytest.mark.slow
def test_an_interrupt_keeps_the_best_until_then(quick, tmp_path, monkeypatch):
    """A second later there is a file; before there is one, nothing is written."""
    put = module.Search._rung

    def rung(self, *arguments):
        if self.shelf.found or stop_at_once:
            raise KeyboardInterrupt
        return put(self, *arguments)

    monkeypatch.setattr(module.Search, "_rung", rung)
    stop_at_once = True
    with pytest.raises(KeyboardInterrupt):
        compress(*quick, out=tmp_path, minutes=0.1)
    assert list(tmp_path.iterdir()) == []
    stop_at_once = False
    result = compress(*quick, out=tmp_path, minutes=0.1)
    assert "The keyboard stopped the search: this is the best file until then." in result.notes
    assert sorted(one.name for one in tmp_path.iterdir()) == ["Plain.fw", "Plain.html"]
    assert load(result.path)(quick[1]["inputs"][:2]).shape == (2, 10)


@pytest.mark.slow
def test_an_interrupt_of_the_last_measurement_writes_nothing(quick, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "predictions", stop)
    with pytest.raises(KeyboardInterrupt):
        compress(*quick, out=tmp_path, minutes=0.05)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_search")
def test_a_folder_that_cannot_be_written_is_found_before_the_search(quick, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(FileProblem, match=r"^Could not write "):
        compress(*quick, out=tmp_path / "out")


def test_where_nothing_can_be_counted_the_reason_is_said():
    """Planted: a network that torch's counter stumbles over, and one that it does not."""

    class Stumbles(nn.Linear):
        def forward(self, x):
            if torch.utils._python_dispatch._get_current_dispatch_mode() is not None:
                raise RuntimeError("no modes\nhere")
            return super().forward(x)

    some = torch.zeros(3, 4)
    assert module._macs(nn.Linear(4, 2), some) == (8, "")
    assert module._macs(Stumbles(4, 2), some) == (
        None,
        "Stumbles runs, but not under torch's counter (RuntimeError: no modes here).",
    )


def test_the_reason_is_a_note_once(made_up):
    one = replace(made_up().before, macs=None, uncounted="because.")
    assert module._uncounted(one, one) == ("Multiplications were not counted: because.",)
    assert module._uncounted(made_up().before, made_up().after) == ()


@pytest.fixture
def no_search(monkeypatch):
    """Fails where time would be spent."""

    def search(*_):
        raise AssertionError("the search began")

    monkeypatch.setattr(module, "Search", search)


class Branching(nn.Module):
    __module__ = "__main__"  # as in a notebook: no fresh process can make it

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(64, 10)

    def forward(self, x):
        return self.layer(x) if x.sum() > 0 else self.layer(-x)


class Bilinear(Branching):
    __module__ = "__main__"

    def __init__(self):
        super().__init__()
        self.layer = nn.Bilinear(64, 64, 10)

    def forward(self, x):
        return self.layer(x, x)


@pytest.mark.parametrize(
    ("model", "options", "kind", "line"),
    [
        (
            Branching(),
            {},
            ArtifactProblem,
            r"^This Branching cannot be followed: .*no if or loop over values of tensors\. Nor is there a file of its "
            r"numbers alone, for its own code: Branching is defined in a script or a notebook; pass the file of its ",
        ),
        (Bilinear(), {}, ArtifactProblem, r"^A \.fw file cannot hold layer, Bilinear\(.*It knows the layers Linear, "),
        (nn.Linear(64, 10), {"minutes": 0}, InputError, r"^minutes is 0; wanted at least 0\.05\.$"),
        (nn.Linear(64, 10), {"minutes": float("nan")}, InputError, r"^minutes is nan; wanted at least 0\.05\.$"),
        (nn.Linear(64, 10), {"budget": "x"}, InputError, r"^The budget is 'x'; "),
        (nn.Linear(63, 10), {}, InputError, r"^The model cannot take the inputs"),
    ],
    ids=["branch", "layer", "minutes", "nan", "budget", "inputs"],
)
@pytest.mark.usefixtures("no_search")
def test_what_cannot_be_done_is_said_before_any_time_is_spent(model, options, kind, line, own, tmp_path):
    with pytest.raises(kind, match=line):
        compress(model, own.digits(), out=tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_public_name_is_the_function():
    assert featherweight.compress is compress
