"""Students' tasks in processes of this machine. One that takes its process down takes no other student with it.

They are spawned, not forked from a server: its socket would stay on disk after a kill, and its path may be too long.
Whatever ends the run, Ctrl-C or a kill, its processes end too, and their tasks first give back what they hold.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process
from time import sleep

__all__ = ["Fell", "in_processes"]

PATIENCE = 5.0
"""Seconds for a task to give back what it holds."""


class Fell(Exception):
    """A task has ended its process, twice."""


class _Ended(BaseException):
    """Raised in a task whose process shall end."""


def in_processes(task: Callable, inputs: Sequence, jobs: int) -> Iterator[tuple[object, object]]:
    """(input, what the task gives for it or the exception that it raised), as they come; `jobs` at a time.

    Whoever was being served when a process died is suspect, and tried once more, alone.
    """
    left, suspects = list(reversed(inputs)), []
    while left:
        served = yield from _until_broken(task, left, jobs)
        suspects += served
    for one in suspects:
        broken = yield from _until_broken(task, [one], 1)
        yield from ((each, Fell()) for each in broken)


def _until_broken(task: Callable, left: list, jobs: int) -> Iterator[tuple[object, object]]:
    """Serve from the end of `left`; returns those who were being served when a process died."""
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
    running, served = {}, partial(_served, task)
    try:
        while left or running:
            while left and len(running) < jobs:
                one = left.pop()
                running[pool.submit(served, one)] = one
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
        process.join(PATIENCE)
        process.kill()
        process.join()


def _begin() -> None:
    """A process leaves Ctrl-C to its parent; one whose parent was killed would otherwise wait for work forever."""
    signal.signal(signal.SIGINT, lambda number, frame: None)  # not ignored, which a sandbox would inherit
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})  # they must wake the thread that works
    parent_process().join()
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(PATIENCE)
    os._exit(1)


def _served(task: Callable, one):
    """What the task gives. Asked to end meanwhile, it unwinds, so that its sandbox and its files go with it."""
    before = signal.signal(signal.SIGTERM, _unwind)
    try:
        return task(one)
    except _Ended:
        os._exit(1)
    finally:
        signal.signal(signal.SIGTERM, before)


def _unwind(number, frame) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the pool sends another as soon as one of its processes has ended
    raise _Ended
