"""The book's networks on rows of 784 pixels: two of LeCun et al. (1998), a smaller one, and one of residual blocks."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

__all__ = ["Block", "lenet_5", "lenet_300_100", "mlp", "residual", "seeded"]


def lenet_300_100(seed: int = 0) -> nn.Sequential:
    """784 → 300 → 100 → 10, fully connected: 266,610 parameters. Weights depend on `seed` alone."""
    with seeded(seed):
        return nn.Sequential(
            nn.Linear(784, 300),
            nn.ReLU(),
            nn.Linear(300, 100),
            nn.ReLU(),
            nn.Linear(100, 10),
        )


def lenet_5(seed: int = 0) -> nn.Sequential:
    """Two convolutions and three fully connected layers: 61,706 parameters. Weights depend on `seed` alone.

    This is the 1998 shape with ReLU and max pooling; the LeNet-5 of the pruning papers is Caffe's, with 431,000.
    """
    with seeded(seed):
        return nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            nn.Conv2d(1, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, 10),
        )


def mlp(seed: int = 0) -> nn.Sequential:
    """784 → 128 → 64 → 10, fully connected: 109,386 parameters. Weights depend on `seed` alone."""
    with seeded(seed):
        return nn.Sequential(
            nn.Linear(784, 128),
            nn.ReLU(),
            nn.Linear(128, 64),
            nn.ReLU(),
            nn.Linear(64, 10),
        )


class Block(nn.Module):
    """x + what two padded convolutions make of it, each with batch normalization (He et al., arXiv:1512.03385)."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.inside = nn.Sequential(
            nn.Conv2d(channels, inner, 3, padding=1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(),
            nn.Conv2d(inner, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.activation = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x + self.inside(x))


def residual(seed: int = 0, channels: int = 16, inner: int = 32) -> nn.Sequential:
    """A convolution, two residual blocks on 7×7 maps of 16 channels, and a linear layer: 19,082 parameters."""
    with seeded(seed):
        return nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            nn.Conv2d(1, channels, 4, stride=4, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            Block(channels, inner),
            Block(channels, inner),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(channels, 10),
        )


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    with torch.random.fork_rng(devices=[]):  # the reader's own random stream stays where it was
        torch.manual_seed(seed)
        yield
