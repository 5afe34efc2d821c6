"""A run from a folder to a gradebook: resumed, repeated in part, side by side, and killed, with the same grades."""

import runpy
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from featherweight.errors import FileProblem, InputError, MissingTool, NoSandbox
from featherweight.export.canonical import lines
from featherweight.grading import grade as module
from featherweight.grading import student
from featherweight.grading.grade import Again, grade, verdicts
from featherweight.grading.gradebook import FILE_NAME, Gradebook
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


def canonical(out):
    with Gradebook(out) as book:
        return lines(book.records(), book.overrides())


def command(handed, out, *more):
    seed = handed.parent / "seed"
    seed.write_text("correct horse battery")
    return [sys.executable, "-m", "featherweight", "grade", handed, "--out", out, "--seed-file", seed, *more]


@pytest.fixture
def class_of_five(handed):
    for number, name in enumerate(NAMES[:3]):
        hand_in(handed, f"student{number}", {name: RIGHT[name]})
    return handed


@pytest.mark.slow
def test_the_same_bytes_at_any_number_of_jobs(class_of_five, tmp_path):
    for jobs in ("1", "2"):
        subprocess.run(command(class_of_five, tmp_path / jobs, "-j", jobs, "--unsafe"), check=True, timeout=200)
    assert canonical(tmp_path / "1") == canonical(tmp_path / "2")
    with Gradebook(tmp_path / "1") as book:
        assert book.records()[0].points == book.records()[0].worth > 0
        assert book.records()[1].points == 0


@pytest.mark.slow
def test_killed_half_way_it_goes_on_and_grades_nobody_twice(class_of_five, tmp_path):
    out = tmp_path / "killed"
    with subprocess.Popen(command(class_of_five, out, "-j", "2", "--unsafe")) as run:
        kept = wait_for_some(out, run)
        children = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert kept and alive == []
    subprocess.run(command(class_of_five, out, "--unsafe"), check=True, timeout=200)
    subprocess.run(command(class_of_five, tmp_path / "whole", "--unsafe"), check=True, timeout=200)
    assert canonical(out) == canonical(tmp_path / "whole")
    with Gradebook(out) as book:
        seconds = {one.path: one.seconds for one in book.records()}
    assert {path: seconds[path] for path in kept} == kept


def wait_for_some(out, run):
    """Path → seconds of what a running command has kept, as soon as there is some."""
    until = time.monotonic() + 60
    while time.monotonic() < until and run.poll() is None:
        if (out / FILE_NAME).exists():
            with Gradebook(out) as book:
                if kept := {one.path: one.seconds for one in book.records()}:
                    return kept
        time.sleep(0.05)
    return {}


SABOTAGED = """
import os, sys
from featherweight import cli
from featherweight.grading import submission
whole = submission.parse
submission.parse = lambda data, name: os.abort() if b"abort now" in data else whole(data, name)
if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_a_student_who_ends_the_reading_process_ends_no_other(handed, tmp_path):
    (handed / "cy" / "x.ipynb").write_text('{"abort now": 1}')
    script = tmp_path / "run.py"
    script.write_text(SABOTAGED)
    arguments = [str(part) for part in command(handed, tmp_path / "out", "-j", "2", "--unsafe")[3:]]
    subprocess.run([sys.executable, script, *arguments], check=True, timeout=200)
    with Gradebook(tmp_path / "out") as book:
        found = {one.student: (one.verdict, one.problem) for one in book.records()}
    assert found.pop("cy") == ("unreadable", "reading it ended the process that read it")
    assert set(found.values()) == {("graded", "")}
