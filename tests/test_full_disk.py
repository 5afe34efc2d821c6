"""A disk that is really full: a tmpfs of a few kilobytes. One clear line, and what was there stays."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each starts Python and torch anew

WORKBOOKS = Path(__file__).parents[1] / "notebooks"
SIZE = 256 * 1024
SCRIPT = """
from featherweight import check
from featherweight.optimizers.descent import gradient_descent
gradient_descent = check(gradient_descent)
print("and on it goes")
"""


@pytest.fixture
def disk(tmp_path):
    """A folder with the workbook of lesson 1 and not one byte to spare."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "featherweight-test", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a tmpfs can be mounted by root on Linux only")
    try:
        for path in WORKBOOKS.glob("01_*"):
            shutil.copy(path, place)
        _fill(place / "everything-else")
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _fill(path):
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def snapshot(folder):
    """Every file that a user sees."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name[0] != "."}


def run(disk, *arguments):
    own = {**os.environ, "FEATHERWEIGHT_PROGRESS": str(disk / "featherweight-progress.json")}
    return subprocess.run(arguments, cwd=disk, env=own, capture_output=True, text=True, timeout=120, check=False)


def test_a_check_says_so_in_one_line_and_the_lesson_goes_on(disk):
    before = snapshot(disk)
    done = run(disk, sys.executable, "-c", SCRIPT)
    assert "passed, 8 cases" in done.stdout
    assert "and on it goes" in done.stdout
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr
    assert snapshot(disk) == before


@pytest.mark.parametrize("command", [["submit"], ["resume", "incoming.py"]])
def test_a_command_says_so_in_one_line_and_changes_nothing(disk, tmp_path, command):
    incoming = (WORKBOOKS / "01_gradient_descent.py").read_text(encoding="utf-8")
    (tmp_path / "incoming.py").write_text(incoming.replace('raise NotImplementedError("your turn")', "return 1"))
    before = snapshot(disk)
    arguments = [part.replace("incoming", str(tmp_path / "incoming")) for part in command]
    done = run(disk, sys.executable, "-m", "featherweight", *arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr
    assert snapshot(disk) == before
