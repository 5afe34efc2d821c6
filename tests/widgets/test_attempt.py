"""A learner's function may raise, exit or hang; what comes back is always a pair."""

import sys
import time

import pytest

from featherweight.widgets.attempt import attempt


def fine(x, y=1):
    return x + y


def raises(x):
    raise ValueError(f"bad {x}\nand a second line")


def leaves():
    sys.exit()


def hangs():
    while True:
        pass


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (fine, (1,), (2, "")),
        (raises, (3,), (None, "raises raised ValueError: bad 3")),
        (leaves, (), (None, "leaves raised SystemExit")),
    ],
    ids=["returns", "raises", "exits"],
)
def test_outcomes(function, arguments, expected):
    assert attempt(function, *arguments) == expected


def test_hanging_function_is_given_up_and_stopped():
    seen = []

    def counts():
        while True:
            seen.append(1)

    start = time.perf_counter()
    assert attempt(counts, seconds=0.2) == (None, "counts ran longer than 0.2 s and was stopped")
    assert time.perf_counter() - start < 2
    time.sleep(0.2)
    before = len(seen)
    time.sleep(0.1)
    assert len(seen) == before
