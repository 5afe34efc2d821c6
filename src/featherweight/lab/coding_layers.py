"""Networks that are cheaper to store: factored, shared, and adapted by a product of two thin matrices.

The functions that the reader writes in lesson 12 come in as `Rules`, with the book's own as defaults; they run on the
CPU. Networks are stacks like LeNet-300-100.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression.low_rank import low_rank, merge_lora, rank_that_pays
from featherweight.compression.sharing import centroid_gradient, linear_centroids, share_weights
from featherweight.errors import InputError

__all__ = ["STARTS", "LoraLinear", "Rules", "SharedLinear", "adapted", "factored", "first_centroids", "plain", "shared"]

STARTS = ("evenly spaced", "quantiles", "drawn")
"""Where k-means begins: Deep Compression's linear, density-based and random initialization (arXiv:1510.00149, 3.2)."""


@dataclass(frozen=True)
class Rules:
    """The functions that these networks call: the reader's or the book's."""

    low_rank: Callable[..., tuple[Tensor, Tensor]] = low_rank
    merge_lora: Callable[..., Tensor] = merge_lora
    share_weights: Callable[..., tuple[Tensor, Tensor]] = share_weights
    centroid_gradient: Callable[..., Tensor] = centroid_gradient


def factored(network: nn.Sequential, rank: int, rules: Rules | None = None) -> nn.Sequential:
    """A copy with two linear layers in place of each that `rank` makes smaller; the others stay whole."""
    layers = []
    for module in network:
        pays = isinstance(module, nn.Linear) and rank <= rank_that_pays(*module.weight.shape)
        layers += _two(module, rank, rules or Rules()) if pays else [copy.deepcopy(module)]
    return nn.Sequential(*layers)


@torch.no_grad()
def _two(layer: nn.Linear, rank: int, rules: Rules) -> list[nn.Linear]:
    device = layer.weight.device
    left, right = rules.low_rank(layer.weight.detach().cpu(), rank)
    first = nn.Linear(layer.in_features, rank, bias=False, device=device)
    second = nn.Linear(rank, layer.out_features, device=device)
    first.weight.copy_(right)
    second.weight.copy_(left)
    second.bias.copy_(layer.bias)
    return [first, second]


class LoraLinear(nn.Module):
    """A frozen linear layer plus a trained product of two thin matrices (arXiv:2106.09685, section 4.1).

    up begins at zero, so that the layer begins as it was.
    """

    def __init__(self, layer: nn.Linear, rank: int, alpha: float = 16.0, seed: int = 0) -> None:
        super().__init__()
        draw = torch.Generator().manual_seed(seed)
        down = torch.randn(rank, layer.in_features, generator=draw) / layer.in_features**0.5
        self.layer, self.alpha = copy.deepcopy(layer).requires_grad_(False), alpha
        self.down = nn.Parameter(down.to(layer.weight.device))
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank, device=layer.weight.device))

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x) + self.alpha / len(self.down) * F.linear(F.linear(x, self.down), self.up)

    @torch.no_grad()
    def merged(self, rules: Rules) -> nn.Linear:
        """One ordinary layer that does the same."""
        layer = copy.deepcopy(self.layer).requires_grad_(True)
        given = (self.layer.weight.cpu(), self.down.detach().cpu(), self.up.detach().cpu())
        layer.weight.copy_(rules.merge_lora(*given, self.alpha))
        return layer


def adapted(network: nn.Sequential, rank: int, seed: int = 0) -> nn.Sequential:
    """A copy that can learn a new task by low-rank changes of all its linear layers, and by nothing else."""
    layers = [
        LoraLinear(m, rank, seed=seed + number) if isinstance(m, nn.Linear) else m for number, m in enumerate(network)
    ]
    return nn.Sequential(*layers)


def first_centroids(values: Tensor, count: int, start: str = STARTS[0], seed: int = 0) -> Tensor:
    """`count` values, ascending, for k-means to begin with. values: (n,), at least one. start: one of STARTS."""
    if start not in STARTS:
        raise InputError(f"There is no start {start!r}; wanted one of {', '.join(STARTS)}.")
    if start == "evenly spaced":
        return linear_centroids(values, count)
    ordered = values.sort().values
    if start == "quantiles":
        return ordered[((torch.arange(count) + 0.5) / count * len(values)).long()]
    return ordered[torch.randint(len(values), (count,), generator=torch.Generator().manual_seed(seed)).sort().values]


class _Lookup(torch.autograd.Function):
    """centroids[indices], whose gradient in the centroids is what `rule` says."""

    @staticmethod
    def forward(ctx, centroids: Tensor, indices: Tensor, rule: Callable) -> Tensor:
        ctx.rest = indices, len(centroids), rule
        return centroids[indices]

    @staticmethod
    def backward(ctx, upstream: Tensor) -> tuple:
        indices, count, rule = ctx.rest
        return rule(upstream.cpu(), indices.cpu(), count).to(upstream.device), None, None


class SharedLinear(nn.Module):
    """A linear layer whose weights are one of 2^bits values each, or zero where the given layer has a zero.

    indices: int64, of the weight's shape, 0 where it is zero, else 1 + the number of its value. Only the values, the
    `centroids`, and the bias are trained.
    """

    def __init__(
        self, layer: nn.Linear, bits: int, rules: Rules | None = None, start: str = STARTS[0], seed: int = 0
    ) -> None:
        super().__init__()
        self.rules = rules or Rules()
        weight = layer.weight.detach().cpu()
        kept, indices = weight != 0, torch.zeros(weight.shape, dtype=torch.int64)
        given = first_centroids(weight[kept], 2**bits, start, seed)
        chosen, centroids = self.rules.share_weights(weight[kept], given)
        indices[kept] = chosen + 1
        self.bias = nn.Parameter(layer.bias.detach().clone())
        self.register_buffer("indices", indices.to(layer.weight.device))
        self.centroids = nn.Parameter(centroids.to(layer.weight))

    def codebook(self) -> Tensor:
        """Zero, and after it the values."""
        return torch.cat([self.centroids.new_zeros(1), self.centroids])

    def quantized(self) -> Tensor:
        """The weights it computes with."""
        return _Lookup.apply(self.codebook(), self.indices, self.rules.centroid_gradient)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.quantized(), self.bias)


def shared(
    network: nn.Sequential, bits: int, rules: Rules | None = None, start: str = STARTS[0], seed: int = 0
) -> nn.Sequential:
    """A copy with 2^bits values for each linear layer's nonzero weights."""
    layers = [
        SharedLinear(m, bits, rules, start, seed) if isinstance(m, nn.Linear) else copy.deepcopy(m) for m in network
    ]
    return nn.Sequential(*layers)


@torch.no_grad()
def plain(network: nn.Sequential, rules: Rules | None = None) -> nn.Sequential:
    """The same network of ordinary layers: changes merged, shared values written out."""
    layers = []
    for module in network:
        if isinstance(module, LoraLinear):
            layers.append(module.merged(rules or Rules()))
        elif isinstance(module, SharedLinear):
            rows, columns = module.indices.shape
            layer = nn.Linear(columns, rows, device=module.bias.device)
            layer.load_state_dict({"weight": module.quantized(), "bias": module.bias})
            layers.append(layer)
        else:
            layers.append(copy.deepcopy(module))
    return nn.Sequential(*layers)
