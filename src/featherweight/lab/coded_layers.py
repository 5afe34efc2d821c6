"""Networks that train while their weights and biases are whole numbers times a step, as a .fw file stores them."""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn
from torch.func import functional_call

from featherweight.compression.calibration import fold_batch_norm
from featherweight.compression.low_bit import lsq

__all__ = ["CodedLayer", "Rounded", "codes", "folded", "rounded"]


class Rounded(nn.Module):
    """A tensor on the grid of a learned step, −2^(bits−1) + 1 … 2^(bits−1) − 1 steps from zero (arXiv:1902.08153).

    What is exactly zero in the latent tensor stays zero. step: where the step begins; by default 2 · mean |w| / √high.
    """

    def __init__(self, tensor: Tensor, bits: int, step: float | None = None) -> None:
        super().__init__()
        self.high = 2 ** (bits - 1) - 1
        sizes = tensor.detach().abs()
        begin = float(2 * sizes.mean()) / math.sqrt(self.high) if step is None else step
        self.step = nn.Parameter(torch.tensor(max(begin, 1e-6)))

    def forward(self, latent: Tensor) -> Tensor:
        return lsq(latent, self.step, -self.high, self.high)

    @torch.no_grad()
    def codes(self, latent: Tensor) -> tuple[Tensor, float]:
        """Whole numbers of the latent tensor's shape, int64, and the step, a number that float16 holds exactly."""
        whole = (latent / self.step).round().clamp(-self.high, self.high)
        return whole.to(torch.int64), float(self.step.half())


class CodedLayer(nn.Module):
    """A layer that computes with its weight and bias rounded, and trains the real numbers behind them.

    layer: linear or convolutional, with a bias. step: where the weight's step begins, as in `Rounded`.
    """

    def __init__(self, layer: nn.Module, bits: int, bias_bits: int, step: float | None = None) -> None:
        super().__init__()
        widest = float(layer.bias.detach().abs().max()) / (2 ** (bias_bits - 1) - 1)
        self.layer = layer
        self.rules = nn.ModuleDict(
            {"weight": Rounded(layer.weight, bits, step), "bias": Rounded(layer.bias, bias_bits, 1.1 * widest)}
        )

    def forward(self, x: Tensor) -> Tensor:
        found = {name: rule(getattr(self.layer, name)) for name, rule in self.rules.items()}
        return functional_call(self.layer, found, (x,))

    def codes(self) -> dict[str, tuple[Tensor, float]]:
        """What is stored: (codes, step) by "weight" and "bias"."""
        return {name: rule.codes(getattr(self.layer, name)) for name, rule in self.rules.items()}


def folded(network: nn.Sequential) -> nn.Sequential:
    """A copy in evaluation mode without batch normalization: each is multiplied into the layer before it."""
    layers: list[nn.Module] = []
    for module in network:
        if not isinstance(module, nn.BatchNorm2d):
            layers.append(copy.deepcopy(module))
            continue
        layer = layers[-1]
        bias = torch.zeros(len(layer.weight)) if layer.bias is None else layer.bias.detach()
        parts = module.weight.detach(), module.bias.detach(), module.running_mean, module.running_var, module.eps
        weight, bias = fold_batch_norm(layer.weight.detach(), bias.to(layer.weight), *parts)
        layer.weight, layer.bias = nn.Parameter(weight), nn.Parameter(bias)
    return nn.Sequential(*layers).eval()


def rounded(network: nn.Sequential, bits: int, bias_bits: int, survivors: bool = False) -> nn.Sequential:
    """A copy whose linear and convolutional layers are coded ones; train it further.

    survivors: begin with a step that gives 98% of a tensor's weights other than zero room: for a pruned network.
    """
    layers: list[nn.Module] = []
    for module in copy.deepcopy(network):
        if not isinstance(module, nn.Linear | nn.Conv2d):
            layers.append(module)
            continue
        kept = module.weight.detach()[module.weight.detach() != 0].abs()
        step = float(kept.quantile(0.98)) / (2 ** (bits - 1) - 1) if survivors and len(kept) else None
        layers.append(CodedLayer(module, bits, bias_bits, step))
    return nn.Sequential(*layers)


def codes(network: nn.Sequential) -> tuple[nn.Sequential, dict[str, tuple[Tensor, float]]]:
    """A rounded network as what is stored: an ordinary one that holds codes · step, and name → (codes, step)."""
    layers, stored = [], {}
    for place, module in enumerate(network):
        layer = copy.deepcopy(module.layer if isinstance(module, CodedLayer) else module)
        for name, (found, step) in (module.codes() if isinstance(module, CodedLayer) else {}).items():
            stored[f"{place}.{name}"] = found.contiguous(), step
            getattr(layer, name).data = found.contiguous() * step
        layers.append(layer)
    return nn.Sequential(*layers).eval(), stored
