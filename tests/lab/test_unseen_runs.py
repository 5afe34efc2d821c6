"""The shipped results are complete, and measuring again gives them within chance."""

import json

import pytest
import torch
from torch import nn

from featherweight.errors import FileProblem
from featherweight.lab import unseen_runs as runs
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.distillation_training import answers, teacher_of


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert len(found.rows) == len(runs.DIGITS) == 10
    for row in (*found.rows, found.labels):
        assert row.chosen in runs.BIASES and len(row.missed) == len(row.lost) == len(row.named) == len(runs.BIASES)
        assert all(len(counts) == len(runs.SEEDS) >= 5 for counts in (*row.missed, *row.lost))
        assert all(sum(counts) == row.count * len(runs.SEEDS) for counts in row.named)
    assert found.minutes < 8 and runs.FILE.stat().st_size < 60_000


def test_a_larger_bias_finds_more_and_loses_more():
    for row in runs.load().rows:
        for before, after in zip(range(20), range(1, 21), strict=True):
            assert all(map(int.__ge__, row.missed[before], row.missed[after]))
            assert all(map(int.__le__, row.lost[before], row.lost[after]))


def test_missed_and_named_are_the_same_count():
    for digit, row in enumerate(runs.load().rows):
        for missed, named in zip(row.missed, row.named, strict=True):
            assert row.count * len(runs.SEEDS) - sum(missed) == named[digit]


def test_a_row_counts_what_it_says():
    """A student whose outputs are its inputs: everything can be counted by hand."""
    labels = torch.tensor([3, 3, 1, 2])
    inputs = torch.zeros(4, 10)
    inputs[range(4), [3, 8, 1, 8]] = 1.0
    inputs[1, 3] = 0.7
    row = runs.row_of([nn.Identity()], Split(inputs, labels, inputs, labels, inputs, labels), 3)
    assert [counts[0] for counts in row.missed[:3]] == [1, 0, 0] and [counts[0] for counts in row.lost[:4]] == [
        1,
        1,
        1,
        2,
    ]
    assert row.count == 2 and row.named[0] == [0, 0, 0, 1, 0, 0, 0, 0, 1, 0] and row.chosen == 0.5


@pytest.mark.parametrize("content", [None, "{", json.dumps({"labels": []})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "unseen_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^unseen_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


@pytest.mark.slow
def test_one_seed_again():
    """The same seed on another machine differs by rounding only, which training enlarges: well within 25 of 100."""
    data, found = mnist5k(), runs.load()
    logits = answers(teacher_of(data, 0), data.train_inputs)
    for shipped, known in ((found.rows[3], logits), (found.labels, None)):
        row = runs.row_of([runs.unseen(data, 3, 0, known)], data, 3)
        assert row.missed[0][0] == pytest.approx(shipped.missed[0][0], abs=25)
        assert row.lost[0][0] == pytest.approx(shipped.lost[0][0], abs=25)
