"""The shipped results are complete, and measuring again gives them within chance."""

import json

import pytest

from featherweight.errors import FileProblem
from featherweight.lab import low_bit_runs as runs
from featherweight.lab.data import mnist5k
from featherweight.lab.low_bit_layers import FORMS
from featherweight.lab.measure import errors
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.sparse_training import train_dense


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert list(found.rows) == [*FORMS, *runs.MORE_ROWS] and list(found.spreads) == list(FORMS)
    counts = [getattr(row, way) for row in found.rows.values() for way in runs.WAYS]
    assert all(len(each) == len(runs.SEEDS) >= 5 for each in (*counts, found.dense, found.longer, found.whole))
    assert found.minutes < 15 and runs.FILE.stat().st_size < 60_000


def test_every_weight_of_the_first_layer_lies_somewhere():
    found = runs.load()
    assert sum(found.histogram) == 784 * 300
    for form, ways in found.spreads.items():
        for spread in ways.values():
            assert sum(spread.counts) == 784 * 300 and len(spread.values) <= 2 ** FORMS[form].bits + 0.001


@pytest.mark.parametrize("content", [None, "{", json.dumps({"dense": []})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "low_bit_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^low_bit_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["2 bits, learned", "signs everywhere"])
def test_one_seed_again(name):
    """The same seed on another machine differs by rounding only, which training enlarges: well within 3 points."""
    data, network = mnist5k(), lenet_300_100(0)
    train_dense(network, data, runs.EPOCHS, seed=0)
    assert errors(network, data.test_inputs, data.test_labels) == pytest.approx(runs.load().dense[0], abs=22)
    again = runs.run(network, name, data, 0)
    for way in ("retrained", "scratch"):
        shipped = getattr(runs.load().rows[name], way)[0]
        assert errors(again[way], data.test_inputs, data.test_labels) == pytest.approx(shipped, abs=30)
