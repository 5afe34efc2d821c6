"""The picture: everything inside it, the front by definition, ticks that can be read."""

import itertools

import pytest

from featherweight.artifact.compress.goal import Goal
from featherweight.artifact.compress.pareto import front, plot
from featherweight.artifact.compress.result import Point


def test_the_front_is_what_nothing_beats():
    """Oracle: the definition, pair by pair."""
    points = tuple(
        Point("", size, accuracy, False) for size, accuracy in itertools.product((1, 2, 5, 9), (90, 91, 95))
    )[3:]
    wanted = [
        one
        for one in points
        if not any(
            (other.bytes <= one.bytes and other.accuracy > one.accuracy)
            or (other.bytes < one.bytes and other.accuracy >= one.accuracy)
            for other in points
        )
    ]
    assert front(points) == sorted(wanted, key=lambda one: one.bytes)


GOALS = [Goal(None, 1.0), Goal(3000, None), Goal(10, None), Goal(10**7, 50.0)]


@pytest.mark.parametrize("goal", GOALS, ids=str)
def test_everything_is_inside(goal, made_up):
    drawn = plot(made_up(goal))
    assert all(drawn.left <= mark.x <= drawn.right and drawn.top <= mark.y <= drawn.bottom for mark in drawn.marks)
    assert all(drawn.left <= x <= drawn.right for x, _ in drawn.x_ticks)
    assert all(drawn.top - 0.2 <= y <= drawn.bottom for y, _ in drawn.y_ticks)
    assert drawn.budget is None or drawn.left <= drawn.budget <= drawn.right
    assert 2 <= len(drawn.x_ticks) <= 10
    assert 3 <= len(drawn.y_ticks) <= 8
    assert [mark.kind for mark in drawn.marks].count("kept") == 1


def test_what_is_far_below_stands_at_the_edge(made_up):
    drawn = plot(made_up())
    low = [mark for mark in drawn.marks if mark.low]
    assert {mark.label.split(":")[0] for mark in low} == {"97% zeros, grid 1", "97% zeros, grid 0.5"}
    assert all(mark.y == drawn.bottom for mark in low)


def test_better_is_higher_and_smaller_is_left(made_up):
    drawn = {mark.label.split(":")[0]: mark for mark in plot(made_up()).marks}
    assert drawn["16 bits"].y < drawn["90% zeros, grid 0.5"].y
    assert drawn["90% zeros, grid 0.5"].x < drawn["16 bits"].x < drawn["as it came"].x


def test_one_file_alone_can_be_drawn(made_up):
    drawn = plot(made_up(tried=(Point("16 bits", 20_000, 100.0, True),)))
    assert len(drawn.marks) == 2


def test_the_summary_has_the_numbers(made_up):
    assert plot(made_up()).summary.startswith(
        "6 files by bytes (logarithmic) and accuracy on the part that chooses. The "
    )
