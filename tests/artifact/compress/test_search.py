"""The search: files that are what they say, an end in time, a budget that is met whatever the time."""

import re
import time

import pytest
import torch

from featherweight.artifact import decode
from featherweight.artifact.compress import search as search_module
from featherweight.artifact.compress import shelf
from featherweight.artifact.compress.data import split
from featherweight.artifact.compress.goal import goal_of
from featherweight.artifact.compress.models import checked, logits
from featherweight.artifact.compress.retrain import Clock
from featherweight.artifact.compress.search import Search


def searched(quick, goal, seconds=20.0, seed=0, deletes=False):
    network, data = quick
    parts = split(data, seed)
    torch.manual_seed(seed)
    told = []
    search = Search(checked(network, parts.validation[:8], 9), parts, goal, Clock(seconds), seed, told.append, deletes)
    search.told = told
    return search, search.run().found


@pytest.mark.slow
def test_files_are_what_they_say(quick, monkeypatch):
    monkeypatch.setattr(shelf, "AT_ONCE", 100.0)
    search, found = searched(quick, goal_of(None, 2.0))
    part = search.validation
    for one in found:  # what is not written, another file beats
        assert one.written or any(other.bytes < one.bytes and other.accuracy >= one.accuracy for other in found)
    for one in (one for one in found if one.written):
        assert torch.equal(logits(decode(one.data), part.inputs).argmax(1) == part.labels, one.right)
    kept, reached = search.shelf.choose(search.right, search.goal)
    assert reached
    assert kept.bytes < 0.1 * 4 * sum(parameter.numel() for parameter in search.network.parameters())
    assert kept.zeros >= 0.5


@pytest.mark.slow
def test_time_ends_it_with_a_file(quick):
    started = time.process_time()
    _, found = searched(quick, goal_of("1kB", None), seconds=0.5)
    assert found
    assert time.process_time() - started < 10


@pytest.mark.slow
def test_whole_channels_are_deleted_where_that_is_asked_for(quick):
    _, found = searched(quick, goal_of(None, 5.0), seconds=6, deletes=True)
    assert {one.width for one in found} <= {1.0, 0.75, 0.5, 0.35, 0.25}
    assert min(one.width for one in found) < 1
    weights = [sum(p.numel() for p in decode(one.data).parameters()) for one in found if one.width < 1 and one.written]
    assert max(weights) < sum(p.numel() for p in quick[0].parameters())


@pytest.mark.slow
def test_a_budget_is_met_even_where_there_is_no_time_to_train(quick):
    search, found = searched(quick, goal_of("2kB", None), seconds=0.2)
    assert min(one.bytes for one in found) <= 2000
    said = [int(re.search(r" in (about )?([0-9,]+) bytes", line)[2].replace(",", "")) for line in search.told]
    assert [line.endswith(", not good enough") for line in search.told] == [size > 2000 for size in said]
    assert min(said) <= 2000 < max(said)


@pytest.mark.slow
def test_between_the_last_rung_that_was_too_large_and_the_first_that_fits_are_more(quick, monkeypatch):
    monkeypatch.setattr(Search, "_hopeless", lambda search, network, zeros: 0 < zeros <= 0.9)
    _, found = searched(quick, goal_of("3kB", None), seconds=8)
    zeros = {one.zeros for one in found} - {0.0}
    assert min(zeros) > 0.9 and zeros - set(search_module.LADDER)


def test_few_examples_choose_where_predicting_is_slow(quick, monkeypatch):
    network, data = quick
    parts, slow = split(data, 0), iter(range(10**6))
    monkeypatch.setattr(search_module.time, "monotonic", lambda: 10.0 * next(slow))
    search = Search(checked(network, parts.validation[:8], 9), parts, goal_of(None, 1), Clock(10**4), 0, print)
    assert 100 <= len(search.validation) < 0.6 * len(parts.validation)
    assert len(search.right) == len(search.validation)
    assert len(search.validation.labels.unique()) == 10


@pytest.mark.parametrize(("first", "later", "most"), [(10.0, 0.001, 10**4), (10.0, 1.0, 20)], ids=["fast", "slow"])
def test_the_first_step_of_all_does_not_count(first, later, most, quick, monkeypatch):
    """It loads parts of torch and takes seconds; a search that counted it trained for eight steps in five minutes."""
    now, cost = [0.0], [first]

    def steps(network, course, count, *_):
        for _ in range(count):
            now[0] += cost[0]
            cost[0] = later
        return count

    network, data = quick
    parts = split(data, 0)
    search = Search(checked(network, parts.validation[:8], 9), parts, goal_of(None, 1), Clock(10**6), 0, print)
    monkeypatch.setattr(search_module.time, "monotonic", lambda: now[0])
    search.clock = Clock(285)
    monkeypatch.setattr(search_module, "retrain", steps)
    found, wanted = search._steps(), max(600, 30 * len(parts.train) // search.course.batch)
    assert found == wanted if later < 0.01 else 5 <= found <= most
