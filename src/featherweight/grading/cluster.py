"""Students' tasks on a Dask cluster. Every worker of it must be able to start a sandbox of its own, or is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from featherweight.errors import FeatherweightError, InputError, MissingTool
from featherweight.grading.processes import Fell

__all__ = ["connected", "on_cluster", "on_every_worker"]


@contextmanager
def connected(address: str, seconds: float = 10.0) -> Iterator:
    """A client of a scheduler. Raises MissingTool without `distributed`, InputError without scheduler or workers."""
    try:
        from distributed import Client
    except ImportError as problem:
        raise MissingTool(
            'There is no package `distributed`; wanted it for --cluster: pip install "featherweight[grade]".'
        ) from problem
    try:
        client = Client(address, timeout=seconds)
    except (OSError, ValueError) as problem:
        raise InputError(
            f"There is no Dask scheduler at {address} ({type(problem).__name__}); wanted an address such as "
            "tcp://scheduler:8786: start one with `dask scheduler`."
        ) from problem
    with client:
        if not client.scheduler_info()["workers"]:
            raise InputError(f"The scheduler at {address} has no worker; start some: `dask worker {address}`.")
        yield client


def on_cluster(task: Callable, inputs: Sequence, client) -> Iterator[tuple[object, object]]:
    """(input, what the task gives for it or the exception that it raised), as they come.

    A worker may not see the submissions' folder: their bytes are sent along, for a few students at a time.
    """
    from distributed import KilledWorker, as_completed

    left, waiting = list(reversed(inputs)), {}

    def submitted(count: int) -> list:
        chosen = [left.pop() for _ in range(min(count, len(left)))]
        new = {client.submit(task, tuple(one.loaded() for one in each), pure=False): each for each in chosen}
        waiting.update(new)
        return list(new)

    running = as_completed(submitted(2 * sum(client.nthreads().values())))
    for future in running:
        problem = future.exception()
        yield waiting.pop(future), Fell() if isinstance(problem, KilledWorker) else problem or future.result()
        running.update(submitted(1))


def on_every_worker(client, probe: Callable) -> set:
    """What the probe of a sandbox returns anywhere. Raises MissingTool naming a worker that has none."""
    found = client.run(_tried, probe)
    for address, (_, problem) in found.items():
        if problem:
            raise MissingTool(f"On {address}: {problem}")
    return {value for value, _ in found.values()}


def _tried(probe: Callable) -> tuple:
    try:
        return probe(), ""
    except FeatherweightError as problem:
        return None, str(problem)
