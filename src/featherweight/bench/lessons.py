"""How long a lesson computes, and how much memory it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import nbformat
import psutil

from featherweight.authoring.execute import run

__all__ = ["Lesson", "children_watched", "measure_lesson"]

MIB = 2**20
SAMPLE_SECONDS = 0.05


class Lesson(NamedTuple):
    """Seconds on the clock, seconds of processors, and the peak in MiB."""

    seconds: float
    cpu: float
    peak: float


def measure_lesson(path: Path) -> Lesson:
    """Execute a solved notebook in a kernel; the kernel's start is in the seconds."""
    notebook = nbformat.read(path, as_version=4)
    with children_watched() as seen:
        start = time.perf_counter()
        run(path.stem, notebook, path.parent)
        seconds = time.perf_counter() - start
    return Lesson(seconds, seen.cpu, seen.peak)


class Seen:
    """What the processes that were started have used so far: seconds of processors, and MiB held together at most."""

    def __init__(self) -> None:
        self.peak, self._cpu = 0.0, {}

    @property
    def cpu(self) -> float:
        return sum(self._cpu.values())

    def look(self, processes: Iterable[psutil.Process]) -> None:
        """Look at them once; what one did after the last look at it is not seen."""
        held = 0.0
        for process in processes:
            with suppress(psutil.Error):
                times = process.cpu_times()
                self._cpu[process] = times.user + times.system
                held += process.memory_info().rss / MIB
        self.peak = max(self.peak, held)


@contextmanager
def children_watched() -> Iterator[Seen]:
    """Watch the processes that are started inside the block, twenty times a second."""
    seen, done = Seen(), threading.Event()
    before = set(psutil.Process().children(recursive=True))

    def watch():
        while not done.wait(SAMPLE_SECONDS):
            seen.look(set(psutil.Process().children(recursive=True)) - before)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()
