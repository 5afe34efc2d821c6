"""Coming back: whatever is brought and however it is called, nothing is lost, twice is once, damage is one line."""

import io
import json
import os
import zipfile

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import v4

from featherweight.errors import FileProblem
from featherweight.exercises import progress
from featherweight.exercises.resume import resume
from featherweight.exercises.submit import submit
from featherweight.exercises.workbook import read

AGES = {"ipynb newer": 3600, "same time": 0, "ipynb older": -3600}
NAMES = ["yesterday.ipynb", "01_gradient_descent (1).ipynb", "01_gradient_descent-yesterday.ipynb", "my work.py"]


def _age(book, seconds):
    os.utime(book.py, (1_700_000_000, 1_700_000_000))
    os.utime(book.ipynb, (1_700_000_000 + seconds, 1_700_000_000 + seconds))


def _all_text(book):
    return "\n".join(
        path.read_text() for path in sorted(book.folder.rglob("*.ipynb")) + sorted(book.folder.rglob("*.py"))
    )


@pytest.mark.slow
@pytest.mark.parametrize("inside", [True, False], ids=["in the folder", "elsewhere"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seconds", AGES.values(), ids=AGES)
def test_yesterdays_download_on_a_fresh_binder(book, tmp_path, seconds, name, inside):
    """Under another name, in today's folder or elsewhere, whatever the ages of today's twins."""
    file = (book.folder if inside else tmp_path) / name
    file.write_bytes(book.to_py(book.answered()) if name.endswith(".py") else book.to_ipynb(book.answered()))
    content = file.read_bytes()
    _age(book, seconds)
    report = resume(file, book.folder, book.exercises)
    assert all(book.in_both(text) for text in [*book.answers.values(), "My note: small steps."])
    assert book.texts_of(book.ipynb) == book.texts_of(book.py)
    assert report.changed == (book.ipynb,)
    assert file.read_bytes() == content, "what is taken in is only read"
    assert not (file.with_suffix(".py").exists() and file.suffix == ".ipynb"), "and gets no twin"
    assert not (book.folder / "kept").exists(), "a workbook as generated needs no copy"


@pytest.mark.parametrize("uploaded", ["ipynb", "py"])
@pytest.mark.parametrize("seconds", AGES.values(), ids=AGES)
def test_yesterdays_download_put_over_todays_workbook(book, seconds, uploaded):
    """An upload writes one file only; resume on that very file brings the pair in step."""
    path = getattr(book, uploaded)
    path.write_bytes(getattr(book, f"to_{uploaded}")(book.answered()))
    _age(book, seconds)
    report = resume(path, book.folder, book.exercises)
    assert all(book.in_both(text) for text in [*book.answers.values(), "My note: small steps."])
    assert "which holds the edits" in str(report)
    assert "is today's workbook itself" in str(resume(path, book.folder, book.exercises))


def test_twice_changes_nothing(book, tmp_path):
    file = tmp_path / "yesterday.ipynb"
    file.write_bytes(book.to_ipynb(book.answered()))
    resume(file, book.folder, book.exercises)
    before = {path: path.read_bytes() for path in book.folder.rglob("*") if path.is_file()}
    report = resume(file, book.folder, book.exercises)
    assert report.changed == ()
    assert report.lines == tuple(f"{name}: already in {book.ipynb.name}." for name in book.answers)
    assert {path: path.read_bytes() for path in book.folder.rglob("*") if path.is_file()} == before


def test_todays_own_work_stays_and_its_workbook_is_kept(book, tmp_path):
    mine = book.answered(gradient_descent="def gradient_descent():\n    return 'today'")
    book.ipynb.write_bytes(book.to_ipynb(mine))
    book.py.write_bytes(book.to_py(mine))
    before = book.ipynb.read_bytes()
    file = tmp_path / "yesterday.ipynb"
    file.write_bytes(book.to_ipynb(book.answered()))
    lines = str(resume(file, book.folder, book.exercises)).splitlines()
    assert lines[0].startswith("gradient_descent: 01_gradient_descent.ipynb has an answer of its own, which stays")
    assert lines[-1] == "01_gradient_descent.ipynb as it was is kept as kept/01_gradient_descent-1.ipynb."
    assert (book.folder / "kept" / "01_gradient_descent-1.ipynb").read_bytes() == before
    assert book.in_both("return 'today'") and book.in_both(book.answers["gradient_descent"])
    assert book.in_both(book.answers["largest_stable_rate"])


def test_an_older_release_brings_its_answers_and_not_its_prose(book, tmp_path):
    old = book.answered()
    old.cells[0].source = "# Gradient decsent (first edition)"
    old.cells.append(v4.new_markdown_cell("An old page.", id="01-099"))
    marks = {"nbgrader": {"grade_id": "gone_step", "solution": True, "schema_version": 3}}
    old.cells.append(v4.new_code_cell("def gone_step():\n    return 3", id="gone_step", metadata=marks))
    old.cells.append(v4.new_code_cell("gone_step = check(gone_step)", id="check-gone_step"))
    file = tmp_path / "old.ipynb"
    file.write_bytes(book.to_ipynb(old))
    report = str(resume(file, book.folder, book.exercises))
    assert "gone_step: today's release has no cell for it; your answer is added to 01_gradient_descent.ipynb" in report
    assert "2 of the book's own cells read differently in old.ipynb" in report
    assert "decsent" not in book.ipynb.read_text() and "check(gone_step)" not in book.ipynb.read_text()
    kept = (book.folder / "kept" / "01_gradient_descent-other-1.py").read_text()
    assert "decsent" in kept and "An old page." in kept
    assert book.in_both("return 3") and all(map(book.in_both, book.answers.values()))
    assert resume(file, book.folder, book.exercises).changed == ()


def test_a_notebook_of_two_lessons_reaches_both_workbooks(book, tmp_path):
    for suffix in (".ipynb", ".py"):
        (book.folder / f"02_second{suffix}").write_bytes(b"")
    second = book.fresh()
    second.cells = [cell for cell in second.cells if "mended_clip" in cell.id]
    book.fresh_without = [cell for cell in book.fresh().cells if "mended_clip" not in cell.id]
    first = v4.new_notebook(cells=book.fresh_without, metadata=book.fresh().metadata)
    for path, notebook in ((book.ipynb, first), (book.folder / "02_second.ipynb", second)):
        path.write_bytes(book.to_ipynb(notebook))
        path.with_suffix(".py").write_bytes(book.to_py(notebook))
    (book.folder / "generated.json").unlink()
    file = tmp_path / "all.ipynb"
    file.write_bytes(book.to_ipynb(book.answered()))
    assert len(resume(file, book.folder, book.exercises).changed) == 2
    assert book.answers["mended_clip"] in (book.folder / "02_second.py").read_text()
    assert book.in_both(book.answers["gradient_descent"])


def test_a_submission_comes_back(book, tmp_path):
    for kind in ("ipynb", "py"):
        getattr(book, kind).write_bytes(getattr(book, f"to_{kind}")(book.answered()))
    handed_in = submit(book.folder, tmp_path / "work.zip", book.exercises).path
    for kind in ("ipynb", "py"):
        getattr(book, kind).write_bytes(getattr(book, f"to_{kind}")(book.fresh()))
    resume(handed_in, book.folder, book.exercises)
    assert all(map(book.in_both, book.answers.values()))


def test_a_progress_file_is_merged(book, tmp_path, monkeypatch):
    monkeypatch.setenv("FEATHERWEIGHT_PROGRESS", str(tmp_path / "download.json"))
    progress.record_verdict("gradient_descent", "passed", "x = 1")
    monkeypatch.delenv("FEATHERWEIGHT_PROGRESS")
    report = resume(tmp_path / "download.json", book.folder, book.exercises)
    assert report.lines == ("download.json: 1 answers and 0 predictions are new in featherweight-progress.json.",)
    assert progress.load(book.folder).of("gradient_descent").state == "passed"


def test_an_untouched_workbook_says_so(book, tmp_path):
    file = tmp_path / "fresh.ipynb"
    file.write_bytes(book.to_ipynb(book.fresh()))
    report = resume(file, book.folder, book.exercises)
    assert report.lines == ("fresh.ipynb holds no answer yet; nothing was changed.",)
    assert report.changed == ()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        pytest.param("a.ipynb", b'{"cells": [', "a.ipynb is not a whole notebook", id="truncated"),
        pytest.param("a.ipynb", b"", "a.ipynb is not a whole notebook", id="empty"),
        pytest.param("a.zip", b"PK\x03\x04half", "a.zip is not a whole zip file", id="half a zip"),
        pytest.param("a.zip", b"PK\x05\x06" + bytes(18), "a.zip holds no notebook", id="an empty zip"),
        pytest.param("featherweight-progress (1).json", b"{", "is not whole JSON", id="half a progress file"),
        pytest.param("a.py", b"print('hello')", "a.py has nothing in common with the workbooks", id="a foreign script"),
        pytest.param(None, b"", "Could not read nowhere.ipynb", id="missing"),
    ],
)
def test_what_cannot_be_taken_in_changes_nothing(book, tmp_path, monkeypatch, name, data, says):
    monkeypatch.chdir(tmp_path)
    if name:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblem) as caught:
        resume(name or "nowhere.ipynb", book.folder, book.exercises)
    assert says in str(caught.value) and "\n" not in str(caught.value)
    assert sorted(path.name for path in book.folder.iterdir()) == [
        "01_gradient_descent.ipynb",
        "01_gradient_descent.py",
        "generated.json",
    ]
    assert book.texts_of(book.ipynb) == [cell.source for cell in book.fresh().cells]


def test_a_damaged_workbook_of_today_is_left_alone_and_named(book, tmp_path):
    book.ipynb.write_bytes(b"{")
    book.py.write_bytes(b"")
    file = tmp_path / "yesterday.ipynb"
    file.write_bytes(book.to_ipynb(book.answered()))
    with pytest.raises(FileProblem, match=r"nothing in common .* 01_gradient_descent\.ipynb is left alone: 01_grad"):
        resume(file, book.folder, book.exercises)
    assert book.ipynb.read_bytes() == b"{"


def test_a_full_disk_leaves_the_workbook_whole(book, tmp_path, monkeypatch):
    file = tmp_path / "yesterday.ipynb"
    file.write_bytes(book.to_ipynb(book.answered()))
    before = book.ipynb.read_bytes(), book.py.read_bytes()

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("featherweight.runtime.os.replace", full)
    with pytest.raises(FileProblem, match="No space left on device"):
        resume(file, book.folder, book.exercises)
    assert (book.ipynb.read_bytes(), book.py.read_bytes()) == before


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_however_a_notebook_was_mangled_its_answers_arrive(book, tmp_path, data):
    for kind in ("ipynb", "py"):
        getattr(book, kind).write_bytes(getattr(book, f"to_{kind}")(book.fresh()))
    notebook = book.answered()
    notebook.cells = data.draw(st.permutations(notebook.cells))
    for cell in list(notebook.cells):
        if data.draw(st.booleans()):
            cell.metadata = nbformat.NotebookNode()
        if data.draw(st.booleans()):
            cell.id = f"x{len(cell.source)}"
        if data.draw(st.integers(0, 4)) == 0:
            notebook.cells.append(nbformat.from_dict(json.loads(json.dumps(cell))))
    file = tmp_path / "mangled.ipynb"
    file.write_bytes(json.dumps(notebook).encode())
    resume(file, book.folder, book.exercises)
    assert all(book.in_both(text) for text in [*book.answers.values(), "My note: small steps."])
    assert {cell.source for cell in book.fresh().cells if "check" in cell.id} <= set(book.texts_of(book.ipynb))
    before = read(book.ipynb)
    assert resume(file, book.folder, book.exercises).changed == ()
    assert read(book.ipynb) == before


def _zip(members) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return memory.getvalue()


@pytest.mark.parametrize("junk", ["__MACOSX/._01_x.ipynb", ".ipynb_checkpoints/01_x-checkpoint.ipynb", "a/._b.ipynb"])
def test_what_jupyter_and_macos_hide_in_a_zip_is_passed_over(book, tmp_path, junk):
    file = tmp_path / "mine.zip"
    file.write_bytes(_zip({junk: b"\0\5\26\7", "../../01_x.ipynb": book.to_ipynb(book.answered())}))
    resume(file, book.folder, book.exercises)
    assert all(book.in_both(text) for text in book.answers.values())
    assert not (tmp_path.parent / "01_x.ipynb").exists()  # names in a zip are only names


def test_a_zip_that_is_damaged_or_too_large_gets_one_line(book, tmp_path, monkeypatch):
    whole = _zip({"01_x.ipynb": book.to_ipynb(book.answered())})
    file = tmp_path / "mine.zip"
    file.write_bytes(whole[:60] + b"\xff" * 40 + whole[100:])
    with pytest.raises(FileProblem, match=r"mine\.zip is not a whole zip file"):
        resume(file, book.folder, book.exercises)
    file.write_bytes(whole)
    monkeypatch.setattr("featherweight.exercises.resume.MOST_BYTES", 1 << 10)
    with pytest.raises(FileProblem, match=r"mine\.zip is not a whole zip file \(its notebooks are larger than 0 MB\)"):
        resume(file, book.folder, book.exercises)
