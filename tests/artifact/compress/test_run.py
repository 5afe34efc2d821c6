"""The whole way, on networks that no lesson uses: what is reported is what the file predicts in a fresh process."""

import copy
import os
import subprocess
import sys
import time

import pytest
import torch
from torch import nn

import featherweight
from featherweight.artifact import load
from featherweight.artifact.compress import run as module
from featherweight.artifact.compress.data import split
from featherweight.artifact.compress.run import compress
from featherweight.errors import ArtifactProblem, InputError

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


@pytest.fixture
def no_search(monkeypatch):
    """Fails where time would be spent."""

    def search(*_):
        raise AssertionError("the search began")

    monkeypatch.setattr(module, "Search", search)


class Branching(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(64, 10)

    def forward(self, x):
        return self.layer(x) if x.sum() > 0 else self.layer(-x)


class Bilinear(Branching):
    def __init__(self):
        super().__init__()
        self.layer = nn.Bilinear(64, 64, 10)

    def forward(self, x):
        return self.layer(x, x)


@pytest.mark.parametrize(
    ("model", "options", "kind", "line"),
    [
        (Branching(), {}, ArtifactProblem, r"^This Branching cannot be followed: .*no if or loop over values"),
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
