"""Outcomes, the first failure, and which misconception is named."""

import pytest
import torch

from featherweight.exercises.compare import close
from featherweight.exercises.diagnose import Sheet, copied, diagnose, first_failure, outcome, outcomes, sheet
from featherweight.exercises.exercise import Exercise, Misconception


def right(x, k):
    return x * k


def adds(x, k):
    return x + k


def fails(x, k):
    raise KeyError("k")


def scales_in_place(x, k):
    return x.mul_(k)


def cases(seed):
    return [{"x": torch.tensor([1.0, 3.0]), "k": k} for k in (2.0, 3.0, 5.0, 7.0)]


def exercise(**changes):
    facts = dict(name="f", lesson=1, points=1, minutes=1, difficulty=1, reference=right, cases=cases, compare=close())
    facts |= dict(returns="x times k", oracle="arithmetic", hints=("a", "b", "c"))
    facts |= dict(
        misconceptions=(Misconception("adding", adds, "You add."), Misconception("failing", fails, "It fails."))
    )
    return Exercise(**(facts | changes))


def judged(function, an_exercise=None):
    an_exercise = an_exercise or exercise()
    asked = Sheet(an_exercise, 0)
    mine = outcomes(an_exercise, function, asked.cases, 5)
    failure = first_failure(asked, mine)
    return failure, failure and diagnose(asked, mine)


def mostly_adds(x, k):
    return x * k if k == 2 else x + k if k < 7 else x


def adds_but_once(x, k):
    return x + k if k < 7 else x - k


def adds_from_five_on(x, k):
    return x + k if k > 3 else x * k


def adds_but_first(x, k):
    return x - k if k == 2 else x + k


def test_the_first_wrong_case_is_found():
    failure, _ = judged(lambda x, k: x * min(k, 4.0))
    assert (failure.case, failure.difference.yours) == (3, "4")


@pytest.mark.parametrize(
    ("function", "name"),
    [
        pytest.param(adds, "adding", id="same outcomes"),
        pytest.param(fails, "failing", id="same exception"),
        pytest.param(adds_but_once, "adding", id="most of the wrong cases"),
        pytest.param(mostly_adds, None, id="too few of them"),
        pytest.param(adds_but_first, None, id="most, but not the case that is shown"),
        pytest.param(lambda x, k: x - k, None, id="something else"),
    ],
)
def test_the_misconception_is_named_where_the_outcomes_match(function, name):
    _, named = judged(function)
    assert (named.name if named else None) == name


def test_a_misconception_that_goes_wrong_elsewhere_is_not_named():
    assert judged(adds_from_five_on)[1] is None


def test_every_implementation_of_a_misconception_is_tried():
    named = judged(fails, exercise(misconceptions=(Misconception("two ways", adds, "Either.", also=(fails,)),)))[1]
    assert named.name == "two ways"


def test_inputs_are_copies_and_changes_are_noted():
    inputs = {"x": torch.ones(2), "k": 2.0}
    assert outcome(exercise(), scales_in_place, inputs, 5).changed == ("x",)
    assert inputs["x"].tolist() == [1.0, 1.0]


def test_a_forbidden_change_in_place_is_wrong():
    failure, _ = judged(scales_in_place, exercise(forbids_in_place=True))
    assert failure.difference.yours == "changes its input x"
    assert judged(scales_in_place)[0] is None


def test_an_answer_cannot_change_after_it_was_given():
    shared = torch.zeros(2)

    def gives_the_same_tensor(x, k):
        shared.copy_(x * k)
        return shared

    assert judged(gives_the_same_tensor)[0] is None


def test_copies_are_deep():
    value = [torch.ones(1), (torch.ones(1), 2)]
    twin = copied(value)
    twin[0].zero_()
    twin[1][0].zero_()
    assert value[0].item() == value[1][0].item() == 1


def test_a_sheet_is_worked_out_once():
    an_exercise = exercise()
    assert sheet(an_exercise, 3) is sheet(an_exercise, 3)
    assert sheet(an_exercise, 3).tried is sheet(an_exercise, 3).tried
    assert sheet(an_exercise, 3) is not sheet(exercise(), 3)


def adds_in_place(x, k):
    return x.add_(k)


def test_a_wrong_answer_is_named_though_it_changes_an_input_that_it_must_not_change():
    assert judged(adds_in_place, exercise(forbids_in_place=True))[1].name == "adding"


def test_a_changed_input_tells_two_right_answers_apart():
    changing = Misconception("in place", scales_in_place, "You change x.")
    assert judged(scales_in_place, exercise(forbids_in_place=True, misconceptions=(changing,)))[1] is changing
