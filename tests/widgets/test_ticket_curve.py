"""The curve shows the shipped counts, paired by seed, and the answer of its question is true of them."""

from importlib import import_module

import numpy as np
import pytest

from featherweight.lab.statistics import mean_interval
from featherweight.lab.ticket_runs import CHAINS, CONTROLS, PLACES, load
from featherweight.widgets import ticket_curve
from featherweight.widgets.frame import readable

module = import_module("featherweight.widgets.ticket_curve")  # the package exports the function under this name


def at(kind, number, again=False):
    row = load(again).rows[kind]
    return np.array(row.test, dtype=float)[:, list(row.rounds).index(number)]


def test_every_kind_is_a_rival():
    assert sorted(module.RIVALS.values()) == sorted({*CHAINS, *CONTROLS} - {"ticket"})


@pytest.mark.parametrize("rival", module.RIVALS)
def test_the_summary_has_the_paired_difference(rival):
    kind = module.RIVALS[rival]
    frame = module.ticket_curve_frame(2.8, rival, load())
    more = mean_interval(list(at(kind, 16) - at("ticket", 16)))
    assert frame.summary.endswith(readable(f"interval: {more:+.1f}."))
    assert f"{at('ticket', 16).mean():.0f} errors for the ticket" in frame.summary
    assert frame.marks[0].y == at(kind, 16).mean()


def test_places_are_the_rounds_of_the_controls():
    card = ticket_curve()
    assert len(card._controls[0].values) == len(PLACES) == len(set(card._controls[0].values))


@pytest.mark.parametrize("again", [False, True], ids=["shown", "again"])
def test_answer_of_the_question_is_true(again):
    """The interval of what is lost stays under half of what fresh weights lose, in both runs."""
    lost = mean_interval(list(at("signs", 16, again) - at("ticket", 16, again)))
    assert lost.low > -5 and lost.high < (at("fresh", 16, again) - at("ticket", 16, again)).mean() / 2
