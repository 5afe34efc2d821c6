"""The memory of all processes of a sandbox together: a cgroup counts it where there is one, a watchdog elsewhere.

A limit on address space holds for each process alone. A transient scope of systemd sums what the kernel knows; without
it the trusted side looks several times a second and adds up what the processes hold, shared pages once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

__all__ = ["counted_by", "held", "scope", "told"]

WORDS = {
    "cgroup": "counted and limited by a cgroup",
    "watchdog": "looked at five times a second by a watchdog, as there is no cgroup",
}
SYSTEMD = Path("/run/systemd/system")


@cache
def scope(total: int, processes: int) -> tuple[str, ...]:
    """The words before a command that run it in a cgroup of its own and with no environment; none where that fails.

    total: bytes. processes: their number, a few of the launcher's own beside it.
    """
    program = shutil.which("systemd-run")
    if program is None or not SYSTEMD.is_dir():
        return ()
    words = (program, *(() if os.geteuid() == 0 else ("--user",)), "--scope", "--quiet", "--collect")
    limits = {"MemoryMax": total, "MemorySwapMax": 0, "TasksMax": processes + 8}
    words += tuple(word for name, value in limits.items() for word in ("-p", f"{name}={value}"))
    with suppress(OSError, subprocess.SubprocessError):
        if subprocess.run([*words, "--", "true"], capture_output=True, timeout=10, check=False).returncode == 0:
            return (*words, "--", "env", "-i")
    return ()


def counted_by(total: int, processes: int) -> str:
    """What counts the memory of a sandbox's processes together on this machine: "cgroup" or "watchdog"."""
    return "cgroup" if scope(total, processes) else "watchdog"


def told(notebooks: Mapping[str, int]) -> str:
    """How memory is counted. notebooks: "cgroup" or "watchdog" → how many were graded so, or 0 before that."""
    parts = [WORDS[way] + (f" (notebooks: {number})" if number else "") for way, number in sorted(notebooks.items())]
    return f"Memory of a student's processes together: {'; '.join(parts)}."


def held(processes: list[psutil.Process], enough: int) -> int:
    """Bytes that processes hold together. Pages that several share count once, looked up only above `enough`."""
    resident = sum(_bytes(process, shared=True) for process in processes)
    return resident if resident <= enough else sum(_bytes(process, shared=False) for process in processes)


def _bytes(process: psutil.Process, shared: bool) -> int:
    """Resident bytes of a process, or its share of them; 0 where it has gone."""
    try:
        resident = process.memory_info().rss
        return resident if shared else process.memory_full_info().pss
    except psutil.AccessDenied:
        return resident
    except psutil.Error:
        return 0
