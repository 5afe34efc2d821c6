"""Every number on the card is Adam's: torch's steps, the sums written out, and the length of the first step."""

import math
from importlib import import_module

import numpy as np
import pytest
import torch

module = import_module("featherweight.widgets.adam_by_hand")  # the package exports the function under this name

GRADIENTS = torch.tensor(module.GRADIENTS, dtype=torch.float64)
RATE, BETA1, EPSILON = module.RATE, module.BETA1, module.EPSILON


def first_step(gradient, beta2=0.999, correction=True):
    """In rates, with its sign."""
    return float(module.moments_of(torch.tensor([gradient], dtype=torch.float64), beta2, correction).moved[0]) / RATE


@pytest.mark.parametrize("beta2", module.BETAS)
def test_the_steps_are_those_of_torch(beta2):
    weight = torch.nn.Parameter(torch.zeros((), dtype=torch.float64))
    optimizer = torch.optim.Adam([weight], lr=RATE, betas=(BETA1, beta2), eps=EPSILON)
    places = []
    for gradient in GRADIENTS:
        weight.grad = gradient.clone()
        optimizer.step()
        places.append(weight.item())
    moved = module.moments_of(GRADIENTS, beta2).moved
    np.testing.assert_allclose(moved.cumsum(0), places, rtol=1e-12)
    assert not np.allclose(module.moments_of(GRADIENTS, beta2, correction=False).moved.cumsum(0), places, rtol=0.05)


@pytest.mark.parametrize("beta2", module.BETAS)
def test_moments_are_the_sums_written_out(beta2):
    run, g = module.moments_of(GRADIENTS, beta2), np.array(module.GRADIENTS)
    for t in range(1, module.STEPS + 1):
        ages = np.arange(t)[::-1]
        m, v = (1 - BETA1) * (BETA1**ages * g[:t]).sum(), (1 - beta2) * (beta2**ages * g[:t] ** 2).sum()
        expected = [m, v, m / (1 - BETA1**t), v / (1 - beta2**t)]
        found = [float(x[t - 1]) for x in (run.first, run.second, run.used_first, run.used_second)]
        assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("beta2", module.BETAS)
@pytest.mark.parametrize("gradient", [1e-5, -0.02, 0.02, 1.0, -1e6])
def test_first_corrected_step_is_a_rate_whatever_the_gradient(gradient, beta2):
    """But for ε: |g| / (|g| + ε) of a rate, against the sign."""
    exact = -math.copysign(abs(gradient) / (abs(gradient) + EPSILON), gradient)
    assert first_step(gradient, beta2) == pytest.approx(exact, rel=1e-9)
    if abs(gradient) >= module.TINY[0]:
        assert abs(first_step(gradient, beta2)) == pytest.approx(1, abs=1e-6)


def test_a_gradient_as_small_as_epsilon_gets_half_a_rate():
    assert first_step(EPSILON) == pytest.approx(-0.5, rel=1e-6)


@pytest.mark.parametrize(("beta2", "factor"), [(0.999, 3.1623), (0.99, 1.0), (0.9, 0.3162)])
def test_first_step_without_correction_is_off_by_the_factor(beta2, factor):
    assert -first_step(1.0, beta2, correction=False) == pytest.approx((1 - BETA1) / math.sqrt(1 - beta2), rel=1e-6)
    assert -first_step(1.0, beta2, correction=False) == pytest.approx(factor, abs=1e-4)
    assert (factor == 1.0) == (-first_step(1.0, beta2, correction=False) == pytest.approx(1, abs=1e-6))


@pytest.mark.parametrize("beta2", module.BETAS)
def test_steady_gradients_are_met_from_the_start(beta2):
    steady = torch.full((20,), -0.3, dtype=torch.float64)
    corrected, raw = (module.moments_of(steady, beta2, correction) for correction in (True, False))
    torch.testing.assert_close(corrected.used_first, steady, rtol=1e-12, atol=0)
    torch.testing.assert_close(corrected.used_second, steady**2, rtol=1e-10, atol=0)
    assert (raw.used_first[0] / steady[0]).item() == pytest.approx(0.1)


def test_a_larger_unit_changes_no_step():
    for correction in (True, False):
        steps = [module.moments_of(scale * GRADIENTS, 0.999, correction).moved for scale in (1, 1000)]
        torch.testing.assert_close(*steps, rtol=1e-4, atol=0)  # ε against √v of 6e-4


@pytest.mark.parametrize("correction", ["on", "off"])
@pytest.mark.parametrize("step", [1, 5, 10, 20])
def test_the_bar_between_the_averages_is_the_step(step, correction):
    frame = module.adam_frame(step, 0.999, correction)
    bar = next(line for line in frame.lines if line.method == "adam" and line.panel == "sizes")
    assert bar.y[0] / bar.y[1] == pytest.approx(frame.marks[0].y, rel=1e-4)
    assert frame.marks[0].x == step and (bar.x == step).all()


@pytest.mark.parametrize(
    ("preset", "says"),
    [
        ("first step", "m̂ = 0.02, v̂ = 0.0004: step −0.00100, 1.00 × the rate"),
        ("without correction", "m = 0.002, v = 4 × 10⁻⁷, used as they are: step −0.00316, 3.16 × the rate"),
        ("tiny gradients", "g = 0.03, β₂ = 0.999"),
        ("a spike", "g = 20, β₂ = 0.999"),
        ("right by luck", "v = 4 × 10⁻⁶, used as they are: step −0.00100, 1.00 × the rate"),
    ],
)
def test_presets_show_what_they_are_called(preset, says):
    assert says in module.adam_frame(**module.PRESETS[preset]).summary


def test_a_spike_is_no_larger_step_and_those_after_it_are_smaller():
    moved = module.moments_of(GRADIENTS, 0.999).moved.abs()
    spike = module.GRADIENTS.index(module.SPIKE)
    assert (moved[spike:] < moved[spike - 1]).all() and (moved[spike + 1 :] < moved[spike]).all()


def test_answer_of_the_question_is_true():
    frame = module.adam_frame(**module.QUESTION.shows)
    right = module.QUESTION.choices[module.QUESTION.answer]
    assert right.startswith(f"{RATE:g}:") and frame.marks[0].y == pytest.approx(1, abs=1e-6)
    assert f"first gradient is {module.GRADIENTS[0]:g}" in module.QUESTION.text
