"""What the card says of the three methods is what their best walks do, and the learner's Adam can run beside ours."""

import runpy
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

from featherweight.errors import InputError
from featherweight.optimizers.adaptive import adam_step, momentum_step
from featherweight.widgets import rotated_valley
from featherweight.widgets.turned_valleys import ANGLES, CONDITIONS, STEPS, best_walks

module = import_module("featherweight.widgets.rotated_valley")  # the package exports the function under this name
LEARNERS = runpy.run_path(str(Path(__file__).with_name("learners.py")))
STYLES, WRONG, called = LEARNERS["STYLES"], LEARNERS["WRONG"], LEARNERS["called"]
SOME = [(0, 1), (5, 1000), (45, 10), (45, 1000), (60, 100), (90, 1000)]


def steps(angle, condition):
    """Steps to arrive by method; infinite for one that does not."""
    return {name: best_walks()[name, angle, condition].arrival or np.inf for name in module.NAMES}


def test_answer_of_the_question_is_true():
    before, after = steps(0, 1000), steps(**module.QUESTION.shows)
    assert min(before, key=before.get) == "adam_step" and before["adam_step"] < before["momentum_step"]
    assert min(after, key=after.get) == "momentum_step" and after["momentum_step"] == before["momentum_step"]
    assert module.QUESTION.choices[module.QUESTION.answer] == "Momentum"


@pytest.mark.parametrize("condition", [100, 1000])
def test_adam_wins_along_the_axes_and_loses_at_45_degrees(condition):
    for angle in (0, 90):
        assert min(steps(angle, condition), key=steps(angle, condition).get) == "adam_step"
    assert steps(45, condition)["momentum_step"] < steps(45, condition)["adam_step"]
    assert max(ANGLES, key=lambda angle: steps(angle, condition)["adam_step"]) == 45


def test_in_a_steep_valley_the_advantage_is_gone_within_a_few_degrees():
    ahead = [angle for angle in ANGLES if steps(angle, 1000)["adam_step"] < steps(angle, 1000)["momentum_step"]]
    assert ahead == [0, 5, 85, 90]


@pytest.mark.parametrize("angle", ANGLES)
def test_in_a_round_bowl_descent_needs_one_step(angle):
    found = steps(angle, 1)
    assert found["sgd_step"] == 1 < min(found["momentum_step"], found["adam_step"])
    assert best_walks()["sgd_step", angle, 1].rate == pytest.approx(1.0)
    assert module.LIVE_QUESTION.choices[module.LIVE_QUESTION.answer] == "Gradient descent"


def test_mild_valley_has_nothing_for_adam_to_undo():
    assert all(min(steps(angle, 10), key=steps(angle, 10).get) == "sgd_step" for angle in ANGLES)


def test_summary_has_the_numbers():
    assert module.rotated_valley_frame(45, 1000).summary == (
        "Angle 45°, κ = 1000. Steps (best rate): "
        "gradient descent not in 300 (0.002), momentum 59 (0.0032), Adam 237 (1.3)."
    )


def test_drawn_curves_are_the_steps():
    frame = module.rotated_valley_frame(30, 100)
    drawn = {line.method: line.y.tolist() for line in frame.lines if line.panel == "turn"}
    for name, method in (("adam_step", "adam"), ("momentum_step", "momentum"), ("sgd_step", "gradient descent")):
        assert drawn[method] == [min(steps(angle, 100)[name], STEPS + 1) for angle in ANGLES]


@pytest.mark.parametrize(("angle", "condition"), SOME)
@pytest.mark.parametrize("function", [adam_step, STYLES["adam_step"]], ids=["ours", "folded"])
def test_right_adam_is_as_ours(function, angle, condition):
    frame = module.rotated_valley_frame(angle, condition, called("adam_step", function))
    table = module.rotated_valley_frame(angle, condition)
    assert frame.summary == f"{table.summary} Your Adam: as ours."
    assert [mark.text for mark in frame.marks][-1] == "yours = ours"


def uncorrected(parameter, gradient, m, v, step, rate, beta1, beta2, epsilon):
    m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient**2
    return parameter - rate * m / (v.sqrt() + epsilon), m, v


def climbs(parameter, gradient, m, v, step, rate, *_):
    return parameter + rate * gradient, m, v


def lost(parameter, gradient, m, v, *_):
    return parameter * torch.nan, m, v


def stands(parameter, gradient, m, v, *_):
    return parameter, m, v


@pytest.mark.parametrize(
    ("wrong", "said", "label"),
    [
        (uncorrected, "Your Adam: 38 steps.", "yours"),
        (climbs, "Your Adam: diverged at step 2.", "yours: diverged at step 2"),
        (lost, "Your Adam: diverged at step 1.", "yours: diverged at step 1"),
        (stands, "Your Adam: not in 300.", "yours"),
    ],
    ids=["uncorrected", "climbs", "NaN", "stands"],
)
def test_a_different_adam_is_told_from_ours(wrong, said, label):
    frame = module.rotated_valley_frame(0, 1000, called("adam_step", wrong))
    assert frame.summary.endswith(said) and frame.marks[-1].text == label
    assert sum(line.method == "yours" for line in frame.lines) == 2


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_an_unusable_step_is_said_in_one_line(wrong, said):
    frame = module.rotated_valley_frame(45, 100, called("adam_step", wrong))
    assert frame.summary == f"{module.rotated_valley_frame(45, 100).summary} Yours: {said}."


def test_card_with_your_own_adam_is_live():
    card = rotated_valley(adam_step)
    assert card.live and card.ask["key"] == "rotated-valley-bowl" and card.summary.endswith("Your Adam: as ours.")


@pytest.mark.parametrize(
    ("functions", "got"),
    [
        ((momentum_step,), "a function named 'momentum_step'"),
        ((3,), "an int"),
        ((adam_step, adam_step), "adam_step twice"),
    ],
    ids=["momentum", "number", "twice"],
)
def test_anything_else_is_turned_away(functions, got):
    with pytest.raises(InputError, match=f"^Got {got}; wanted "):
        rotated_valley(*functions)


def test_presets_show_what_they_are_called():
    assert {state["condition"] for state in module.PRESETS.values()} <= set(CONDITIONS)
    assert module.PRESETS["along the axes"]["angle"] == 0 and module.PRESETS["round bowl"]["condition"] == 1
    askew = steps(**module.PRESETS["a little askew"])
    assert steps(0, 1000)["adam_step"] < askew["adam_step"] < askew["momentum_step"]
