"""Repeats take turns; a ratio is that of each round, not of two numbers from different moments."""

from functools import partial

import pytest

from featherweight.bench.repeats import Ratio, ratio, turns


def test_actions_take_turns_and_the_fastest_call_of_a_round_counts():
    now, log, lengths = [0.0], [], {"slow": iter([9.0, 3.0]), "quick": iter([0.5, 0.25, 0.5, 0.75])}

    def act(name):
        log.append(name)
        now[0] += next(lengths[name])

    actions = {name: partial(act, name) for name in lengths}
    assert turns(actions, 2, 0.75, clock=lambda: now[0]) == {"slow": [9.0, 3.0], "quick": [0.25, 0.5]}
    assert log == ["slow", "quick", "quick"] * 2


def test_a_turn_of_no_seconds_is_one_call():
    calls = []
    [times] = turns({"a": lambda: calls.append(1)}, 3, 0).values()
    assert len(calls) == 3 and max(times) < float("inf")


def test_a_ratio_is_taken_round_by_round():
    """A disturbance that doubles both times of a round leaves their ratio alone."""
    found = ratio([1.0, 2.0, 1.0], [2.0, 4.0, 2.0])
    assert found == Ratio(0.5, 0.5, 0.5, 3)
    found = ratio([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    assert (found.median, found.low, found.high) == (2.0, pytest.approx(1.2), pytest.approx(2.8))


def test_two_numbers_have_no_spread():
    assert str(ratio(3, 4.0)) == "0.75 ×"
    assert str(ratio([1.0, 3.0], [1.0, 1.0])) == "2 × (1.2 to 2.8)"


def test_rounds_that_do_not_match_are_an_error():
    with pytest.raises(ValueError, match="shorter"):
        ratio([1.0, 2.0, 3.0], [1.0, 2.0])
