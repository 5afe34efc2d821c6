"""The choice among files, and files that are only written when they are chosen."""

import pytest
import torch
from torch import nn

from featherweight.artifact import encode
from featherweight.artifact.compress import shelf as module
from featherweight.artifact.compress.goal import Goal
from featherweight.artifact.compress.rounding import stored
from featherweight.artifact.compress.shelf import Candidate, Shelf, chosen


def candidate(size, right, count=1000):
    """A made-up file of some bytes that gets some of the examples right, the first ones."""
    return Candidate(size, torch.arange(count) < right, 0.5, 0.25)


WHOLE = torch.arange(1000) < 950
FILES = [candidate(9000, 950), candidate(5000, 953), candidate(3000, 946), candidate(2000, 940), candidate(900, 700)]


@pytest.mark.parametrize(
    ("goal", "size", "reached"),
    [
        (Goal(None, 1.0), 3000, True),  # 0.4 points, at most 0.9; 2,000 bytes lose 1.0, perhaps 1.6
        (Goal(None, 2.0), 2000, True),
        (Goal(10_000, None), 5000, True),  # the best that fits, not the largest
        (Goal(2500, None), 2000, True),
        (Goal(2500, 2.0), 2000, True),
        (Goal(2500, 1.0), 2000, False),  # what fits loses too much: the best that fits
        (Goal(500, None), 900, False),  # nothing fits: the smallest
        (Goal(500, 1.0), 900, False),
        (Goal(None, 0.1), 5000, True),
    ],
    ids=str,
)
def test_the_choice(goal, size, reached):
    kept, met = chosen(FILES, WHOLE, goal)
    assert (kept.bytes, met) == (size, reached)


def test_where_nothing_is_good_enough_the_best_is_kept():
    assert chosen(FILES[3:], WHOLE, Goal(None, 0.5)) == (FILES[3], False)


@pytest.mark.parametrize(
    ("width", "zeros", "grid", "name"),
    [
        (1.0, 0.0, None, "16 bits"),
        (1.0, 0.9, 0.25, "90% zeros, grid 0.25"),
        (0.5, 0.8586, 1.0, "50% of the channels, 85.86% zeros, grid 1"),
    ],
)
def test_the_name_says_what_was_done(width, zeros, grid, name):
    assert Candidate(0, WHOLE, zeros, grid, width).name == name


def tried(network, share, right):
    """A candidate of a network, not written yet."""
    parts = stored(network, set(network.state_dict()), share)
    return Candidate(0, torch.arange(1000) < right, 0.0, share, 1.0, None, network, parts)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(40, 30), nn.ReLU(), nn.Linear(30, 5))


def test_a_small_file_is_written_at_once(network):
    shelf = Shelf(torch.randn(2, 40))
    one = tried(network, 1 / 4, 950)
    shelf.put(one)
    [found] = shelf.found
    assert found.data == encode(network, one.parts)
    assert found.bytes == len(found.data)
    assert found.network is None


def test_a_large_file_is_written_when_it_is_chosen(network, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 0.0)
    shelf = Shelf(torch.randn(2, 40))
    for share, right in ((1 / 8, 955), (1 / 4, 950), (1 / 2, 700)):
        shelf.put(tried(network, share, right))
    assert not any(one.written for one in shelf.found)
    kept, reached = shelf.choose(WHOLE, Goal(None, 2.0))
    assert (kept.grid, reached) == (1 / 4, True)
    assert [one.written for one in shelf.found] == [False, True, False]
    assert kept.bytes == len(kept.data)


def test_one_that_others_beat_gives_its_memory_back(network, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 0.0)
    shelf = Shelf(torch.randn(2, 40))
    for share, right in ((1 / 8, 950), (1 / 2, 955), (1 / 4, 900)):
        shelf.put(tried(network, share, right))
    assert [one.network is None for one in shelf.found] == [True, False, True]
    assert all(one.bytes > 0 for one in shelf.found)


def test_an_estimate_that_was_too_low_is_corrected(network, monkeypatch):
    """Planted: estimates of half the bytes. What is chosen in the end fits."""
    monkeypatch.setattr(module, "AT_ONCE", 0.0)
    right = module.estimate
    monkeypatch.setattr(module, "estimate", lambda parts: right(parts) / 2)
    shelf = Shelf(torch.randn(2, 40))
    for share, good in ((1 / 8, 955), (1 / 4, 950), (1.0, 900)):
        shelf.put(tried(network, share, good))
    budget = len(encode(network, tried(network, 1.0, 0).parts)) + 10
    kept, reached = shelf.choose(WHOLE, Goal(budget, None))
    assert reached
    assert (kept.grid, kept.written) == (1.0, True)
    assert kept.bytes <= budget
