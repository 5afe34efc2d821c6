"""A notebook in any usable state is read and written whole, and what is none is refused in one line."""

import json
import os
import subprocess
import sys
import time
import warnings

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from featherweight.errors import FileProblem
from featherweight.exercises.answers import answers
from featherweight.exercises.workbook import (
    _free_id,
    find_workbooks,
    is_pair,
    parse,
    pristine_in,
    read,
    twin_text,
    workbook_folder,
    write,
)


def _version_3(notebook):
    sheet = {"cells": [], "metadata": {}}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            sheet["cells"].append(
                {"cell_type": "code", "input": cell.source, "language": "python", "outputs": [], "metadata": {}}
            )
        else:
            sheet["cells"].append({"cell_type": "markdown", "source": cell.source, "metadata": {}})
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}).encode()


def _as_old(notebook):
    """nbformat 4.4: cells have no ids."""
    content = json.loads(nbformat.writes(notebook))
    for cell in content["cells"]:
        del cell["id"]
    return json.dumps({**content, "nbformat_minor": 4}).encode()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"", "a.ipynb", id="empty"),
        pytest.param(b"", "a.py", id="empty twin"),
        pytest.param(b'{"cells": [{"cell_type": "code", "sou', "a.ipynb", id="truncated"),
        pytest.param(b"<!DOCTYPE html><title>404</title>", "a.ipynb", id="a web page"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00", "a.ipynb", id="a picture"),
        pytest.param(b'{"format": "x"}', "a.ipynb", id="other JSON"),
        pytest.param(b"[1, 2]", "a.ipynb", id="a list"),
        pytest.param(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "a.ipynb", id="no cells"),
        pytest.param(b'{"nbformat": 9, "nbformat_minor": 0, "metadata": {}, "cells": []}', "a.ipynb", id="the future"),
        pytest.param(
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}', "a.ipynb", id="a number as text"
        ),
        pytest.param(b'{"nbformat": 4, "cells": [{"cell_type": "x", "source": "y"}]}', "a.ipynb", id="an unknown kind"),
        pytest.param(
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\\ud800"}]}', "a.ipynb", id="a surrogate"
        ),
        pytest.param(b"[" * 100_000, "a.ipynb", id="nested too deep"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_line(data, name):
    with pytest.raises(FileProblem, match=r"a\.(ipynb|py) is not a whole notebook \(.+\); wanted") as caught:
        parse(data, name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" \n", "it is empty"),
        (
            b'{"cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> mine\n]}',
            "the marks of a merge, <<<<<<<: choose one of the two",
        ),
    ],
    ids=["empty", "merge"],
)
def test_what_happened_to_a_file_is_said(data, reason):
    with pytest.raises(FileProblem, match=reason):
        parse(data, "a.ipynb")


def test_a_merge_in_a_text_is_a_text():
    cell = '{"cell_type": "code", "metadata": {}, "outputs": [], "source": ["<<<<<<< HEAD\\n", "x"]}'
    data = f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, "cells": [{cell}]}}'
    assert parse(data.encode(), "a.ipynb").cells[0].source == "<<<<<<< HEAD\nx"


def test_a_missing_file_is_named():
    with pytest.raises(FileProblem, match=r"Could not read nowhere\.ipynb"):
        read("nowhere.ipynb")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_cut_or_changed_byte_gives_a_notebook_or_one_line(book, data):
    whole = bytearray(book.ipynb.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = (
        bytes(whole[:place])
        if data.draw(st.booleans())
        else bytes(whole[:place] + data.draw(st.binary(max_size=3)) + whole[place + 1 :])
    )
    _read_and_write(damaged, book)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_value_gives_a_notebook_or_one_line(book, data):
    content = json.loads(book.ipynb.read_text())
    part, key = content, data.draw(st.sampled_from(sorted(content)))
    while isinstance(part[key], dict | list) and part[key] and data.draw(st.integers(0, 3)):
        part = part[key]
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
    part[key] = data.draw(st.sampled_from([None, 7, "x", [], {}, [None], {"x": 1}]))
    _read_and_write(json.dumps(content).encode(), book)


def _read_and_write(data, book):
    try:
        notebook = parse(data, "a.ipynb")
    except FileProblem as problem:
        said = str(problem)
    else:
        said = ""
        answers(notebook, book.exercises)
        write(book.folder / "02_written.ipynb", notebook)
        written = read(book.folder / "02_written.ipynb")
        assert [cell.source for cell in written.cells] == [cell.source for cell in notebook.cells]
    assert "\n" not in said


def test_reading_twice_gives_the_same_ids(book):
    data = _as_old(book.answered())
    one, two = parse(data, "a.ipynb"), parse(data, "a.ipynb")
    assert [cell.id for cell in one.cells] == [cell.id for cell in two.cells]
    assert len({cell.id for cell in one.cells}) == len(one.cells)


def test_many_cells_of_one_text_get_ids_of_their_own_in_no_time():
    start, taken = time.monotonic(), {}
    ids = [_free_id(None, "x", taken) for _ in range(20_000)]
    assert len(set(ids)) == 20_000 and ids[1:3] == [f"{ids[0]}-0", f"{ids[0]}-1"]
    assert time.monotonic() - start < 10


def test_writing_a_fresh_workbook_gives_back_the_bytes_of_its_notebook(book):
    before = book.ipynb.read_bytes()
    write(book.ipynb, read(book.ipynb))
    assert book.ipynb.read_bytes() == before
    assert "jupytext_version" not in book.py.read_text()
    assert pristine_in(book.folder)(book.py.name, read(book.py))


def test_a_changed_workbook_is_not_pristine(book):
    pristine = pristine_in(book.folder)
    assert pristine(book.ipynb.name, book.fresh())
    assert not pristine(book.ipynb.name, book.answered())
    assert not pristine("02_other.ipynb", book.fresh())


def test_copies_and_strangers_are_no_workbooks(book):
    for name in ("01_gradient_descent-Copy1.ipynb", "01_gradient_descent (2).ipynb", "notes.ipynb", "01_x.txt"):
        (book.folder / name).write_bytes(book.ipynb.read_bytes())
    (book.folder / "02_only_twin.py").write_bytes(book.py.read_bytes())
    assert [path.name for path in find_workbooks(book.folder)] == ["01_gradient_descent.ipynb", "02_only_twin.ipynb"]


def test_the_folder_is_this_one_or_its_notebooks(book, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert workbook_folder().resolve() == book.folder
    monkeypatch.chdir(book.folder)
    assert workbook_folder().resolve() == book.folder
    for nowhere in (tmp_path, tmp_path / "gone"):
        with pytest.raises(FileProblem, match=r"There is no workbook \(NN_topic\.ipynb\) in"):
            workbook_folder(nowhere)


def test_nothing_is_warned_about(book):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parse(_as_old(book.answered()), "a.ipynb")
        parse(_version_3(book.answered()), "a.ipynb")


@pytest.mark.parametrize(
    ("ipynb", "py", "listed", "pair"),
    [
        pytest.param('{\n  "formats": "ipynb,py:percent"\n}', "# a script", False, True, id="the notebook says so"),
        pytest.param("{}", "# ---\n#     formats: ipynb,py:percent\n", False, True, id="the script says so"),
        pytest.param("{", "", True, True, id="both damaged, but the build made them"),
        pytest.param("{}", "# ---\r\n#     formats: ipynb,py:percent\r\n", False, True, id="with CRLF"),
        pytest.param("{}", None, False, True, id="a notebook alone"),
        pytest.param(
            '{"source": "see formats: ipynb,py:percent"}', "# %%\nx = 1", False, False, id="a solved notebook"
        ),
        pytest.param(None, "# %%\nx = 1", False, False, id="a script alone"),
    ],
)
def test_a_pair_is_told_from_a_solved_notebook_and_its_source(tmp_path, ipynb, py, listed, pair):
    path = tmp_path / "01_x.ipynb"
    for file, text in ((path, ipynb), (path.with_suffix(".py"), py)):
        if text is not None:
            file.write_text(text)
    if listed:
        (tmp_path / "generated.json").write_text('{"notebooks/01_x.ipynb": "…"}')
    assert is_pair(path) is pair
    assert find_workbooks(tmp_path) == ([path] if pair else [])


def _changed(notebook, change):
    content = json.loads(nbformat.writes(notebook))
    change(content)
    return json.dumps(content).encode()


def _each_code_cell(**parts):
    def change(content):
        for cell in content["cells"]:
            if cell["cell_type"] == "code":
                cell.update(parts)

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_each_code_cell(outputs="x"), id="outputs are a text"),
        pytest.param(_each_code_cell(outputs=None), id="outputs are null"),
        pytest.param(_each_code_cell(outputs=[1, None]), id="outputs are numbers"),
        pytest.param(_each_code_cell(outputs=[{"output_type": "display_data", "data": [1]}]), id="output data a list"),
        pytest.param(_each_code_cell(metadata=None), id="metadata are null"),
        pytest.param(_each_code_cell(metadata={"lines_to_next_cell": 1e6}), id="a layout note is no whole number"),
        pytest.param(_each_code_cell(metadata={"lines_to_next_cell": 10**9}), id="a layout note beyond any memory"),
        pytest.param(_each_code_cell(metadata={"a b": 1, "\n": 2}), id="metadata that a script cannot hold"),
        pytest.param(lambda content: content.pop("metadata"), id="no metadata"),
        pytest.param(lambda content: content["metadata"].update(jupytext=3), id="Jupytext's part is a number"),
        pytest.param(
            lambda content: content["metadata"].update(jupytext={"text_representation": "x"}), id="an odd form"
        ),
        pytest.param(lambda content: content["metadata"].update(x="\ud800"), id="a surrogate in the metadata"),
        pytest.param(lambda content: content.update(nbformat="4"), id="a text as version"),
    ],
)
def test_odd_parts_around_the_texts_cost_no_text(book, change):
    notebook = parse(_changed(book.answered(), change), "a.ipynb")
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in book.answered().cells]
    write(book.ipynb, notebook)
    assert all(book.in_both(text) for text in book.answers.values())


@pytest.mark.parametrize("unfinished", ['x = """abc', "x = '''abc", 'def f():\n    """Text.\n    return 1', "x = ("])
def test_an_unfinished_quote_swallows_no_other_cell_of_the_twin(book, unfinished):
    notebook = book.answered()
    notebook.cells[2].source = unfinished
    twin = parse(twin_text(notebook).encode(), "a.py")
    assert [cell.source for cell in twin.cells] == [cell.source for cell in notebook.cells]


@pytest.mark.parametrize("whole", ['x = """\n# %%\n"""', "%%bash\nls\n# %%\necho"])
def test_a_percent_marker_within_whole_code_stays_in_its_cell(book, whole):
    notebook = book.answered()
    notebook.cells[2].source = whole
    assert parse(twin_text(notebook).encode(), "a.py").cells[2].source == whole


def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "a.ipynb")  # reading it would wait for ever
    for path in (tmp_path, tmp_path / "a.ipynb", "a\0b"):
        with pytest.raises(FileProblem, match="Could not read"):
            read(path)


@pytest.mark.parametrize("manifest", ["[" * 100_000, "7", '{"notebooks/01_gradient_descent.ipynb": 3}'])
def test_a_damaged_manifest_makes_nothing_pristine(book, manifest):
    (book.folder / "generated.json").write_text(manifest)
    assert not pristine_in(book.folder)(book.ipynb.name, book.fresh())


def test_a_folder_that_cannot_be_looked_into_is_one_line(book, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    with pytest.raises(FileProblem, match=r"Could not look into .* \(Permission denied\); wanted a folder"):
        workbook_folder(book.folder)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes are Linux's")
def test_a_name_that_is_no_text_is_no_workbooks(book):
    (book.folder / os.fsdecode(b"01_\xff.ipynb")).write_bytes(book.ipynb.read_bytes())
    assert find_workbooks(book.folder) == [book.ipynb]


def test_more_cells_than_any_lesson_has_are_refused_before_they_are_looked_at():
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "x"}] * 2001
    for content in ({"cells": cells, "nbformat": 4}, {"worksheets": cells, "nbformat": 3}):
        with pytest.raises(FileProblem, match="2,001 cells, more than 2,000"):
            parse(json.dumps(content).encode(), "a.ipynb")


@pytest.mark.slow
def test_no_grammar_is_built_for_reading_a_notebook():
    """What jsonschema would do with it takes longer than importing torch."""
    code = "import sys, featherweight.exercises.workbook; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
