"""How many neurons LeNet-300-100 needs, and whether it matters which: the measurements of lesson 7, in a small file.

`python -m featherweight.lab.neuron_runs` takes them again and rewrites `neuron_runs.json`, in about two minutes of
one core.
Dense: 8 epochs of Adam on `mnist5k`. The same share of both hidden layers stays, by each of the scores; then the rest
is fine-tuned for 4 more epochs at the same rate. "from scratch" is a fresh network of the small size with all 12 epochs
(arXiv:1810.05270 asks for it). Nothing was tuned. Errors are counted on the 1,000 test digits.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from torch import nn

from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import errors, parameters
from featherweight.lab.networks import lenet_300_100, seeded
from featherweight.lab.neuron_training import WAYS, shrunk
from featherweight.lab.shipped import read, tuples
from featherweight.lab.sparse_training import train_dense
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FILE", "SCRATCH", "SEEDS", "SHARES", "Results", "load", "run", "scratch"]

FILE = Path(__file__).with_name("neuron_runs.json")
SHARES = (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03)
SEEDS = (0, 1, 2, 3, 4)
EPOCHS, MORE = 8, 4
SCRATCH = "from scratch"


@dataclass(frozen=True)
class Results:
    """shares: of each hidden layer, kept. parameters: per share.

    dense: errors in 1,000 per seed; longer: with 4 epochs more.
    cut, tuned: way → per share, per seed: errors right after deletion, and after fine-tuning. scratch: per share, per
    seed. minutes: of one core, for all of it.
    """

    shares: Sequence[float]
    parameters: Sequence[int]
    dense: Sequence[int]
    longer: Sequence[int]
    cut: dict[str, Sequence[Sequence[int]]]
    tuned: dict[str, Sequence[Sequence[int]]]
    scratch: Sequence[Sequence[int]]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, lambda found: Results(**tuples(found)))


def run(network: nn.Module, share: float, way: str, data: Split, seed: int) -> tuple[int, int]:
    """Errors of a trained network that keeps a share of its neurons: right after the cut, and after fine-tuning."""
    smaller = shrunk(network, share, way, data, seed)
    cut = errors(smaller, data.test_inputs, data.test_labels)
    train_dense(smaller, data, MORE, seed=100 + seed)
    return cut, errors(smaller, data.test_inputs, data.test_labels)


def scratch(share: float, data: Split, seed: int) -> int:
    """Errors of a fresh network with the small network's shape and all of its epochs."""
    network = small(share, seed)
    train_dense(network, data, EPOCHS + MORE, seed=seed)
    return errors(network, data.test_inputs, data.test_labels)


def small(share: float, seed: int) -> nn.Sequential:
    """LeNet-300-100 with a share of its hidden neurons, freshly drawn."""
    wide = [max(round(share * width), 1) for width in (300, 100)]
    with seeded(seed):
        return nn.Sequential(
            nn.Linear(784, wide[0]), nn.ReLU(), nn.Linear(wide[0], wide[1]), nn.ReLU(), nn.Linear(wide[1], 10)
        )


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    test = data.test_inputs, data.test_labels
    networks, longer = [lenet_300_100(seed) for seed in SEEDS], []
    for seed, network in zip(SEEDS, networks, strict=True):
        train_dense(network, data, EPOCHS, seed=seed)
        longer.append(copy.deepcopy(network))
        train_dense(longer[-1], data, MORE, seed=100 + seed)
    pairs = {}
    for way in WAYS:
        pairs[way] = [
            [run(network, share, way, data, seed) for seed, network in zip(SEEDS, networks, strict=True)]
            for share in SHARES
        ]
        print(way, [[sum(each) / len(SEEDS) for each in zip(*row, strict=True)] for row in pairs[way]], flush=True)
    cut, tuned = ({way: [[pair[k] for pair in row] for row in rows] for way, rows in pairs.items()} for k in (0, 1))
    results = Results(
        SHARES,
        [parameters(small(share, 0)) for share in SHARES],
        [errors(network, *test) for network in networks],
        [errors(network, *test) for network in longer],
        cut,
        tuned,
        [[scratch(share, data, seed) for seed in SEEDS] for share in SHARES],
        round((time.process_time() - started) / 60, 1),
    )
    print(results.scratch, results.dense, results.longer, results.minutes)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
