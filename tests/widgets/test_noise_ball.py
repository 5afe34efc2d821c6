"""The measured floor is the predicted one, up to what 256 runs can tell."""

from importlib import import_module

import numpy as np
import pytest
import torch

module = import_module("featherweight.widgets.noise_ball")  # the package exports the function under this name

STATES = list(module._grid())
CURVATURES = np.array([1.0, 4.0])


def moments(batch, rate, decay, steps=module.STEPS):
    """Mean and variance of both coordinates after each update, from their recursions: oracle for any schedule."""
    mean, variance = module.START.numpy(), np.zeros(2)
    for step in range(steps):
        now = rate / (1 + decay * step)
        mean, variance = (1 - now * CURVATURES) * mean, (1 - now * CURVATURES) ** 2 * variance + now**2 / batch
    return mean, variance


@pytest.mark.parametrize("batch", module.BATCHES)
@pytest.mark.parametrize("rate", [rate for rate in module.RATES if rate < module.EDGE])
def test_the_floor_is_where_the_recursion_stands_still(rate, batch):
    _, variance = moments(batch, rate, 0.0, steps=5000)
    np.testing.assert_allclose(module.spread_of(rate, batch), variance, rtol=1e-9)
    assert float(module.floor_of(rate, batch)) == pytest.approx(0.5 * (CURVATURES * variance).sum(), rel=1e-9)


@pytest.mark.parametrize(("batch", "rate", "decay"), STATES)
def test_measured_loss_is_the_expected_one(batch, rate, decay):
    """Within 4 standard errors; for a normal x of mean m and variance v, var(x²) = 2v² + 4vm²."""
    if rate > module.EDGE and not decay:
        return
    mean, variance = moments(batch, rate, decay)
    expected = 0.5 * (CURVATURES * (mean**2 + variance)).sum()
    error = np.sqrt((CURVATURES**2 * (2 * variance**2 + 4 * variance * mean**2)).sum() / 4 / module.RUNS)
    measured = float(module._grid()[batch, rate, decay][0][-1])
    assert abs(measured - expected) < 4 * error


@pytest.mark.parametrize(("batch", "rate"), [(1, 0.4), (1, 0.1), (16, 0.2), (64, 0.1)])
def test_measured_floor_agrees_with_the_formula(batch, rate):
    """Mean of the last 100 updates, about 10 of them independent at rate 0.1: 6% / √10 = 2% standard error."""
    losses = module._grid()[batch, rate, 0.0][0][-100:]
    assert losses.mean().item() == pytest.approx(float(module.floor_of(rate, batch)), rel=0.08)


@pytest.mark.parametrize("wrong", [2.0, 0.5], ids=["twice", "half"])
def test_a_wrong_floor_would_be_found(wrong):
    losses = module._grid()[1, 0.1, 0.0][0][-100:]
    assert losses.mean().item() != pytest.approx(wrong * float(module.floor_of(0.1, 1)), rel=0.08)


def test_constant_rates_over_the_edge_and_only_those_diverge():
    for batch, rate, decay in STATES:
        diverged = "diverged at step" in module.noise_ball_frame(batch, rate, decay).summary
        assert diverged == (rate > module.EDGE and decay == 0), (batch, rate, decay)


def test_no_floor_from_the_edge_on():
    assert torch.isinf(module.floor_of(module.EDGE, 1)) and torch.isinf(module.floor_of(0.6, 1))
    assert torch.isfinite(module.floor_of(module.EDGE - 1e-9, 1))


def test_two_deviations_hold_the_ball():
    """Of a normal pair 1 − e⁻² = 86.5% lie inside two standard deviations; 256 runs: 2.1% standard error."""
    ends, spread = module._grid()[1, 0.2, 0.0][2], module.spread_of(0.2, 1)
    assert ((ends**2 / spread).sum(1) < 4).double().mean().item() == pytest.approx(1 - np.exp(-2), abs=0.085)


def test_answer_of_the_question_is_true():
    assert float(module.floor_of(0.2, 4) / module.floor_of(0.2, 1)) == pytest.approx(1 / 4)
    assert "quarter" in module.QUESTION.choices[module.QUESTION.answer]


def test_decay_can_be_too_fast():
    *_, mark = (m for m in module.noise_ball_frame(64, 0.1, 0.3).marks if m.panel == "loss")
    assert mark.y > 100 * float(module.floor_of(0.1 / (1 + 0.3 * 199), 64))


@pytest.mark.slow
def test_the_floor_is_met_over_seeds_and_not_only_at_the_one_shown(monkeypatch):
    """40 seeds of one setting: their z-scores have mean 0 and spread 1, within 4 standard errors of each."""
    setting = [torch.tensor([value], dtype=torch.float64) for value in (1.0, 0.2, 0.0)]
    floor, error, scores = module.floor_of(0.2, 1), module.error_of(0.2, 1), []
    for seed in range(1, 41):
        monkeypatch.setattr(module, "SEED", seed)
        scores.append((module.runs_of(*setting)[0][-1, 0] - floor) / error)
    scores = torch.stack(scores)
    assert abs(scores.mean()) < 4 / 40**0.5
    assert abs(scores.std() - 1) < 4 / 80**0.5
    assert abs((scores + 1).mean()) > 4 / 40**0.5  # a bias of one standard error would be seen
