"""The map shows the shipped results as they are."""

from dataclasses import replace
from importlib import import_module

import numpy as np

from featherweight.widgets import sensitivity_map
from featherweight.widgets.pruning_tables import load

module = import_module("featherweight.widgets.sensitivity_map")  # the package exports the function under this name
RESULTS = load()[1]


def test_row_and_summary_are_the_layer_that_was_chosen():
    frame = module.map_frame("linear 1", 90.0, RESULTS)
    mean = np.array(RESULTS.accuracy)[:, 2].mean(axis=0)
    np.testing.assert_allclose(frame.lines[-1].y, mean)
    assert "4,800 of 48,000 weights left" in frame.summary and f"accuracy {mean[6]:.1f}%" in frame.summary


def test_frame_stands_around_the_cell():
    lines = module.map_frame("conv 2", 50.0, RESULTS).lines
    assert {(line.x.min(), line.x.max(), line.y.min(), line.y.max()) for line in lines[:2]} == {(2, 3, 1, 2)}


def test_answer_of_the_question_is_true():
    mean = np.array(RESULTS.accuracy).mean(axis=0)[:, RESULTS.sparsities.index(0.9)]
    asked = {"conv 1": mean[0], "linear 1": mean[2], "linear 3": mean[4]}
    assert asked["linear 3"] < min(asked["conv 1"], asked["linear 1"]) - 10
    assert module.QUESTION.choices[module.QUESTION.answer].startswith("Linear 3")


def test_own_results_are_shown():
    assert sensitivity_map(replace(RESULTS, source="My network"), ask=None).summary.endswith("My network.")
