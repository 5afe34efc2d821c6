"""What the notebooks hold: source or stub, fixed metadata, and twins that bring no answer back."""

import asyncio
import inspect
import logging
import os
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from jupytext import reads
from nbgrader.nbgraderformat import MetadataValidator

from featherweight.authoring import lesson, notebook
from featherweight.exercises.source import STUB_LINE


@pytest.fixture
def one(project):
    return lesson.read(project.source)


@pytest.fixture
def solved(project, one):
    return notebook.solved(one, project.exercises)


@pytest.fixture
def workbook(project, one):
    return notebook.learner(one, project.exercises)


def by_id(made, name):
    return next(cell for cell in made.cells if cell.id == name)


def test_a_solved_cell_is_the_source_of_the_technique(solved):
    assert by_id(solved, "tiny_norm").source.splitlines() == [
        "def tiny_norm(values: list, power: float) -> float:",
        '    """The `power`-norm of some numbers, power 1 or more."""',
        "    total = sum(abs(value) ** power for value in values)  # the answer",
        "    return math.pow(total, 1.0 / power)",
    ]


def test_a_solved_alias_bears_the_exercises_name(solved):
    assert by_id(solved, "mended_tiny_mean").source.startswith("def mended_tiny_mean(values: list) -> float:")


def test_a_learners_cell_is_the_stub(workbook):
    assert by_id(workbook, "tiny_norm").source.splitlines() == [
        "def tiny_norm(values: list, power: float) -> float:",
        '    """The `power`-norm of some numbers, power 1 or more."""',
        f"    {STUB_LINE}",
    ]


def test_a_bug_hunt_hands_over_the_wrong_code_and_says_nothing(workbook):
    assert by_id(workbook, "mended_tiny_mean").source.splitlines() == [
        "def mended_tiny_mean(values: list) -> float:",
        '    """The mean of some numbers, 0.0 for none."""',
        "    total = math.fsum(values)",
        "    count = max(len(values) + 1, 1)",
        "    return total / count",
    ]


def test_all_other_cells_are_the_lessons(one, solved, workbook):
    for made in (solved, workbook):
        assert [cell.id for cell in made.cells] == [cell.id for cell in one.cells]
        same = [(cell.source, written.source) for cell, written in zip(one.cells, made.cells, strict=True)]
        assert sum(got != wanted for got, wanted in same) == 2


def test_only_the_workbook_is_paired(solved, workbook):
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    assert solved.metadata == {"kernelspec": kernel}
    assert workbook.metadata == {"kernelspec": kernel, "jupytext": {"formats": "ipynb,py:percent"}}


def test_check_cells_are_locked_and_carry_points(workbook):
    check, exercise = by_id(workbook, "check-tiny_norm").metadata, by_id(workbook, "tiny_norm").metadata
    assert (check["deletable"], check["editable"], exercise["deletable"]) == (False, False, False)
    common = {"schema_version": 3, "task": False}
    assert check["nbgrader"] == common | {
        **{"grade": True, "grade_id": "check-tiny_norm", "locked": True, "points": 2, "solution": False},
    }
    assert exercise["nbgrader"] == common | {
        **{"grade": False, "grade_id": "tiny_norm", "locked": False, "solution": True},
    }
    MetadataValidator().validate_nb(nbformat.from_dict(workbook))


def test_a_bug_hunt_is_no_solution_cell_to_nbgrader(workbook):
    marks = by_id(workbook, "mended_tiny_mean").metadata["nbgrader"]
    assert marks == {
        **{"grade": False, "grade_id": "mended_tiny_mean", "locked": False, "solution": False},
        **{"schema_version": 3, "task": False},
    }


def test_the_workbook_holds_no_output_and_expects_none(workbook):
    assert notebook.stored_outputs(workbook) == {}
    assert not [cell for cell in workbook.cells if notebook.OUTPUT_TAG in cell.metadata.get("tags", ())]


def test_outputs_go_only_into_tagged_cells_with_their_place_as_count(solved):
    printed = [nbformat.v4.new_output("execute_result", data={"text/plain": "5"}, execution_count=99)]
    made = notebook.with_outputs(solved, {cell.id: printed for cell in solved.cells})
    holding = [cell for cell in made.cells if cell.cell_type == "code" and cell.outputs]
    assert [(cell.execution_count, cell.outputs[0].execution_count) for cell in holding] == [(7, 7)]
    assert notebook.stored_outputs(solved) == {}


def test_the_twin_is_the_workbook_again(workbook):
    written = notebook.notebook_bytes(workbook)
    again = reads(notebook.twin(written).decode(), fmt="py:percent")
    assert [(cell.source, cell.metadata) for cell in again.cells] == [
        (cell.source, cell.metadata) for cell in nbformat.reads(written.decode(), as_version=4).cells
    ]


def opened(folder, name, kind="sync"):
    """What JupyterLab shows: the file read through Jupytext's contents manager."""
    from jupyter_server.services.contents import largefilemanager as plain
    from jupytext.async_contentsmanager import build_async_jupytext_contents_manager_class as make_async
    from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class as make_sync

    made = make_sync(plain.LargeFileManager) if kind == "sync" else make_async(plain.AsyncLargeFileManager)
    model = made(root_dir=str(folder), log=logging.getLogger("contents")).get(name)
    if inspect.isawaitable(model):
        with ThreadPoolExecutor(1) as pool:  # this thread may have a loop that runs: a browser's
            model = pool.submit(asyncio.run, model).result()
    return model["content"]


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("name", ["01_tiny.ipynb", "01_tiny.py"])
@pytest.mark.parametrize("ages", [(0, 10**6), (10**6, 0), (5, 5)], ids=["twin newer", "notebook newer", "same age"])
def test_a_fresh_clone_opens_stripped(project, workbook, kind, name, ages):
    folder, written = project.root / "notebooks", notebook.notebook_bytes(workbook)
    (folder / "01_tiny.ipynb").write_bytes(written)
    (folder / "01_tiny.py").write_bytes(notebook.twin(written))
    for path, age in zip(sorted(folder.iterdir()), ages, strict=True):
        os.utime(path, (1_700_000_000 + age,) * 2)
    assert [cell.source for cell in opened(folder, name, kind).cells] == [cell.source for cell in workbook.cells]


def test_a_twin_with_answers_would_bring_them_back(project, solved, workbook):
    """The trap that the test above watches: Jupytext takes the code from the twin."""
    folder, written = project.root / "notebooks", notebook.notebook_bytes(workbook)
    (folder / "01_tiny.ipynb").write_bytes(written)
    (folder / "01_tiny.py").write_bytes(notebook.twin(notebook.notebook_bytes(solved)))
    assert "the answer" in by_id(opened(folder, "01_tiny.ipynb"), "tiny_norm").source
    (folder / "01_tiny.py").write_bytes(notebook.twin(written))
    assert by_id(opened(folder, "01_tiny.ipynb"), "tiny_norm").source.endswith(STUB_LINE)


def test_saving_the_solved_notebook_leaves_the_lesson_alone(project, solved):
    from jupyter_server.services.contents.largefilemanager import LargeFileManager
    from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class as make_sync

    before = project.source.read_bytes()
    manager = make_sync(LargeFileManager)(root_dir=str(project.root), log=logging.getLogger("contents"))
    manager.save({"type": "notebook", "content": solved}, "solutions/01_tiny.ipynb")
    assert project.source.read_bytes() == before
