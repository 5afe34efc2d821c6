"""Tasks in processes: one that dies takes no other with it, and no process outlives the run."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import psutil
import pytest

from featherweight.grading.processes import Fell, in_processes

pytestmark = pytest.mark.slow  # processes are started anew


def outcome(kind):
    """What a task may do, by name."""
    if kind.startswith("die"):
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "raise":
        raise ValueError(kind)
    time.sleep(0.02)
    return kind * 2


def die_once(kind, folder):
    mark = os.path.join(folder, kind)
    if kind == "die" and not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return kind * 2


@pytest.mark.parametrize("jobs", [1, 3])
def test_everyone_but_who_dies_is_served(jobs):
    kinds = ["a", "die1", "b", "raise", "c", "die2", "d"]
    found = dict(in_processes(outcome, kinds, jobs))
    assert set(found) == set(kinds)
    assert {kind: found[kind] for kind in "abcd"} == {kind: kind * 2 for kind in "abcd"}
    assert isinstance(found["die1"], Fell) and isinstance(found["die2"], Fell)
    assert isinstance(found["raise"], ValueError)


def test_who_dies_by_accident_is_tried_once_more(tmp_path):
    found = dict(in_processes(partial(die_once, folder=str(tmp_path)), ["a", "die", "b"], 2))
    assert found == {"a": "aa", "die": "diedie", "b": "bb"}


def test_stopping_half_way_leaves_no_process():
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    run = in_processes(time.sleep, [0.01, 30, 30], 2)
    next(run)
    run.close()
    left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert [child for child in left if "resource_tracker" not in " ".join(child.cmdline())] == []


SCRIPT = """
import sys, tempfile, time
from featherweight.grading.processes import in_processes

def hold(seconds):
    with tempfile.TemporaryDirectory(dir=sys.argv[1]):
        time.sleep(seconds)

if __name__ == "__main__":
    try:
        for _ in in_processes(hold, [0.01, 60, 60, 60], 2):
            print("started", flush=True)
    except KeyboardInterrupt:
        pass
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_processes_end_with_their_parent_and_give_back_what_they_hold(tmp_path, how):
    (tmp_path / "held").mkdir()
    (tmp_path / "run.py").write_text(SCRIPT)
    words = [sys.executable, tmp_path / "run.py", tmp_path / "held"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout.readline()
        children = psutil.Process(run.pid).children(recursive=True)
        time.sleep(0.5)
        assert len(list((tmp_path / "held").iterdir())) == 2
        os.killpg(run.pid, how) if how == signal.SIGINT else run.kill()
        said = run.communicate(timeout=30)[1]
    _, alive = psutil.wait_procs(children, timeout=10)
    assert children and alive == [] and list((tmp_path / "held").iterdir()) == []
    assert how == signal.SIGKILL or said == ""
