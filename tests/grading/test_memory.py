"""Who counts the memory of a sandbox's processes together, and how."""

import subprocess
import sys

import psutil
import pytest

from featherweight.grading import memory
from featherweight.grading.memory import counted_by, held, scope, told

PLANTED = """#!/bin/sh
echo "$@" >> "{log}"
{then}
while [ "$1" != "--" ]; do shift; done
shift
exec "$@"
"""


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """Plant a systemd-run that notes its words; `then` is what it does next."""

    def plant(then=""):
        program = tmp_path / "systemd-run"
        program.write_text(PLANTED.format(log=tmp_path / "log", then=then))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        monkeypatch.setattr(memory, "SYSTEMD", tmp_path)
        scope.cache_clear()
        return tmp_path / "log"

    yield plant
    scope.cache_clear()


@pytest.mark.parametrize(("user", "extra"), [(0, ()), (1000, ("--user",))], ids=["root", "another user"])
def test_a_scope_bounds_memory_and_processes_and_clears_the_environment(systemd, monkeypatch, user, extra):
    log = systemd()
    monkeypatch.setattr("os.geteuid", lambda: user)
    words = scope(1000, 64)
    assert words[1 : 1 + len(extra)] == extra
    assert {"MemoryMax=1000", "MemorySwapMax=0", "TasksMax=72", "--scope"} <= set(words)
    assert words[-3:] == ("--", "env", "-i")
    assert counted_by(1000, 64) == "cgroup"
    assert len(log.read_text().splitlines()) == 1
    done = subprocess.run([*words, "env"], capture_output=True, text=True, check=True, env={"SECRET": "canary"})
    assert "canary" not in done.stdout


@pytest.mark.parametrize("then", ["exit 1", "echo no bus >&2; exit 1"])
def test_a_scope_that_fails_leaves_it_to_the_watchdog(systemd, then):
    systemd(then)
    assert scope(1000, 64) == () and counted_by(1000, 64) == "watchdog"


def test_without_systemd_the_watchdog_counts(systemd, monkeypatch, tmp_path):
    systemd()
    monkeypatch.setattr(memory, "SYSTEMD", tmp_path / "none")
    assert counted_by(1000, 64) == "watchdog"


def test_how_memory_is_counted_is_said():
    assert told({"cgroup": 0}) == "Memory of a student's processes together: counted and limited by a cgroup."
    mixed = told({"watchdog": 3, "cgroup": 80})
    assert "by a cgroup (notebooks: 80); looked at five times a second by a watchdog" in mixed
    assert mixed.endswith("no cgroup (notebooks: 3).")


def test_what_processes_hold_is_summed_and_what_they_share_counts_once():
    code = "import os, time; kept = bytearray(b'x') * 2**25; os.fork(); os.write(1, b'on\\n'); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert [parent.stdout.readline() for _ in range(2)] == [b"on\n"] * 2
        process = psutil.Process(parent.pid)
        family = [process, *process.children()]
        roughly, exactly = held(family, 2**40), held(family, 0)
        for one in reversed(family):
            one.kill()
    assert roughly > 2**26 and 2**25 < exactly < 2**26
    assert held(family, 0) == 0
