"""The opening card shows the shipped counts, and the answer of its question is true of them."""

import re
from importlib import import_module

import numpy as np
import pytest

from featherweight.lab.ticket_runs import Results, Row, load

module = import_module("featherweight.widgets.lucky_start")  # the package exports the function under this name


def row(rounds, test):
    return Row([[1]], 0.01, rounds, test, test, test)


RESULTS = Results(
    {
        "dense": row((0,), [[50], [54]]),
        "ticket": row((8, 20), [[55, 60], [57, 62]]),
        "fresh": row((20,), [[90], [92]]),
    },
    [0.8**number for number in range(21)],
    [],
    {},
    1,
)


def test_the_summary_has_the_numbers():
    frame = module.lucky_start_frame(RESULTS)
    assert re.match(r"Errors in 1,000 with 95% intervals over 2 seeds: all weights 52 \(.*\), a ticket", frame.summary)
    assert [round(mark.y) for mark in frame.marks] == [52, 61, 91]


def test_only_the_answer_is_veiled():
    frame = module.lucky_start_frame(RESULTS)
    assert [line.panel for line in frame.lines] == ["known"] * 4 + ["asked"] * 3
    assert module.lucky_start(RESULTS).ask["veils"] == ("asked",)


@pytest.mark.parametrize("again", [False, True], ids=["shown", "again"])
def test_the_answer_is_true_of_the_shipped_results(again):
    rows = load(again).rows
    ticket, fresh = (np.mean(rows[kind].test, axis=0)[-1] for kind in ("ticket", "fresh"))
    assert rows["ticket"].rounds[-1] == rows["fresh"].rounds[-1] == module.ROUND
    assert 4 / 3 <= fresh / ticket <= 5 / 3


def test_all_counts_stay_inside_the_picture():
    for line in module.lucky_start_frame(load()).lines:
        assert module.FEWEST <= line.y.min() <= line.y.max() <= module.MOST
