"""The shipped results are complete, and training a student again gives them within chance."""

import pytest
import torch

from featherweight.lab import text_runs as runs
from featherweight.lab.character_model import bits_per_character
from featherweight.lab.texts import shakespeare

FEW_TEXT, ALL_TEXT = runs.ROWS


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert {group: tuple(rows) for group, rows in found.rows.items()} == runs.ROWS
    assert all(len(values) == len(runs.SEEDS) >= 3 for rows in found.rows.values() for values in rows.values())
    assert found.minutes < 10 and runs.FILE.stat().st_size < 20_000
    assert found.sizes["teacher"] > 8 * found.sizes["student"]


def test_nothing_reads_better_than_its_teacher_or_worse_than_no_model():
    found = runs.load()
    (teacher,) = found.teachers["teacher"]
    counts = torch.bincount(shakespeare().train).double()
    alone = -(counts / counts.sum() * (counts / counts.sum()).clamp(min=1e-9).log2()).sum()  # bits, single characters
    assert all(teacher < value < alone for rows in found.rows.values() for values in rows.values() for value in values)


@pytest.mark.slow
@pytest.mark.parametrize("group", runs.ROWS)
def test_every_row_trains_and_the_teacher_is_heard_where_it_should_be(group):
    """Two teachers: rows of labels end the same, all others differ."""
    one, other = runs.teacher(3, 16), runs.teacher(6, 16)
    for row in runs.ROWS[group]:
        first, second = (runs.run(group, row, large, 0, updates=8) for large in (one, other))
        same = torch.equal(first.output.weight, second.output.weight)
        assert same == runs.labels_alone(row), row


def test_few_means_the_first_20_000_characters(monkeypatch):
    seen = []
    monkeypatch.setattr(runs, "train", lambda network, text, updates, loss=None, **more: seen.append((text, updates)))
    for group in runs.ROWS:
        runs.run(group, "labels", None, 0, 10)
    runs.run(ALL_TEXT, "labels, longer", None, 0, 10)
    (few, _), (every, _), (_, longer) = seen
    assert torch.equal(few, shakespeare().train[:20_000]) and torch.equal(every, shakespeare().train) and longer == 20


def test_stopping_early_looks_at_the_validation_part_alone(monkeypatch):
    monkeypatch.setattr(runs, "train", lambda *given, **more: None)
    seen = []
    monkeypatch.setattr(runs, "bits_per_character", lambda network, text: seen.append(text) or len(seen))
    runs.run(FEW_TEXT, "labels, stopped early", None, 0)
    assert len(seen) == len(runs.EARLY) and all(torch.equal(text, shakespeare().validation) for text in seen)


@pytest.mark.slow
@pytest.mark.parametrize("group", runs.ROWS)
def test_one_student_again(group):
    """The same seed on another machine differs by rounding only, which training enlarges: well within 0.05 bits."""
    network = runs.run(group, "labels", None, 0)
    shipped = runs.load().rows[group]["labels"][0]
    assert bits_per_character(network, shakespeare().test) == pytest.approx(shipped, abs=0.05)
