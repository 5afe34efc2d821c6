"""The shipped results are complete, and measuring again gives them within chance."""

import json

import pytest

from featherweight.errors import FileProblem
from featherweight.lab import neuron_runs as runs
from featherweight.lab.data import mnist5k
from featherweight.lab.measure import errors, parameters
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.neuron_training import WAYS
from featherweight.lab.sparse_training import train_dense


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    tables = [*found.cut.values(), *found.tuned.values(), found.scratch]
    assert tuple(found.shares) == runs.SHARES and list(found.cut) == list(found.tuned) == list(WAYS)
    assert all([len(row) for row in table] == [len(runs.SEEDS)] * len(runs.SHARES) for table in tables)
    assert found.minutes < 10 and runs.FILE.stat().st_size < 60_000


def test_nothing_is_cut_where_all_are_kept():
    found = runs.load()
    assert all(found.cut[way][0] == found.dense and found.tuned[way][0] == found.longer for way in WAYS)


def test_parameters_are_those_of_the_shape():
    found = runs.load()
    assert found.parameters[0] == parameters(lenet_300_100())
    assert found.parameters[2] == 784 * 150 + 150 + 150 * 50 + 50 + 50 * 10 + 10


@pytest.mark.parametrize("content", [None, "{", json.dumps({"shares": []})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "neuron_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^neuron_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


@pytest.mark.slow
def test_one_seed_again():
    """The same seed on another machine differs by rounding only, which training enlarges: well within 2.2 points."""
    data, network, place = mnist5k(), lenet_300_100(0), runs.SHARES.index(0.3)
    train_dense(network, data, runs.EPOCHS, seed=0)
    assert errors(network, data.test_inputs, data.test_labels) == pytest.approx(runs.load().dense[0], abs=22)
    _, tuned = runs.run(network, 0.3, "magnitude", data, 0)
    assert tuned == pytest.approx(runs.load().tuned["magnitude"][place][0], abs=22)
    assert runs.scratch(0.3, data, 0) == pytest.approx(runs.load().scratch[place][0], abs=22)
