"""Sizes as people write them, and goals that make sense."""

import pytest

from featherweight.artifact.compress.goal import Goal, bytes_of, goal_of, size
from featherweight.errors import InputError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("50kB", 50_000),
        ("50 kB", 50_000),
        ("50k", 50_000),
        ("1MB", 10**6),
        ("1.5 mb", 1_500_000),
        ("4KiB", 4096),
        ("2MiB", 2 * 2**20),
        ("8000", 8000),
        ("8,000 B", 8000),
        ("8_000", 8000),
        (16_000, 16_000),
        ("0.5kB", 500),
    ],
)
def test_a_size(text, wanted):
    assert bytes_of(text) == wanted


@pytest.mark.parametrize("text", ["", "much", "-5kB", "0", "5 bits", "kB", "1e3", "nan", "inf", "0.2", True, 0, -1])
def test_no_size(text):
    with pytest.raises(InputError, match=r"^The budget is .*; wanted a size of at least one byte, such as 50kB, 1.5MB"):
        bytes_of(text)


@pytest.mark.parametrize(
    ("budget", "drop", "goal", "text"),
    [
        (None, None, Goal(None, 1.0), "at most 1 point lost"),
        ("4kB", None, Goal(4000, None), "at most 4,000 bytes"),
        (None, 0.5, Goal(None, 0.5), "at most 0.5 points lost"),
        ("4kB", 2, Goal(4000, 2), "at most 4,000 bytes and at most 2 points lost"),
    ],
)
def test_a_goal(budget, drop, goal, text):
    assert goal_of(budget, drop) == goal
    assert str(goal) == text


@pytest.mark.parametrize("drop", [0, -1, 100, float("nan"), "much"])
def test_no_goal(drop):
    with pytest.raises(InputError, match=r"^max_drop is .*; wanted points of accuracy above 0 and below 100"):
        goal_of(None, drop)


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 byte"), (1986, "1,986 bytes"), (123_456, "123 kB"), (1_234_567, "1,235 kB"), (98_765_432, "98.8 MB")],
)
def test_a_size_for_a_reader(count, text):
    assert size(count) == text
