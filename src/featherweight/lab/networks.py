"""The book's two house networks (LeCun et al. 1998) and a smaller one: plain `nn.Sequential`s on rows of 784 pixels."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

__all__ = ["lenet_5", "lenet_300_100", "mlp"]


def lenet_300_100(seed: int = 0) -> nn.Sequential:
    """784 → 300 → 100 → 10, fully connected: 266,610 parameters. Weights depend on `seed` alone."""
    with _seeded(seed):
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
    with _seeded(seed):
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
    with _seeded(seed):
        return nn.Sequential(
            nn.Linear(784, 128),
            nn.ReLU(),
            nn.Linear(128, 64),
            nn.ReLU(),
            nn.Linear(64, 10),
        )


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    with torch.random.fork_rng(devices=[]):  # the reader's own random stream stays where it was
        torch.manual_seed(seed)
        yield
