import pytest

from featherweight.lab import plots_tickets, ticket_runs

DRAWN = {
    "error_curves": lambda results: plots_tickets.error_curves(results, {"ticket": "a", "fresh": "b"}, "two curves"),
    "supermask_curves": lambda results: plots_tickets.supermask_curves(results, "three curves"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name](ticket_runs.load())
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000
