"""Both walks are theory's, and who is ahead when is no accident of one rate."""

from importlib import import_module

import pytest
import torch

from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.stability import best_constant_rate

module = import_module("featherweight.widgets.one_rate_each")  # the package exports the function under this name

EARLY, LATE = module.EARLY, module.LATE


def loss_at(walk, step):
    return float(module.loss_of(walk[step]))


def test_shared_walk_equals_the_closed_form():
    factors = (1 - module.SHARED_RATE * module.CURVATURES) ** torch.arange(LATE + 1)[:, None]
    torch.testing.assert_close(module.shared_walk(), module.START * factors, rtol=1e-9, atol=1e-12)


def test_own_walk_equals_torch():
    weights = torch.nn.Parameter(module.START.clone())
    options = {"lr": module.OWN_RATE, "alpha": module.BETA2, "eps": module.EPSILON}
    optimizer = torch.optim.RMSprop([weights], **options)
    for step in range(1, 101):
        weights.grad = module.slope_of(weights.detach())
        optimizer.step()
        torch.testing.assert_close(weights.detach(), module.own_walk()[step], rtol=1e-9, atol=1e-12)


def test_slope_is_the_gradient_of_the_loss():
    weights = torch.tensor([0.3, -0.7], dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(module.loss_of(weights), weights)
    torch.testing.assert_close(module.slope_of(weights.detach()), found)


@pytest.mark.parametrize("rate", [module.OWN_RATE, 2 * module.OWN_RATE])
def test_the_own_walk_hops_around_the_minimum(rate):
    """Its last steps are a rate long for both weights, and its loss stands on the floor of that rate and no other."""
    walk = module.own_walk(rate)
    torch.testing.assert_close(
        walk[-20:].diff(dim=0).abs(), torch.full((19, 2), rate, dtype=torch.float64), rtol=0.01, atol=0
    )
    assert loss_at(walk, LATE) == pytest.approx(module.floor_of(rate), rel=0.03)
    assert loss_at(walk, LATE) != pytest.approx(module.floor_of(1.1 * rate), rel=0.03)


def test_a_longer_memory_puts_the_hops_off(monkeypatch):
    monkeypatch.setattr(module, "BETA2", 0.99)
    losses = module.loss_of(module.own_walk.__wrapped__())
    assert losses.min() < 1e-8 and losses[losses.argmin() :].max() > 10 * module.floor_of(module.OWN_RATE)
    assert float(losses[LATE]) == pytest.approx(module.floor_of(module.OWN_RATE), rel=0.03)


@pytest.mark.parametrize("share", [0.5, 1.0, 2.0])
def test_answer_is_true_at_other_rates_too(share):
    own = module.own_walk(share * module.OWN_RATE)
    best = gradient_descent(module.slope_of, module.START, best_constant_rate(torch.diag(module.CURVATURES)), EARLY)
    assert loss_at(own, EARLY) < min(loss_at(module.shared_walk(), EARLY), loss_at(best, EARLY))
    assert loss_at(own, LATE) > loss_at(module.shared_walk(), LATE)
    assert module.QUESTION.choices[module.QUESTION.answer] == "First a rate each, then one rate"
    assert f"{EARLY}" in module.QUESTION.text and f"{LATE:,}" in module.QUESTION.text


def test_gradients_differ_as_much_as_the_axes_say():
    large, small = module.slope_of(module.START)
    assert large == 50 * small and module.CURVATURES[0] == 1000 * module.CURVATURES[1]


def test_the_scene_shows_one_rate_and_the_frame_the_other():
    card = module.one_rate_each()
    assert card.controls == [] and card.presets == {} and {line.method for line in card._frame().lines} == {"rmsprop"}
    assert f"{loss_at(module.own_walk(), LATE):.2g}" in card.summary
