"""The shipped results are complete, and training again gives them within chance."""

import json

import pytest
import torch

import featherweight.widgets.pruning_tables as tables
from featherweight.errors import FileProblem
from featherweight.lab.data import mnist5k
from featherweight.lab.networks import lenet_300_100


def test_shipped_file_is_complete_and_small():
    cliff, map_ = tables.load()
    places = len(tables.SPARSITIES)
    assert set(cliff.accuracy) == set(cliff.counts) == set(tables.MODES)
    assert all(len(seeds) == 3 and {len(row) for row in seeds} == {places} for seeds in cliff.accuracy.values())
    assert len(map_.accuracy) == 3 and {len(layer) for seed in map_.accuracy for layer in seed} == {places}
    assert cliff.weights == sum(cliff.dense) == 266_200 and sum(map_.weights) == 61_470
    assert tables.FILE.stat().st_size < 50_000


@pytest.mark.parametrize("mode", tables.MODES)
def test_counts_are_the_weights_that_are_left(mode):
    cliff, _ = tables.load()
    for sparsity, counts in zip(cliff.sparsities, cliff.counts[mode], strict=True):
        assert sum(counts) == pytest.approx(cliff.weights * (1 - sparsity), abs=2)


@pytest.mark.parametrize(
    "content", [None, "{", json.dumps({"pruning": {}, "sensitivity": {}})], ids=["missing", "no JSON", "empty"]
)
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "pruning_tables.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(tables, "FILE", path)
    with pytest.raises(FileProblem, match=r"^pruning_tables.json cannot be read .*: install it again\.$"):
        tables.load.__wrapped__()


@pytest.mark.parametrize("mode", tables.MODES)
def test_pruning_leaves_the_dense_network_alone_and_prunes_as_asked(mode, monkeypatch):
    monkeypatch.setattr(tables, "RETRAINING_EPOCHS", 1)
    data = mnist5k()
    few = type(data)(*(tensor[:640] for tensor in vars(data).values()))
    network = lenet_300_100(0)
    before = [parameter.detach().clone() for parameter in network.parameters()]
    smaller = tables.pruned(network, 0.9, mode, few, seed=0)
    zeros = sum(int((weight == 0).sum()) for weight in tables.weights_of(smaller))
    assert zeros / 266_200 == pytest.approx(0.9, abs=0.005)
    assert all(map(torch.equal, before, network.parameters()))


@pytest.mark.slow
def test_one_seed_again():
    """Two proportions of 1,000 differ by at most 2.2 points in 95% of cases near 94%; seeds share the data."""
    data = mnist5k()
    network = tables.dense(lenet_300_100(0), data, 0)
    cliff, _ = tables.load()
    place = cliff.sparsities.index(0.917)
    assert tables.accuracy(network, data) == pytest.approx(cliff.accuracy["one-shot"][0][0], abs=2.2)
    for mode in ("retrained", "gradual"):
        again = tables.accuracy(tables.pruned(network, 0.917, mode, data, 0), data)
        assert again == pytest.approx(cliff.accuracy[mode][0][place], abs=2.2)
