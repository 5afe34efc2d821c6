"""The shipped results are complete, and training a seed again gives them within chance."""

import pytest
import torch

from featherweight.lab import spoken_runs as runs
from featherweight.lab.measure import errors
from featherweight.lab.spoken import SoundNet, sounds

FEW, ALL = runs.ROWS


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert {group: tuple(rows) for group, rows in found.rows.items()} == runs.ROWS
    counts = [values for rows in found.rows.values() for values in rows.values()]
    assert all(len(values) == len(runs.SEEDS) >= 5 for values in (*counts, *found.teachers.values()))
    assert all(0 <= value <= 1000 for values in counts for value in values)
    assert found.minutes < 10 and runs.FILE.stat().st_size < 20_000
    assert found.sizes["teacher"] > 20 * found.sizes["student"]


def test_no_sound_is_in_two_parts_and_none_was_used_for_choices():
    numbers = [number for seed in runs.SEEDS for number in (1000 + seed, 2000 + seed)]
    assert len(set(numbers)) == len(numbers) and not {1, 2} & set(numbers)


@pytest.fixture
def small(monkeypatch):
    """Everything small: 200 sounds, 6 updates."""
    monkeypatch.setattr(runs, "LEARN", 200)
    monkeypatch.setattr(runs, "UPDATES", 6)
    monkeypatch.setattr(runs, "CLEAN_UPDATES", 6)
    return sounds(200, 9)


def ends(group, row, learn, both):
    return runs.run(group, row, learn, both, 0).output.weight


def test_every_row_hears_its_own_teacher(small):
    """Changing what one teacher said changes the rows that hear it, and no other."""
    one = runs.teachers(small, 0)
    noisy = runs.Teachers(one.noisy, one.clean, -one.said, one.said_of_clean)
    clean = runs.Teachers(one.noisy, one.clean, one.said, -one.said_of_clean)
    for group, row in runs.EVERY:
        first = ends(group, row, small, one)
        heard = "none" if runs.labels_alone(row) else "clean" if "clean" in row else "noisy"
        assert torch.equal(ends(group, row, small, noisy), first) == (heard != "noisy"), row
        assert torch.equal(ends(group, row, small, clean), first) == (heard != "clean"), row


@pytest.mark.parametrize("row", ["hard, 3,000 sounds", "soft, 3,000 sounds", "soft, clean copies"])
def test_rows_without_labels_see_none(small, row):
    both = runs.teachers(small, 0)
    other = runs.Sounds(small.noisy, small.clean, (small.labels + 1) % 10)
    assert torch.equal(ends(FEW, row, small, both), ends(FEW, row, other, both))


def test_a_group_of_100_labels_sees_100(small):
    both = runs.teachers(small, 0)
    labels = small.labels.clone()
    labels[100:] = (labels[100:] + 1) % 10
    other = runs.Sounds(small.noisy, small.clean, labels)
    for row in runs.ROWS[FEW]:
        assert torch.equal(ends(FEW, row, small, both), ends(FEW, row, other, both)), row
    assert not torch.equal(ends(ALL, "labels", small, both), ends(ALL, "labels", other, both))


def test_the_clean_teacher_learns_from_100_clean_sounds(small):
    both, changed = runs.teachers(small, 0), small.clean.clone()
    changed[100:] += 1
    again = runs.teachers(runs.Sounds(small.noisy, changed, small.labels), 0)
    assert torch.equal(both.clean.output.weight, again.clean.output.weight)
    assert not torch.equal(both.clean.output.weight, SoundNet(runs.LARGE, 200).output.weight)


@pytest.mark.slow
def test_one_seed_again():
    """The same seed on another machine differs by rounding only, which training enlarges: within 4 points."""
    learn, test = runs.drawn(0)
    both = runs.teachers(learn, 0)
    assert errors(both.noisy, test.noisy, test.labels) == pytest.approx(runs.load().teachers["teacher"][0], abs=30)
    for group, row in ((ALL, "labels"), (ALL, "labels and soft"), (FEW, "soft, clean copies")):
        network = runs.run(group, row, learn, both, 0)
        assert errors(network, test.noisy, test.labels) == pytest.approx(runs.load().rows[group][row][0], abs=40)
