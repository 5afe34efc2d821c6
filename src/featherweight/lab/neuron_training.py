"""Choose neurons by a score, delete them, train on: what lesson 7 and its shipped table have in common.

A deleted network is an ordinary dense one: `sparse_training.train_dense` fine-tunes it, with no masks to keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression import structured
from featherweight.compression.deletion import deleted
from featherweight.compression.dependencies import Group, groups
from featherweight.errors import InputError
from featherweight.lab.data import Split

__all__ = ["WAYS", "alone", "batch_gradients", "best", "group_weights", "linear_stack", "scores", "shrunk"]

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


@torch.no_grad()
def alone(network: nn.Module, name: str, inputs: Tensor, labels: Tensor) -> Tensor:
    """(neurons,): how much the loss rises when one neuron of the layer `name` goes and all others stay."""
    weight = network.get_submodule(name).weight
    before, rises = F.cross_entropy(network(inputs), labels), []
    for neuron in range(len(weight)):
        row = weight[neuron].clone()
        weight[neuron] = 0.0
        rises.append(F.cross_entropy(network(inputs), labels) - before)
        weight[neuron] = row
    return torch.stack(rises)


def linear_stack(layers: Sequence[tuple[Tensor, Tensor]]) -> nn.Sequential:
    """Linear layers with a ReLU between any two, from (weight, bias) pairs, whose numbers are copied."""
    modules: list[nn.Module] = []
    for weight, bias in layers:
        layer = nn.Linear(weight.shape[1], weight.shape[0], device=weight.device, dtype=weight.dtype)
        layer.load_state_dict({"weight": weight, "bias": bias})
        modules += [layer, nn.ReLU()]
    return nn.Sequential(*modules[:-1])


def group_weights(network: nn.Module, group: Group) -> tuple[list[Tensor], list[Tensor]]:
    """The weights of a group's writers, (channels, …) each, and of its readers, (outputs, channels, …) each.

    For a group whose readers own one input per channel: a residual stream before it is flattened.
    """
    names = group.writers, [reader.name for reader in group.readers]
    writers, readers = ([network.get_submodule(name).weight.detach() for name in part] for part in names)
    return writers, readers
