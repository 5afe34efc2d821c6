"""Controls, questions and the order of states."""

import pytest

from featherweight.errors import InputError
from featherweight.widgets.controls import Control, Question, every_state, nearest

RATE = Control("rate", "Rate", (0.01, 0.1, 2 / 11), start=0.1, unit=" s")
WAY = Control("way", "Way", ("once", "often"), start="once")


def test_texts():
    assert Control("steps", "Steps", (1, 1000), start=1).texts == ["1", "1000"]
    assert RATE.texts == ["0.01 s", "0.1 s", "0.182 s"] and WAY.texts == ["once", "often"]


@pytest.mark.parametrize(
    ("control", "value", "expected"),
    [(RATE, 0.1, 0.1), (RATE, 0.09, 0.1), (RATE, 5, 2 / 11), (WAY, "often", "often")],
    ids=["own", "between", "beyond", "text"],
)
def test_nearest(control, value, expected):
    assert nearest(control, value) == expected


@pytest.mark.parametrize(("control", "value"), [(WAY, "never"), (RATE, "fast"), (RATE, None)])
def test_nothing_near(control, value):
    with pytest.raises(InputError, match=rf"{control.name} is .*; wanted one of .*{control.texts[0]}"):
        nearest(control, value)


def test_states_run_the_last_control_fastest():
    states = every_state((WAY, Control("n", "N", (1, 2), start=1)))
    assert states == [{"way": w, "n": n} for w in ("once", "often") for n in (1, 2)]
    assert every_state(()) == [{}]


def test_start_must_be_a_value():
    with pytest.raises(InputError, match=r"Control 'n' starts at 3; wanted one of its values \(1, 2\)"):
        Control("n", "N", (1, 2), start=3)


@pytest.mark.parametrize(
    ("choices", "answer"), [(("a", "b"), 0), (("a", "b", "c"), 3)], ids=["two choices", "no answer"]
)
def test_question_needs_three_choices_and_an_answer(choices, answer):
    with pytest.raises(InputError, match=r"Question 'q' has \d choices and answer \d; wanted three choices"):
        Question("q", "?", choices, answer, "so.")
