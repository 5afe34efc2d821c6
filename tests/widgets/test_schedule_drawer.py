"""The drawer shows the lesson's schedules, and noise sets the floor that theory says."""

from importlib import import_module

import numpy as np
import pytest
import torch

from featherweight.optimizers.schedules import cosine_rate, one_cycle_rate

module = import_module("featherweight.widgets.schedule_drawer")  # the package exports the function under this name


def test_rates_are_those_of_the_lesson():
    assert module.rates_of("cosine", 0.1, 10) == [cosine_rate(t, 0.1, 0.0, 10, 100) for t in range(1, 101)]
    assert module.rates_of("one-cycle", 0.1, 5) == [one_cycle_rate(t, 0.1, 100) for t in range(1, 101)]
    assert module.rates_of("constant", 0.1, 0) == [0.1] * 100
    assert module.rates_of("step", 0.1, 0)[30] == pytest.approx(0.03)


@pytest.mark.parametrize("schedule", ["constant", "step", "exponential", "cosine"])
def test_warm_up_climbs_in_a_straight_line_to_the_peak(schedule):
    rates = module.rates_of(schedule, 0.1, 20)
    np.testing.assert_allclose(rates[:20], 0.1 * np.arange(1, 21) / 20, rtol=1e-12)


@pytest.mark.parametrize("rate", [0.02, 0.1])
def test_noise_floor_of_a_constant_rate(rate, monkeypatch):
    """Stationary variance of each coordinate: η σ² / (λ (2 − η λ)); so E f = Σ η σ² / (2 (2 − η λ))."""
    monkeypatch.setattr(module, "RUNS", 4000)
    noise = torch.randn(400, 4000, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    monkeypatch.setattr(module, "_noise", lambda: noise)
    losses = module.losses_of(torch.full((1, 400), rate, dtype=torch.float64))[-1, 0]
    expected = sum(rate / (2 * (2 - rate * curvature)) for curvature in (1.0, 10.0))
    assert losses.mean().item() == pytest.approx(expected, rel=0.06)  # 4000 runs: about 2% standard error


def test_states_of_a_constant_rate_over_the_edge_diverge():
    for peak in module.PEAKS:
        diverged = "diverged at step" in module.schedule_frame("constant", peak, 0).summary
        assert diverged == (peak > module.EDGE)


def test_answer_of_the_question_is_true():
    final = {name: float(module._grid()[name, 0.1, 0][1].median(dim=1).values[-1]) for name in ("constant", "cosine")}
    assert final["cosine"] < final["constant"] / 2
    assert "cosine" in module.QUESTION.choices[module.QUESTION.answer]


def test_one_cycle_says_that_it_needs_no_warm_up():
    assert "(one-cycle warms up by itself)" in module.schedule_frame("one-cycle", 0.1, 10).summary
