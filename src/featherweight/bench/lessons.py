"""How long a lesson computes, and how much memory it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil

from featherweight.authoring.execute import run

__all__ = ["measure_lesson", "memory_of_children"]

MIB = 2**20
SAMPLE_SECONDS = 0.05


def measure_lesson(path: Path) -> tuple[float, float]:
    """Execute a solved notebook in a kernel; returns seconds, kernel start included, and the peak in MiB."""
    notebook = nbformat.read(path, as_version=4)
    with memory_of_children() as peak:
        start = time.perf_counter()
        run(path.stem, notebook, path.parent)
        seconds = time.perf_counter() - start
    return seconds, peak[0]


@contextmanager
def memory_of_children() -> Iterator[list[float]]:
    """Watch what the processes started inside the block hold together; yields a list of one number, the peak in MiB."""
    peak, done = [0.0], threading.Event()
    before = set(psutil.Process().children(recursive=True))

    def watch():
        while not done.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], sum(map(_resident, set(psutil.Process().children(recursive=True)) - before)))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def _resident(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / MIB
    except psutil.Error:
        return 0.0
