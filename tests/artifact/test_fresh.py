import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from featherweight.artifact import Codes, save
from featherweight.artifact.fresh import predictions
from featherweight.errors import ArtifactProblem

READER = {"adaptive", "codings", "cost", "header", "interpreter", "layout", "ranges", "reading", "values", "vocabulary"}
CODERS = {"compression", "compression.arithmetic", "compression.coding", "compression.sparse_indices"}


@pytest.fixture
def network():
    torch.manual_seed(5)
    return nn.Sequential(nn.Unflatten(1, (1, 8)), nn.Conv1d(1, 4, 3), nn.GELU(), nn.Flatten(), nn.Linear(24, 3)).eval()


@pytest.mark.slow
def test_a_fresh_process_predicts_the_same(network, tmp_path):
    inputs = torch.randn(6, 8)
    state = network.state_dict()
    how = {name: Codes((state[name] * 40).round(), 0.025) for name in state}
    save(tmp_path / "net.fw", network, how)
    network.load_state_dict({name: (state[name] * 40).round() * torch.tensor(0.025) for name in state})
    assert torch.equal(predictions(tmp_path / "net.fw", inputs), network(inputs).detach())
    with pytest.raises(ArtifactProblem, match="gives no predictions in a fresh process: Node 1 of"):
        predictions(tmp_path / "net.fw", torch.randn(6, 9))
    with pytest.raises(ArtifactProblem, match=r"has not been decoded and run in 0.01 seconds"):
        predictions(tmp_path / "net.fw", inputs, seconds=0.01)


@pytest.mark.slow
def test_the_reader_imports_itself_and_three_coders(network, tmp_path):
    """Planted: the writer's modules would be seen."""
    save(tmp_path / "net.fw", network)
    code = (
        "import sys; from featherweight.artifact import load; load(sys.argv[1]);"
        "print(*sorted(name for name in sys.modules if name.startswith('featherweight.')))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "net.fw")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = {name.removeprefix("featherweight.") for name in done.stdout.split()}
    assert found == {"artifact", "errors"} | {f"artifact.{name}" for name in READER} | CODERS
    assert "artifact.writing" not in found


@pytest.mark.slow
def test_the_command_prints_classes(network, tmp_path):
    save(tmp_path / "net.fw", network)
    np.save(tmp_path / "x.npy", torch.eye(8).numpy())
    command = [sys.executable, "-m", "featherweight.artifact", str(tmp_path / "net.fw"), str(tmp_path / "x.npy")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == [str(number) for number in network(torch.eye(8)).argmax(1).tolist()]
    command[-1] = str(tmp_path / "net.fw")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is no .npy file of numbers" in done.stderr
