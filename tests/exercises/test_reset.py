"""A stub comes back, the old text is kept, and the learner is told what to do."""

import pytest
from nbformat import v4

from featherweight.errors import FileProblem, InputError
from featherweight.exercises.answers import answers
from featherweight.exercises.reset import reset
from featherweight.exercises.source import stub_source
from featherweight.exercises.workbook import read


def _write(book, notebook):
    book.ipynb.write_bytes(book.to_ipynb(notebook))
    book.py.write_bytes(book.to_py(notebook))


def _exercise(book, name):
    return next(exercise for exercise in book.exercises if exercise.name == name)


@pytest.mark.parametrize("name", ["gradient_descent", "mended_clip"])
def test_one_stub_comes_back_in_both_twins(book, capsys, name):
    _write(book, book.answered())
    reset(name, book.folder, book.exercises)
    assert book.in_both(stub_source(_exercise(book, name)))
    assert not answers(read(book.ipynb), book.exercises)[name].started
    assert (book.folder / "kept" / f"{name}-1.py").read_text() == book.answers[name] + "\n"
    others = set(book.answers) - {name}
    assert all(book.in_both(book.answers[other]) for other in others)
    line, _, stub = capsys.readouterr().out.partition("\n\n")
    assert line == (
        f"{name} has its stub back in 01_gradient_descent.ipynb. Your text is kept in kept/{name}-1.py. "
        "In an open tab choose File → Reload Notebook from Disk; what you typed since the last save is only in "
        "that tab, so copy it first."
    )
    assert stub.rstrip() == stub_source(_exercise(book, name))


def test_the_workbook_is_then_as_generated(book):
    answered = book.answered(gradient_descent=book.answers["gradient_descent"])
    answered.cells = [cell for cell in answered.cells if cell.id != "a1b2c3d4"]
    _write(book, answered)
    reset("gradient_descent", book.folder, book.exercises)
    assert book.texts_of(book.ipynb) == [cell.source for cell in book.fresh().cells]


def test_an_untouched_stub_is_left_alone(book, capsys):
    before = book.ipynb.read_bytes()
    reset("gradient_descent", book.folder, book.exercises)
    assert "is as it was handed out" in capsys.readouterr().out
    assert book.ipynb.read_bytes() == before
    assert not (book.folder / "kept").exists()


def test_every_cell_of_a_split_answer_is_kept_and_gives_way(book):
    notebook = book.answered()
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "gradient_descent")
    notebook.cells.insert(place + 1, v4.new_code_cell("half = 0.5", metadata=notebook.cells[place].metadata))
    _write(book, notebook)
    reset("gradient_descent", book.folder, book.exercises)
    kept = (book.folder / "kept" / "gradient_descent-1.py").read_text()
    assert book.answers["gradient_descent"] in kept and "half = 0.5" in kept
    assert "half = 0.5" not in book.ipynb.read_text()


def test_a_cell_with_another_answer_stays(book):
    notebook = book.answered()
    both = f"{book.answers['gradient_descent']}\n\n\n{book.answers['mended_clip']}  # both"
    notebook.cells.append(v4.new_code_cell(both))
    _write(book, notebook)
    reset("gradient_descent", book.folder, book.exercises)
    assert book.in_both("# both")


def test_a_deleted_cell_comes_back_before_its_check(book):
    notebook = book.answered()
    notebook.cells = [cell for cell in notebook.cells if cell.id != "gradient_descent"]
    _write(book, notebook)
    reset("gradient_descent", book.folder, book.exercises)
    cells = read(book.ipynb).cells
    place = next(i for i, cell in enumerate(cells) if cell.id == "check-gradient_descent")
    assert cells[place - 1].source == stub_source(_exercise(book, "gradient_descent"))
    assert cells[place - 1].metadata.nbgrader.solution is True


def test_an_unknown_name_gets_the_nearest_ones(book):
    with pytest.raises(InputError, match=r"no exercise called 'gradient_decent'; did you mean gradient_descent"):
        reset("gradient_decent", book.folder, book.exercises)


def test_a_folder_without_the_lesson_is_said(book):
    book.fresh_cells = [cell for cell in book.fresh().cells if "mended_clip" not in cell.id]
    _write(book, v4.new_notebook(cells=book.fresh_cells, metadata=book.fresh().metadata))
    with pytest.raises(FileProblem, match=r"No workbook in .* has a cell for mended_clip"):
        reset("mended_clip", book.folder, book.exercises)


def test_a_full_disk_loses_nothing(book, monkeypatch):
    _write(book, book.answered())

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("featherweight.runtime.os.replace", full)
    with pytest.raises(FileProblem, match="No space left on device"):
        reset("gradient_descent", book.folder, book.exercises)
    assert book.in_both(book.answers["gradient_descent"])


def test_the_books_own_workbook_is_reset_and_not_a_copy_before_it(book):
    _write(book, book.answered())
    copy = book.folder / "01_a copy.ipynb"
    copy.write_bytes(book.to_ipynb(book.answered()))
    reset("gradient_descent", book.folder, book.exercises)
    assert copy.read_bytes() == book.to_ipynb(book.answered())
    assert book.in_both(stub_source(_exercise(book, "gradient_descent")))
