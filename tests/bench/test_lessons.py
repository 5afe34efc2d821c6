"""Time and memory of a lesson are those of its kernel."""

import subprocess
import sys

import nbformat
import pytest

from featherweight.bench.lessons import measure_lesson, memory_of_children

pytestmark = pytest.mark.slow


def test_memory_of_a_process_is_seen():
    code = "import time; held = bytearray(100 * 2**20); time.sleep(0.5)"
    with memory_of_children() as peak:
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert 100 < peak[0] < 300


def test_a_lesson_is_timed(tmp_path):
    cell = nbformat.v4.new_code_cell("import time; time.sleep(0.5)", id="sleep")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "01_short.ipynb")
    seconds, peak = measure_lesson(tmp_path / "01_short.ipynb")
    assert 0.5 < seconds < 30 and peak > 10
