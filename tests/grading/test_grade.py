"""A run from a folder to a gradebook, resumed and repeated in part; whole and killed runs are in `test_runs`."""

import runpy
from collections import Counter
from pathlib import Path

import pytest

from featherweight.errors import FileProblem, InputError, MissingTool, NoSandbox
from featherweight.grading import grade as module
from featherweight.grading import student
from featherweight.grading.grade import Again, grade, verdicts
from featherweight.grading.gradebook import Gradebook
from featherweight.grading.memory import told
from featherweight.grading.processes import Fell
from featherweight.grading.records import Override
from featherweight.grading.score import Result
from featherweight.grading.settings import Settings

GIVEN = runpy.run_path(str(Path(__file__).with_name("handing_in.py")))
FIRST, NAMES, RIGHT, hand_in = (GIVEN[name] for name in ("FIRST", "NAMES", "RIGHT", "hand_in"))
SETTINGS = Settings("correct horse battery", unsafe=True)


@pytest.fixture
def inline(monkeypatch):
    """Tasks one after the other in this process, and verdicts without a worker; returns whom it served."""
    served = []

    def run(task, inputs, jobs):
        for one in inputs:
            served.append(one[0].student)
            yield one, task(one)

    def scored(session, cells, entries, seed, seconds):
        return tuple(Result(entry.exercise.name, _verdict(entry), 0, entry.exercise.points) for entry in entries)

    def _verdict(entry):
        return "passed" if entry.state == "started" else entry.state

    monkeypatch.setattr(module, "in_processes", run)
    monkeypatch.setattr(student, "score", scored)
    return served


@pytest.fixture
def handed(tmp_path):
    """Ada right, Bob untouched, Cy unreadable."""
    hand_in(tmp_path / "in", "ada", RIGHT)
    hand_in(tmp_path / "in", "bob")
    (tmp_path / "in" / "cy").mkdir()
    (tmp_path / "in" / "cy" / "x.ipynb").write_text("{")
    return tmp_path / "in"


def graded(handed, settings=SETTINGS, **more):
    return grade(handed, handed.parent / "out", lambda book: settings, **more)


def test_every_notebook_has_a_verdict_and_every_exercise_too(inline, handed):
    told = []
    records = graded(handed, report=lambda *state: told.append(state))
    assert [(one.student, one.verdict, len(one.results)) for one in records] == [
        *(("ada", "graded", len(NAMES)), ("bob", "graded", len(NAMES)), ("cy", "unreadable", 0))
    ]
    assert records[2].problem.startswith("it is not a whole notebook (")
    assert not any(one.sandboxed for one in records)
    assert verdicts(records) == {"passed": len(NAMES), "not started": len(NAMES), "unreadable": 1}
    assert told[0] == (Counter(), 0, 3) and told[-1] == (verdicts(records), 3, 3)


@pytest.mark.parametrize("way", ["cgroup", "watchdog"])
def test_how_memory_is_counted_is_said_first_and_kept(inline, handed, monkeypatch, way):
    said = []
    monkeypatch.setattr(module, "probe", lambda limits: way)
    monkeypatch.setattr("featherweight.grading.session.counted_by", lambda total, processes: way)
    [ada, bob, cy] = graded(handed, Settings("correct horse battery"), say=lambda line: said.append((line, *inline)))
    assert said == [(told({way: 0}),)]
    assert (ada.counted, bob.counted, cy.counted) == (way, way, "")


def test_run_again_it_grades_what_is_new_or_changed(inline, handed):
    graded(handed)
    graded(handed)
    assert inline == ["ada", "bob", "cy"]
    hand_in(handed, "bob", RIGHT)
    hand_in(handed, "dee")
    records = graded(handed)
    assert inline[3:] == ["bob", "dee"]
    assert [one.points == 0 for one in records] == [True] * 4 and len(records) == 4


def test_another_secret_grades_everyone_again(inline, handed):
    graded(handed)
    graded(handed, Settings("another secret", unsafe=True))
    assert inline == ["ada", "bob", "cy"] * 2


def test_the_gradebook_keeps_a_secret(inline, handed):
    for _ in range(2):
        grade(handed, handed.parent / "out", lambda book: Settings(book.setting("secret", "made once"), unsafe=True))
    assert inline == ["ada", "bob", "cy"]


def test_one_student_again_and_no_other(inline, handed):
    graded(handed)
    graded(handed, again=Again(student="bob"))
    assert inline[3:] == ["bob"]


def test_one_exercise_again_and_no_other_result(inline, handed, monkeypatch):
    before = graded(handed)
    with Gradebook(handed.parent / "out") as book:
        book.override(Override("ada", NAMES[1], 0, "copied"), 9)
    asked = []

    def scored(session, cells, entries, seed, seconds):
        asked.extend(entry.exercise.name for entry in entries)
        return tuple(Result(entry.exercise.name, "wrong", 0, entry.exercise.points) for entry in entries)

    monkeypatch.setattr(student, "score", scored)
    after = graded(handed, again=Again(exercise=NAMES[1]))
    assert asked == [NAMES[1]] * 2
    for old, new in zip(before[:2], after[:2], strict=True):
        assert [one.exercise for one in new.results] == NAMES
        changed = [one.exercise for one, other in zip(old.results, new.results, strict=True) if one != other]
        assert changed == [NAMES[1]] and new.seconds == old.seconds
    with Gradebook(handed.parent / "out") as book:
        assert [one.note for one in book.overrides()] == ["copied"]
    served = len(inline)
    graded(handed)
    assert len(inline) == served


def test_one_exercise_of_one_student(inline, handed):
    graded(handed)
    graded(handed, again=Again("ada", NAMES[0]))
    assert inline[3:] == ["ada"]


def test_one_exercise_is_not_asked_where_nothing_was_graded(inline, handed):
    assert graded(handed, again=Again(exercise=NAMES[0])) == [] and inline == []


def test_the_same_path_in_another_lesson_is_graded_beside_it(inline, handed):
    """A folder for every week, in which everybody's file is called after them."""
    path = handed / "bob" / FIRST
    graded(handed)
    hand_in(handed, "bob", name="02_stochastic_gradients.ipynb")
    (handed / "bob" / "02_stochastic_gradients.ipynb").rename(path)
    records = graded(handed)
    assert [(one.path, one.lesson) for one in records if one.student == "bob"] == [(f"bob/{FIRST}", n) for n in (1, 2)]
    graded(handed, again=Again("bob", "soft_threshold"))
    assert inline[3:] == ["bob"] * 2


def test_grades_beside_submissions_are_no_submission(inline, handed):
    for _ in range(2):
        records = grade(handed, handed / "grades", lambda book: SETTINGS)
    assert {one.student for one in records} == {"ada", "bob", "cy"}
    with pytest.raises(InputError, match="holds the submissions; wanted a folder of its own"):
        grade(handed, handed, lambda book: SETTINGS)


def test_one_lesson(inline, handed):
    hand_in(handed, "ada", name="02_stochastic_gradients.ipynb")
    records = graded(handed, Settings("correct horse battery", unsafe=True, lesson=2))
    assert [(one.student, one.lesson) for one in records] == [("ada", 2), ("cy", 0)]
    assert len(graded(handed)) == 4


def test_several_notebooks_of_a_lesson_are_all_kept(inline, handed):
    hand_in(handed, "bob/second try", RIGHT)
    assert [one.path for one in graded(handed) if one.student == "bob"] == [f"bob/{FIRST}", f"bob/second try/{FIRST}"]


@pytest.mark.parametrize(
    ("again", "line"),
    [
        (Again(student="eve"), "There is no submission of 'eve'; wanted one of ada, bob, cy"),
        (Again(exercise="adam"), "There is no exercise 'adam'; wanted one of adam_step"),
    ],
)
def test_again_of_nobody_gets_one_line(inline, handed, again, line):
    with pytest.raises(InputError, match=line):
        graded(handed, again=again)


def test_what_our_own_mistakes_cost(inline, handed, monkeypatch):
    def fails(*arguments):
        raise ZeroDivisionError("4711.0815")

    monkeypatch.setattr(student, "score", fails)
    records = graded(handed)
    assert [one.verdict for one in records] == ["unreadable"] * 3
    assert records[0].problem == "the grader failed on it (ZeroDivisionError): please report it"


@pytest.mark.parametrize(
    ("found", "problem"), [(Fell(), "ended the process"), (KeyError("x"), "the grader failed on it")]
)
def test_a_student_whose_task_is_lost_loses_nobody_else(inline, handed, monkeypatch, found, problem):
    def run(task, inputs, jobs):
        yield from ((one, found if one[0].student == "bob" else task(one)) for one in inputs)

    monkeypatch.setattr(module, "in_processes", run)
    records = graded(handed)
    assert [one.verdict for one in records] == ["graded", "unreadable", "unreadable"]
    assert problem in records[1].problem


def test_a_student_without_sandbox_is_left_for_the_next_run(inline, handed, monkeypatch):
    def run(task, inputs, jobs):
        yield from ((one, MissingTool("no bwrap.") if one[0].student == "ada" else task(one)) for one in inputs)

    with monkeypatch.context() as patch:
        patch.setattr(module, "in_processes", run)
        with pytest.raises(NoSandbox, match=r"Students not graded yet: 1 \(no bwrap\.\) Run it again"):
            graded(handed)
    assert [one.student for one in graded(handed)] == ["ada", "bob", "cy"] and inline == ["ada"]


def test_no_sandbox_grades_nobody(inline, handed, monkeypatch):
    def none(limits):
        raise MissingTool("bwrap is not on the PATH")

    monkeypatch.setattr(module, "probe", none)
    with pytest.raises(NoSandbox, match="bwrap is not on the PATH"):
        graded(handed, Settings("correct horse battery"))
    assert inline == []


def test_a_private_file_that_is_gone_stops_the_run(inline, handed):
    with pytest.raises(FileProblem, match="Could not read"):
        graded(handed, Settings("correct horse battery", unsafe=True, private="/none.py", digest="d"))
