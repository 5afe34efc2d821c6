"""How few bits LeNet-300-100 needs, rounded and retrained: the measurements of lesson 9, in a small file.

`python -m featherweight.lab.low_bit_runs` takes them again and rewrites `low_bit_runs.json`, in about seven minutes of
one core.
Dense: 8 epochs of Adam on `mnist5k`. Each form of `low_bit_layers.FORMS` rounds all three layers: as they are
("rounded", post-training), with 4 more epochs while it rounds ("retrained", quantization-aware), and on a fresh network
with all 12 epochs ("scratch"). Their controls have 32 bits: "longer" is the dense network with its 4 epochs more,
"whole" has all 12 in one go. Three more rows have few activations, too.
Nothing was tuned. Errors are counted on the 1,000 test digits, for ten seeds.
`spreads` says where the weights of the first layer lie, in the network of seed 0.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import torch
from torch import nn

from featherweight.lab.data import Split, mnist5k
from featherweight.lab.low_bit_layers import FORMS, LowBitLinear
from featherweight.lab.low_bit_training import all_signs, few_activations, retrained, rounded, spread
from featherweight.lab.measure import errors
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.lab.sparse_training import train_dense
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FILE", "SEEDS", "WAYS", "Results", "Row", "Spread", "load", "make", "run"]

FILE = Path(__file__).with_name("low_bit_runs.json")
SEEDS = tuple(range(10))
EPOCHS, MORE = 8, 4
WAYS = ("rounded", "retrained", "scratch")
EDGE, BINS = 0.4, 80
"""The histogram of the dense weights: from −EDGE to EDGE."""


@dataclass(frozen=True)
class Row:
    """Errors in 1,000 for each seed."""

    rounded: Sequence[int]
    retrained: Sequence[int]
    scratch: Sequence[int]


@dataclass(frozen=True)
class Spread:
    """The values that the first layer's weights take, and how many take each."""

    values: Sequence[float]
    counts: Sequence[int]


@dataclass(frozen=True)
class Results:
    """dense, longer, whole: errors per seed with 32 bits, after 8, 8 + 4 and 12 epochs.

    rows: by form, and three by activations. spreads: form → way → Spread. histogram: how many of the dense weights lie
    in each bin. largest: of their sizes. minutes: of one core, for all of it.
    """

    dense: Sequence[int]
    longer: Sequence[int]
    whole: Sequence[int]
    rows: dict[str, Row]
    spreads: dict[str, dict[str, Spread]]
    histogram: Sequence[int]
    largest: float
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, _results)


def _results(found: dict) -> Results:
    found = tuples(found)
    rows = {name: Row(**row) for name, row in found["rows"].items()}
    spreads = {form: {way: Spread(**found["spreads"][form][way]) for way in WAYS} for form in FORMS}
    return Results(**found | {"rows": rows, "spreads": spreads})


def make(name: str) -> Callable[[nn.Sequential], nn.Sequential]:
    """How a row's network is made of a dense one."""
    if name in FORMS:
        return partial(rounded, form=name)
    return MORE_ROWS[name]


MORE_ROWS = {
    "4 bits, activations 4": partial(few_activations, form="4 bits, learned", bits=4),
    "2 bits, activations 2": partial(few_activations, form="2 bits, learned", bits=2),
    "signs everywhere": all_signs,
}


def run(dense: nn.Sequential, name: str, data: Split, seed: int) -> dict[str, nn.Sequential]:
    """The three networks of one row and seed: way → network. dense: trained for EPOCHS."""
    low = make(name)(dense)
    fresh = make(name)(lenet_300_100(seed))
    train_dense(fresh, data, EPOCHS + MORE, seed=seed)
    return {"rounded": low, "retrained": retrained(low, data, MORE, seed=100 + seed), "scratch": fresh}


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    test = data.test_inputs, data.test_labels
    networks = [lenet_300_100(seed) for seed in SEEDS]
    longer, whole = [], copy.deepcopy(networks)
    for seed, network in zip(SEEDS, networks, strict=True):
        train_dense(whole[seed], data, EPOCHS + MORE, seed=seed)
        train_dense(network, data, EPOCHS, seed=seed)
        longer.append(copy.deepcopy(network))
        train_dense(longer[-1], data, MORE, seed=100 + seed)
    rows, spreads = {}, {}
    for name in (*FORMS, *MORE_ROWS):
        found = [run(network, name, data, seed) for seed, network in zip(SEEDS, networks, strict=True)]
        rows[name] = Row(**{way: [errors(each[way], *test) for each in found] for way in WAYS})
        if name in FORMS:
            spreads[name] = {way: _spread(found[0][way][0]) for way in WAYS}
        print(name, {way: sum(counts) / len(SEEDS) for way, counts in asdict(rows[name]).items()}, flush=True)
    weight = networks[0][0].weight.detach()
    results = Results(
        [errors(network, *test) for network in networks],
        [errors(network, *test) for network in longer],
        [errors(network, *test) for network in whole],
        rows,
        spreads,
        [int(count) for count in torch.histc(weight, BINS, -EDGE, EDGE)],
        round(float(weight.abs().max()), 4),
        round((time.process_time() - started) / 60, 1),
    )
    print(results.dense, results.longer, results.minutes)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


def _spread(layer: LowBitLinear) -> Spread:
    values, counts = spread(layer)
    return Spread([round(value, 5) for value in values], counts)


if __name__ == "__main__":
    main()
