"""What Adam's successors do on 5,000 digits: the measurements of lesson 4, kept as a small file.

`python -m featherweight.lab.modern_grid` takes them again and rewrites `modern_grid.json`, in about nine
minutes of one core.
Network: 784 → 128 → 64 → 10 on `mnist5k`, 12 epochs of batches of 64. Every method gets the same tuning: six learning
rates half a decade apart, three seeds each, chosen by errors on the 500 validation digits; all else stays at the
authors' values (`modern_training`). Then ten fresh seeds at the chosen rate, and errors on the 1,000 test digits.
Rates fall along a cosine, except for "schedule-free" and "adamw, constant". Times are those of whole steps, measured
in turns, as multiples of AdamW's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import fmean

import torch
from torch import nn

from featherweight.lab import modern_extras as extras
from featherweight.lab import modern_training as training
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import errors
from featherweight.lab.networks import mlp
from featherweight.lab.shipped import read, with_rows
from featherweight.optimizers.schedules import cosine_rate
from featherweight.runtime import use_threads, write_atomically

__all__ = ["EPOCHS", "FILE", "FRESH", "LONGER", "METHODS", "TUNING", "Method", "Results", "Row", "load", "run", "tune"]

FILE = Path(__file__).with_name("modern_grid.json")
EPOCHS = 12
TUNING, FRESH = (100, 101, 102), tuple(range(10))
LONGER = {"momentum": 24, "adamw": 36}
"""Epochs of two fairer matches: as many gradients as SAM computes, about as many seconds as Muon takes."""


def falling(base: float) -> Callable[[int, int], float]:
    """Half a cosine wave from `base` to zero."""
    return lambda step, total: cosine_rate(step, base, 0.0, 0, total)


def constant(base: float) -> Callable[[int, int], float]:
    """The same rate at every step."""
    return lambda step, total: base


@dataclass(frozen=True)
class Method:
    """make: network → walker. rates: the six that are tried. schedule: peak rate → rate of each step."""

    make: Callable[[nn.Module], training.Walker]
    rates: tuple[float, ...]
    schedule: Callable = falling


def adafactor(network: nn.Module) -> training.Library:
    return training.Library(network, torch.optim.Adafactor)


METHODS = {
    "adamw": Method(training.adamw, (3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)),
    "adamw, constant": Method(training.adamw, (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2), constant),
    "momentum": Method(training.momentum, (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)),
    "lion": Method(training.lion, (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)),
    "muon": Method(training.muon, (3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)),
    "schedule-free": Method(training.schedule_free, (0.1, 0.3, 1.0, 3.0, 10.0, 30.0), constant),
    "sam": Method(training.sam, (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)),
    "adafactor": Method(adafactor, (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)),
}


@dataclass(frozen=True)
class Row:
    """One method.

    rates: tried. tuning: validation errors, per rate, per tuning seed. rate: the chosen one.
    errors: test errors, per fresh seed, after each epoch. time: a step's, in AdamW's, median of rounds, and range.
    """

    rates: Sequence[float]
    tuning: Sequence[Sequence[int]]
    rate: float
    errors: Sequence[Sequence[int]]
    time: Sequence[float]


@dataclass(frozen=True)
class Results:
    """rows: per method. longer: test errors per fresh seed after as many epochs as LONGER says. times, lbfgs, bfloat16,
    accumulation, surroundings: see `modern_extras`. minutes: of one core, for all of it.
    """

    rows: dict[str, Row]
    longer: dict[str, Sequence[int]]
    times: dict[str, Sequence[float]]
    lbfgs: Sequence[Sequence[Sequence[float]]]
    bfloat16: Sequence[int]
    accumulation: dict[str, float]
    surroundings: dict[str, Sequence[Sequence[float]]]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, with_rows(Results, Row))


def run(method: Method, rate: float, data: Split, seed: int, epochs: int = EPOCHS) -> list[int]:
    """Test errors of one run after each epoch."""
    network, found = mlp(seed).to(data.train_inputs.device), []

    def look(_: int) -> None:
        found.append(errors(network, data.test_inputs, data.test_labels))

    walker, rates = method.make(network), method.schedule(rate)
    training.fit(walker, data.train_inputs, data.train_labels, epochs, seed, rates, look)
    return found


def tune(method: Method, data: Split, seeds: tuple[int, ...] = TUNING) -> list[list[int]]:
    """Validation errors at the end of a run, per rate, per seed."""
    on_validation = Split(*(getattr(data, name) for name in VALIDATION_AS_TEST))
    return [[run(method, rate, on_validation, seed)[-1] for seed in seeds] for rate in method.rates]


VALIDATION_AS_TEST = (
    *("train_inputs", "train_labels", "validation_inputs", "validation_labels"),
    *("validation_inputs", "validation_labels"),
)


def _row(name: str, data: Split) -> Row:
    method = METHODS[name]
    tuning = tune(method, data)
    means = [fmean(seeds) for seeds in tuning]
    rate = method.rates[means.index(min(means))]
    found = [run(method, rate, data, seed) for seed in FRESH]
    last = [each[-1] for each in found]
    print(f"{name}: {[round(mean, 1) for mean in means]}, rate {rate:g}, test {fmean(last):.1f} {last}", flush=True)
    return Row(method.rates, tuning, rate, found, (1.0, 1.0, 1.0))


SHARP = ("momentum", "sam", "muon")


def _surroundings(name: str, rate: float, data: Split, seed: int) -> list[float]:
    network, method = mlp(seed), METHODS[name]
    walker, rates = method.make(network), method.schedule(rate)
    training.fit(walker, data.train_inputs, data.train_labels, EPOCHS, seed, rates)
    return [float(f"{value:.3g}") for value in extras.surroundings(network, data)]


def main() -> None:
    """Measure everything and rewrite the file."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    rows = {name: _row(name, data) for name in METHODS}
    times = extras.step_times({name: method.make for name, method in METHODS.items()} | extras.LIBRARY, data)
    rows = {name: Row(**asdict(row) | {"time": times.pop(name)}) for name, row in rows.items()}
    rate = rows["adamw"].rate
    half = Method(extras.bfloat16, (rate,))
    results = Results(
        rows,
        {
            name: [run(METHODS[name], rows[name].rate, data, seed, LONGER[name])[-1] for seed in FRESH]
            for name in LONGER
        },
        times,
        [extras.lbfgs(data, seed) for seed in FRESH[:5]],
        [run(half, rate, data, seed)[-1] for seed in FRESH],
        extras.accumulation(data),
        {name: [_surroundings(name, rows[name].rate, data, seed) for seed in FRESH[:5]] for name in SHARP},
        round((time.process_time() - started) / 60, 1),
    )
    print({key: value for key, value in asdict(results).items() if key != "rows"})
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
