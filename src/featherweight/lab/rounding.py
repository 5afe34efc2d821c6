"""Round a trained network without training it: change its matrices, count what it still gets right.

Works on any network of linear layers; lesson 10 does it to MiniLM, or to LeNet-300-100 where that is not installed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from featherweight.compression.gptq import gptq_layer, round_to_grid, row_scales
from featherweight.compression.transformers import awq_scales, hadamard, int8_with_outliers, rotate, smooth
from featherweight.lab.data import mnist5k
from featherweight.lab.measure import correct
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.packaged import MINILM, installed
from featherweight.lab.retrieval import found, index, ranks
from featherweight.lab.sentences import encode, linears, minilm
from featherweight.lab.sparse_training import train_dense
from featherweight.lab.verses import verses

__all__ = ["ACTING", "WEIGHTS", "Subject", "acting", "rounded", "rtn", "subject", "with_weights"]

CALIBRATION, DAMPING, ALPHA, OUTLIER = 128, 0.01, 0.5, 6.0  # verses; shares and thresholds of the papers
AWQ_GRID = tuple(step / 20 for step in range(20))  # the grid of its authors' code
AWQ_ROWS = 8  # AWQ looks at every eighth token: the search computes a product for each exponent
TURNED = 128  # the largest power of two that divides both 384 and 1,536


@dataclass(frozen=True)
class Subject:
    """name: what it is. network: trained, in evaluation mode. calibrate: runs a network on examples of training.

    right: (examples,) bool, which test examples a network gets right. unit: what one example is. loud: a matrix that
    reads a few inputs far louder than the others, if any does.
    """

    name: str
    network: nn.Module
    calibrate: Callable[[nn.Module], object]
    right: Callable[[nn.Module], Tensor]
    unit: str
    loud: str


def subject(device: torch.device | str = "cpu", draw: int = 0) -> Subject:
    """MiniLM and its 400 queries; where its package is missing, one printed line, and LeNet-300-100 with its digits.

    draw: which 128 of the 256 calibration verses.
    """
    if installed(MINILM):
        encoder = minilm()
        documents, texts = index(encoder).to(device), verses()
        order = torch.randperm(len(texts.calibration), generator=torch.Generator().manual_seed(draw))
        chosen = [texts.calibration[place] for place in order[:CALIBRATION].tolist()]
        return Subject(
            "MiniLM",
            encoder.to(device),
            lambda network: encode(network, chosen, batch=1),  # no padding among the rows
            lambda network: found(ranks(encode(network, texts.queries), documents)),
            "queries",
            "layers.0.up",
        )
    digits, network = mnist5k().to(device), lenet_300_100().to(device)
    train_dense(network, digits, epochs=4)
    return Subject(
        "LeNet-300-100",
        network.eval().requires_grad_(False),
        lambda other: other(digits.train_inputs[:1024]),
        lambda other: correct(other, digits.test_inputs, digits.test_labels),
        "digits",
        "2",
    )


def with_weights(network: nn.Module, change: Callable[[str, Tensor], Tensor]) -> nn.Module:
    """A copy whose linear layers have the weights change(name, weight)."""
    other = copy.deepcopy(network)
    for name, layer in linears(other).items():
        layer.weight = nn.Parameter(change(name, layer.weight.detach()), requires_grad=False)
    return other


def rtn(weight: Tensor, bits: int) -> Tensor:
    """Rounding to nearest, a scale for each row."""
    return round_to_grid(weight, row_scales(weight, bits), bits)


def _gptq(weight: Tensor, read: Tensor, bits: int) -> Tensor:
    return gptq_layer(weight, read.T @ read, row_scales(weight, bits), bits, DAMPING)


def _awq(weight: Tensor, read: Tensor, bits: int) -> Tensor:
    scale = awq_scales(weight, read[::AWQ_ROWS], list(AWQ_GRID), bits)
    return rtn(weight * scale, bits) / scale


def _turned(weight: Tensor, read: Tensor, bits: int) -> Tensor:
    rotation = _rotation(weight)
    return rotate(rtn(rotate(weight, rotation), bits), rotation.T)


def _rotation(weight: Tensor) -> Tensor:
    return hadamard(min(TURNED, weight.shape[1] & -weight.shape[1])).to(weight)


WEIGHTS = {"rtn": lambda weight, read, bits: rtn(weight, bits), "awq": _awq, "gptq": _gptq, "hadamard": _turned}
"""Ways to round weights alone: (weight, what the layer reads, bits) → weight."""


def rounded(network: nn.Module, read: dict[str, Tensor], way: str, bits: int) -> nn.Module:
    """A copy whose weights are rounded in one of the WEIGHTS' ways."""
    return with_weights(network, lambda name, weight: WEIGHTS[way](weight, read[name], bits))


class Acting(nn.Module):
    """A linear layer that rounds what it reads as well: multiply(x) is what it makes of it, before the bias."""

    def __init__(self, multiply: Callable[[Tensor], Tensor], bias: Tensor) -> None:
        super().__init__()
        self.multiply, self.bias = multiply, bias

    def forward(self, x: Tensor) -> Tensor:
        return self.multiply(x) + self.bias


def _nearest(x: Tensor, largest: Tensor, bits: int) -> Tensor:
    top = 2 ** (bits - 1) - 1
    step = largest.clamp(min=1e-12) / top
    return (x / step).round().clamp(-top, top) * step


def _static(weight: Tensor, read: Tensor, bits: int) -> Callable[[Tensor], Tensor]:
    held, largest = rtn(weight, bits), read.abs().max()
    return lambda x: _nearest(x, largest, bits) @ held.T


def _smooth(weight: Tensor, read: Tensor, bits: int) -> Callable[[Tensor], Tensor]:
    grown, shrunk = smooth(weight, read, ALPHA)
    scale = grown.abs().amax(0) / weight.abs().amax(0).clamp(min=1e-30)
    scale = torch.where(scale > 0, scale, 1.0)
    held, largest = rtn(grown, bits), shrunk.abs().max()
    return lambda x: _nearest(x / scale, largest, bits) @ held.T


def _token(weight: Tensor, read: Tensor, bits: int) -> Callable[[Tensor], Tensor]:
    held = rtn(weight, bits)
    return lambda x: _nearest(x, x.abs().amax(-1, keepdim=True), bits) @ held.T


def _token_turned(weight: Tensor, read: Tensor, bits: int) -> Callable[[Tensor], Tensor]:
    rotation = _rotation(weight)
    inner = _token(rotate(weight, rotation), read, bits)
    return lambda x: inner(rotate(x, rotation))


def _outliers(weight: Tensor, read: Tensor, bits: int) -> Callable[[Tensor], Tensor]:
    return lambda x: int8_with_outliers(x.flatten(0, -2), weight, OUTLIER).view(*x.shape[:-1], -1)


ACTING = {
    "one scale": _static,
    "smooth": _smooth,
    "token": _token,
    "token, turned": _token_turned,
    "outliers apart": _outliers,
}
"""Ways to round weights and activations: (weight, what the layer reads, bits) → how it multiplies."""


def acting(network: nn.Module, read: dict[str, Tensor], way: str, bits: int) -> nn.Module:
    """A copy that rounds weights and activations in one of the ACTING ways; "outliers apart" is 8 bits only."""
    other = copy.deepcopy(network)
    for name, layer in linears(network).items():
        parent, _, child = name.rpartition(".")
        multiply = ACTING[way](layer.weight.detach(), read[name], bits)
        setattr(other.get_submodule(parent), child, Acting(multiply, layer.bias))
    return other
