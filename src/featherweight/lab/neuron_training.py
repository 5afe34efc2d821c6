"""Choose neurons by a score, delete them, train on: what lesson 7 and its shipped table have in common.

A deleted network is an ordinary dense one: `sparse_training.train_dense` fine-tunes it, with no masks to keep.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression import structured
from featherweight.compression.deletion import deleted
from featherweight.compression.dependencies import groups
from featherweight.errors import InputError
from featherweight.lab.data import Split

__all__ = ["WAYS", "batch_gradients", "best", "scores", "shrunk"]

WAYS = ("random", "magnitude", "taylor")
BATCHES, BATCH = 20, 64


def batch_gradients(network: nn.Module, name: str, data: Split, batches: int = BATCHES) -> Tensor:
    """The gradient of the loss in one layer's weight, for each of the first `batches` batches of 64 training digits.

    name: of the layer. Returns (batches, *shape of the weight). The network is left as it was.
    """
    weight, found = network.get_submodule(name).weight, []
    for start in range(0, batches * BATCH, BATCH):
        inputs, labels = data.train_inputs[start : start + BATCH], data.train_labels[start : start + BATCH]
        found.append(torch.autograd.grad(F.cross_entropy(network(inputs), labels), weight)[0])
    return torch.stack(found)


def best(scores: Tensor, share: float) -> Tensor:
    """A mask that keeps a share of the neurons, rounded, at least one: those of the largest scores."""
    count = max(round(share * len(scores)), 1)
    return torch.zeros_like(scores, dtype=torch.bool).index_fill(0, scores.topk(count).indices, True)


def scores(
    network: nn.Module, name: str, way: str, data: Split, seed: int = 0, taylor: Callable | None = None
) -> Tensor:
    """One number for each neuron of the layer `name`, by one of WAYS. taylor: in place of the book's `neuron_scores`.

    Raises InputError for another way.
    """
    weight = network.get_submodule(name).weight.detach()
    if way == "random":
        return torch.rand(len(weight), generator=torch.Generator().manual_seed(seed)).to(weight.device)
    if way == "magnitude":
        return structured.magnitude_scores(weight)
    if way == "taylor":
        return (taylor or structured.neuron_scores)(weight, batch_gradients(network, name, data))
    raise InputError(f"There is no score {way!r}; wanted one of {', '.join(WAYS)}.")


def shrunk(network: nn.Module, share: float, way: str, data: Split, seed: int = 0) -> nn.Module:
    """A copy that keeps the same share of every hidden layer's neurons, scored in the whole network."""
    example = data.train_inputs[:1]
    names = groups(network, example)
    keeps = {name: best(scores(network, name, way, data, seed), share) for name in names}
    return deleted(network, example, keeps)
