import pytest

from featherweight.lab import plots_tickets, ticket_runs
from featherweight.lab.statistics import Interval

DRAWN = {
    "error_curves": lambda results: plots_tickets.error_curves(results, {"ticket": "a", "fresh": "b"}, "two curves"),
    "differences": lambda _: plots_tickets.differences({"fresh": Interval(3.0, 1.0, 5.0)}, ["fresh"], "one row"),
    "supermask_curves": lambda results: plots_tickets.supermask_curves(results, "three curves"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name](ticket_runs.load())
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000
