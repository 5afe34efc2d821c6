"""Round a network, retrain it while it is rounded, and run one that knows only signs on packed bits.

What lesson 9 and its shipped table have in common. Networks are stacks like LeNet-300-100.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from featherweight.compression import packing
from featherweight.lab.data import Split
from featherweight.lab.low_bit_layers import LowBitLinear, Pact, Rules, Sign
from featherweight.lab.sparse_training import train_dense

__all__ = ["WHITE", "all_signs", "few_activations", "plain", "retrained", "rounded", "run_packed", "spread"]

WHITE = 0.5
"""A pixel from here on is +1 to a network of signs, a darker one −1."""


def rounded(network: nn.Sequential, form: str, rules: Rules | None = None) -> nn.Sequential:
    """A copy whose linear layers compute with rounded weights of a form, by name in `low_bit_layers.FORMS`.

    As it is made it is *post-training quantized*; trained further it is *quantization-aware trained*.
    """
    layers = [LowBitLinear(m, form, rules) if isinstance(m, nn.Linear) else copy.deepcopy(m) for m in network]
    return nn.Sequential(*layers)


def few_activations(network: nn.Sequential, form: str, bits: int, rules: Rules | None = None) -> nn.Sequential:
    """As `rounded`, with PACT of `bits` bits in place of every ReLU. Pixels stay as they are."""
    device = network[0].weight.device
    layers = [Pact(bits).to(device) if isinstance(m, nn.ReLU) else m for m in rounded(network, form, rules)]
    return nn.Sequential(*layers)


def all_signs(network: nn.Sequential) -> nn.Sequential:
    """A copy with one-bit weights that hands on signs only, and sees a picture as signs: every product is ±1 · ±1."""
    layers = [Sign() if isinstance(m, nn.ReLU) else m for m in rounded(network, "1 bit")]
    return nn.Sequential(Sign(WHITE), *layers)


def retrained(low: nn.Sequential, data: Split, epochs: int, seed: int = 0, title: str | None = None) -> nn.Sequential:
    """A copy of a rounded network, its real weights trained on with Adam at the book's usual rate."""
    low = copy.deepcopy(low)
    train_dense(low, data, epochs, seed=seed, title=title)
    return low


@torch.no_grad()
def plain(low: nn.Sequential) -> nn.Sequential:
    """The same network with ordinary linear layers that hold the rounded weights; the real ones are gone."""
    layers = []
    for module in low:
        if isinstance(module, LowBitLinear):
            layer = nn.Linear(module.in_features, module.out_features, device=module.weight.device)
            layer.load_state_dict({"weight": module.quantized(), "bias": module.bias})
            module = layer  # noqa: PLW2901
        layers.append(module)
    return nn.Sequential(*layers)


def spread(layer: LowBitLinear) -> tuple[list[float], list[int]]:
    """The values that a layer's rounded weights take, ascending, and how many weights take each."""
    codes, counts = layer.quantized().detach().cpu().unique(return_counts=True)
    return codes.tolist(), counts.tolist()


@torch.no_grad()
def run_packed(
    network: nn.Sequential,
    inputs: Tensor,
    pack: Callable[[Tensor], Tensor] = packing.pack_signs,
    multiply: Callable[[Tensor, Tensor, int], Tensor] = packing.xnor_popcount_matmul,
) -> Tensor:
    """The outputs (n, 10) of an `all_signs` network, its matrix products on packed bits; on the CPU.

    A layer's mean size comes after the product, once for each output.
    """
    x = inputs.cpu() - WHITE
    for layer in (module for module in network if isinstance(module, LowBitLinear)):
        weight = layer.weight.detach().cpu()
        whole = multiply(pack(x), pack(weight), weight.shape[1])
        x = whole * weight.abs().mean() + layer.bias.detach().cpu()
    return x
