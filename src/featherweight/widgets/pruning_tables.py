"""The networks behind the Pruning cliff and the Sensitivity map: trained once, kept as a small file.

`python -c "from featherweight.widgets.pruning_tables import main; main()"` trains them again and rewrites
`pruning_tables.json` (a few minutes).
Dense: LeNet-300-100 (LeNet-5 for the map) on `mnist5k`, 15 epochs of Adam. Both ways of retraining get the same
10 more epochs; only weights are pruned, biases stay. Accuracy is measured on the 1,000 test digits.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from featherweight.compression.pruning import cubic_sparsity, magnitude_mask, masked_step
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import correct
from featherweight.lab.networks import lenet_5, lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.lab.training import Stepper, train
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FILE", "MODES", "PruningResults", "SensitivityResults", "accuracy", "dense", "load", "pruned"]

FILE = Path(__file__).with_name("pruning_tables.json")
MODES = ("one-shot", "retrained", "gradual")
SEEDS = (0, 1, 2)
SPARSITIES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.917, 0.95, 0.97, 0.98, 0.99, 0.995)  # 0.917: the 12× of Han et al.
DENSE_EPOCHS, RETRAINING_EPOCHS, BATCH = 15, 10, 64
ADAM = (1e-3, 0.9, 0.999, 1e-8)
EDGES = tuple(round(-0.6 + 0.0125 * number, 4) for number in range(97))


@dataclass(frozen=True)
class PruningResults:
    """What pruning a whole network cost.

    weights: how many can be pruned. sparsities: shares pruned. accuracy: per way, per seed, per sparsity, in %.
    thresholds: per sparsity, the largest magnitude that goes from the dense network (first seed).
    edges: of the histogram. dense: its counts before pruning. counts: per way, per sparsity, of the weights that are
    left (first seed).
    """

    source: str
    weights: int
    sparsities: tuple[float, ...]
    accuracy: dict[str, tuple[tuple[float, ...], ...]]
    thresholds: tuple[float, ...]
    edges: tuple[float, ...]
    dense: tuple[int, ...]
    counts: dict[str, tuple[tuple[int, ...], ...]]


@dataclass(frozen=True)
class SensitivityResults:
    """What pruning one layer at a time cost, without retraining.

    layers: names, first to last. weights: per layer. accuracy: per seed, per layer, per sparsity, in %.
    """

    source: str
    layers: tuple[str, ...]
    weights: tuple[int, ...]
    sparsities: tuple[float, ...]
    accuracy: tuple[tuple[tuple[float, ...], ...], ...]


@cache
def load() -> tuple[PruningResults, SensitivityResults]:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""

    def built(rows: dict) -> tuple[PruningResults, SensitivityResults]:
        return PruningResults(**tuples(rows["pruning"])), SensitivityResults(**tuples(rows["sensitivity"]))

    return read(FILE, built)


def dense(network: nn.Module, data: Split, seed: int) -> nn.Module:
    """The network, trained."""
    optimizer = torch.optim.Adam(network.parameters(), lr=ADAM[0])
    train(network, data.train_inputs, data.train_labels, optimizer, DENSE_EPOCHS, seed=seed, batch_size=BATCH)
    return network


def weights_of(network: nn.Module) -> list[Tensor]:
    """The prunable tensors: everything with more than one dimension."""
    return [parameter.detach() for parameter in network.parameters() if parameter.dim() > 1]


def pruned(network: nn.Module, sparsity: float, mode: str, data: Split, seed: int) -> nn.Module:
    """A copy of a dense network, pruned in one of MODES."""
    copy = lenet_300_100()
    copy.load_state_dict(network.state_dict())
    start = 0.0 if mode == "gradual" else sparsity
    stepper = Stepper(copy.parameters(), masked_step, 2, ADAM, masks=_masks(copy, start))
    with torch.no_grad():
        for parameter, mask in zip(copy.parameters(), stepper.masks, strict=True):
            parameter.mul_(mask)
    if mode == "one-shot":
        return copy
    steps = RETRAINING_EPOCHS * -(-len(data.train_labels) // BATCH)

    def grow(step: int) -> None:
        if mode == "gradual" and step % 10 == 0:
            stepper.masks = _masks(copy, cubic_sparsity(step, 0.0, sparsity, 0, int(0.7 * steps)))

    train(
        copy,
        data.train_inputs,
        data.train_labels,
        stepper,
        RETRAINING_EPOCHS,
        seed=100 + seed,
        batch_size=BATCH,
        before_step=grow,
    )
    return copy


def accuracy(network: nn.Module, data: Split) -> float:
    """Share of the test digits that are right, in %."""
    return round(100 * correct(network, data.test_inputs, data.test_labels).float().mean().item(), 2)


def _masks(network: nn.Module, sparsity: float) -> list[Tensor]:
    """One mask per parameter; biases are kept whole."""
    masks = iter(magnitude_mask(weights_of(network), sparsity))
    return [next(masks) if p.dim() > 1 else torch.ones_like(p, dtype=torch.bool) for p in network.parameters()]


def _histogram(network: nn.Module) -> list[int]:
    """Counts of the weights that are not zero, by EDGES; the outermost bins take what lies beyond."""
    values = torch.cat([weight.flatten() for weight in weights_of(network)])
    values = values[values != 0].clamp(EDGES[0], EDGES[-1])
    return torch.histogram(values.cpu(), torch.tensor(EDGES)).hist.int().tolist()


def _pruning(data: Split) -> PruningResults:
    table = {mode: [] for mode in MODES}
    counts = {mode: [] for mode in MODES}
    for seed in SEEDS:
        base = dense(lenet_300_100(seed), data, seed)
        for mode in MODES:
            networks = [pruned(base, sparsity, mode, data, seed) for sparsity in SPARSITIES]
            table[mode].append([accuracy(network, data) for network in networks])
            if seed == SEEDS[0]:
                counts[mode] = [_histogram(network) for network in networks]
                first = base
            print("LeNet-300-100", seed, mode, table[mode][-1], flush=True)
    magnitudes = torch.cat([weight.abs().flatten() for weight in weights_of(first)]).sort().values
    gone = [round(sparsity * len(magnitudes)) for sparsity in SPARSITIES]
    thresholds = [round(float(magnitudes[count - 1]), 5) if count else 0.0 for count in gone]
    source = f"LeNet-300-100 on 5,000 MNIST digits, {len(SEEDS)} seeds"
    return PruningResults(source, len(magnitudes), SPARSITIES, table, thresholds, EDGES, _histogram(first), counts)


def _sensitivity(data: Split) -> SensitivityResults:
    table = []
    for seed in SEEDS:
        network = dense(lenet_5(seed), data, seed)
        kept = [weight.clone() for weight in weights_of(network)]
        table.append(
            [[_with_one_pruned(network, kept, layer, s, data) for s in SPARSITIES] for layer in range(len(kept))]
        )
        print("LeNet-5", seed, table[-1], flush=True)
    layers = ("conv 1", "conv 2", "linear 1", "linear 2", "linear 3")
    sizes = [weight.numel() for weight in kept]
    source = f"LeNet-5 on 5,000 MNIST digits, {len(SEEDS)} seeds"
    return SensitivityResults(source, layers, sizes, SPARSITIES, table)


@torch.no_grad()
def _with_one_pruned(network: nn.Module, kept: list[Tensor], layer: int, sparsity: float, data: Split) -> float:
    """Accuracy with one layer pruned; the weights are as before afterwards."""
    weight = weights_of(network)[layer]
    weight.mul_(magnitude_mask([weight], sparsity)[0])
    found = accuracy(network, data)
    weight.copy_(kept[layer])
    return found


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    data = mnist5k()
    results = {"pruning": asdict(_pruning(data)), "sensitivity": asdict(_sensitivity(data))}
    write_atomically(FILE, json.dumps(results, separators=(",", ":")) + "\n")
