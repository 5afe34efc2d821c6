"""Marking guides."""

import pytest

from featherweight.exercises import catalogue
from featherweight.grading.guide import guide, guides


def test_a_guide_says_points_oracle_misconceptions_and_hints(made_up):
    text = guide(1, made_up.BOOK[:2])
    assert text.startswith("# Marking guide, lesson 1\n\n2 exercises, 5 points.")
    assert "| `double` | 3 | 5 | 2 of 5 | 2 |" in text
    assert "## `double` (3 points)" in text and "Checked against: addition." in text
    assert "Gives back twice `x`." in text
    assert r"- **no \*doubling\*.** You give back x \< 2x as it is. Where to look: the factor." in text
    assert r"1. Draw \<b\>it\</b\>." in text and "3. x + x" in text


def test_a_file_for_every_lesson(made_up):
    assert list(guides(made_up.BOOK[::-1])) == ["lesson-01.md", "lesson-02.md"]


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda one: one.name)
def test_every_misconception_of_the_book_is_in_its_guide(exercise):
    text = guides(catalogue())[f"lesson-{exercise.lesson:02d}.md"]
    section = text.partition(f"## `{exercise.name}` (")[2].partition("\n## ")[0]
    assert section.count("\n- **") == len(exercise.misconceptions)
    assert ("A bug hunt" in section) is (exercise.starts_from is not None)
