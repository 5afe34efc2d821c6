"""An exercise refuses to be made wrong; independent faults make every subset."""

import pytest

from featherweight.errors import InputError
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception, switched


def made(**changes):
    facts = dict(name="f", lesson=1, points=1, minutes=1, difficulty=1, reference=len, cases=list, compare=exact())
    return Exercise(**(facts | dict(returns="", oracle="", misconceptions=(), hints=("a", "b", "c")) | changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "two words"}, "wanted a Python identifier"),
        ({"points": 0}, "points or minutes below 1"),
        ({"difficulty": 6}, "difficulty 6; wanted 1 to 5"),
        ({"hints": ("one",)}, "1 hints; wanted three"),
        ({"misconceptions": (Misconception("a", len, "x"), Misconception("a", max, "y"))}, "two misconceptions of one"),
    ],
)
def test_refuses_what_is_no_exercise(changes, says):
    with pytest.raises(InputError, match=says):
        made(**changes)


def test_switches_make_every_subset_fewest_faults_first():
    def build(a, b, c):
        return lambda: (a, b, c)

    found = switched(build, {"a": ("A", "a!"), "b": ("B", "b!"), "c": ("C", "c!")})
    assert [m.name for m in found] == ["A", "B", "C", "A and B", "A and C", "B and C", "A and B and C"]
    assert found[4].wrong() == (True, False, True)
    assert found[4].says == "a! c!"
