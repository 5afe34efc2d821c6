"""The index of misconceptions: all of the catalogue, in its order, and what Markdown shows is what was meant."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from featherweight.authoring import build, leaks
from featherweight.authoring.misconceptions import escaped, listed, page
from featherweight.exercises import catalogue
from featherweight.exercises.exercise import Misconception

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def book():
    return page(build.load(ROOT), catalogue())


def shown(markdown: str) -> str:
    """What a reader sees of inline Markdown."""
    (inline,) = [token for token in MarkdownIt().parse(markdown) if token.type == "inline"]
    return "".join(child.content if child.type != "softbreak" else " " for child in inline.children)


@pytest.mark.parametrize(
    "text",
    [
        "a * b and a*b*c",
        "x**2, __init__, first_moment_ _x_",
        "i<n and <b>",
        "[link](there)",
        "costs $5, or $6",
        r"a \ b",
    ],
)
def test_plain_text_is_shown_as_it_is(text):
    assert shown(f"- {escaped(text)}") == text


def test_code_stays_code():
    assert escaped("`a_b * c` makes `steps + 1`") == "`a_b * c` makes `steps + 1`"


def test_every_exercise_and_misconception_is_there_in_order(book):
    assert re.findall(r"^### `(\w+)`$", book, re.MULTILINE) == [exercise.name for exercise in catalogue()]
    wanted = [f"- **{escaped(each.name)}.** " for exercise in catalogue() for each in listed(exercise)]
    found = [line for line in book.splitlines() if line.startswith("- ")]
    assert len(found) == len(wanted)
    assert [line for line, start in zip(found, wanted, strict=True) if not line.startswith(start)] == []


def test_each_line_shows_name_explanation_and_place(book):
    lines = iter(line for line in book.splitlines() if line.startswith("- "))
    for exercise in catalogue():
        for each in listed(exercise):
            look = f" Look at {each.look}.".replace("..", ".").replace("?.", "?") if each.look else ""
            meant = f"{each.name}. {each.says}{look}".replace("`", "")
            assert shown(next(lines)) == " ".join(meant.split())


def test_several_faults_at_once_are_left_out_and_a_name_with_and_stays(project):
    names = ("early", "twice", "early and twice", "salt and pepper")
    several = tuple(Misconception(name, lambda: 0, "It is.") for name in names)
    exercise = project.with_exercise(0, misconceptions=several).exercises[0]
    assert [each.name for each in listed(exercise)] == ["early", "twice", "salt and pepper"]


def test_lessons_are_linked_and_bug_hunts_are_folded(book):
    links = re.findall(r"\]\((.+?)\)", book)
    assert links == [f"notebooks/{one.name}.ipynb" for one in build.load(ROOT)]
    hunts = [exercise.name for exercise in catalogue() if exercise.starts_from is not None]
    assert re.findall(r"### `(\w+)`\n\n<details><summary>", book) == hunts
    assert book.count("</summary>\n\n- **") == book.count("\n\n</details>\n") == len(hunts)


def test_no_solution_is_in_it(book):
    assert leaks.leaks("MISCONCEPTIONS.md", book, catalogue()) == []
