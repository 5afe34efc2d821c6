"""One file with every workbook: complete, without pictures, and the same bytes each time."""

import os
import zipfile

import pytest
from nbformat import v4

from featherweight.errors import FileProblem
from featherweight.exercises.submit import FILE_NAME, submit
from featherweight.exercises.workbook import parse, read

PICTURE = {"image/png": "AAAA", "text/html": "<img>", "text/plain": "a figure"}
WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "m"}}


def _run(notebook):
    """The notebook as saved after a run with pictures and widgets."""
    cell = next(cell for cell in notebook.cells if cell.id == "01-002")
    cell.outputs = [
        v4.new_output("stream", text="0.1\n"),
        v4.new_output("display_data", PICTURE),
        v4.new_output("display_data", WIDGET),
    ]
    cell.execution_count = 7
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    return notebook


def _members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: parse(archive.read(name), name) for name in archive.namelist()}


def test_answers_are_whole_and_outputs_are_text(book):
    book.ipynb.write_bytes(book.to_ipynb(_run(book.answered())))
    done = submit(book.folder, catalogue=book.exercises)
    assert done.path == book.folder / FILE_NAME
    notebook = _members(done.path)[book.ipynb.name]
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in book.answered().cells]
    run = next(cell for cell in notebook.cells if cell.id == "01-002")
    assert [output.get("text") or output.data for output in run.outputs] == ["0.1\n", {"text/plain": "a figure"}]
    assert "widgets" not in notebook.metadata
    assert next(cell for cell in notebook.cells if cell.id == "gradient_descent").metadata.nbgrader.solution is True
    assert "widgets" in read(book.ipynb).metadata, "the workbook itself keeps its outputs"


def test_the_same_workbooks_give_the_same_bytes(book, tmp_path):
    first = submit(book.folder, tmp_path / "a.zip", book.exercises).path.read_bytes()
    os.utime(book.ipynb, (0, 0))
    assert submit(book.folder, tmp_path / "b.zip", book.exercises).path.read_bytes() == first


def test_what_is_not_started_or_deleted_is_said_and_nothing_refused(book):
    notebook = book.answered(gradient_descent=book.answers["gradient_descent"])
    notebook.cells = [cell for cell in notebook.cells if cell.id != "mended_clip"]
    book.ipynb.write_bytes(book.to_ipynb(notebook))
    book.py.write_bytes(book.to_py(notebook))
    (book.folder / "notes.ipynb").write_bytes(book.ipynb.read_bytes())
    (book.folder / "01_gradient_descent-Copy1.ipynb").write_bytes(book.ipynb.read_bytes())
    done = submit(book.folder, catalogue=book.exercises)
    assert str(done).splitlines() == [
        "01_gradient_descent.ipynb: 1 of 3 exercises have an answer; "
        "not started: largest_stable_rate; cell deleted: mended_clip.",
        "01_gradient_descent-Copy1.ipynb is left out: only workbooks, named NN_topic.ipynb, are handed in.",
        "notes.ipynb is left out: only workbooks, named NN_topic.ipynb, are handed in.",
        f"Hand in {done.path}.",
    ]
    assert list(_members(done.path)) == ["01_gradient_descent.ipynb"]


@pytest.mark.parametrize("edited", ["ipynb", "py"])
def test_answers_in_either_twin_are_handed_in(book, edited):
    getattr(book, edited).write_bytes(getattr(book, f"to_{edited}")(book.answered()))
    done = submit(book.folder, catalogue=book.exercises)
    assert "3 of 3 exercises have an answer." in str(done)
    assert "which holds the edits" in done.lines[0]


def test_an_unreadable_workbook_is_named_and_nothing_written(book):
    book.ipynb.write_bytes(b"{")
    book.py.write_bytes(b"")
    (book.folder / FILE_NAME).write_bytes(b"yesterday's")
    with pytest.raises(FileProblem, match=r"01_gradient_descent\.ipynb is not a whole notebook") as caught:
        submit(book.folder, catalogue=book.exercises)
    assert "\n" not in str(caught.value)
    assert (book.folder / FILE_NAME).read_bytes() == b"yesterday's"


def test_a_full_disk_leaves_yesterdays_submission(book, monkeypatch):
    (book.folder / FILE_NAME).write_bytes(b"yesterday's")

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("featherweight.runtime.os.replace", full)
    with pytest.raises(FileProblem, match=r"Could not write featherweight-submission\.zip"):
        submit(book.folder, catalogue=book.exercises)
    assert (book.folder / FILE_NAME).read_bytes() == b"yesterday's"
    assert not list(book.folder.glob(".*"))


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(FileProblem, match=r"There is no workbook \(NN_topic\.ipynb\) in"):
        submit(tmp_path, catalogue=())


def test_only_an_earlier_submission_is_overwritten(book, tmp_path):
    out = tmp_path / "mine.zip"
    for _ in range(2):
        submit(book.folder, out, book.exercises)
    for other in (out, book.ipynb):
        other.write_bytes(book.to_ipynb(book.answered()))
        with pytest.raises(FileProblem, match="is there and is no earlier submission; nothing was written"):
            submit(book.folder, other, book.exercises)
        assert other.read_bytes() == book.to_ipynb(book.answered())
