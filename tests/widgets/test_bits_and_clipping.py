"""The card shows the shipped errors, and its codes are those of the technique."""

from importlib import import_module

import numpy as np
import pytest
import torch

from featherweight.lab.eight_runs import BITS, SHARES, WAYS, clipped, load

module = import_module("featherweight.widgets.bits_and_clipping")  # the package exports the function under this name
RESULTS = load()


@pytest.mark.parametrize("bits", [BITS[0], BITS[-1]])
@pytest.mark.parametrize("clip", [module.PERCENTS[0], module.PERCENTS[-1]])
@pytest.mark.parametrize("way", WAYS)
def test_corners_are_finite_and_on_the_axes(bits, clip, way):
    frame = module.bits_and_clipping_frame(bits, clip, way, RESULTS)
    error, digits = frame.marks
    assert module.LEAST < error.y < module.MOST and module.FEWEST < digits.y < module.ALL
    place = SHARES.index(clip / 100)
    assert digits.y == pytest.approx(np.mean(RESULTS.clip[f"{way} {bits}"][place]))
    assert error.y == pytest.approx(sum(RESULTS.parts[f"{way} {bits}"][place]))


def test_codes_are_the_values_that_weights_take():
    edge = max(abs(RESULTS.edges[0]), abs(RESULTS.edges[-1]))
    weight = torch.linspace(-edge, edge, 999)[None]
    taken = clipped(weight, 3, 0.5, "per tensor").unique().numpy()
    np.testing.assert_allclose(module.typical_codes(3, 0.5, "per tensor", RESULTS), taken, atol=1e-6)


def test_answer_of_the_question_is_true():
    means = {share: np.mean(row) for share, row in zip(SHARES, RESULTS.clip["per tensor 2"], strict=True)}
    assert means[0.5] < means[0.1] < means[1.0] and means[0.5] < 100
    assert module.QUESTION.choices[module.QUESTION.answer] == "At about half of it"


def test_two_bits_want_another_clip_for_the_digits_than_for_the_squared_error():
    errors = [sum(parts) for parts in RESULTS.parts["per tensor 2"]]
    digits = [np.mean(row) for row in RESULTS.clip["per tensor 2"]]
    assert SHARES[int(np.argmin(errors))] < SHARES[int(np.argmin(digits))]


def test_nothing_is_clipped_at_the_largest_weight():
    assert all(RESULTS.parts[f"{way} {bits}"][0][1] == 0 for way in WAYS for bits in BITS)
