"""Students' tasks in processes of this machine. One that takes its process down takes no other student with it.

On Linux they are forked from a server that has imported what a task needs, once for all of them.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, get_context, parent_process

__all__ = ["Fell", "get_ready", "in_processes"]

METHOD = "forkserver" if sys.platform == "linux" else "spawn"
LOADED = ["featherweight.grading.student"]


class Fell(Exception):
    """A task has ended its process, twice."""


def get_ready() -> None:
    """Let the server of processes import what a task needs, while this process does something else."""
    if METHOD == "forkserver":
        get_context(METHOD).set_forkserver_preload(LOADED)
        forkserver.ensure_running()


def in_processes(task: Callable, inputs: Sequence, jobs: int) -> Iterator[tuple[object, object]]:
    """(input, what the task gives for it or the exception that it raised), as they come; `jobs` at a time.

    Whoever was being served when a process died is suspect, and tried once more, alone.
    """
    get_ready()
    left, suspects = list(reversed(inputs)), []
    while left:
        served = yield from _until_broken(task, left, jobs)
        suspects += served
    for one in suspects:
        broken = yield from _until_broken(task, [one], 1)
        yield from ((each, Fell()) for each in broken)


def _until_broken(task: Callable, left: list, jobs: int) -> Iterator[tuple[object, object]]:
    """Serve from the end of `left`; returns those who were being served when a process died."""
    pool = ProcessPoolExecutor(jobs, mp_context=get_context(METHOD), initializer=_end_with_parent)
    running = {}
    try:
        while left or running:
            while left and len(running) < jobs:
                one = left.pop()
                running[pool.submit(task, one)] = one
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                problem = future.exception()
                if isinstance(problem, BrokenProcessPool):
                    return list(running.values())
                yield running.pop(future), problem or future.result()
        return []
    finally:
        _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    """Idle processes end by themselves; busy ones, after Ctrl-C or an error, are not waited for."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()


def _end_with_parent() -> None:
    """A process whose parent was killed would otherwise wait for work forever."""

    def watch() -> None:
        parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
