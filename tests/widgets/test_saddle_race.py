"""The race agrees with the theory of each method near the saddle, and the learner's own steps can run in it."""

import runpy
from importlib import import_module
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from featherweight.errors import InputError
from featherweight.lab.methods import walk
from featherweight.optimizers import adaptive
from featherweight.widgets import saddle_race
from featherweight.widgets.racers import BETA2, EPSILON, RACERS
from featherweight.widgets.stage import Stage

module = import_module("featherweight.widgets.saddle_race")  # the package exports the function under this name
LEARNERS = runpy.run_path(str(Path(__file__).with_name("learners.py")))
STYLES, WRONG, called = LEARNERS["STYLES"], LEARNERS["WRONG"], LEARNERS["called"]

OURS = {name: getattr(adaptive, name) for name in module.LEARNERS}
STATES = list(product(module.RATES, module.OFFSETS))
CORNERS = [*product(module.RATES[::3], module.OFFSETS[::2]), (1.0, 1e-6), (2.0, 0.1)]
ADAPTIVE = ("adagrad_step", "rmsprop_step", "adam_step")


def race(rate, offset):
    return module._grid()[rate, offset]


def left(rate, offset):
    """Steps at which the methods leave; infinite for those that stay."""
    return {name: module.left_at(points) or np.inf for name, points in race(rate, offset).items()}


def until(y, high):
    """The part of a growing |y| that is below `high`."""
    return y[: int(np.argmax(y > high)) or None]


def test_slope_is_the_gradient_of_the_height():
    points = torch.randn(20, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    (expected,) = torch.autograd.grad(module.height(points).sum(), points)
    torch.testing.assert_close(module.slope(points.detach()), expected, rtol=1e-12, atol=1e-12)
    assert not torch.allclose(module.slope(-points.detach()), expected)


def test_the_saddle_and_its_two_minima():
    flat = torch.tensor([[0.0, 0.0], [0.0, 2.0], [0.0, -2.0]], dtype=torch.float64)
    assert (module.slope(flat) == 0).all() and module.height(flat).tolist() == [0, -1, -1]


@pytest.mark.parametrize("rate", module.RATES)
def test_descent_grows_by_one_plus_the_rate(rate):
    y = until(race(rate, 1e-8)["sgd_step"][:, 1].numpy(), 1e-5)
    np.testing.assert_allclose(y[1:] / y[:-1], 1 + rate, rtol=1e-9)
    np.testing.assert_allclose(y[-1], 1e-8 * (1 + rate) ** (len(y) - 1), rtol=1e-8)


@pytest.mark.parametrize("rate", module.RATES)
def test_momentum_grows_by_the_larger_root(rate):
    y = until(race(rate, 1e-8)["momentum_step"][:, 1].numpy(), 1e-4)
    root = max(np.roots([1, -(1.9 + rate), 0.9]))
    assert y[-1] / y[-2] == pytest.approx(root, rel=0.01 if rate > 0.02 else 0.05)
    assert y[-1] / y[-2] > 1 + 1.3 * rate


def test_along_the_ridge_descent_is_the_closed_form():
    for rate in module.RATES:
        x = race(rate, 0.0)["sgd_step"][:, 0].numpy()
        np.testing.assert_allclose(x, module.START * (1 - rate) ** np.arange(module.STEPS + 1), rtol=1e-9, atol=1e-30)


@pytest.mark.parametrize(("name", "share"), [("adagrad_step", 1.0), ("adam_step", 1.0), ("rmsprop_step", 1 - BETA2)])
def test_first_step_of_a_rate_per_weight_is_as_long_as_the_rate_whatever_the_slope(name, share):
    for rate, offset in STATES:
        if offset == 0:
            continue
        pull = offset - offset**3 / 4
        first = float(race(rate, offset)[name][1, 1]) - offset
        assert first == pytest.approx(rate * pull / (share**0.5 * pull + EPSILON), rel=1e-9)
        assert offset < 1e-6 or first > 0.98 * rate  # what the card's answer says
        assert race(rate, offset)["sgd_step"][1, 1] <= offset * (1 + rate) * (1 + 1e-12)


def test_a_method_with_a_rate_per_weight_is_first_off_the_ridge_at_every_state():
    for rate, offset in STATES:
        steps = left(rate, offset)
        if offset:
            assert min(steps[name] for name in ADAPTIVE) < min(steps["sgd_step"], steps["momentum_step"])


def test_not_every_one_of_them_is():
    assert left(0.02, 0.1)["momentum_step"] < min(left(0.02, 0.1)[name] for name in ("adagrad_step", "adam_step"))


def test_nobody_leaves_the_ridge_itself():
    for rate in module.RATES:
        assert all((points[:, 1] == 0).all() for points in race(rate, 0.0).values())
        assert "Nobody leaves in 120 steps" in module.saddle_race_frame(rate, 0.0).summary


def test_answers_of_the_questions_are_true():
    asked, live = module.QUESTION, module.LIVE_QUESTION
    steps = left(**asked.shows)
    assert min(steps, key=steps.get) in ADAPTIVE and "rate per weight" in asked.choices[asked.answer]
    assert set(left(**live.shows).values()) == {np.inf} and live.choices[live.answer] == "None"


def test_presets_show_what_they_are_called():
    stuck = left(**module.PRESETS["descent is stuck"])
    assert [name for name, step in stuck.items() if step == np.inf] == ["sgd_step"]
    farthest = {name: points[:, 1].abs().max() for name, points in race(0.1, 1e-4).items()}
    assert max(farthest, key=farthest.get) == "momentum_step" and farthest["momentum_step"] > 1.25 * 2
    assert module.PRESETS["momentum overshoots"] == {"rate": 0.1, "offset": 1e-4}
    assert "momentum diverged at step 23" in module.saddle_race_frame(**module.PRESETS["too bold"]).summary
    assert max(left(**module.PRESETS["well off the ridge"]).values()) < module.STEPS


@pytest.mark.parametrize(
    ("points", "away", "gone"),
    [
        ([[0, 0.5], [0, 0.9], [0, 1.0]], None, None),
        ([[0, 0.5], [0, -1.1], [0, 0.2]], 1, None),
        ([[0, 0.5], [torch.nan, 0.5], [0, 0.2]], None, 1),
        ([[0, 0.5], [0, 50], [0, torch.inf]], 1, 2),
        ([[0, 0.5], [-101, 0.5], [0, 2.0]], 2, 1),
    ],
    ids=["stays", "leaves downwards", "NaN", "leaves, then flies", "flies along the ridge"],
)
def test_leaving_and_diverging(points, away, gone):
    points = torch.tensor(points, dtype=torch.float64)
    assert (module.left_at(points), module.diverged_at(points)) == (away, gone)


@pytest.mark.parametrize(("rate", "offset"), CORNERS)
@pytest.mark.parametrize("functions", [OURS, STYLES], ids=["ours", "other styles"])
def test_right_steps_are_as_ours(functions, rate, offset):
    yours = {name: called(name, function) for name, function in functions.items()}
    frame = module.saddle_race_frame(rate, offset, yours)
    table = module.saddle_race_frame(rate, offset)
    assert frame.summary == f"{table.summary} Yours: momentum, Adagrad, RMSprop, Adam as ours."
    assert len(frame.lines) == len(table.lines) + 12
    for old, new in zip(table.lines, frame.lines, strict=False):
        assert np.array_equal(old.y, new.y)


def averaged(parameter, gradient, velocity, rate, momentum):
    velocity = momentum * velocity + (1 - momentum) * gradient
    return parameter - rate * velocity, velocity


def climbs(parameter, gradient, squares, rate, epsilon):
    return parameter + 10 * rate * gradient, squares


def late_adam(parameter, gradient, m, v, step, rate, beta1, beta2, epsilon):
    return adaptive.adam_step(parameter, gradient, m, v, step + 1, rate, beta1, beta2, epsilon)


def lost(parameter, gradient, m, v, *_):
    return parameter * torch.nan, m, v


@pytest.mark.parametrize(
    ("name", "wrong", "said", "label"),
    [
        ("momentum_step", averaged, "Yours: momentum not in 120.", "yours: not yet"),
        ("adagrad_step", climbs, "Yours: Adagrad not in 120, diverged at step 6.", "yours: diverged at 6"),
        ("adam_step", lost, "Yours: Adam not in 120, diverged at step 1.", "yours: diverged at 1"),
    ],
    ids=["averaged", "climbs", "NaN"],
)
def test_a_different_step_is_told_from_ours(name, wrong, said, label):
    frame = module.saddle_race_frame(0.1, 1e-4, {name: called(name, wrong)})
    assert frame.summary.endswith(said)
    assert [mark.text for mark in frame.marks if "yours" in mark.text] == [label]
    assert {line.method for line in frame.lines} >= {"yours", RACERS[name].method}


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_an_unusable_step_is_said_in_one_line_and_the_others_run(wrong, said):
    frame = module.saddle_race_frame(
        0.1, 1e-4, {"adam_step": called("adam_step", wrong), "momentum_step": STYLES["momentum_step"]}
    )
    assert frame.summary.endswith(f" Yours: momentum as ours; {said}.")
    assert len(frame.marks) == 6


@pytest.mark.slow
def test_four_that_hang_are_told():
    def waits(*_):
        while True:
            pass

    frame = module.saddle_race_frame(0.1, 0.0, {name: called(name, waits) for name in OURS})
    assert all(f"{name} ran longer than 1 s and was stopped" in frame.summary for name in OURS)


@pytest.mark.slow
def test_any_of_the_steps_in_any_order():
    card = saddle_race(adaptive.adam_step, adaptive.momentum_step)
    assert card.live and card.ask["key"] == "saddle-race-ridge" and card.summary.endswith("momentum, Adam as ours.")
    with pytest.raises(InputError, match=r"Got a function named 'adamw_step'; wanted momentum_step, .* or adam_step:"):
        saddle_race(adaptive.adamw_step)


@pytest.fixture(scope="module")
def stage():
    return Stage(module.saddle_race_scene)


@pytest.mark.parametrize("yours", [{}, OURS, {"adam_step": late_adam}], ids=["table", "as ours", "another"])
def test_labels_do_not_meet(stage, yours):
    """A text is 16 pixels high: the rows keep more than that between their centres."""
    for rate, offset in CORNERS[::4]:
        frame = module.saddle_race_frame(rate, offset, yours)
        heights = sorted(stage.anchor(mark)[3] for mark in frame.marks if mark.text and mark.panel == "rows")
        assert len(heights) == 5 and np.diff(heights).min() > 16


def test_walk_of_the_table_is_the_single_walk():
    single = walk(RACERS["adam_step"].rule, module.slope, module._start(1e-4), 0.1, module.STEPS)
    torch.testing.assert_close(race(0.1, 1e-4)["adam_step"], single, rtol=1e-9, atol=1e-12)
