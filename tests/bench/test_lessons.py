"""Time and memory of a lesson are those of its kernel."""

import subprocess
import sys
import time

import nbformat
import pytest

from featherweight.bench.lessons import children_watched, measure_lesson

pytestmark = pytest.mark.slow


def test_memory_and_processor_of_a_process_are_seen():
    code = "import time\nheld = bytearray(100 * 2**20)\nwhile time.process_time() < 0.5: pass"
    with children_watched() as seen:
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert 100 < seen.peak < 300 and 0.3 < seen.cpu < 5


def test_what_ran_before_is_not_seen():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        with children_watched() as seen:
            time.sleep(0.2)
        other.communicate(b"\n")
    assert seen.peak == seen.cpu == 0


def test_a_lesson_is_timed(tmp_path):
    cell = nbformat.v4.new_code_cell("import time; time.sleep(0.5)", id="sleep")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "01_short.ipynb")
    seconds, cpu, peak = measure_lesson(tmp_path / "01_short.ipynb")
    assert 0.5 < seconds < 30 and 0 < cpu < seconds + 5 and peak > 10
