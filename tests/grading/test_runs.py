"""Whole runs of the command in the real sandbox: the same bytes at any number of jobs, on Dask, and after a kill."""

import os
import runpy
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from featherweight.export.canonical import lines
from featherweight.grading.gradebook import FILE_NAME, Gradebook

GIVEN = runpy.run_path(str(Path(__file__).with_name("handing_in.py")))
NAMES, RIGHT, hand_in = (GIVEN[name] for name in ("NAMES", "RIGHT", "hand_in"))
OUTSIDE = runpy.run_path(str(Path(__file__).with_name("outside.py")))
STUDENTS = ("ada", "bob", "cy", "dee", "eve", "fay")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """Ada right, Bob untouched, Cy unreadable, Dee's code ends its process, Eve's never ends, Fay half right."""
    root = tmp_path_factory.mktemp("class") / "in"
    hand_in(root, "ada", RIGHT)
    hand_in(root, "bob")
    (root / "cy").mkdir()
    (root / "cy" / "x.ipynb").write_text("{")
    hand_in(root, "dee", RIGHT | {NAMES[0]: f"import os\ndef {NAMES[0]}(*inputs):\n    os.abort()"})
    hand_in(root, "eve", RIGHT | {NAMES[1]: f"def {NAMES[1]}(*inputs):\n    while True:\n        pass"})
    hand_in(root, "fay", {name: RIGHT[name] for name in NAMES[:2]})
    (root.parent / "seed").write_text("correct horse battery")
    return root


def command(handed, out, *more):
    words = ["grade", handed, "--out", out, "--seed-file", handed.parent / "seed", "--seconds", "3", *more]
    return [sys.executable, "-m", "featherweight", *map(str, words)]


def run(handed, out, *more):
    subprocess.run(command(handed, out, *more), check=True, timeout=200, stdout=subprocess.DEVNULL)
    return out


def canonical(out):
    with Gradebook(out) as book:
        return lines(book.records(), book.overrides())


def kept(out):
    """Path → seconds of what a run has written so far."""
    if not (out / FILE_NAME).exists():
        return {}
    with Gradebook(out) as book:
        return {one.path: one.seconds for one in book.records()}


@pytest.fixture(scope="module")
def whole(handed):
    """A run that nobody disturbs, one student at a time."""
    return run(handed, handed.parent / "whole", "-j", "1")


def test_every_student_gets_what_they_deserve(whole):
    with Gradebook(whole) as book:
        records = {one.student: one for one in book.records()}
    assert tuple(records) == STUDENTS and all(one.sandboxed for one in records.values())
    found = {name: [one.verdict for one in records[name].results] for name in STUDENTS}
    assert found["ada"] == ["passed"] * len(NAMES)
    assert found["bob"] == ["not started"] * len(NAMES)
    assert records["cy"].verdict == "unreadable" and "is not a whole notebook" in records["cy"].problem
    assert found["dee"] == ["crashed", *["passed"] * (len(NAMES) - 1)]
    assert found["eve"] == ["passed", "timeout", *["passed"] * (len(NAMES) - 2)]
    assert found["fay"] == ["passed", "passed", *["not started"] * (len(NAMES) - 2)]


def test_the_same_bytes_with_two_at_a_time(handed, whole, tmp_path):
    assert canonical(run(handed, tmp_path / "two", "-j", "2")) == canonical(whole)


@pytest.mark.filterwarnings("ignore")  # of Dask's own
def test_the_same_bytes_on_a_cluster(handed, whole, tmp_path):
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        run(handed, tmp_path / "dask", "--cluster", cluster.scheduler_address)
    assert canonical(tmp_path / "dask") == canonical(whole)


def test_without_a_sandbox_the_same_points_and_every_grade_marked(handed, whole, tmp_path):
    unsafe = canonical(run(handed, tmp_path / "unsafe", "--unsafe"))
    assert unsafe.count(b'"sandboxed": false') == len(STUDENTS) and b'"sandboxed": true' not in unsafe
    assert unsafe.replace(b'"sandboxed": false', b'"sandboxed": true') == canonical(whole)


def test_killed_half_way_it_goes_on_and_nothing_is_left_lost_or_graded_twice(handed, whole, tmp_path):
    out, temporary = tmp_path / "killed", tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(command(handed, out, "-j", "2"), env={**os.environ, "TMPDIR": str(temporary)}) as grader:
        before, family, sandboxes = wait_for_some(out, grader)
        grader.send_signal(signal.SIGKILL)
    assert 0 < len(before) < len(STUDENTS) and sandboxes
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == [] and not any(OUTSIDE["inhabitants"](name) for name in sandboxes)
    assert list(temporary.iterdir()) == []
    before = kept(out)
    run(handed, out, "-j", "2")
    assert canonical(out) == canonical(whole)
    assert {path: seconds for path, seconds in kept(out).items() if path in before} == before


def wait_for_some(out, grader):
    """What a command has kept, its processes, and their namespaces, as soon as a part is kept while a sandbox runs."""
    until = time.monotonic() + 150
    while time.monotonic() < until and grader.poll() is None:
        family, sandboxes = psutil.Process(grader.pid).children(recursive=True), set()
        for one in family:
            with suppress(OSError):
                sandboxes.add(OUTSIDE["namespace"](one.pid))
        sandboxes.discard(OUTSIDE["namespace"](os.getpid()))
        if sandboxes and (some := kept(out)):
            return some, family, sandboxes
        time.sleep(0.05)
    return {}, [], set()


SABOTAGED = """
import os, sys
from featherweight import cli
from featherweight.grading import submission
whole = submission.parse
submission.parse = lambda data, name: os.abort() if b"abort now" in data else whole(data, name)
if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[1:]))
"""


def test_a_student_who_ends_the_reading_process_ends_no_other(tmp_path):
    hand_in(tmp_path / "in", "ada", RIGHT)
    (tmp_path / "in" / "cy").mkdir()
    (tmp_path / "in" / "cy" / "x.ipynb").write_text('{"abort now": 1}')
    (tmp_path / "seed").write_text("correct horse battery")
    script = tmp_path / "run.py"
    script.write_text(SABOTAGED)
    words = command(tmp_path / "in", tmp_path / "out", "-j", "2")[3:]
    subprocess.run([sys.executable, script, *words], check=True, timeout=200)
    with Gradebook(tmp_path / "out") as book:
        found = {one.student: (one.verdict, one.problem) for one in book.records()}
    assert found == {"ada": ("graded", ""), "cy": ("unreadable", "reading it ended the process that read it")}
