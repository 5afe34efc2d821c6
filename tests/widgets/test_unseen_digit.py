"""The card shows the shipped results, and its answer is true of them."""

from dataclasses import replace
from importlib import import_module
from statistics import fmean

import pytest

from featherweight.lab.unseen_runs import BIASES, DIGITS, load

module = import_module("featherweight.widgets.unseen_digit")  # the package exports the function under this name


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("bias", [BIASES[0], 2.0, BIASES[-1]])
def test_marks_stand_on_the_means(digit, bias):
    row, at = load().rows[digit], BIASES.index(bias)
    whole, missed, lost = module.unseen_digit_frame(digit, bias, load()).marks
    wanted = fmean(row.missed[at]) + fmean(row.lost[at])
    assert whole.y == pytest.approx(min(wanted, module.MOST)) and missed.y == pytest.approx(fmean(row.missed[at]))
    assert lost.y == pytest.approx(min(fmean(row.lost[at]), module.MOST)) and {m.x for m in (whole, missed, lost)} == {
        bias
    }


def test_the_answer_is_true_of_the_shipped_results():
    row, at = load().rows[3], BIASES.index(1.5)
    found, cost = fmean(row.missed[0]) - fmean(row.missed[at]), fmean(row.lost[at]) - fmean(row.lost[0])
    assert fmean(row.missed[at]) < row.count / 2 and 0 < cost < found / 2
    assert module.QUESTION.choices[module.QUESTION.answer] == "A few more errors"


def test_bars_are_shares_of_the_unseen_digit():
    frame = module.unseen_digit_frame(3, 0.0, load())
    named = load().rows[3].named[0]
    longest = max(line.x.max() for line in frame.lines if line.panel == "named")
    assert longest == pytest.approx(100 * max(named) / sum(named))


def test_summary_says_errors_missed_lost_and_the_chosen_bias():
    said = module.unseen_digit_frame(3, 2.0, load()).summary
    assert said.startswith("No 3 in training, bias 2: ") and f"Of {load().rows[3].count} 3s it misses" in said
    assert said.endswith(f"Validation digits choose a bias of {load().rows[3].chosen:g}.")


def test_your_own_results_are_shown():
    rows = list(load().rows)
    rows[3] = replace(rows[3], missed=((77,) * 5,) * len(BIASES))
    card = module.unseen_digit(replace(load(), rows=tuple(rows)), ask=None)
    assert "it misses 77.0" in card.summary
