"""The shipped results are complete, measuring again gives them, and they say what lesson 8 says."""

from statistics import fmean

import pytest
import torch

from featherweight.errors import FileProblem
from featherweight.lab import speech
from featherweight.lab import speech_runs as runs

WEIGHTS = speech.layers(speech.load())


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    ways = [f"{way} {bits}" for way in runs.WAYS for bits in runs.BITS]
    assert set(ways) <= set(found.rows) and {f"all but {name}" for name in WEIGHTS} <= set(found.rows)
    assert all(len(row.agree) == len(row.f1) == len(runs.SEEDS) for row in found.rows.values())
    assert len(found.envelope) == runs.POINTS and found.minutes < 5 and runs.FILE.stat().st_size < 100_000
    assert {len(found.errors[f"{name} per tensor 8"]) for name in found.largest} == {64, 128}


def test_one_layer_is_to_blame():
    rows = runs.load().rows
    alone = {name: fmean(rows[f"{name} per tensor 8"].f1) for name in WEIGHTS}
    assert min(alone, key=alone.get) == "encoder.3.weight" and alone["encoder.3.weight"] < 0.1
    assert fmean(rows["per tensor 8"].f1) < 0.1 and fmean(rows["per channel 8"].f1) > 0.95
    assert fmean(rows["all but encoder.3.weight"].f1) > 0.8
    assert max(fmean(rows[f"all but {name}"].f1) for name in WEIGHTS if name != "encoder.3.weight") < 0.1


def test_never_is_all_that_agreement_needs():
    rows = runs.load().rows
    assert fmean(rows["per tensor 8"].agree) - fmean(rows["never"].agree) < 0.01
    assert set(rows["never"].f1) == {0.0}


def test_one_seed_again():
    """The same sums in another order move a frame now and then: within 2 of 100 frames."""
    wanted = runs.heard({}, [0])
    made = runs.networks(WEIGHTS)
    for name in ("per tensor 8", "per channel 8", "percentile 8", "all but encoder.3.weight"):
        again, shipped = runs.score(runs.heard(made[name], [0]), wanted), runs.load().rows[name]
        assert again.agree[0] == pytest.approx(shipped.agree[0], abs=0.02), name
    rounded = runs.WAYS["per tensor"](WEIGHTS["encoder.3.weight"], 8)
    errors = runs.row_errors(WEIGHTS["encoder.3.weight"], rounded)
    torch.testing.assert_close(
        errors, torch.tensor(runs.load().errors["encoder.3.weight per tensor 8"]), rtol=6e-3, atol=0
    )


def test_spans():
    assert runs.spans(torch.tensor([0, 1, 1, 0, 1]) > 0) == [[1, 2], [4, 4]] and runs.spans(torch.zeros(3)) == []


def test_damaged_file_is_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(runs, "FILE", tmp_path / "speech_runs.json")
    with pytest.raises(FileProblem, match=r"^speech_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()
