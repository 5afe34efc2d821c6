"""The sandbox's launcher: it refuses with cause and cure, works in odd places and for others, and leaves nothing."""

import os
import runpy
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import psutil
import pytest

from featherweight.errors import MissingTool
from featherweight.grading.sandbox import CLOSED, USUAL, Limits, _in_memory, _program, launch, probe

OUTSIDE = runpy.run_path(str(Path(__file__).with_name("outside.py")))
SRC = str(Path(__file__).parents[2] / "src")
ROOT = os.geteuid() == 0


@pytest.fixture
def place():
    """A folder that every user may enter, with a name that a shell would take apart, for temporary files."""
    with tempfile.TemporaryDirectory(prefix='it\'s a "place" ', dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def planted(place, monkeypatch):
    """Plant a program of a given name and shell text, found before any other."""

    def plant(name, text):
        program = place / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")

    return plant


def refusal(limits=USUAL):
    with pytest.raises(MissingTool) as caught:
        probe(limits)
    text = str(caught.value)
    assert "\n" not in text and "apt-get install bubblewrap" in text and "--unsafe" in text
    return text


def test_without_bubblewrap_it_refuses(monkeypatch, place):
    monkeypatch.setenv("PATH", str(place))
    assert "bwrap is not on the PATH" in refusal()


def test_a_failing_bubblewrap_is_quoted(planted):
    planted("bwrap", "echo 'bwrap: No permissions to create new namespace' >&2\nexit 1")
    assert "did not start (bwrap: No permissions to create new namespace)" in refusal()


def test_a_bubblewrap_that_hangs_is_ended(planted):
    planted("bwrap", "exec sleep 100.25")
    assert "timed out" in refusal(replace(USUAL, start=0.5))
    assert not [one for one in psutil.process_iter(["cmdline"]) if "100.25" in (one.info["cmdline"] or ())]


def test_a_refusal_leaves_no_file(planted, place, monkeypatch):
    planted("bwrap", "exit 1")
    (place / "temporary").mkdir(mode=0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(place / "temporary"))
    refusal()
    assert list((place / "temporary").iterdir()) == []


def test_bubblewrap_is_started_without_an_environment_and_closed(planted, place, monkeypatch):
    monkeypatch.setenv("SECRET", "canary")
    planted("bwrap", 'env >&2\necho "$@" | head -c 150 >&2\nexit 1')
    text = refusal()
    assert "canary" not in text and " ".join(CLOSED) in text


@pytest.mark.slow
def test_it_starts_and_ends_without_a_trace(place, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    worker = launch()
    name = OUTSIDE["namespace"](worker.family[-1].pid)
    assert name != OUTSIDE["namespace"](os.getpid())
    assert worker.alone() and list(place.iterdir()) == []
    assert worker.held(2**40) > 2**20
    worker.stop()
    assert OUTSIDE["inhabitants"](name) == [] and list(place.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not ROOT, reason="only root becomes another user")
def test_two_sandboxes_of_root_are_two_users_whom_nobody_knows():
    workers = [launch(), launch()]
    users = [worker.family[-1].uids().real for worker in workers]
    for worker in workers:
        worker.stop()
    assert len(set(users)) == 2 and not {0, os.getuid()} & set(users)


@pytest.mark.slow
def test_a_grader_that_is_killed_leaves_no_process_and_no_file(place):
    code = (
        f"import tempfile; tempfile.tempdir = {str(place)!r}\n"
        "from featherweight.grading.session import Session\n"
        "session = Session(); session.begin([], 5.0)\n"
        "print(session.worker.family[-1].pid, flush=True)\n"
        "session.begin(['while True: pass'], 60.0)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as grader:
        name = OUTSIDE["namespace"](int(grader.stdout.readline()))
        assert OUTSIDE["inhabitants"](name)
        grader.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while OUTSIDE["inhabitants"](name) and time.monotonic() < until:
        time.sleep(0.05)
    assert OUTSIDE["inhabitants"](name) == []
    assert list(place.iterdir()) == []


def test_the_program_that_goes_inside_cannot_be_changed():
    with _in_memory(_program()) as program:
        path = f"/proc/self/fd/{program}"
        assert sorted(ZipFile(path).namelist()) == ["__main__.py", "limits.py", "probes.py", "wire.py"]
        for change in (lambda: os.pwrite(program, b"x", 0), lambda: os.truncate(path, 0)):
            with pytest.raises(PermissionError):
                change()


@pytest.mark.slow
@pytest.mark.skipif(not ROOT, reason="any other user is tested by the whole suite")
def test_another_user_than_root_has_a_sandbox_too():
    """Where the interpreter is below /root, which only root may enter, that folder is replaced for the test alone."""
    code = "from featherweight.grading.session import Session; s = Session(); print(s.begin(['x = 1'], 9.0)); s.stop()"
    keep = [path for path in dict.fromkeys((sys.base_prefix, sys.prefix, SRC)) if path.startswith("/root/")]
    words = ["kept=$(mktemp -d)"]
    for number, path in enumerate(keep):
        words += [f"mkdir $kept/{number}", f"mount --rbind {shlex.quote(path)} $kept/{number}"]
    words += ["mount -t tmpfs -o mode=755 none /root"] if keep else []
    for number, path in enumerate(keep):
        words += [f"mkdir -p {shlex.quote(path)}", f"mount --move $kept/{number} {shlex.quote(path)}"]
    run = shlex.join([sys.executable, "-c", code])
    words.append(f"exec setpriv --reuid 63999 --regid 63999 --clear-groups {run}")
    done = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join(words)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": SRC, "HOME": "/tmp"},
    )
    assert done.stdout == "[None]\n", done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not ROOT, reason="needs a user namespace in which none may be made")
def test_without_user_namespaces_it_refuses():
    code = "from featherweight.grading.sandbox import probe; probe()"
    words = f"echo 0 > /proc/sys/user/max_user_namespaces; exec {shlex.join([sys.executable, '-c', code])}"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-ec", words],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**os.environ, "PYTHONPATH": SRC},
    )
    assert "MissingTool: The sandbox did not start (" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "cause"),
    [(None, "bwrap is not on the PATH"), ("exit 1", "The sandbox did not start")],
    ids=["missing", "failing"],
)
def test_without_bubblewrap_a_test_session_is_red_and_skips_nothing(text, cause, planted, place):
    path = str(place)
    if text:
        planted("bwrap", text)
        path = os.environ["PATH"]
    tests = ["test_hostile.py", "test_runs.py", "test_sandbox.py"]
    words = ["-q", "-p", "no:cacheprovider", "-k", "gains_nothing or deserve or without_a_trace"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, *(str(Path(__file__).with_name(name)) for name in tests)],
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": SRC, "CI": "true"},
    )
    last = done.stdout.splitlines()[-1]
    assert done.returncode == 1 and "failed" in last, done.stdout
    assert "passed" not in last and "skipped" not in last
    assert cause in done.stdout


@pytest.mark.slow
def test_a_worker_without_a_sandbox_says_that_it_is_ready():
    worker = launch(Limits(), unsafe=True)
    worker.stop()
    assert worker.process.poll() is not None
