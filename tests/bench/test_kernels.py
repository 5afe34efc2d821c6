"""A workbook in a folder of its own and a kernel in it: what a cell gave, and what the kernel may not do."""

import os
import sys
from pathlib import Path

import nbformat
import pytest

from featherweight.bench import kernels
from featherweight.bench.kernels import kernel, place
from featherweight.errors import FeatherweightError, MissingTool

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
WORKBOOK = ROOT / "notebooks" / "01_gradient_descent.ipynb"
CELLS = {
    "prints": "import sys\nprint('said')\nprint('odd', file=sys.stderr)\n7 * 6",
    "raises": "def inner():\n    raise ValueError('two\\nlines')\ninner()",
    "variables": "import os\nprint([os.environ.get(n) for n in ('OMP_NUM_THREADS', 'MINE', 'NBGRADER_EXECUTION')])",
}


@pytest.fixture
def small(tmp_path):
    """A place with three cells."""
    made = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    nbformat.write(nbformat.v4.new_notebook(cells=made), tmp_path / "77_small.ipynb")
    (tmp_path / "there").mkdir()
    return place(tmp_path / "77_small.ipynb", tmp_path / "there", ROOT)


def test_what_a_cell_gives(small):
    with kernel(small) as running:
        ran = running.run(small.cell("prints"))
        assert (ran.cell, ran.said, ran.complaints, ran.error) == ("prints", "said\n42\n", "odd", "")
        ran = running.run(small.cell("raises"))
        assert (ran.said, ran.error) == ("", "ValueError: two lines") and "inner()" in ran.told
        assert running.run(small.cell("prints"), "1 + 1").said == "2\n"
        assert not running.dead


def test_variables_of_the_kernel(small, monkeypatch):
    monkeypatch.setenv("MINE", "here")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for changes, wanted in (
        ({}, "['1', 'here', None]\n"),
        ({"OMP_NUM_THREADS": None, "MINE": "new"}, "[None, 'new', "),
    ):
        with kernel(small, changes) as running:
            assert running.run(small.cell("variables")).said.startswith(wanted)


def test_a_kernel_ends_with_its_block(small):
    with kernel(small) as running:
        pid = running.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_bubblewrap_it_says_so(small, monkeypatch):
    monkeypatch.setattr(kernels.shutil, "which", lambda name: None)
    with (
        pytest.raises(MissingTool, match=r"bwrap is not on the PATH; .*: install bubblewrap"),
        kernel(small, box=("-x",)),
    ):
        pass


def test_a_kernel_that_does_not_start_is_one_line(small, monkeypatch):
    monkeypatch.setattr(kernels, "LAUNCHER", (sys.executable, "-c", "raise SystemExit(1)", "{connection_file}"))
    with pytest.raises(FeatherweightError, match="No kernel was started: Kernel died"), kernel(small):
        pass


def test_without_limits_it_says_so(small, monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    with pytest.raises(MissingTool, match=r"sets no limit .*; wanted Linux"), kernel(small, most_bytes=10**9):
        pass


def test_a_place_has_the_workbook_its_code_and_its_exercises(tmp_path):
    whole = place(WORKBOOK, tmp_path, ROOT)
    assert (tmp_path / WORKBOOK.name).read_bytes() == WORKBOOK.read_bytes()
    assert [each.name for each in whole.exercises][::4] == ["gradient_descent", "mended_descent"]
    assert {cell.cell_type for cell in whole.cells} == {"code"}


def test_a_brief_place_ends_with_the_first_check_and_the_record(tmp_path):
    brief = place(WORKBOOK, tmp_path, ROOT, brief=True)
    assert [each.name for each in brief.exercises] == ["gradient_descent"]
    assert [cell.source for cell in brief.cells[-2:]] == ["gradient_descent = check(gradient_descent)", "progress()"]
