"""The Ravine agrees with theory at every state, and a learner's function beside ours cannot break it."""

from importlib import import_module

import numpy as np
import pytest
import torch

from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.stability import best_constant_rate, largest_stable_rate
from featherweight.widgets import ravine

module = import_module("featherweight.widgets.ravine")  # the package exports the function under this name


def closed_form(rate, condition):
    """Points of gradient descent on the quadratic, from (I − ηH)ᵏ."""
    factors = 1 - rate * np.array([1.0, condition])
    return np.array(module.START) * factors ** np.arange(module.STEPS + 1)[:, None]


def hessian(condition):
    return torch.diag(torch.tensor([1.0, condition], dtype=torch.float64))


@pytest.mark.parametrize("condition", module.CONDITIONS)
def test_walk_equals_the_closed_form(condition):
    for rate in module.RATES:
        walk = module.walk(gradient_descent, rate, condition).numpy()
        np.testing.assert_allclose(walk, closed_form(rate, condition), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("condition", module.CONDITIONS)
def test_edge_is_a_step_of_the_slider_and_stands_still(condition):
    edge = largest_stable_rate(hessian(condition))
    rate = min(module.RATES, key=lambda own: abs(own - edge))
    assert rate == pytest.approx(edge, rel=1e-12)
    steep = module.walk(gradient_descent, rate, condition)[:, 1].abs()
    torch.testing.assert_close(steep, steep[:1].expand_as(steep), rtol=1e-9, atol=0)
    assert "on the edge" in module.ravine_frame(rate, condition).summary


def test_states_beyond_the_edge_and_only_those_diverge():
    for rate, condition in ((r, c) for r in module.RATES for c in module.CONDITIONS):
        diverged = "diverged at step" in module.ravine_frame(rate, condition).summary
        assert diverged == (rate > 2 / condition * (1 + 1e-9)), (rate, condition)


def test_preset_best_is_the_best_constant_rate():
    assert module.PRESETS["best"]["rate"] == pytest.approx(best_constant_rate(hessian(10)), rel=1e-12)
    frame = module.ravine_frame(**module.PRESETS["best"])
    losses = frame.lines[[line.panel for line in frame.lines].index("loss")].y
    assert losses[-1] / losses[-2] == pytest.approx((9 / 11) ** 2, rel=0.01)  # ((κ − 1)/(κ + 1))²


def test_divergence_is_marked_at_its_step():
    frame = module.ravine_frame(0.25, 10)
    points = closed_form(0.25, 10)
    losses = 0.5 * (points**2 * [1, 10]).sum(axis=1)
    step = int(np.argmax(losses > module.HOPELESS * losses[0]))
    assert frame.marks[0].text == f"diverged at step {step}" and frame.marks[0].x == step


def test_answer_of_the_question_is_true():
    shown = module.ravine_frame(**{"condition": 10, **module.QUESTION.shows})
    assert "diverged" in shown.summary and "flies out" in module.QUESTION.choices[module.QUESTION.answer]
    assert "arrives" in module.ravine_frame(0.1, 10).summary


def mine(gradient, start, learning_rate, steps):
    return gradient_descent(gradient, start, learning_rate, steps)


def damped(gradient, start, learning_rate, steps):
    return gradient_descent(gradient, start, 0.5 * learning_rate, steps)


def climbs(gradient, start, learning_rate, steps):
    return gradient_descent(lambda x: -gradient(x), start, learning_rate, steps)


def short(gradient, start, learning_rate, steps):
    return gradient_descent(gradient, start, learning_rate, steps - 1)


def nothing(gradient, start, learning_rate, steps):
    return None


def breaks(gradient, start, learning_rate, steps):
    return 1 / 0


def overflows(gradient, start, learning_rate, steps):
    return gradient_descent(gradient, start, 1e300, steps)


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        (mine, "Yours: loss 1.1 × 10⁻⁵ after 60 steps."),
        (climbs, "Yours: diverged at step"),
        (short, "Yours: it returned shape (60, 2); wanted a tensor of shape (61, 2)."),
        (nothing, "Yours: it returned NoneType; wanted a tensor of shape (61, 2)."),
        (breaks, "Yours: breaks raised ZeroDivisionError: division by zero."),
        (overflows, "Yours: diverged at step 1."),
    ],
    ids=["right", "climbs", "one short", "None", "raises", "overflows"],
)
def test_your_own_function_runs_beside_ours(yours, said):
    frame = module.ravine_frame(0.1, 10, yours)
    assert said in frame.summary and "Rate 0.1, κ = 10" in frame.summary
    methods = {line.method for line in frame.lines}
    assert ("yours" in methods) == said.startswith(("Yours: loss", "Yours: diverged"))


def test_card_with_your_own_function_is_live():
    card = ravine(breaks, ask=None)
    assert card.live and "breaks raised ZeroDivisionError" in card.summary


@pytest.mark.parametrize(("yours", "texts"), [(mine, ["yours = ours"]), (damped, ["yours", "ours"])])
def test_walks_are_named_at_their_ends(yours, texts):
    marks = module.ravine_frame(0.1, 10, yours).marks
    assert [mark.text for mark in marks if mark.panel == "loss"] == texts


@pytest.mark.slow
def test_hanging_function_is_told():
    def waits(gradient, start, learning_rate, steps):
        while True:
            pass

    assert "Yours: waits ran longer than 2 s and was stopped." in module.ravine_frame(0.1, 10, yours=waits).summary
