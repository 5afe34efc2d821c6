"""Made-up notebooks are what the grader takes for solved ones, and loops are in them where they should be."""

from pathlib import Path

import pytest

from featherweight.bench.classroom import LOOPING, LOOPS, TINY, answers, hand_in, hand_in_lessons, hand_in_tiny
from featherweight.exercises import catalogue
from featherweight.grading.collect import collect
from featherweight.grading.submission import read_submission

WORKBOOKS = Path(__file__).parents[2] / "notebooks"


def states(handed):
    return {one.exercise.name: one.state for one in read_submission(handed, catalogue()).entries}


def test_workbooks_are_solved_where_nbgrader_collects_them(tmp_path):
    lessons = hand_in_lessons(tmp_path, WORKBOOKS, students=2, lessons=2)
    assert [lesson[:2] for lesson in lessons] == ["01", "02"]
    handed = collect(tmp_path / "submitted")
    assert [one.student for one in handed] == ["student0"] * 2 + ["student1"] * 2
    assert [Path(one.path).parts[-2:] for one in handed[:2]] == [(name, f"{name}.ipynb") for name in lessons]
    for lesson, one in enumerate(handed[:2], 1):
        assert states(one) == dict.fromkeys(answers(lesson), "started")


def test_tiny_notebooks_hold_one_answer(tmp_path):
    hand_in_tiny(tmp_path, students=2, each=3)
    handed = collect(tmp_path)
    assert len(handed) == 6 and len({one.student for one in handed}) == 2
    assert {name for name, state in states(handed[0]).items() if state == "started"} == {TINY}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_is_in_one_answer(tmp_path, loop):
    right, looping = answers(1), answers(1, loop)
    assert [name for name in right if right[name] != looping[name]] == [LOOPING]
    hand_in(tmp_path / "ada.ipynb", looping)
    [handed] = collect(tmp_path)
    found = read_submission(handed, catalogue())
    assert {one.state for one in found.entries} == {"started"} and LOOPS[loop] in found.cells[-1]
    for cell in found.cells:
        compile(cell, "<answer>", "exec")
