"""Delete neurons from a whole network, or only mask them: two networks that compute the same.

Where a deleted channel has one way to one layer that does not pad, the mask silences it *before* its bias (or before
batch normalization), and the constant that it still says moves into the next bias. Two cases do not fold, and there
the mask comes *after* bias and activation, right before the layer that reads:

- A padded convolution reads zeros beyond the border, not the constant. One number in a bias cannot say "c inside, and
  less of it along the border".
- A residual stream: its channels are sums, and each writer's constant would have to be told to every reader.

Groups are deleted from the output towards the input. A deleted neuron of a later layer must not take along the constant
that an earlier layer would fold into its bias.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from featherweight.compression.dependencies import Group, Reader, groups
from featherweight.errors import InputError

__all__ = ["deleted", "masked"]


def masked(network: nn.Module, example: Tensor, keeps: Mapping[str, Tensor]) -> nn.Module:
    """A copy of `network` of the same size, with forward hooks that silence what is not kept.

    keeps: name of a group's first writer → (channels,) bool, True = stays. Raises InputError as `deleted`.
    """
    smaller = copy.deepcopy(network)
    for group, keep in _chosen(smaller, example, keeps):
        if _folds(smaller, group):
            writer = smaller.get_submodule(group.writers[0])
            writer.register_forward_hook(_before_the_bias(keep))
            continue
        for reader in group.readers:
            smaller.get_submodule(reader.name).register_forward_pre_hook(_after_the_activation(keep, reader.positions))
    return smaller


@torch.no_grad()
def deleted(network: nn.Module, example: Tensor, keeps: Mapping[str, Tensor]) -> nn.Module:
    """A smaller copy of `network`: rows, batch normalization and columns are gone for good.

    It computes what `masked` does, in evaluation mode: in training, batch normalization would measure afresh.

    keeps: name of a group's first writer → (channels,) bool, True = stays; see `dependencies.groups` for the names.
    Raises InputError for an unknown name, a mask of another shape, or one that keeps nothing.
    """
    smaller = copy.deepcopy(network)
    for group, keep in reversed(_chosen(smaller, example, keeps)):
        if _folds(smaller, group):
            _fold(smaller, group, keep)
        for name in group.writers:
            _keep_rows(smaller.get_submodule(name), keep)
        for name in group.norms:
            _keep_entries(smaller.get_submodule(name), keep)
        for reader in group.readers:
            _keep_columns(smaller.get_submodule(reader.name), keep.repeat_interleave(reader.positions))
    return smaller


def _chosen(network: nn.Module, example: Tensor, keeps: Mapping[str, Tensor]) -> list[tuple[Group, Tensor]]:
    """The groups that `keeps` names, from input to output, each with its mask."""
    known = groups(network, example)
    for name, keep in keeps.items():
        if name not in known:
            raise InputError(f"No group of channels starts at {name!r}; wanted one of {', '.join(map(repr, known))}.")
        if keep.dtype != torch.bool or keep.shape != (known[name].size,):
            raise InputError(
                f"The mask of {name!r} is {keep.dtype} of shape {tuple(keep.shape)}; "
                f"wanted bool of shape ({known[name].size},), True for what stays."
            )
        if not keep.any():
            raise InputError(
                f"Of the {known[name].size} channels of {name!r} none would stay; "
                "wanted at least one: keep one, or take the whole layer out of the network."
            )
    return [(group, keeps[name]) for name, group in known.items() if name in keeps]


def _folds(network: nn.Module, group: Group) -> bool:
    """Whether a silenced channel's constant can move into the next bias."""
    if len(group.writers) != 1 or len(group.readers) != 1 or group.readers[0].between is None:
        return False
    path = [network.get_submodule(name) for name in (*group.readers[0].between, group.readers[0].name)]
    return not any(_pads(module) for module in path)


def _pads(module: nn.Module) -> bool:
    """Whether a layer mixes zeros in at the border. Max pooling pads with −∞ and changes no constant."""
    return isinstance(module, nn.Conv2d | nn.AvgPool2d) and module.padding not in (0, (0, 0), "valid")


def _fold(network: nn.Module, group: Group, keep: Tensor) -> None:
    """Move what the silenced channels still say into the bias of the layer that reads them."""
    reader = group.readers[0]
    layer = network.get_submodule(reader.name)
    constant = _constant(network, group.writers[0], reader)
    columns = layer.weight.reshape(len(layer.weight), len(keep), -1).sum(2)
    heard = columns[:, ~keep] @ constant[~keep]
    layer.bias = nn.Parameter(heard if layer.bias is None else layer.bias + heard)


def _constant(network: nn.Module, writer: str, reader: Reader) -> Tensor:
    """(channels,): what each channel says when its weights are silent; pooling leaves a constant as it is."""
    layer = network.get_submodule(writer)
    says = layer.weight.new_zeros(1, len(layer.weight)) if layer.bias is None else layer.bias[None]
    for module in map(network.get_submodule, reader.between):
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            says = nn.functional.batch_norm(
                says, module.running_mean, module.running_var, module.weight, module.bias, eps=module.eps
            )
        elif isinstance(module, nn.ReLU):
            says = module(says)
    return says[0]


def _before_the_bias(keep: Tensor):
    def hook(layer, _, output):
        at = (-1, *[1] * (output.dim() - 2))
        bias = 0.0 if layer.bias is None else layer.bias.view(at)
        return torch.where(keep.view(at), output, bias)

    return hook


def _after_the_activation(keep: Tensor, positions: int):
    def hook(_, inputs):
        whole = keep.repeat_interleave(positions)
        return (inputs[0] * whole.view(-1, *[1] * (inputs[0].dim() - 2)),)

    return hook


def _keep_rows(layer: nn.Linear | nn.Conv2d, keep: Tensor) -> None:
    layer.weight = nn.Parameter(layer.weight[keep])
    if layer.bias is not None:
        layer.bias = nn.Parameter(layer.bias[keep])
    setattr(layer, "out_features" if isinstance(layer, nn.Linear) else "out_channels", int(keep.sum()))


def _keep_columns(layer: nn.Linear | nn.Conv2d, keep: Tensor) -> None:
    layer.weight = nn.Parameter(layer.weight[:, keep])
    setattr(layer, "in_features" if isinstance(layer, nn.Linear) else "in_channels", int(keep.sum()))


def _keep_entries(norm: nn.BatchNorm1d | nn.BatchNorm2d, keep: Tensor) -> None:
    for name in ("weight", "bias"):
        setattr(norm, name, nn.Parameter(getattr(norm, name)[keep]))
    for name in ("running_mean", "running_var"):
        setattr(norm, name, getattr(norm, name)[keep])
    norm.num_features = int(keep.sum())
