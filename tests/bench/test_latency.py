"""The card is at least ten times faster than `interact`, measured in one run; the milliseconds are for the bench."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from featherweight.bench.latency import Latency, latency_rows, measure_latency

RATIO = 10.0
RUNS = 3


def keeps_the_budget(latency):
    return latency.ratio >= RATIO and latency.card_blanks == 0


@pytest.mark.parametrize(
    ("latency", "kept"),
    [
        (Latency(30, 80, 400, 0, 3), True),
        (Latency(90, 180, 1600, 0, 3), True),
        (Latency(40, 80, 390, 0, 0), False),
        (Latency(30, 80, 400, 1, 0), False),
    ],
    ids=["kept", "kept on a busy machine", "no better than interact", "blank frame"],
)
def test_budget_can_fail(latency, kept):
    assert keeps_the_budget(latency) is kept


def test_rows_are_judged_beside_interact():
    found = Latency(40.0, 120.0, 500.0, 0, 3, ((30.0, 40.0), (80.0, 90.0), (300.0, 400.0)))
    card, median, live, blanks = latency_rows(found)
    assert (card.measured, card.verdict, card.beside) == (40, "met", "`interact` with an inline figure, 500 ms")
    assert median.ratio.median == pytest.approx(0.1) and median.allowed == 0.1 and median.beside == "`interact`, 350 ms"
    assert (live.measured, live.verdict) == (120, "falls short")
    assert (blanks.verdict, blanks.beside) == ("met", "`interact`, 3")


@pytest.mark.browser
@pytest.mark.slow
def test_card_keeps_its_budget():
    """Each run measures both, in a thread of its own: Playwright allows one browser driver in each.

    A busy machine can only spoil a run, so that up to three are made, and one that keeps the budget is enough.
    """
    runs = []
    while len(runs) < RUNS and not any(map(keeps_the_budget, runs)):
        with ThreadPoolExecutor(1) as thread:
            runs.append(thread.submit(measure_latency, presses=30).result())
    assert any(map(keeps_the_budget, runs)), runs
