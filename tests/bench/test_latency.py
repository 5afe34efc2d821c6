"""The card answers within 50 ms of a key press, and at least ten times faster than `interact`, in one run."""

import pytest

from featherweight.bench.latency import Latency, measure_latency

LIMIT, RATIO = 50.0, 10.0


def keeps_the_budget(latency):
    return latency.card < LIMIT and latency.ratio >= RATIO and latency.card_blanks == 0


@pytest.mark.parametrize(
    ("latency", "kept"),
    [
        (Latency(30, 80, 400, 0, 3), True),
        (Latency(60, 80, 4000, 0, 0), False),
        (Latency(40, 80, 390, 0, 0), False),
        (Latency(30, 80, 400, 1, 0), False),
    ],
    ids=["kept", "late", "no better than interact", "blank frame"],
)
def test_budget_can_fail(latency, kept):
    assert keeps_the_budget(latency) is kept


@pytest.mark.browser
@pytest.mark.slow
def test_card_keeps_its_budget():
    """Both numbers come from one run; a machine that others keep busy gets three runs."""
    tries = []
    while len(tries) < 3 and not (tries and keeps_the_budget(tries[-1])):
        tries.append(measure_latency(presses=30))
    assert keeps_the_budget(tries[-1]), tries
