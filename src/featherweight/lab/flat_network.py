"""A small network whose weights are one vector: 64 pixels → 32 → 10, without biases, for scikit-learn's digits."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.lab.data import Split

__all__ = ["first_weights", "outputs", "trainer", "wrong"]

PIXELS, HIDDEN, KINDS = 64, 32, 10
CUT = PIXELS * HIDDEN
BATCH = 64


def first_weights(seed: int = 0) -> Tensor:
    """The untrained network, (2368,)."""
    draw = torch.Generator().manual_seed(seed)
    hidden = torch.randn(CUT, generator=draw) * math.sqrt(2 / PIXELS)
    return torch.cat([hidden, torch.randn(KINDS * HIDDEN, generator=draw) * math.sqrt(1 / HIDDEN)])


def outputs(weight: Tensor, inputs: Tensor) -> Tensor:
    """Scores (n, 10) for inputs (n, 64)."""
    hidden = F.relu(inputs @ weight[:CUT].view(HIDDEN, PIXELS).T)
    return hidden @ weight[CUT:].view(KINDS, HIDDEN).T


def trainer(data: Split, epochs: int = 8, rate: float = 0.1, momentum: float = 0.9) -> Callable:
    """train(weight, mask, velocity): that many epochs of momentum for what the mask leaves, weight and velocity in
    place. The batches are the same at every call.
    """

    def train(weight: Tensor, mask: Tensor, velocity: Tensor) -> None:
        order = torch.Generator().manual_seed(0)
        for _ in range(epochs):
            for batch in torch.randperm(len(data.train_labels), generator=order).split(BATCH):
                asked = weight.clone().requires_grad_()
                loss = F.cross_entropy(outputs(asked, data.train_inputs[batch]), data.train_labels[batch])
                (slope,) = torch.autograd.grad(loss, asked)
                velocity.mul_(momentum).add_(slope).mul_(mask)
                weight.sub_(rate * velocity)

    return train


def wrong(weight: Tensor, data: Split) -> int:
    """Errors on the test digits."""
    return int((outputs(weight, data.test_inputs).argmax(1) != data.test_labels).sum())
