"""The pages that the build writes: held to their sources, never over an edit, and without a solution."""

import json

import pytest

from featherweight.authoring import build, execute, files
from featherweight.authoring.pages import NAMES, pages
from featherweight.errors import FileProblem, LessonError
from featherweight.exercises.exercise import Misconception

TERMS = '[length]\nlesson = 1\nmeans = "How long a list is."\n'


def tells(says: str, name: str = "counting one too many") -> tuple[Misconception, ...]:
    return (Misconception(name, lambda values: 0, says, "the last row"),)


@pytest.fixture
def book(project, monkeypatch):
    """The project with a glossary and a misconception, built without a kernel."""
    monkeypatch.setattr(execute, "run", lambda name, made, folder: {})
    (project.root / "solutions" / "glossary.toml").write_text(TERMS)
    project = project.with_exercise(1, misconceptions=tells("You count to one more."))
    build.build(root=project.root, exercises=project.exercises)
    return project


def said(project) -> list[str]:
    found = build.build_check(root=project.root, exercises=project.exercises)
    return [line for line in found if "has no stored output" not in line]


def test_both_are_written_and_known(book):
    assert said(book) == []
    assert set(NAMES) <= set(json.loads((book.root / files.MANIFEST).read_text()))
    assert "**counting one too many.** You count to one more." in (book.root / "MISCONCEPTIONS.md").read_text()
    assert (
        "- **length**: How long a list is. ([lesson 1](notebooks/01_tiny.ipynb))"
        in (book.root / "GLOSSARY.md").read_text()
    )


def test_without_terms_there_is_no_glossary(project):
    lessons = build.load(project.root)
    assert list(pages(project.root, lessons, project.exercises)) == ["MISCONCEPTIONS.md"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "GLOSSARY.md",
            "How long",
            "How wide",
            "GLOSSARY.md differs from what lessons and exercises make, first in line",
        ),
        ("MISCONCEPTIONS.md", "one more", "one less", "MISCONCEPTIONS.md differs from what lessons and exercises make"),
        ("solutions/glossary.toml", "How long", "How wide", "GLOSSARY.md differs"),
        ("solutions/01_tiny.py", "| $p$ | `power` |", "| $q$ | `power` |", "GLOSSARY.md differs"),
        ("solutions/01_tiny.py", "# # A tiny lesson", "# # A small lesson", "MISCONCEPTIONS.md differs"),
        ("notebooks/generated.json", "GLOSSARY.md", "GLOSSARY.txt", "generated.json does not know today's GLOSSARY.md"),
    ],
    ids=["glossary", "misconceptions", "a term", "a symbol", "a title", "manifest"],
)
def test_a_change_is_caught(book, file, old, new, says):
    path = book.root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert any(says in line for line in said(book))


def test_a_changed_exercise_is_caught(book):
    other = book.with_exercise(1, misconceptions=tells("You count to two more."))
    assert [line.partition(" differs")[0] for line in said(other)] == ["MISCONCEPTIONS.md"]


def test_a_solution_in_an_explanation_is_caught_and_not_written(book):
    answer = "`total = sum(abs(value) ** power for value in values)` and `math.pow(total, 1.0 / power)`"
    leaking = book.with_exercise(1, misconceptions=tells(answer))
    assert any(line.startswith("MISCONCEPTIONS.md: gives away the solution of 'tiny_norm'") for line in said(leaking))
    before = (book.root / "MISCONCEPTIONS.md").read_bytes()
    with pytest.raises(LessonError, match=r"MISCONCEPTIONS\.md: gives away"):
        build.build(root=book.root, exercises=leaking.exercises)
    assert (book.root / "MISCONCEPTIONS.md").read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_an_edited_page_is_overwritten_only_with_force(book, name):
    (book.root / name).write_text("mine")
    with pytest.raises(
        FileProblem, match=rf"^{name} was edited since it was generated; nothing was written\. Make the"
    ):
        build.build(root=book.root, exercises=book.exercises)
    assert (book.root / name).read_text() == "mine"
    build.build(root=book.root, exercises=book.exercises, force=True)
    assert said(book) == []


def test_a_glossary_whose_terms_are_gone_is_named(book):
    (book.root / "solutions" / "glossary.toml").unlink()
    assert said(book) == [
        "GLOSSARY.md was generated from a source that is gone; delete it and run `featherweight build`."
    ]
