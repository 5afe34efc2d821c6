"""`check`: three states that no one can mix up, what is said in each, and what the lesson goes on with."""

import subprocess
import sys
import time

import numpy as np
import pytest
import torch

from featherweight.errors import InputError
from featherweight.exercises import by_name
from featherweight.exercises import check as module
from featherweight.exercises.check import CheckFailed, StandIn, check, hint, judge
from featherweight.optimizers.descent import gradient_descent as ours

DESCENT = by_name("gradient_descent")


def climbs(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] + learning_rate * gradient(points[-1]))
    return torch.stack(points)


def not_implemented(gradient, start, learning_rate, steps):
    raise NotImplementedError


def divides_by_zero(gradient, start, learning_rate, steps):
    one = 1
    return one / (one - 1)


def wrong_arguments(gradient, start):
    return start


def endless(gradient, start, learning_rate, steps):
    while True:
        time.sleep(0.001)


def leaves(gradient, start, learning_rate, steps):
    raise SystemExit(3)


def hostile_text(gradient, start, learning_rate, steps):
    raise ValueError("<script>alert(1)</script>\nsecond line")


def in_place(gradient, start, learning_rate, steps):
    points = [start.clone()]
    for _ in range(steps):
        start -= learning_rate * gradient(start)
        points.append(start.clone())
    return torch.stack(points)


def beyond_torch(gradient, start, learning_rate, steps):
    return start.to(torch.complex64).max()


def later(gradient, start, learning_rate, steps):
    steps = int(steps)
    raise NotImplementedError("the loop")


def in_lists(gradient, start, learning_rate, steps):
    return gradient(start.tolist())


STATES = [
    pytest.param(ours, "passed", "gradient_descent: passed, 8 cases. Yours is in use from here.", id="right"),
    pytest.param(not_implemented, "not started", "not started. The lesson goes on with ours.", id="nbgrader's stub"),
    pytest.param(later, "not started", "not started. The lesson goes on with ours.", id="begun"),
    pytest.param(beyond_torch, "error", "NotImplementedError: ", id="torch's NotImplementedError"),
    pytest.param(in_lists, "error", "gradient got a list; wanted a tensor of shape (2,) at line", id="a list"),
    pytest.param(climbs, "wrong", "Case 1 of 8, step 1, entry [0]: yours", id="wrong"),
    pytest.param(climbs, "wrong", "This looks like: climbing. You add", id="named"),
    pytest.param(divides_by_zero, "error", "ZeroDivisionError: division by zero at line", id="error"),
    pytest.param(divides_by_zero, "error", ": return one / (one - 1).", id="own line"),
    pytest.param(wrong_arguments, "error", "TypeError: wrong_arguments() takes 2 positional", id="arguments"),
    pytest.param(leaves, "error", "SystemExit: 3", id="exit"),
    pytest.param(lambda *a: None, "wrong", "yours None (is a return missing?), expected a tensor", id="no return"),
    pytest.param(
        in_place, "passed", "Note: it changes its input start in place, which is allowed here.", id="in place"
    ),
    pytest.param(3, "wrong", "gradient_descent is 3, expected a function.", id="a number"),
    pytest.param(hostile_text, "error", "ValueError: <script>alert(1)</script> second line", id="one line"),
]


@pytest.mark.parametrize(("answer", "state", "says"), STATES)
def test_states_and_what_is_said(answer, state, says):
    verdict = judge(DESCENT, answer)
    assert verdict.state == state
    assert says in verdict.line
    assert "\n" not in verdict.line


@pytest.mark.parametrize(
    ("name", "answer", "case"),
    [
        ("gradient_descent", climbs, "hessian = [[1, 0.5], [0.5, 2]], minimum = [0, 0], start = [2, -1]"),
        ("gradient_descent", climbs, "steps = 5; gradient(x) = hessian @ (x − minimum)"),
        ("magnitude_mask", lambda tensors, sparsity: [t > 9 for t in tensors], "]]], sparsity = 0.5"),
        ("exponential_rate", lambda *case: 0.0, "step = 1, base_rate = 0.1"),
    ],
    ids=["matrix", "what the probe makes of it", "list of tensors", "rounded"],
)
def test_the_failing_case_can_be_typed_in(name, answer, case):
    assert case in judge(by_name(name), answer).inputs


def test_time_runs_out(monkeypatch):
    monkeypatch.setenv("FEATHERWEIGHT_CHECK_SECONDS", "0.2")
    verdict = judge(DESCENT, endless)
    assert verdict.state == "timeout"
    assert "stopped after 0.2 seconds" in verdict.line


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf", "0"])
def test_refuses_seconds_that_are_none(monkeypatch, text):
    monkeypatch.setenv("FEATHERWEIGHT_CHECK_SECONDS", text)
    with pytest.raises(InputError, match="wanted a number of seconds above 0"):
        judge(DESCENT, climbs)


def test_the_lesson_goes_on_with_a_marked_stand_in(capsys):
    stand_in = check(climbs, name="gradient_descent")
    assert isinstance(stand_in, StandIn)
    assert stand_in.__name__ == "gradient_descent"
    assert stand_in(lambda x: x, torch.tensor([8.0]), 0.5, 1).tolist() == [[8.0], [4.0]]
    assert "stand-in" in repr(stand_in)


def test_checking_a_stand_in_again_repeats_the_verdict(capsys):
    again = check(check(climbs, name="gradient_descent"))
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert isinstance(again, StandIn)


def test_a_function_that_calls_its_stand_in_does_not_pass(capsys):
    stand_in = check(not_implemented, name="gradient_descent")
    verdict = judge(DESCENT, lambda *arguments: stand_in(*arguments))  # noqa: PLW0108 — as it may be written
    assert verdict.state == "not started"
    assert "stand-in" in verdict.line


def test_a_passed_function_comes_back_itself(capsys):
    assert check(ours) is ours


def test_a_later_failure_takes_it_out_of_use_again(capsys):
    assert check(ours) is ours
    assert isinstance(check(climbs, name="gradient_descent"), StandIn)


def test_a_function_is_known_by_the_name_it_is_bound_to(capsys):
    scope = {"check": check, "climbs": climbs}
    exec("gradient_descent = lambda *a: climbs(*a)\ngradient_descent = check(gradient_descent)", scope)
    assert "climbing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("function", "name", "says"),
    [
        pytest.param(climbs, "gradient_decent", "did you mean gradient_descent", id="unknown name"),
        pytest.param(climbs, None, "no exercise called 'climbs'", id="unknown function"),
        pytest.param(object(), None, "check got a object and cannot tell", id="no function"),
        pytest.param(torch.ones(2), None, r"check got a tensor of shape \(2,\) and cannot tell", id="its result"),
        pytest.param(None, None, "check got None", id="none"),
    ],
)
def test_what_cannot_be_checked_gets_one_line(function, name, says):
    with pytest.raises(InputError, match=says) as caught:
        check(function, name)
    assert caught.value._render_traceback_() == [str(caught.value)]


@pytest.mark.parametrize("variable", ["FEATHERWEIGHT_STRICT", "NBGRADER_EXECUTION"])
@pytest.mark.parametrize("answer", [climbs, not_implemented, divides_by_zero])
def test_strict_mode_raises_for_anything_but_a_pass(monkeypatch, capsys, variable, answer):
    monkeypatch.setenv(variable, "1")
    assert check(ours) is ours
    with pytest.raises(CheckFailed, match="gradient_descent: not"):
        check(answer, name="gradient_descent")
    assert capsys.readouterr().err == ""


def test_hints_escalate_and_stay_at_the_last(capsys, monkeypatch):
    monkeypatch.setattr(module, "_HINTS_GIVEN", {})
    for _ in range(4):
        hint("gradient_descent")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0].removeprefix("gradient_descent, ") for line in lines] == [
        "hint 1 of 3",
        "hint 2 of 3",
        "hint 3 of 3",
        "hint 3 of 3",
    ]


def test_the_learners_random_numbers_and_default_dtype_are_left_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    judge(DESCENT, climbs)
    assert torch.equal(torch.rand(3), expected)


def test_works_without_gradients_and_with_another_default_dtype():
    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            assert judge(DESCENT, ours).state == "passed"
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_wrong_answer_brings_its_picture():
    verdict = judge(DESCENT, climbs)
    assert verdict.picture.startswith(b"\x89PNG")


def test_an_answer_that_is_odd_in_every_case_still_gets_a_verdict():
    class Odd:
        __hash__ = object.__hash__

        def __eq__(self, other):
            return True

        def __array__(self, *_, **__):
            raise RuntimeError("no")

    for odd in (Odd(), np.array(["x"]), torch.ones(2, dtype=torch.complex64), [[1], [2, 3]], float("nan"), iter(())):
        assert judge(DESCENT, lambda *a, odd=odd: odd).state == "wrong"


SCRIPT = """
from featherweight import check
def gradient_descent(gradient, start, learning_rate, steps):
    pass
gradient_descent = check(gradient_descent)
"""


@pytest.mark.slow
def test_a_script_gets_the_line_on_its_output(tmp_path):
    script = tmp_path / "answers.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("gradient_descent: not started. The lesson goes on with ours.\n", "")
