"""A processor core for every sandbox while there are enough: who fills one takes no time from another student.

What a sandbox starts stays on its core, since it may not choose another (`calls`). The lease is the name of a socket,
which the kernel takes back when its owner ends, however that happens.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["leased_core", "on_core"]


@contextmanager
def leased_core() -> Iterator[int | None]:
    """A core that no other sandbox has while this one runs; None where all are taken."""
    for core in sorted(os.sched_getaffinity(0)):
        with socket.socket(socket.AF_UNIX) as lease:
            try:
                lease.bind(f"\0featherweight-core-{core}")
            except OSError:
                continue
            yield core
            return
    yield None


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Let processes that this thread starts run on a core alone; with None, where this thread may run itself."""
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, usual if core is None else {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)
