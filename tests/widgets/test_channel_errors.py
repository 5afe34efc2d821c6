"""The map shows the shipped errors as they are."""

from importlib import import_module

import numpy as np
import pytest

from featherweight.lab.speech_runs import BITS, load

module = import_module("featherweight.widgets.channel_errors")  # the package exports the function under this name
RESULTS = load()


@pytest.mark.parametrize("layer", module.LAYERS)
@pytest.mark.parametrize("bits", [BITS[0], BITS[-1]])
@pytest.mark.parametrize("way", module.WAYS)
def test_a_square_for_each_channel_and_both_curves(layer, bits, way):
    frame = module.channel_errors_frame(layer, bits, way, RESULTS)
    channels = len(RESULTS.largest[f"{layer}.weight"])
    assert sum(line.panel == "map" for line in frame.lines) == channels
    curves = [line for line in frame.lines if line.panel == "error"]
    assert [line.method for line in curves] == list(module.WAYS)
    assert all(np.isfinite(line.y).all() and (np.diff(line.x) >= 0).all() for line in curves)


def test_answer_of_the_question_is_true():
    """At 8 bits a step is the largest weight over 127, and a channel without half of that is lost."""
    largest = np.array(RESULTS.largest["encoder.3.weight"])
    lost = module.lost_channels(RESULTS, "encoder.3", 8, "per tensor")
    assert lost == (largest < largest.max() / 127 / 2).sum() == 43
    assert module.QUESTION.choices[module.QUESTION.answer] == "About forty"
    assert f"{largest.max() / 127:.2f}" in module.QUESTION.because


def test_a_scale_for_each_loses_none():
    assert all(module.lost_channels(RESULTS, layer, 8, "per channel") == 0 for layer in module.LAYERS)
    summary = module.channel_errors_frame("encoder.3", 8, "per channel", RESULTS).summary
    assert "0 of 128 channels all zeros" in summary and "F1 1.00" in summary


def test_kept_is_bright_and_lost_is_dark():
    kept, lost = module._cell(0, 0.0).colour, module._cell(0, 1.0).colour
    brightness = [sum(int(colour[k : k + 2], 16) for k in (1, 3, 5)) for colour in (kept, lost)]
    assert brightness[0] > 2 * brightness[1]
