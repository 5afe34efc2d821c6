"""Adam that keeps its two moments in 8 bits each (Dettmers et al., arXiv:2110.02861), and training with it.

A step reads both moments back, does one ordinary 32-bit step of Adam, and stores them again: one byte for each number
and four for each block. The first moment has a sign, the second none, so each has a code map of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from featherweight.compression import state
from featherweight.lab.data import Split
from featherweight.lab.sparse_training import ADAM
from featherweight.lab.training import train
from featherweight.optimizers.adaptive import adam_step

__all__ = ["BLOCK", "SmallAdam", "code_map", "linear_map", "second_moment", "train_small"]

BLOCK = 256


def linear_map(signed: bool) -> Tensor:
    """(256,) evenly spaced values in −1…1, or in 0…1: what `dynamic_map` is compared with."""
    return torch.linspace(-1.0 if signed else 0.0, 1.0, 256)


def code_map(signed: bool) -> Tensor:
    """(256,) values of the dynamic map: what `SmallAdam` uses unless told otherwise."""
    return state.dynamic_map(signed)


class SmallAdam:
    """An optimizer for `training.train`. quantize, maps: in place of the book's `quantize_state` and `dynamic_map`."""

    def __init__(
        self,
        parameters: Iterable[Tensor],
        quantize: Callable | None = None,
        maps: Callable[[bool], Tensor] | None = None,
        block: int = BLOCK,
    ) -> None:
        self.parameters, self.block, self.steps = list(parameters), block, 0
        self.quantize = quantize or state.quantize_state
        device = self.parameters[0].device
        self.codes = [(maps or code_map)(signed).to(device) for signed in (True, False)]
        self.moments = [[self._stored(torch.zeros_like(p), code) for code in self.codes] for p in self.parameters]

    def zero_grad(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        self.steps += 1
        for index, parameter in enumerate(self.parameters):
            moments = [self._read(*pair) for pair in zip(self.moments[index], self.codes, strict=True)]
            new, *moments = adam_step(parameter.detach(), parameter.grad, *moments, self.steps, *ADAM)
            parameter.copy_(new)
            self.moments[index] = [self._stored(*pair) for pair in zip(moments, self.codes, strict=True)]

    def bytes_per_parameter(self) -> float:
        """Of what is kept between two steps, both moments together; the code maps are shared by all."""
        held = sum(part.numel() * part.element_size() for pair in self.moments for each in pair for part in each)
        return held / sum(parameter.numel() for parameter in self.parameters)

    def _stored(self, moment: Tensor, code: Tensor) -> tuple[Tensor, Tensor]:
        return self.quantize(moment, code, self.block)

    def _read(self, stored: tuple[Tensor, Tensor], code: Tensor) -> Tensor:
        return state.dequantize_state(*stored, code, self.block)


def second_moment(network: nn.Module, data: Split, epochs: int = 1) -> Tensor:
    """The first parameter's second moment, in 32 bits, after training the network in place with torch's own Adam."""
    optimizer = torch.optim.Adam(network.parameters(), ADAM[0], ADAM[1:3], ADAM[3])
    train(network, data.train_inputs, data.train_labels, optimizer, epochs)
    return optimizer.state[next(network.parameters())]["exp_avg_sq"]


def train_small(
    network: nn.Module, data: Split, epochs: int, seed: int = 0, title: str | None = None, **how
) -> tuple[SmallAdam, list[float]]:
    """Train in place as `sparse_training.train_dense` does, with small moments; the optimizer, and the mean losses."""
    optimizer = SmallAdam(network.parameters(), **how)
    losses = train(network, data.train_inputs, data.train_labels, optimizer, epochs, seed=seed, title=title)
    return optimizer, losses
