"""The build: three files per lesson, the same bytes again, never over a learner's work; and planted failures."""

import json
import os
import tempfile
import time
from dataclasses import replace

import nbformat
import pytest

from featherweight.authoring import build, execute, files
from featherweight.errors import FileProblem, InputError, LessonError


@pytest.fixture
def built(project, monkeypatch):
    """The project with its lesson built, without a kernel: the tagged cell prints what it would."""
    printed = [nbformat.v4.new_output("stream", name="stdout", text="5.0\n")]
    monkeypatch.setattr(execute, "run", lambda name, nb, folder: {cell.id: printed for cell in nb.cells})
    build.build(root=project.root, exercises=project.exercises)
    return project


def check(project, lessons=()) -> str:
    return "\n".join(build.build_check(lessons, root=project.root, exercises=project.exercises))


def test_a_fresh_build_has_nothing_to_complain_about(built):
    assert check(built) == ""
    assert sorted(path.name for path in (built.root / "notebooks").iterdir()) == [
        *("01_tiny.ipynb", "01_tiny.py", "generated.json"),
    ]


def test_building_again_changes_no_byte(built):
    made = [path for path in built.root.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in made}
    build.build(root=built.root, exercises=built.exercises)
    assert {path: path.read_bytes() for path in made} == before


def test_files_are_utf8_with_lf_and_one_newline_at_the_end(built):
    for name in files.read_manifest(built.root):
        content = (built.root / name).read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n") and not content.endswith(b"\n\n")
        assert b"jupytext_version" not in content and b"language_info" not in content


MADE = ["solutions/01_tiny.ipynb", "notebooks/01_tiny.ipynb", "notebooks/01_tiny.py", "MISCONCEPTIONS.md"]
PLANTED = {
    "a byte of difference": ("notebooks/01_tiny.ipynb", "You compute", "You  compute", "differs from what its lesson"),
    "a differing twin": ("notebooks/01_tiny.py", "You compute", "You  compute", "notebooks/01_tiny.py differs"),
    "a drifted source": ("solutions/01_tiny.py", "You compute", "You find", "solutions/01_tiny.ipynb differs"),
    "a misspelt tag": ("solutions/01_tiny.py", 'tags=["widget"]', 'tags=["wigdet"]', "did you mean 'widget'?"),
    "a missing part": ("solutions/01_tiny.py", ' tags=["part-recap"]', "", "'part-recap' opens 0 times"),
    "an undefined name": ("solutions/01_tiny.py", "len(values)", "len(valeus)", "uses 'valeus', which no cell"),
    "a missing output": ("solutions/01_tiny.ipynb", '"stream"', '"nothing"', "has no stored output"),
    "an output that is no text": ("solutions/01_tiny.ipynb", '"stdout"', '"stderr"', "its output is stderr"),
    "an output where none belongs": (
        "solutions/01_tiny.ipynb",
        '"outputs": []',
        '"outputs": [{"output_type": "stream", "name": "stdout", "text": "hello"}]',
        "differs",
    ),
    "an output in the workbook": (
        "notebooks/01_tiny.ipynb",
        '"outputs": []',
        '"outputs": [{"output_type": "stream", "name": "stdout", "text": "hello"}]',
        "differs",
    ),
    "a changed count": ("solutions/01_tiny.ipynb", '"execution_count": 7', '"execution_count": 8', "differs"),
    "an answer in the workbook": (
        "notebooks/01_tiny.ipynb",
        "As published",
        "total = sum(abs(value) ** power for value in values)",
        "gives away the solution of 'tiny_norm'",
    ),
    "an answer in the twin": (
        "notebooks/01_tiny.py",
        "As published",
        "sum(abs(value)**power for value in values)",
        "01_tiny.py: gives away",
    ),
    "an answer in the lesson's prose": (
        "solutions/01_tiny.py",
        "As published",
        "sum(abs(value)**power for value in values)",
        "differs",
    ),
    "a forgotten manifest": (
        "notebooks/generated.json",
        "01_tiny.py",
        "01_tony.py",
        "does not know today's notebooks/01_tiny.py",
    ),
    "a lesson that is gone": (
        "notebooks/generated.json",
        "{",
        '{"notebooks/02_gone.py": "",',
        "from a lesson that is gone",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), PLANTED.values(), ids=PLANTED)
def test_check_fails_on(built, file, old, new, says):
    path = built.root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert says in check(built)


@pytest.mark.parametrize("name", MADE)
def test_check_fails_on_a_missing_file(built, name):
    (built.root / name).unlink()
    assert f"{name} is missing; run `featherweight build`." in check(built)


def test_check_finds_the_solved_notebook_copied_beside_the_workbook(built):
    solved = (built.root / "solutions" / "01_tiny.ipynb").read_bytes()
    (built.root / "notebooks" / "01_tiny_copy.ipynb").write_bytes(solved)
    assert "notebooks/01_tiny_copy.ipynb: gives away the solution of 'tiny_norm'" in check(built)


def test_check_misses_the_source_of_an_exercise(built):
    lost = built.with_exercise(0, name="lost", lesson=2)
    assert "'lost' is an exercise of lesson 2, which has no source" in check(lost)


def test_check_starts_no_kernel_and_executes_nothing(built, monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("build --check executed something")

    monkeypatch.setattr("nbclient.NotebookClient.__init__", forbidden)
    monkeypatch.setattr("subprocess.Popen.__init__", forbidden)
    monkeypatch.setattr("builtins.exec", forbidden)
    built.spoil("import sys\n", "import sys\nraise SystemExit('executed')\n")
    assert "differs" in check(built)


def test_an_answer_in_the_source_is_not_built(built):
    before = built.workbook.read_bytes()
    built.spoil("As published", "`total = sum(abs(value) ** power for value in values)`")
    with pytest.raises(LessonError, match="gives away the solution of 'tiny_norm'"):
        build.build(root=built.root, exercises=built.exercises)
    assert built.workbook.read_bytes() == before


def test_a_lesson_that_breaks_rules_is_not_built(built):
    before = built.workbook.read_bytes()
    built.spoil('tags=["widget"]', 'tags=["wigdet", "chekc"]')
    with pytest.raises(LessonError, match=r"unknown tag 'wigdet'.*\(and 1 more: `featherweight build --check`\)"):
        build.build(root=built.root, exercises=built.exercises)
    assert built.workbook.read_bytes() == before


def edit_workbook(project, change):
    notebook = nbformat.read(project.workbook, as_version=4)
    change(notebook)
    nbformat.write(notebook, project.workbook)


def types_an_answer(notebook):
    cell = next(cell for cell in notebook.cells if cell.id == "tiny_norm")
    cell.source = cell.source.replace('raise NotImplementedError("your turn")', "return 5.0")


def runs_a_cell(notebook):
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="hello")], 4
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12"}


def adds_a_note(notebook):
    notebook.cells.append(nbformat.v4.new_markdown_cell("mine"))


@pytest.mark.parametrize("change", [types_an_answer, adds_a_note])
def test_an_edited_workbook_is_not_overwritten(built, change):
    edit_workbook(built, change)
    kept = built.workbook.read_bytes()
    built.spoil("You compute", "You find")
    twin = (built.root / "notebooks" / "01_tiny.py").read_bytes()
    with pytest.raises(FileProblem) as refused:
        build.build(root=built.root, exercises=built.exercises)
    assert str(refused.value) == (
        "notebooks/01_tiny.ipynb was edited since it was generated; nothing was written. Save it under another name "
        "(`featherweight resume` then moves its answers into today's workbook), or overwrite it with --force."
    )
    assert built.workbook.read_bytes() == kept
    assert (built.root / "notebooks" / "01_tiny.py").read_bytes() == twin


def test_an_edited_workbook_is_refused_before_anything_runs(built, monkeypatch):
    edit_workbook(built, types_an_answer)
    monkeypatch.setattr(execute, "run", lambda *args: pytest.fail("executed"))
    with pytest.raises(FileProblem):
        build.build(root=built.root, exercises=built.exercises)


def test_force_overwrites(built):
    edit_workbook(built, types_an_answer)
    build.build(root=built.root, exercises=built.exercises, force=True)
    assert check(built) == ""


def test_a_workbook_that_was_only_run_is_overwritten(built):
    edit_workbook(built, runs_a_cell)
    built.spoil("You compute", "You find")
    build.build(root=built.root, exercises=built.exercises)
    assert check(built) == ""


@pytest.mark.parametrize("content", ["", "{", '{"cells": 3}', "\x00"], ids=["empty", "cut", "foreign", "binary"])
def test_a_damaged_workbook_is_not_overwritten(built, content):
    built.workbook.write_text(content)
    with pytest.raises(FileProblem, match=r"notebooks/01_tiny\.ipynb was edited"):
        build.build(root=built.root, exercises=built.exercises)


def test_a_workbook_that_no_build_made_is_not_overwritten(project):
    project.workbook.write_text(nbformat.writes(nbformat.v4.new_notebook()))
    with pytest.raises(FileProblem, match=r"notebooks/01_tiny\.ipynb was edited"):
        build.build(root=project.root, exercises=project.exercises)


def test_a_full_disk_leaves_everything_as_it_was(built, monkeypatch):
    before = {path: path.read_bytes() for path in built.root.rglob("*") if path.is_file() and path != built.source}
    built.spoil("You compute", "You find")
    calls = []

    def fails_at_the_fourth(*args, **kwargs):
        calls.append(args)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        return real(*args, **kwargs)

    real = tempfile.mkstemp
    monkeypatch.setattr(tempfile, "mkstemp", fails_at_the_fourth)
    with pytest.raises(FileProblem, match=r"Could not write notebooks/01_tiny\.py \(No space left on device\)"):
        build.build(root=built.root, exercises=built.exercises)
    assert {
        path: path.read_bytes() for path in built.root.rglob("*") if path.is_file() and path != built.source
    } == before


class Killed(BaseException):
    """What a test can see of SIGKILL: nothing runs on."""


@pytest.mark.slow
@pytest.mark.parametrize("renamed", range(5))
def test_a_build_that_was_killed_is_recovered_by_the_next(built, monkeypatch, renamed):
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", _killed_after(renamed))
        built.spoil("You compute", "You find")
        with pytest.raises(Killed):
            build.build(root=built.root, exercises=built.exercises)
    left = built.root / "notebooks" / ".01_tiny.ipynb.abcd_123"
    left.write_text("a temporary file")
    built.spoil("You find", "You work out")  # so that what is there is neither the manifest's nor the next
    said = []
    build.build(root=built.root, exercises=built.exercises, report=said.append)
    assert check(built) == ""
    assert ("The last build was interrupted" in said[0]) is (renamed > 0)
    assert not left.exists() and not (built.root / files.JOURNAL).exists()


def _killed_after(renames):
    left = iter(range(renames))

    def replace_or_die(source, target):
        if next(left, None) is None:
            raise Killed
        os.rename(source, target)

    return replace_or_die


def test_an_edit_after_a_build_that_was_killed_is_not_overwritten(built, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", _killed_after(3))
        built.spoil("You compute", "You find")
        with pytest.raises(Killed):
            build.build(root=built.root, exercises=built.exercises)
    edit_workbook(built, types_an_answer)
    with pytest.raises(FileProblem, match=r"notebooks/01_tiny\.ipynb was edited"):
        build.build(root=built.root, exercises=built.exercises)


@pytest.mark.parametrize("journal", ["{", "[]", '{"notebooks/01_tiny.ipynb": 3}'])
def test_a_damaged_journal_excuses_no_edit(built, journal):
    (built.root / files.JOURNAL).write_text(journal)
    edit_workbook(built, types_an_answer)
    with pytest.raises(FileProblem, match="was edited since it was generated"):
        build.build(root=built.root, exercises=built.exercises)


@pytest.mark.parametrize("wanted", ["01", "1", "01_tiny", "solutions/01_tiny.py"])
def test_one_lesson_can_be_named(built, wanted):
    assert [one.name for one in build.load(built.root, [wanted])] == ["01_tiny"]
    assert check(built, [wanted]) == ""


def test_an_unknown_lesson_is_refused(built):
    with pytest.raises(InputError, match=r"There is no lesson '7'; wanted one of 01, or a lesson's file name\."):
        build.load(built.root, ["7"])


def test_the_root_is_found_from_below_and_refused_elsewhere(built, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(built.root / "notebooks")
    assert build.find_root() == built.root
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(FileProblem, match="There is no solutions/ folder"):
        build.find_root()


def test_the_manifest_names_what_was_generated(built):
    manifest = json.loads((built.root / files.MANIFEST).read_text())
    lesson = ["notebooks/01_tiny.ipynb", "notebooks/01_tiny.py", "solutions/01_tiny.ipynb"]
    assert list(manifest) == ["MISCONCEPTIONS.md", *lesson]
    assert manifest["notebooks/01_tiny.ipynb"] == manifest["notebooks/01_tiny.py"]


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_generated_files_are_readable_by_all(built):
    assert {(built.root / name).stat().st_mode & 0o777 for name in files.read_manifest(built.root)} == {0o644}


@pytest.mark.slow
def test_a_lesson_is_built_with_a_kernel_and_twice_the_same(project):
    for _ in range(2):
        build.build(root=project.root, exercises=project.exercises)
        assert check(project) == ""
    solved = nbformat.read(project.root / "solutions" / "01_tiny.ipynb", as_version=4)
    assert [cell.outputs[0].text for cell in solved.cells if cell.get("outputs")] == ["5.0\n"]


@pytest.mark.slow
def test_thirteen_lessons_are_checked_within_ten_seconds_of_computing(project, monkeypatch):
    printed = [nbformat.v4.new_output("stream", name="stdout", text="5.0\n")]
    monkeypatch.setattr(execute, "run", lambda name, nb, folder: {cell.id: printed for cell in nb.cells})
    project.spoil("As published.", "word " * 2000)
    exercises = []
    for number in range(1, 14):
        (project.source.parent / f"{number:02}_tiny.py").write_bytes(project.source.read_bytes())
        exercises += [replace(exercise, lesson=number) for exercise in project.exercises]
    book = type(project)(project.root, tuple(exercises))
    build.build(root=book.root, exercises=book.exercises)
    started = time.process_time()
    assert check(book) == ""
    assert time.process_time() - started < 10
