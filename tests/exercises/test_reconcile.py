"""A pair comes in step whatever the modification times, and no text is lost on the way."""

import itertools
import os
import re

import jupytext
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import v4
from tornado.web import HTTPError

from featherweight.authoring import files
from featherweight.errors import FileProblem
from featherweight.exercises.answers import answers
from featherweight.exercises.reconcile import reconcile
from featherweight.exercises.workbook import fingerprint, read

AGES = {"ipynb newer": 3600, "same time": 0, "ipynb older": -3600}


def _age(book, seconds):
    """Make the .ipynb so many seconds newer than the .py."""
    os.utime(book.py, (1_700_000_000, 1_700_000_000))
    os.utime(book.ipynb, (1_700_000_000 + seconds, 1_700_000_000 + seconds))


def test_the_manifests_fingerprint_is_the_builds(book):
    for path in (book.ipynb, book.py):
        assert fingerprint(read(path)) == files.fingerprint(path.name, path.read_bytes())


@pytest.mark.parametrize("seconds", AGES.values(), ids=AGES)
def test_a_fresh_pair_is_in_step(book, seconds):
    _age(book, seconds)
    before = book.ipynb.read_bytes(), book.py.read_bytes()
    assert reconcile(book.ipynb) is None
    assert (book.ipynb.read_bytes(), book.py.read_bytes()) == before


@pytest.mark.parametrize("seconds", AGES.values(), ids=AGES)
@pytest.mark.parametrize("edited", ["ipynb", "py"])
def test_the_only_edited_twin_wins_at_any_age(book, edited, seconds):
    """Yesterday's download put over a fresh workbook by an upload that writes only one file."""
    getattr(book, edited).write_bytes(getattr(book, f"to_{edited}")(book.answered()))
    _age(book, seconds)
    line = reconcile(book.ipynb)
    assert f"{edited}, which holds the edits" in line and "\n" not in line
    assert all(book.in_both(text) for text in [*book.answers.values(), "My note: small steps."])
    assert book.texts_of(book.ipynb) == book.texts_of(book.py)
    assert not (book.folder / "kept").exists()
    assert reconcile(book.py) is None
    assert book.py.stat().st_mtime_ns >= book.ipynb.stat().st_mtime_ns


def test_ids_and_outputs_survive_a_text_edit(book):
    notebook = book.fresh()
    run = next(cell for cell in notebook.cells if cell.id == "01-002")
    run.outputs = [v4.new_output("stream", text="0.1\n")]
    book.ipynb.write_bytes(book.to_ipynb(notebook))
    book.py.write_bytes(book.to_py(book.answered()))
    reconcile(book.ipynb)
    cells = {cell.id: cell for cell in read(book.ipynb).cells}
    assert cells["01-002"].outputs[0].text == "0.1\n"
    assert cells["gradient_descent"].source == book.answers["gradient_descent"]
    assert cells["check-mended_clip"].metadata.nbgrader.locked is True


@pytest.mark.parametrize("seconds", AGES.values(), ids=AGES)
def test_of_two_edited_twins_the_newer_wins_and_the_other_is_kept(book, seconds):
    book.ipynb.write_bytes(book.to_ipynb(book.answered(gradient_descent="def gradient_descent():\n    return 'lab'")))
    book.py.write_bytes(book.to_py(book.answered(gradient_descent="def gradient_descent():\n    return 'editor'")))
    _age(book, seconds)
    older = book.py if seconds >= 0 else book.ipynb
    content = older.read_bytes()
    line = reconcile(book.ipynb)
    assert f"the other is kept as kept/01_gradient_descent-1{older.suffix}" in line and "\n" not in line
    assert (book.folder / "kept" / f"01_gradient_descent-1{older.suffix}").read_bytes() == content
    assert book.in_both("'lab'" if seconds >= 0 else "'editor'")
    assert reconcile(book.ipynb) is None


def test_without_a_manifest_nothing_is_lost_either(book):
    (book.folder / "generated.json").write_text("{")
    book.ipynb.write_bytes(book.to_ipynb(book.answered()))
    _age(book, -3600)
    reconcile(book.ipynb)
    assert "# mine" in (book.folder / "kept" / "01_gradient_descent-1.ipynb").read_text()


def test_a_predicate_can_stand_in_for_the_manifest(book):
    book.ipynb.write_bytes(book.to_ipynb(book.answered()))
    _age(book, -3600)
    assert "holds the edits" in reconcile(book.ipynb, pristine=lambda name, notebook: name.endswith(".py"))
    assert book.in_both("# mine")


@pytest.mark.parametrize("missing", ["ipynb", "py"])
def test_a_missing_twin_is_made_again(book, missing):
    for kind in ("ipynb", "py"):
        getattr(book, kind).write_bytes(getattr(book, f"to_{kind}")(book.answered()))
    getattr(book, missing).unlink()
    assert f"01_gradient_descent.{missing} was missing" in reconcile(book.ipynb)
    assert all(book.in_both(text) for text in book.answers.values())
    assert set(book.answers) <= set(answers(read(book.ipynb), book.exercises))


@pytest.mark.parametrize("content", [b"", b'{"cells": [', b"\xff\xfe\x00", b"{}"], ids=repr)
@pytest.mark.parametrize("damaged", ["ipynb", "py"])
def test_a_damaged_twin_is_kept_and_made_again(book, damaged, content):
    for kind in ("ipynb", "py"):
        getattr(book, kind).write_bytes(getattr(book, f"to_{kind}")(book.answered()))
    getattr(book, damaged).write_bytes(content)
    line = reconcile(book.ipynb)
    assert f"01_gradient_descent.{damaged} was damaged: it is kept as kept/01_gradient_descent-1.{damaged}" in line
    assert (book.folder / "kept" / f"01_gradient_descent-1.{damaged}").read_bytes() == content
    assert all(book.in_both(text) for text in book.answers.values())


def test_two_damaged_twins_are_left_as_they_are(book):
    book.ipynb.write_bytes(b"{")
    book.py.write_bytes(b"")
    with pytest.raises(FileProblem, match=r"01_gradient_descent\.ipynb is not a whole notebook"):
        reconcile(book.ipynb)
    assert (book.ipynb.read_bytes(), book.py.read_bytes()) == (b"{", b"")


def test_no_pair_at_all_is_said(book):
    with pytest.raises(FileProblem, match=r"There is no 02_gone\.ipynb in"):
        reconcile(book.folder / "02_gone.ipynb")


MOVES = ["answer in the ipynb", "answer in the py", "fresh ipynb", "fresh py", "touch ipynb", "touch py", "reconcile"]


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(MOVES), max_size=7))
def test_no_order_of_events_loses_an_answer(book, moves):
    """Whatever is in either twin before they come in step is in both, or kept aside, afterwards."""
    clock = itertools.count(1_700_000_000, 10)
    for number, move in enumerate(["fresh ipynb", "fresh py", *moves, "reconcile"]):
        kind = "py" if move.endswith("py") else "ipynb"
        path = getattr(book, kind)
        if move == "reconcile":
            before = _answers_in(book.ipynb, book.py)
            reconcile(path)
            kept = list((book.folder / "kept").glob("*"))
            assert before <= _answers_in(book.ipynb) | _answers_in(*kept)
            assert _answers_in(book.ipynb) == _answers_in(book.py)
            continue
        if not move.startswith("touch"):
            text = f"def gradient_descent():\n    return 'answer {number}'"
            notebook = book.fresh() if move.startswith("fresh") else book.answered(gradient_descent=text)
            path.write_bytes(getattr(book, f"to_{kind}")(notebook))
        os.utime(path, (next(clock),) * 2)
    assert reconcile(book.ipynb) is None


def _answers_in(*paths):
    return {found for path in paths for found in re.findall(r"'answer \d+'", path.read_text())}


def _open(book):
    """The text of the workbook as Jupytext's own contents manager gives it to Lab."""
    manager = jupytext.TextFileContentsManager(root_dir=str(book.folder))
    return "\n".join(cell.source for cell in manager.get(book.ipynb.name)["content"].cells)


@pytest.mark.parametrize("seconds", AGES.values(), ids=AGES)
def test_lab_opens_a_pair_in_step_with_the_answers(book, seconds):
    book.ipynb.write_bytes(book.to_ipynb(book.answered()))
    _age(book, seconds)
    try:
        alone = _open(book)
    except HTTPError:
        alone = ""
    assert "# mine" not in alone, "Jupytext alone refuses to open the pair, or opens it without the answers"
    reconcile(book.ipynb)
    assert all(text in _open(book) for text in book.answers.values())


def test_a_solved_notebook_and_its_source_are_left_alone(tmp_path, book):
    for suffix, content in ((".ipynb", b'{"cells": []}'), (".py", b"# %%\nfrom here import it\n")):
        (tmp_path / f"01_solved{suffix}").write_bytes(content)
    assert reconcile(tmp_path / "01_solved.ipynb") is None
    assert (tmp_path / "01_solved.py").read_bytes() == b"# %%\nfrom here import it\n"
