"""Every network of the book that reads the same 1,000 test digits, in one list: what it weighs and what it gets wrong.

All numbers come from the shipped results of the lessons. Sizes are those of .fw files. Lessons 12 and 13 wrote theirs;
lessons 7 and 9 measured errors alone, so a file of the same shapes is written here, whose size does not depend on the
numbers in it: 32 bits each for deleted neurons, and codes packed without further coding for few bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from statistics import fmean

import torch
from torch import nn

from featherweight.artifact import champion_runs, lenet_runs
from featherweight.artifact.reading import decode
from featherweight.artifact.stored import Codes, Shared, Stored
from featherweight.artifact.writing import encode
from featherweight.lab import coding_runs, low_bit_runs, neuron_runs
from featherweight.lab.coding_files import FW
from featherweight.lab.low_bit_layers import FORMS
from featherweight.lab.measure import macs, parameters
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.statistics import Interval, mean_interval

__all__ = ["FAMILIES", "Fighter", "field"]

FAMILIES = {
    "dense": "all weights, 32 bits",
    "deleted": "neurons deleted",
    "few bits": "few bits, packed",
    "shared": "pruned, shared, coded",
    "pipeline": "pruned, rounded, coded",
    "entries": "our entries",
}
"""A look in the palette → what its networks have in common."""
LENET_MACS = 266_200


@dataclass(frozen=True)
class Fighter:
    """One recipe. size: bytes on disk, the mean over its seeds. errors: in 1,000, for each seed. numbers: of its
    weights and biases, those that are not 0. macs: for one digit; a product with 0 counts.
    """

    name: str
    family: str
    size: float
    errors: Sequence[int]
    numbers: float
    macs: int

    @cached_property
    def interval(self) -> Interval:
        """Mean errors with a 95% interval over the seeds."""
        return mean_interval(list(self.errors))


@cache
def field() -> tuple[Fighter, ...]:
    """All of them, family by family. Raises FileProblem where a results file is missing or damaged."""
    return tuple(fighter for part in (_dense, _deleted, _few_bits, _shared, _pipeline, _entries) for fighter in part())


def _dense() -> Iterator[Fighter]:
    row = lenet_runs.load().dense
    size = len(encode(lenet_300_100()))
    yield Fighter("LeNet-300-100", "dense", size, row.errors, fmean(row.nonzeros), LENET_MACS)


def _deleted() -> Iterator[Fighter]:
    found = neuron_runs.load()
    for place, share in enumerate(found.shares[1:], start=1):
        network = neuron_runs.small(share, 0)
        errors = found.tuned["taylor"][place]
        cost = macs(network, torch.zeros(1, 784))
        yield Fighter(f"{share:.0%} of neurons", "deleted", len(encode(network)), errors, parameters(network), cost)


def _few_bits() -> Iterator[Fighter]:
    network, found = lenet_300_100(), low_bit_runs.load()
    for name, form in FORMS.items():
        if form.scale != "largest":
            size = len(encode(network, {f"{place}.weight": _codes(network[place], form.bits) for place in (0, 2, 4)}))
            yield Fighter(name, "few bits", size, found.rows[name].retrained, parameters(network), LENET_MACS)


def _codes(layer: nn.Linear, bits: float) -> Stored:
    """Made-up weights of so many bits, packed; a third value takes a second bit."""
    wide = math.ceil(bits)
    indices = (torch.arange(layer.weight.numel()) % 2**wide).reshape(layer.weight.shape)
    if wide == 1:
        return Shared(indices, torch.tensor([-0.1, 0.1]), coding="raw")
    return Codes(indices - 2 ** (wide - 1), 0.1, coding="raw")


def _shared() -> Iterator[Fighter]:
    found = coding_runs.load()
    for kept, share in coding_runs.KEPT.items():
        for bits, row in found.shared[kept].items():
            size = sum(found.files[kept][bits].parts[FW])
            numbers = 266_200 * (1 - share) + 410
            name = f"{kept} weights, 2^{bits} values".replace("all weights", "all")
            yield Fighter(name, "shared", size, row.after, numbers, LENET_MACS)


def _pipeline() -> Iterator[Fighter]:
    for name, rows in lenet_runs.load().plans.items():
        for sparsity, row in rows.items():
            said = f"{name}, {sparsity:.0%} pruned" if sparsity else name
            yield Fighter(said, "pipeline", fmean(row.size), row.errors, fmean(row.nonzeros), LENET_MACS)


def _entries() -> Iterator[Fighter]:
    lenet = lenet_runs.load().entry
    yield Fighter("LeNet entry", "entries", fmean(lenet.size), lenet.errors, fmean(lenet.nonzeros), LENET_MACS)
    for name, row in champion_runs.load().items():
        network = decode(champion_runs.entry(name))
        state = [tensor for tensor in network.state_dict().values() if tensor.is_floating_point()]
        numbers = sum(int(torch.count_nonzero(tensor)) for tensor in state)
        cost = macs(network, torch.zeros(1, 784))
        yield Fighter(name, "entries", fmean(row.size), row.errors, numbers, cost)
