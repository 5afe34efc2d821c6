"""The shipped results are complete, and measuring again gives them within chance."""

import json

import pytest
import torch

from featherweight.errors import FileProblem
from featherweight.lab import coding_runs as runs
from featherweight.lab.coding_files import CODINGS, FW, PARTS, ledger_of
from featherweight.lab.coding_layers import STARTS
from featherweight.lab.coding_training import moved
from featherweight.lab.data import mnist5k
from featherweight.lab.measure import errors
from featherweight.lab.networks import lenet_300_100

DENSE = 1_066_440


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert list(found.shared) == list(found.files) == list(found.pruned) == list(runs.KEPT)
    assert list(found.starts) == list(STARTS[1:]) and list(found.ranks) == [str(rank) for rank in runs.RANKS]
    bits = [str(bits) for bits in runs.BITS]
    assert all(list(rows) == bits for rows in (*found.shared.values(), *found.starts.values()))
    assert all(list(rows) == ["float32", *bits] for rows in found.files.values())
    assert list(found.changes) == list(runs.CHANGES) and found.chosen in runs.BITS
    assert found.minutes < 15 and runs.FILE.stat().st_size < 60_000


def test_every_count_has_a_seed():
    found = runs.load()
    rows = [row for rows in (*found.shared.values(), *found.starts.values()) for row in rows.values()]
    counts = [each for row in rows for each in (row.before, row.after, row.validation)]
    counts += [each for row in found.ranks.values() for each in (row.cut, row.retrained, row.narrow)]
    counts += [found.dense, found.whole, found.longer, found.unmoved, *found.pruned.values(), *found.sizes.values()]
    counts += [row.errors for row in found.changes.values()]
    assert {len(each) for each in counts} == {len(runs.SEEDS)} and len(runs.SEEDS) >= 5


def test_the_chosen_bits_err_least_on_validation_digits():
    rows = runs.load().shared[runs.MAIN]
    assert str(runs.load().chosen) == min(rows, key=lambda bits: sum(rows[bits].validation))


def test_files_hold_what_they_must():
    """Floors: the biases are float32, and dense floats are 4 bytes each."""
    files = runs.load().files
    for kept, rows in files.items():
        for row in rows.values():
            assert list(row.parts) == list(CODINGS) and all(len(each) == len(PARTS) for each in row.parts.values())
            assert all(row.by_name(coding)["biases"] == 4 * 410 for coding in CODINGS)
        assert rows["float32"].by_name(FW)["values"] == DENSE - 4 * 410
        assert (rows["4"].by_name("Huffman")["places"] == 0) is (kept == "all")


def test_singular_values_fall():
    for values in runs.load().spectra.values():
        assert len(values) == 300 and list(values) == sorted(values, reverse=True) and values[-1] >= 0


@pytest.mark.parametrize("content", [None, "{", json.dumps({"dense": []})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "coding_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^coding_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


def test_the_spectrum_of_the_start_needs_no_training():
    """Oracle: singular values in float64, 1e-3."""
    first = lenet_300_100(0)[0].weight.detach().double()
    shipped = torch.tensor(runs.load().spectra["random start"], dtype=torch.float64)
    assert torch.allclose(torch.linalg.svdvals(first), shipped, atol=1e-3)


@pytest.mark.slow
def test_one_seed_again():
    """The same seed on another machine differs by rounding only, which training enlarges: well within 3 points."""
    data, found = mnist5k(), runs.load()
    test = data.test_inputs, data.test_labels
    dense = runs.dense_network(data, 0)
    assert errors(dense, *test) == pytest.approx(found.dense[0], abs=22)
    kept = runs.kept_network(dense, runs.MAIN, data, 0)
    _, after = runs.stored(kept, found.chosen, data, 0)
    assert errors(after, *test) == pytest.approx(found.shared[runs.MAIN][str(found.chosen)].after[0], abs=22)
    for coding in CODINGS:
        assert sum(ledger_of(after, coding).values()) == pytest.approx(found.sizes[coding][0], rel=0.03)
    for way, network in runs.rank_row(dense, 16, data, 0).items():
        assert errors(network, *test) == pytest.approx(getattr(found.ranks["16"], way)[0], abs=30)
    again = runs.changed(dense, 8, moved(data), runs.RETRAINING, 0)
    shifted = moved(data)
    assert errors(again, shifted.test_inputs, shifted.test_labels) == pytest.approx(
        found.changes["rank 8"].errors[0], abs=30
    )
