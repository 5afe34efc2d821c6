"""How small LeNet-300-100 gets on disk: the measurements of lesson 12, in a small file.

`python -m featherweight.lab.coding_runs` takes them again and rewrites `coding_runs.json`, in about eight minutes of
one core.
Dense: 8 epochs of Adam on `mnist5k`; "whole" has 16 epochs and "longer" all 20 that a pruned and shared network has.
Storing: pruned to a share of its weights while it trains 8 epochs more (lesson 5's gradual schedule), then 2^bits
values for the nonzero weights of each layer, just shared ("before") and with 4 more epochs for these values ("after").
The control of "after" trains its unshared, pruned weights for the same 4 epochs ("pruned"). k-means begins with evenly
spaced values; for one share its two other starts are tried.
Files: of every such network, in every coding, bytes by part; for the share and bits that are chosen, of every seed.
The bits are chosen on the validation digits: those with the fewest errors, summed over the seeds.
Ranks: both large layers of the dense network as products of two thin ones, where the rank makes them smaller: just cut,
with 8 epochs more, and as their control a narrower network of as many numbers with all 16 epochs. `spectra` are the
singular values of the first layer of seed 0: trained, its random start, and the difference of the two.
LoRA: the dense network on the same digits, moved to the right; 8 epochs at a rate of 0.003, which was the best of three
for all of its numbers and for changes of rank 4 and more, on the validation digits of seed 0.
Nothing else was tuned. Errors are counted on the 1,000 test digits.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import torch
from torch import nn

from featherweight.lab.coding_files import CODINGS, PARTS, ledger_of
from featherweight.lab.coding_layers import STARTS, factored, plain, shared
from featherweight.lab.coding_training import changed, moved, narrow, pruned, retrained, still_pruned
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import errors, parameters
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.lab.sparse_training import train_dense
from featherweight.runtime import use_threads, write_atomically

__all__ = [
    "BITS",
    "CHANGES",
    "FILE",
    "KEPT",
    "MAIN",
    "RANKS",
    "SEEDS",
    "Change",
    "Coded",
    "Rank",
    "Results",
    "Shared",
    "load",
    "rank_row",
    "spectra_of",
    "stored",
]

FILE = Path(__file__).with_name("coding_runs.json")
SEEDS = tuple(range(8))
EPOCHS, PRUNING, SHARING, RETRAINING = 8, 8, 4, 8
KEPT = {"all": 0.0, "1 in 12": 11 / 12, "1 in 33": 32 / 33}
"""Weights that survive → the share that is pruned. 12× is that of Han et al. (arXiv:1506.02626) for this network."""
MAIN = "1 in 12"
BITS = (1, 2, 3, 4, 5)
RANKS = (2, 4, 8, 16, 32, 64, 128)
CHANGES = {"all numbers": None, "rank 1": 1, "rank 2": 2, "rank 4": 4, "rank 8": 8, "rank 16": 16}


@dataclass(frozen=True)
class Shared:
    """Errors in 1,000 for each seed, just shared and trained on; `validation`: in 500, trained on."""

    before: Sequence[int]
    after: Sequence[int]
    validation: Sequence[int]


@dataclass(frozen=True)
class Coded:
    """The file of one network: coding → bytes of each of PARTS."""

    parts: dict[str, Sequence[int]]

    def by_name(self, coding: str) -> dict[str, int]:
        """Part → bytes, in one coding."""
        return dict(zip(PARTS, self.parts[coding], strict=True))


@dataclass(frozen=True)
class Rank:
    """A rank: how many numbers its network has, and errors in 1,000 for each seed."""

    numbers: int
    cut: Sequence[int]
    retrained: Sequence[int]
    narrow: Sequence[int]


@dataclass(frozen=True)
class Change:
    """A change to the dense network: how many numbers are trained, and errors in 1,000 moved digits for each seed."""

    numbers: int
    errors: Sequence[int]


@dataclass(frozen=True)
class Results:
    """dense, whole, longer: errors per seed after 8, 16 and 20 epochs. pruned: share kept → errors after 4 epochs more.

    shared: share kept → bits → Shared. starts: start of k-means → bits → Shared. chosen: bits, on validation digits.
    files: share kept → bits, or "float32" → Coded, of seed 0. sizes: coding → bytes of the chosen network's file, for
    each seed. ranks: rank → Rank. spectra: matrix → singular values, largest first. unmoved: errors of the dense
    network on moved digits. changes: name → Change. minutes: of one core, for all of it. Ranks and bits are texts, as
    in JSON.
    """

    dense: Sequence[int]
    whole: Sequence[int]
    longer: Sequence[int]
    pruned: dict[str, Sequence[int]]
    shared: dict[str, dict[str, Shared]]
    starts: dict[str, dict[str, Shared]]
    chosen: int
    files: dict[str, dict[str, Coded]]
    sizes: dict[str, Sequence[int]]
    ranks: dict[str, Rank]
    spectra: dict[str, Sequence[float]]
    unmoved: Sequence[int]
    changes: dict[str, Change]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, _results)


def _results(found: dict) -> Results:
    made = {
        "shared": {kept: _each(Shared, rows) for kept, rows in found["shared"].items()},
        "starts": {start: _each(Shared, rows) for start, rows in found["starts"].items()},
        "files": {kept: _each(Coded, rows) for kept, rows in found["files"].items()},
        "ranks": _each(Rank, found["ranks"]),
        "changes": _each(Change, found["changes"]),
    }
    return Results(**tuples(found) | made)


def _each(row: type, found: dict) -> dict:
    return {name: row(**tuples(each)) for name, each in found.items()}


def dense_network(data: Split, seed: int) -> nn.Sequential:
    """LeNet-300-100 after its first epochs."""
    network = lenet_300_100(seed)
    train_dense(network, data, EPOCHS, seed=seed)
    return network


def kept_network(dense: nn.Sequential, kept: str, data: Split, seed: int) -> nn.Sequential:
    """The dense network pruned to one of KEPT, with the epochs that this takes."""
    if kept == "all":
        return retrained(dense, data, PRUNING, seed=100 + seed)
    return pruned(dense, KEPT[kept], data, PRUNING, seed=100 + seed)


def stored(network: nn.Sequential, bits: int, data: Split, seed: int, start: str = STARTS[0]) -> tuple:
    """A pruned network just shared, and after its last epochs."""
    before = shared(network, bits, start=start, seed=seed)
    return before, retrained(before, data, SHARING, seed=200 + seed)


def rank_row(dense: nn.Sequential, rank: int, data: Split, seed: int) -> dict[str, nn.Sequential]:
    """The three networks of one rank and seed."""
    cut = factored(dense, rank)
    small = narrow(parameters(cut), seed)
    train_dense(small, data, EPOCHS + RETRAINING, seed=seed)
    return {"cut": cut, "retrained": retrained(cut, data, RETRAINING, seed=100 + seed), "narrow": small}


def spectra_of(dense: nn.Sequential, seed: int) -> dict[str, list[float]]:
    """Singular values of the first layer: trained, as it began, and of what training changed."""
    last, first = dense[0].weight.detach(), lenet_300_100(seed)[0].weight.detach()
    matrices = {"trained": last, "random start": first, "change by training": last - first}
    return {
        name: [round(value, 4) for value in torch.linalg.svdvals(matrix).tolist()] for name, matrix in matrices.items()
    }


def main() -> None:
    """Train everything, write every file and rewrite the results."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    dense = [dense_network(data, seed) for seed in SEEDS]
    found = _storing(dense, data) | {"ranks": _ranks(dense, data), "spectra": spectra_of(dense[0], 0)}
    found |= _changes(dense, data)
    minutes = round((time.process_time() - started) / 60, 1)
    print(minutes, "minutes")
    results = Results(dense=[_errors(network, data) for network in dense], minutes=minutes, **found)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


def _storing(dense: list[nn.Sequential], data: Split) -> dict:
    unshared, rows, files, last = {}, {}, {}, {}
    for kept in KEPT:
        networks = [kept_network(network, kept, data, seed) for seed, network in enumerate(dense)]
        if kept == "all":
            whole = [_errors(network, data) for network in networks]
        control = [still_pruned(network, data, SHARING, 200 + seed) for seed, network in enumerate(networks)]
        unshared[kept] = [_errors(network, data) for network in control]
        files[kept] = {"float32": _coded(control[0])}
        rows[kept] = {}
        for bits in BITS:
            made = [stored(network, bits, data, seed) for seed, network in enumerate(networks)]
            rows[kept][str(bits)] = _shared(made, data)
            files[kept][str(bits)] = _coded(made[0][1])
            last[kept, bits] = [after for _, after in made]
            print(kept, bits, rows[kept][str(bits)], files[kept][str(bits)], flush=True)
        if kept == MAIN:
            starts = {start: _start(networks, start, data) for start in STARTS[1:]}
    chosen = min(BITS, key=lambda bits: sum(rows[MAIN][str(bits)].validation))
    coded = [_coded(network).parts for network in last[MAIN, chosen]]
    sizes = {coding: [sum(parts[coding]) for parts in coded] for coding in coded[0]}
    print(unshared, chosen, sizes, flush=True)
    found = {"whole": whole, "longer": unshared["all"], "pruned": unshared, "shared": rows, "starts": starts}
    return found | {"chosen": chosen, "files": files, "sizes": sizes}


def _start(networks: list[nn.Sequential], start: str, data: Split) -> dict[str, Shared]:
    found = {}
    for bits in BITS:
        made = [stored(network, bits, data, seed, start) for seed, network in enumerate(networks)]
        found[str(bits)] = _shared(made, data)
        print(start, bits, found[str(bits)], flush=True)
    return found


def _shared(made: list[tuple], data: Split) -> Shared:
    before, after = zip(*made, strict=True)
    return Shared(
        [_errors(network, data) for network in before],
        [_errors(network, data) for network in after],
        [_errors(network, data, "validation") for network in after],
    )


def _coded(network: nn.Sequential) -> Coded:
    return Coded({coding: list(ledger_of(network, coding).values()) for coding in CODINGS})


def _ranks(dense: list[nn.Sequential], data: Split) -> dict[str, Rank]:
    found = {}
    for rank in RANKS:
        made = [rank_row(network, rank, data, seed) for seed, network in enumerate(dense)]
        counts = {name: [_errors(row[name], data) for row in made] for name in made[0]}
        found[str(rank)] = Rank(parameters(made[0]["cut"]), **counts)
        print(rank, found[str(rank)], flush=True)
    return found


def _changes(dense: list[nn.Sequential], data: Split) -> dict:
    data, found = moved(data), {}
    for name, rank in CHANGES.items():
        made = [changed(network, rank, data, RETRAINING, seed) for seed, network in enumerate(dense)]
        numbers = sum(p.numel() for p in made[0].parameters() if p.requires_grad)
        found[name] = Change(numbers, [_errors(plain(network), data) for network in made])
        print(name, found[name], flush=True)
    return {"unmoved": [_errors(network, data) for network in dense], "changes": found}


def _errors(network: nn.Sequential, data: Split, part: str = "test") -> int:
    return errors(network, getattr(data, f"{part}_inputs"), getattr(data, f"{part}_labels"))


if __name__ == "__main__":
    main()
