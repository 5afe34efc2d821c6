"""Which zeros make one linear layer faster: dense, dense with zeros in it, compressed sparse rows, and half the rows.

`python -m featherweight.lab.sparse_speed` measures again and rewrites `sparse_speed.json`, in about a minute.
One layer of 1024 × 1024, one thread, a batch of 1 and one of 64. All forms take turns, and each is given its fastest
call: what disturbs a machine only ever adds. The processor is named beside the numbers, because its vector units decide
them: never read one without the other.
"""

from __future__ import annotations

import json
import platform
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.lab.shipped import read, tuples
from featherweight.runtime import use_threads, write_atomically

__all__ = ["BATCHES", "DENSITIES", "FILE", "SIZE", "Results", "Times", "fastest", "load", "machine", "times"]

FILE = Path(__file__).with_name("sparse_speed.json")
SIZE, BATCHES = 1024, (1, 64)
DENSITIES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
FLAGS = ("avx", "avx2", "fma", "avx512f", "avx512_vnni", "amx_tile", "asimd", "sve")
TURN_SECONDS = 0.02


@dataclass(frozen=True)
class Times:
    """Milliseconds of one call. csr, masked: one for each of DENSITIES. half: of a dense layer with half the rows."""

    dense: float
    half: float
    csr: tuple[float, ...]
    masked: tuple[float, ...]


@dataclass(frozen=True)
class Results:
    """machine: in one line. times: per batch size, in the order of BATCHES."""

    machine: str
    times: tuple[Times, ...]


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""

    def built(found: dict) -> Results:
        return Results(found["machine"], tuple(Times(**tuples(row)) for row in found["times"]))

    return read(FILE, built)


def machine() -> str:
    """The processor's name and those of its vector units that matter here, in one line."""
    name, flags = platform.processor() or platform.machine(), []
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
        name = told.get("model name", name)
        flags = [flag for flag in FLAGS if flag in told.get("flags", told.get("Features", "")).split()]
    return f"{name} ({', '.join(flags) or torch.backends.cpu.get_cpu_capability()})"


def times(batch: int, size: int = SIZE, densities: tuple[float, ...] = DENSITIES, rounds: int = 15) -> Times:
    """Measure all forms with the same numbers, drawn from seed 0."""
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(size, size, generator=generator)
    inputs, order = torch.randn(batch, size, generator=generator), torch.rand(size, size, generator=generator)
    actions = {"dense": partial(F.linear, inputs, weight), "half": partial(F.linear, inputs, weight[::2].contiguous())}
    columns = inputs.T.contiguous()
    for density in densities:
        thin = torch.where(order < density, weight, 0.0)
        actions["masked", density] = partial(F.linear, inputs, thin)
        actions["csr", density] = partial(torch.matmul, compressed(thin), columns)
    found = {name: 1000 * seconds for name, seconds in fastest(actions, rounds).items()}
    csr, masked = (tuple(found[form, density] for density in densities) for form in ("csr", "masked"))
    return Times(found["dense"], found["half"], csr, masked)


def compressed(weight: Tensor) -> Tensor:
    """The matrix as compressed sparse rows. torch warns that these are in beta; that is not the reader's concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return weight.to_sparse_csr()


@torch.no_grad()
def fastest(actions: Mapping[object, Callable[[], object]], rounds: int) -> dict:
    """Seconds of each action's fastest call; in every round each has a turn of as many calls as fit in it."""
    best = dict.fromkeys(actions, float("inf"))
    for _ in range(rounds):
        for name, action in actions.items():
            now = time.perf_counter()
            end = now + TURN_SECONDS
            while now < end:
                start = now
                action()
                now = time.perf_counter()
                best[name] = min(best[name], now - start)
    return best


def main() -> None:
    """Measure and rewrite the file."""
    use_threads()
    found = Results(machine(), tuple(times(batch, rounds=40) for batch in BATCHES))
    rows = [{name: _rounded(value) for name, value in asdict(row).items()} for row in found.times]
    print(*rows, sep="\n")
    write_atomically(FILE, json.dumps({"machine": found.machine, "times": rows}, separators=(",", ":")) + "\n")


def _rounded(value: float | tuple[float, ...]) -> float | list[float]:
    return [round(ms, 5) for ms in value] if isinstance(value, tuple) else round(value, 5)


if __name__ == "__main__":
    main()
