"""Each mode finds the fault that it is there for, names its cell, and lets a lesson without one pass."""

import sys
from pathlib import Path

import nbformat
import pytest

from featherweight.bench.modes import MODES
from featherweight.bench.soak import soak
from featherweight.exercises import by_name
from featherweight.exercises.source import stub_source

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap and limits on memory are Linux's"),
]

ROOT = Path(__file__).parents[2]
EXERCISE = "largest_stable_rate"
SET_UP = "import torch\nfrom torch import Tensor\nfrom featherweight import check, runtime\nruntime.use_threads()"
ANSWERED = {
    "set-up": SET_UP,
    EXERCISE: stub_source(by_name(EXERCISE)),
    f"check-{EXERCISE}": f"{EXERCISE} = check({EXERCISE})",
    "after": f"{EXERCISE}(torch.eye(2))",
}
"""A lesson of one exercise, without a fault."""
ELSEWHERE = "192.0.2.1"  # RFC 5737: an address that belongs to nobody
CONNECTS = f"import socket\nsocket.create_connection(({ELSEWHERE!r}, 80), timeout=1)"
UNHELD = f"""import subprocess, sys
code = "import socket; socket.create_connection(({ELSEWHERE!r}, 80), timeout=1)"
made = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
raise OSError(made.stderr.splitlines()[-1])"""
ONCE = "if 'again' in globals():\n    raise RuntimeError('it ran before')\nagain = True"
SWALLOWS = "try:\n    above\nexcept NameError:\n    raise TypeError('puzzling') from None"
CHILD = "import subprocess, sys\ncode = \"held = b'x' * (700 * 2**20); import time; time.sleep(1)\"\n"
CHILDREN = (
    f"{CHILD}for child in [subprocess.Popen([sys.executable, '-I', '-c', code]) for _ in range(2)]:\n    child.wait()"
)
TWO_THREADS = {**ANSWERED, "late": "torch.set_num_threads(2)"}
RETURNS = {
    "first": "late = False",
    **ANSWERED,
    "after": "assert not late, 'a later cell has run'",
    "late": "late = True",
}
SILENT = {"set-up": SET_UP, EXERCISE: ANSWERED[EXERCISE], f"check-{EXERCISE}": "print('nothing')"}
NOT_A_STAND_IN = {**ANSWERED, f"check-{EXERCISE}": f"check({EXERCISE});"}
FORGETS = {
    **ANSWERED,
    "late": "from featherweight.exercises.records import Progress, serialize\n"
    "open('featherweight-progress.json', 'w').write(serialize(Progress()))",
}
FAULTS = {
    "fails when run again": ("twice", {"only": ONCE}, "cell only: RuntimeError: it ran before the second time"),
    "puzzles after a restart": (
        "restarted",
        {"set-up": "", "above": "above = 1", "below": SWALLOWS, "end": ""},
        "cell below: after a restart, with the set-up alone: TypeError: puzzling, and no advice",
    ),
    "gives no advice": (
        "restarted",
        {"set-up": "", "above": "above = 1", "below": "above", "end": ""},
        "cell below: after a restart, with the set-up alone: NameError: name 'above' is not defined, and no advice",
    ),
    "needs order": (
        "out-of-order",
        RETURNS,
        "cell after: AssertionError: a later cell has run after a return to its exercise",
    ),
    "names no mistake": ("wrong", SILENT, f"cell check-{EXERCISE}: said 'nothing'; wanted 'This looks like: "),
    "does not use the answer": ("right", SILENT, f"cell check-{EXERCISE}: said 'nothing'; wanted '{EXERCISE}: passed'"),
    "has no stand-in": ("raising", NOT_A_STAND_IN, "cell after: ArithmeticError: mine"),
    "does not say that time is up": (
        "hanging",
        SILENT,
        f"cell check-{EXERCISE}: said 'nothing'; wanted 'stopped after'",
    ),
    "takes two threads": ("threads", TWO_THREADS, "cell late: torch computes on 2 threads; wanted 1"),
    "eats 1.3 GB": ("memory", {"only": "held = bytearray(1300 * 2**20)"}, "cell only: MemoryError"),
    "eats 1.3 GB with torch": (
        "memory",
        {"only": "import torch\nheld = torch.empty(1300 * 2**20, dtype=torch.int8)"},
        "cell only: RuntimeError: [enforce fail",
    ),
    "eats 1.4 GB in two processes": ("memory", {"only": CHILDREN}, "MiB at the peak; wanted at most 1228"),
    "opens a socket": ("offline", {"only": CONNECTS}, "cell only: ConnectionRefusedError: "),
    "opens a socket that no hook holds": (
        "offline",
        {"only": UNHELD},
        "cell only: OSError: OSError: [Errno 101] Network",
    ),
    "writes into its folder": (
        "read-only",
        {"only": "open('mine.txt', 'w')"},
        "cell only: OSError: [Errno 30] Read-only file system: 'mine.txt'",
    ),
    "loses the record": ("damaged", FORGETS, f"cell check-{EXERCISE}: its pass is not in the new "),
    "complains": (
        "twice",
        {"only": "import sys\nprint('odd', file=sys.stderr)"},
        "cell only: complains: odd",
    ),
    "dies": ("twice", {"only": "import os\nos._exit(1)"}, "cell only: the kernel died"),
}


def workbook(folder: Path, cells: dict[str, str]) -> Path:
    """A notebook of code cells, id → text."""
    made = [nbformat.v4.new_code_cell(source, id=name) for name, source in cells.items()]
    path = folder / "77_planted.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


@pytest.mark.parametrize(("mode", "cells", "line"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found_and_named(tmp_path, mode, cells, line):
    found = soak(workbook(tmp_path, cells), mode, ROOT)
    assert f"77_planted, {mode}, " in str(found.findings[0])
    assert line in str(found.findings[0])
    assert "\n" not in str(found.findings[0])


def test_a_cell_that_hangs_is_found(tmp_path):
    found = soak(workbook(tmp_path, {"only": "while True: pass"}), "twice", ROOT, seconds=1)
    assert [str(each) for each in found.findings] == ["77_planted, twice, cell only: still running after 1 s"]


def test_what_follows_from_an_advised_error_is_not_found_again(tmp_path):
    cells = {
        "set-up": SET_UP,
        "above": "above = 1",
        "half": "row = []\nrow.append(above)",
        "follows": "first = row[0]",
        "further": "1 / len([first])",
    }
    assert soak(workbook(tmp_path, cells), "restarted", ROOT).findings == ()


def test_a_kernel_that_dies_in_the_middle_is_found_once(tmp_path):
    dies = {**RETURNS, "after": "import os\nif late:\n    os._exit(1)"}
    found = soak(workbook(tmp_path, dies), "out-of-order", ROOT)
    line = "77_planted, out-of-order, cell after: the kernel died after a return to its exercise"
    assert [str(each) for each in found.findings] == [line]


def test_every_mode_has_a_planted_fault():
    assert {mode for mode, _, _ in FAULTS.values()} == set(MODES)
