"""Train what lesson 12 and its shipped table compare: pruned, shared, factored and narrow networks, and changes to one.

Every network trains with Adam at the book's usual rate; changes have a rate of their own.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import torch
from torch import nn

from featherweight.lab.coding_layers import adapted
from featherweight.lab.data import Split
from featherweight.lab.networks import seeded
from featherweight.lab.sparse_training import prune_gradually, retrain, train_dense, weights
from featherweight.lab.training import train

__all__ = ["MOVE", "changed", "moved", "narrow", "pruned", "retrained", "still_pruned"]

MOVE = 3
CHANGE_RATE = 3e-3
"""Adam's, for changes: the best of 0.001, 0.003 and 0.01 on validation digits, for all numbers and for most ranks."""


def retrained(network: nn.Sequential, data: Split, epochs: int, seed: int = 0, title: str | None = None):
    """A copy, trained on. Of shared layers only the values and biases move; for pruned ones see `still_pruned`."""
    network = copy.deepcopy(network)
    train_dense(network, data, epochs, seed=seed, title=title)
    return network


def pruned(network: nn.Sequential, sparsity: float, data: Split, epochs: int, seed: int = 0, title: str | None = None):
    """A copy with `sparsity` of its weights zero, pruned as lesson 5 does while it trains on."""
    network = copy.deepcopy(network)
    prune_gradually(network, sparsity, data, epochs, seed=seed, title=title)
    return network


def still_pruned(network: nn.Sequential, data: Split, epochs: int, seed: int = 0) -> nn.Sequential:
    """A copy, trained on, whose zeros stay zero."""
    network = copy.deepcopy(network)
    retrain(network, [weight != 0 for weight in weights(network)], data, epochs, seed=seed)
    return network


def narrow(size: int, seed: int = 0) -> nn.Sequential:
    """784 → h → 100 → 10 with as many hidden neurons as `size` parameters allow: the control of a factored network."""
    hidden = max((size - 1110) // 885, 1)  # 785 h + 100 h, and 100 + 1,010 for the rest
    with seeded(seed):
        return nn.Sequential(nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 100), nn.ReLU(), nn.Linear(100, 10))


def moved(data: Split) -> Split:
    """Another task: the same digits, MOVE pixels further right; what leaves the picture comes in on the left."""
    inputs = {
        name: torch.roll(getattr(data, name).view(-1, 28, 28), MOVE, 2).reshape(-1, 784)
        for name in ("train_inputs", "validation_inputs", "test_inputs")
    }
    return replace(data, **inputs)


def changed(network: nn.Sequential, rank: int | None, data: Split, epochs: int, seed: int = 0) -> nn.Sequential:
    """A copy adapted to other data by changes of `rank`, or with all of its numbers where rank is None."""
    network = copy.deepcopy(network) if rank is None else adapted(network, rank, seed)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(trained, CHANGE_RATE, fused=True)
    train(network, data.train_inputs, data.train_labels, optimizer, epochs, seed=seed)
    return network
