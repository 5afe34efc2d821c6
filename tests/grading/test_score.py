"""From cells to verdicts, with a session that says what it is told to; the real one is in `test_student`."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from featherweight.exercises import by_name, catalogue
from featherweight.exercises.compare import prop
from featherweight.exercises.diagnose import Outcome, diagnose, first_failure, sheet
from featherweight.exercises.limits import OutOfTime
from featherweight.grading.score import TRIES, VERDICTS, Entry, defined, score
from featherweight.grading.session import Absent, Broken, OutOfMemory

ODD = runpy.run_path(str(Path(__file__).with_name("odd_answers.py")))
ONE, TWO, THREE = (by_name(name) for name in ("largest_stable_rate", "exponential_rate", "cosine_rate"))
SEED = 7


class Scripted:
    """A session that executes and answers as a script says.

    begins: per attempt None, an exception, or (exception, place). answers: exercise → function of its case's inputs.
    """

    def __init__(self, begins=(), answers=None, notes=None):
        self.begins, self.answers, self.notes = list(begins), answers or {}, notes
        self.begun, self.at, self.attempts = False, None, []

    def begin(self, cells, seconds, skip):
        self.attempts.append(([text for text in cells if text], sorted(skip)))
        self.begun, said = False, self.begins.pop(0) if self.begins else None
        problem, self.at = said if isinstance(said, tuple) else (said, None)
        if problem is not None:
            raise problem
        self.begun = True
        return self.notes or [None] * len(cells)

    def ask(self, exercise, inputs, seconds):
        answer = self.answers.get(exercise.name, exercise.reference)
        if isinstance(answer, BaseException):
            self.begun = self.begun and isinstance(answer, Absent)
            raise answer
        try:
            return Outcome(exercise.probe(answer, **inputs))
        except Exception as problem:
            return Outcome(error=problem, line="line 2")

    def end(self):
        self.begun = False


def judged(session, *exercises, cells=("one", "two", "three"), states=()):
    states = states or ["started"] * len(exercises)
    entries = [Entry(exercise, state) for exercise, state in zip(exercises, states, strict=True)]
    return score(session, cells, entries, SEED, 1.0)


def verdicts(*args, **kwargs):
    return [result.verdict for result in judged(*args, **kwargs)]


def raises(problem):
    def function(*inputs):
        raise problem

    return function


def test_states_other_than_started_ask_nothing():
    session = Scripted([Broken("never begun")])
    assert verdicts(session, ONE, TWO, states=["missing", "not started"]) == ["missing", "not started"]
    assert session.attempts == []


@pytest.mark.parametrize(
    ("answer", "verdict", "found"),
    [
        (ONE.reference, "passed", ""),
        (lambda hessian: 0.0, "wrong", "values differ"),
        (lambda hessian: "1", "wrong", "type: yours a str of 1, expected a number"),
        (lambda hessian: float("nan"), "wrong", "values differ"),
        (lambda hessian: 10**400, "wrong", "values differ"),
        (raises(ValueError("no")), "error", "ValueError: no at line 2"),
        (raises(NotImplementedError("your turn")), "not started", ""),
        (raises(NotImplementedError("conv3d")), "error", "NotImplementedError: conv3d at line 2"),
        (raises(MemoryError()), "memory", "it asked for more memory than there is"),
        (raises(RuntimeError("DefaultCPUAllocator: can't allocate memory")), "memory", None),
        (OutOfTime(), "timeout", "stopped after 1 seconds"),
        (Broken("it died"), "crashed", "it died"),
        (OutOfMemory("too much"), "memory", "too much"),
        (Absent(), "error", "NameError: no function is called largest_stable_rate"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_way_to_end_has_its_verdict_and_costs_no_other_exercise(answer, verdict, found):
    first, second = judged(Scripted(answers={ONE.name: answer}), ONE, TWO)
    assert first.verdict == verdict and verdict in VERDICTS
    assert found is None or first.found == found
    assert first.points == (ONE.points if verdict == "passed" else 0)
    assert (second.verdict, second.points) == ("passed", TWO.points)


def test_a_broken_sandbox_begins_again_and_a_whole_one_goes_on():
    session = Scripted(answers={ONE.name: Broken("it died"), TWO.name: Absent()})
    judged(session, ONE, TWO, THREE)
    assert len(session.attempts) == 2


@pytest.mark.parametrize("problem", [OutOfTime(), Broken("it died"), OutOfMemory("too much")], ids=repr)
def test_the_statement_that_fails_is_left_out(problem):
    session = Scripted([(problem, (1, 3)), None])
    assert verdicts(session, ONE, TWO) == ["passed", "passed"]
    assert [skip for _, skip in session.attempts] == [[], [(1, 3)]]


def test_after_some_tries_each_exercise_has_its_own_cells_and_those_of_none():
    cells = [f"def {ONE.name}(): pass", "import math", f"def {TWO.name}(): pass"]
    failures = [(Broken("it died"), (number, 0)) for number in range(TRIES)]
    session = Scripted([*failures, Broken("its own"), None])
    first, second = judged(session, ONE, TWO, cells=cells)
    assert (first.verdict, first.found, second.verdict) == ("crashed", "its own", "passed")
    assert [cells for cells, _ in session.attempts[TRIES:]] == [cells[:2], cells[1:]]


def test_beginning_is_bounded():
    session = Scripted([OutOfTime()] * 99)
    assert verdicts(session, ONE, TWO, THREE) == ["timeout"] * 3
    assert len(session.attempts) == TRIES + 3


def test_an_absent_function_is_told_why():
    own = f"{ONE.name} = prepare()"
    lost = Scripted([(OutOfTime(), (1, 0)), None], answers={ONE.name: Absent()})
    assert verdicts(lost, ONE, cells=["import math", own]) == ["timeout"]
    noted = Scripted(answers={ONE.name: Absent()}, notes=[None, SyntaxError("no")])
    assert judged(noted, ONE, cells=["import math", own])[0].found == "SyntaxError: no"
    full = Scripted(answers={ONE.name: Absent()}, notes=[MemoryError(), None])
    assert verdicts(full, ONE, cells=["import math", own]) == ["memory"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f(x): return x", {"f"}),
        ("if True:\n    async def f(): pass", {"f"}),
        ("f = g = lambda x: x", {"f", "g"}),
        ("class f: pass", {"f"}),
        ("def f(:\n  x = 1", {"f"}),
        ("f(x) == 1", set()),
        ("x" * 100_000 + "(", set()),
        ("(" + "\n" * 250_000, set()),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_a_cell_defines(text, names):
    assert defined(text) == names


WITH_FLOATS = [e for e in catalogue() if any(map(ODD["has_floats"], sheet(e, SEED).expected))]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e30], ids=str)
@pytest.mark.parametrize("exercise", [pytest.param(e, id=e.name) for e in WITH_FLOATS])
def test_no_exercise_takes_what_is_not_finite(exercise, number):
    asked = sheet(exercise, SEED)
    spoiled = [ODD["spoilt"](value, number) for value in asked.expected]
    pairs = zip(asked.cases, spoiled, asked.expected, strict=True)
    assert any(exercise.compare.difference(answer, right, inputs) for inputs, answer, right in pairs)


@pytest.mark.parametrize("exercise", [pytest.param(e, id=e.name) for e in catalogue()])
def test_no_answer_off_the_wire_makes_comparing_raise(exercise):
    """Diagnosing compares too: two answers, of which the other is a misconception's."""
    asked = sheet(exercise, SEED)
    for odd in ODD["odd_answers"](asked.expected[0]):
        difference = exercise.compare.difference(odd, asked.expected[0], asked.cases[0])
        assert difference is None or str(difference)
        exercise.compare.same(odd, asked.expected[0])


@pytest.mark.slow
@pytest.mark.parametrize("exercise", [pytest.param(e, id=e.name) for e in catalogue()])
def test_no_answer_off_the_wire_makes_diagnosing_raise(exercise):
    asked = sheet(exercise, SEED)
    for odd in ODD["odd_answers"](asked.expected[0])[::3]:
        found = [Outcome(odd), *map(Outcome, asked.expected[1:])]
        if first_failure(asked, found):
            diagnose(asked, found)


def divides(inputs, answer, expected):
    return None if 1 / answer else "a number that divides"


def test_a_comparer_that_raises_would_be_found():
    with pytest.raises(ZeroDivisionError):
        [prop(divides).difference(odd, 1.0) for odd in ODD["odd_answers"](1.0)]


def test_a_comparer_that_raises_costs_its_own_exercise_and_no_other():
    """An instructor's own rule meets answers that nobody has tried on it."""
    private = replace(ONE, name="of_my_own", compare=prop(divides))
    first, second = judged(Scripted(answers={"of_my_own": lambda hessian: 0.0}), private, TWO)
    assert (first.verdict, first.points, second.verdict) == ("wrong", 0, "passed")
    assert first.found == "an answer that cannot be compared (ZeroDivisionError): look at the exercise's rule"
