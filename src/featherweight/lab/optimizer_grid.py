"""Nine ways to take a step × seven learning rates, on three versions of the same digits, kept as a small file.

`python -m featherweight.lab.optimizer_grid` trains all of it again and rewrites `optimizer_grid.json`
(six minutes of one core).
Every run: LeNet-300-100 on `mnist5k`, 5 epochs of batches of 64. Every method gets the same budget: seven rates, half a
decade apart, three seeds each, the best chosen on the 500 validation digits. Five fresh seeds at that rate are then
counted on the 1,000 test digits.
Versions: "even" has pixels of 0…1. "raw" has 0…255, as if nobody had divided them. "uneven" measures every pixel in a
unit of its own: gains of 0.0001…1, and then one number for all, so that the mean square of a pixel is as in "even".
Only "even" has all nine methods. For "raw" the rates of methods without a division are a hundred times smaller: with
those for "even" they had no chance.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from statistics import fmean

import torch
from torch import Tensor, nn

from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import errors
from featherweight.lab.methods import METHODS, Method
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.lab.training import Stepper, train, watched
from featherweight.optimizers.schedules import cosine_rate
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FALLING", "FILE", "MIDDLES", "SEEDS", "VERSIONS", "Row", "load", "rates", "sweep", "trained", "versions"]

FILE = Path(__file__).with_name("optimizer_grid.json")
VERSIONS = ("even", "raw", "uneven")
EVERYWHERE = ("sgd", "momentum", "adagrad", "rmsprop", "adam")  # the methods that meet all three versions
SEEDS, FRESH_SEEDS = (0, 1, 2), (10, 11, 12, 13, 14)
EPOCHS, BATCH = 5, 64
FALLING = "sgd, falling rate"
MIDDLES = {
    "sgd": -0.5,
    FALLING: -0.5,
    "momentum": -1.5,
    "nesterov": -1.5,
    "adagrad": -1.5,
    "rmsprop": -2.5,
    "adam": -2.5,
    "adamw": -2.5,
    "amsgrad": -2.5,
}
"""The fourth of a method's seven rates is 10 to this power."""
UNDIVIDED = ("sgd", FALLING, "momentum", "nesterov")


@dataclass(frozen=True)
class Row:
    """One method on one version of the digits.

    rates: seven. validation: per seed, per rate, errors in 500. best: the rate with the fewest.
    test: errors in 1,000 at the best rate, one per fresh seed.
    """

    version: str
    method: str
    rates: tuple[float, ...]
    validation: tuple[tuple[int, ...], ...]
    best: float
    test: tuple[int, ...]


@cache
def load() -> dict[tuple[str, str], Row]:
    """The shipped rows by (version, method). Raises FileProblem where the file is missing or damaged."""
    rows = read(FILE, lambda found: [Row(**tuples(record)) for record in found])
    return {(row.version, row.method): row for row in rows}


def rates(name: str, version: str = "even") -> tuple[float, ...]:
    """The seven rates of a method, half a decade apart, to three digits."""
    middle = MIDDLES[name] - 2 * (version == "raw" and name in UNDIVIDED)
    return tuple(float(f"{10 ** (middle + k / 2):.3g}") for k in range(-3, 4))


def versions(data: Split) -> dict[str, Split]:
    """The same digits in three units, by VERSIONS. data: pixels of 0…1."""
    inputs = data.train_inputs
    source = torch.Generator().manual_seed(0)
    gains = 10 ** (-4 * torch.rand(inputs.shape[1], generator=source)).to(inputs.device)
    gains *= (inputs.square().mean() / (inputs * gains).square().mean()).sqrt()
    return {"even": data, "raw": _times(data, torch.full_like(gains, 255)), "uneven": _times(data, gains)}


def _times(data: Split, gains: Tensor) -> Split:
    parts = ("train_inputs", "validation_inputs", "test_inputs")
    return replace(data, **{part: getattr(data, part) * gains for part in parts})


def trained(method: Method, rate: float, seed: int, data: Split, falling: bool = False) -> nn.Module:
    """LeNet-300-100, trained with this method. Weights and the order of the batches depend on `seed` alone.

    falling: the rate follows half a cosine down to zero.
    """
    network = lenet_300_100(seed).to(data.train_inputs.device)
    last = EPOCHS * -(-len(data.train_labels) // BATCH)
    stepper = Stepper(network.parameters(), method, method.moments, (rate, *method.settings))

    def lower(step: int) -> None:
        stepper.settings = (cosine_rate(step, rate, 0.0, 0, last), *method.settings)

    examples = data.train_inputs, data.train_labels
    train(network, *examples, stepper, EPOCHS, seed=seed, batch_size=BATCH, before_step=lower if falling else None)
    return network


def sweep(
    name: str,
    seed: int,
    data: Split,
    version: str = "even",
    method: Method | None = None,
    title: str | None = None,
) -> list[int]:
    """Validation errors in 500, one per rate. data: the digits in that version. method: in place of the book's own."""
    method = method or METHODS[name.partition(",")[0]]
    return [
        errors(trained(method, rate, seed, data, name == FALLING), data.validation_inputs, data.validation_labels)
        for rate in watched(rates(name, version), title)
    ]


def _measured(version: str, name: str, data: Split) -> Row:
    tried = rates(name, version)
    validation = [sweep(name, seed, data, version, title=f"{version}, {name}, seed {seed}") for seed in SEEDS]
    best = min(zip(map(fmean, zip(*validation, strict=True)), tried, strict=True))[1]
    networks = (trained(METHODS[name.partition(",")[0]], best, seed, data, name == FALLING) for seed in FRESH_SEEDS)
    test = tuple(errors(network, data.test_inputs, data.test_labels) for network in networks)
    return Row(version, name, tried, tuple(map(tuple, validation)), best, test)


def main() -> None:
    """Train everything and rewrite FILE."""
    use_threads()
    started = time.process_time()
    rows = [
        _measured(version, name, data)
        for version, data in versions(mnist5k()).items()
        for name in (MIDDLES if version == "even" else EVERYWHERE)
    ]
    lines = ",\n".join(json.dumps(asdict(each)) for each in rows)
    write_atomically(FILE, f"[\n{lines}\n]\n")
    print(f"{FILE.name}: {len(rows)} rows, {(time.process_time() - started) / 60:.0f} minutes of one core")


if __name__ == "__main__":
    main()
