"""A command with what it used: seconds on the clock, seconds of processors, and the memory of the trusted processes.

Whatever a command starts is looked at several times a second, because a sandbox that is killed hands no account of its
processor's time to its parent. What a process did after the last look at it is not seen.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from featherweight.errors import FeatherweightError

__all__ = ["Used", "watched"]

LOOK_SECONDS = 0.1
SERVER = "multiprocessing"  # in the command lines of the processes that grade, as against those in sandboxes


@dataclass(frozen=True)
class Used:
    """seconds: on the clock. cpu: seconds of all processes.

    peak: bytes of the command's own process and of the largest that grades for it, which no sandbox holds.
    """

    seconds: float
    cpu: float
    peak: int


def watched(arguments: Sequence[str | Path], timeout: float = 1800.0, **options) -> Used:
    """Run a Python module with arguments, and with options of Popen; what it prints is not shown.

    Raises FeatherweightError where it fails, TimeoutExpired where it hangs.
    """
    cpu, peaks, start = {}, {}, time.perf_counter()
    words, quiet = [sys.executable, "-m", *map(str, arguments)], subprocess.DEVNULL
    with subprocess.Popen(words, stdout=quiet, stderr=quiet, **options) as command:
        try:
            while not _ended(command):
                _look(command.pid, cpu, peaks)
                if time.perf_counter() - start > timeout:
                    raise subprocess.TimeoutExpired(command.args, timeout)
        except BaseException:
            command.kill()
            raise
        seconds = time.perf_counter() - start
    if command.returncode:
        raise FeatherweightError(f"`{arguments[0]} {arguments[1]}` ended with status {command.returncode}; wanted 0.")
    own = peaks.pop(command.pid, 0)
    return Used(seconds, sum(cpu.values()), own + max(peaks.values(), default=0))


def _ended(command: subprocess.Popen) -> bool:
    """Wait for a moment; whether the command has ended by then."""
    with suppress(subprocess.TimeoutExpired):
        command.wait(LOOK_SECONDS)
    return command.returncode is not None


def _look(pid: int, cpu: dict, peaks: dict) -> None:
    """Note for every process its processors' seconds so far, and for the trusted ones their peak."""
    with suppress(psutil.Error):
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            with suppress(psutil.Error, OSError):
                times = process.cpu_times()
                cpu[process] = times.user + times.system
                if process.pid == pid or SERVER in " ".join(process.cmdline()):
                    peaks[process.pid] = max(peaks.get(process.pid, 0), _peak(process))


def _peak(process: psutil.Process) -> int:
    """The most bytes that a process has held so far, as the kernel counts them; 0 for one that has ended."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
