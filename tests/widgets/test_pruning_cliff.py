"""The cliff shows the shipped results as they are."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from featherweight.widgets import pruning_cliff
from featherweight.widgets.pruning_tables import MODES, load

module = import_module("featherweight.widgets.pruning_cliff")  # the package exports the function under this name
RESULTS = load()[0]


@pytest.mark.parametrize("mode", MODES)
def test_summary_counts_the_weights_that_are_left(mode):
    text = module.cliff_frame(91.7, mode, RESULTS).summary
    left = RESULTS.weights - round(0.917 * RESULTS.weights)
    assert f"{left:,} of 266,200 weights left (12×)" in text and mode in text


def test_threshold_stands_where_the_one_shot_histogram_is_cut():
    frame = module.cliff_frame(90.0, "one-shot", RESULTS)
    edges = sorted(line.x[0] for line in frame.lines if line.method == "limit")
    assert edges == [-RESULTS.thresholds[6], RESULTS.thresholds[6]]
    heights = next(line for line in frame.lines if line.filled)
    inside = (np.abs(heights.x) < RESULTS.thresholds[6] - 0.0125).nonzero()
    assert (heights.y[inside] < module.FEWEST).all() and heights.y.max() > 100


def test_untouched_network_has_no_threshold():
    assert [line for line in module.cliff_frame(0.0, "gradual", RESULTS).lines if line.method == "limit"] == []


def test_answer_of_the_question_is_true():
    mean = np.mean(RESULTS.accuracy["one-shot"], axis=0)
    assert mean[RESULTS.sparsities.index(0.7)] > 90 and module.QUESTION.choices[module.QUESTION.answer] == "Above 90%"
    assert mean[0] == pytest.approx(94, abs=0.6)


def test_own_results_are_shown():
    own = replace(RESULTS, source="My network")
    assert pruning_cliff(own, ask=None).summary.endswith("My network.")
