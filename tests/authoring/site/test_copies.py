"""Executed copies: made once, made again when the lesson or the package changes, and no earlier one stays."""

import nbformat
import pytest
from nbformat import v4

from featherweight.authoring import execute
from featherweight.authoring.site import copies
from featherweight.errors import FileProblem, InputError, LessonError


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two solved notebooks, and a kernel that only counts."""
    (tmp_path / "solutions").mkdir()
    for name in ("01_a", "02_b"):
        nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("1 + 1")]), tmp_path / "solutions" / f"{name}.ipynb")
    ran = []
    monkeypatch.setattr(execute, "executed", lambda name, notebook, folder: ran.append(name) or notebook)
    return tmp_path, ran


def made(root, lessons=()):
    lines = []
    found = copies.copies(copies.solved_notebooks(root, lessons), root / "kept", lines.append)
    assert all(nbformat.read(path, as_version=4).cells for path in found.values())
    return list(found), sorted(lines)  # two run at a time


def test_a_second_time_executes_nothing(project):
    root, ran = project
    assert made(root) == (["01_a", "02_b"], ["01_a: running …", "02_b: running …"])
    assert made(root) == (["01_a", "02_b"], [])
    assert sorted(ran) == ["01_a", "02_b"]


def test_a_changed_lesson_is_executed_again_and_its_old_copy_goes(project):
    root, _ = project
    made(root)
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("2 + 2")]), root / "solutions" / "01_a.ipynb")
    assert made(root)[1] == ["01_a: running …"]
    assert sorted(path.name.split(".")[0] for path in (root / "kept").iterdir()) == ["01_a", "02_b"]


def test_a_changed_package_executes_all_again(project, monkeypatch):
    root, _ = project
    made(root)
    monkeypatch.setattr(copies, "_package", lambda: b"another")
    assert len(made(root)[1]) == 2


def test_the_package_is_what_lessons_can_import(tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "PACKAGE", tmp_path)
    digests = []
    for name in ("lab/plots.py", "lab/data.json", "grading/grade.py", "cli.py", "lab/__pycache__/plots.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
        copies._package.cache_clear()
        digests.append(copies._package())
    copies._package.cache_clear()
    assert len(set(digests[:2])) == 2 and len(set(digests[1:])) == 1


def test_only_the_lessons_asked_for_in_order(project):
    assert made(project[0], [2])[0] == ["02_b"]
    assert made(project[0], [2, 1, 2])[0] == ["01_a", "02_b"]


def test_what_is_not_there_is_named(project, tmp_path):
    with pytest.raises(InputError, match="There is no lesson 3; wanted one of 1, 2"):
        copies.solved_notebooks(project[0], [1, 3])
    with pytest.raises(FileProblem, match=r"no solved notebooks in .*; run in a clone"):
        copies.solved_notebooks(tmp_path / "solutions")


def test_a_cell_that_fails_keeps_no_copy(project, monkeypatch):
    def fails(name, notebook, folder):
        raise LessonError(f"{name}, cell 1: no")

    monkeypatch.setattr(execute, "executed", fails)
    with pytest.raises(LessonError, match="01_a, cell 1: no"):
        made(project[0])
    assert not (project[0] / "kept").exists()


def test_no_lesson_imports_a_part_that_the_fingerprint_leaves_out():
    names = {name.removesuffix(".py") for name in copies.NOT_IN_LESSONS}
    sources = sorted((copies.PACKAGE.parents[1] / "solutions").glob("[0-9][0-9]_*.py"))
    assert sources
    for path in sources:
        text = path.read_text(encoding="utf-8")
        assert not [name for name in names if f"featherweight.{name}" in text or f"featherweight import {name}" in text]
