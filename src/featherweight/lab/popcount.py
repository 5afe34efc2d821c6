"""A fast form of `compression.packing.xnor_popcount_matmul`: NumPy counts the ones of 64 signs at a time.

`numpy.bitwise_count` is one instruction where the processor has it. What is left is memory: for each pair of rows, a
word for 64 products. It is asserted equal to the clear form, and `featherweight bench --only inference` says what it is
worth against a product of floats.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.errors import InputError

__all__ = ["signs_product", "words"]


def words(packed: Tensor) -> np.ndarray:
    """Rows of packed signs, uint8 (rows, bytes), as uint64 (rows, ⌈bytes / 8⌉), filled up with zero bits."""
    if packed.dtype != torch.uint8 or packed.dim() != 2:
        raise InputError(
            f"words got {packed.dtype} of shape {tuple(packed.shape)}; wanted uint8 of shape (rows, bytes), as "
            "pack_signs gives it."
        )
    return F.pad(packed, (0, -packed.shape[1] % 8)).contiguous().numpy().view(np.uint64)


def signs_product(a: np.ndarray, b: np.ndarray, count: int) -> Tensor:
    """The product of two matrices of signs. a, b: `words` of their rows. count: signs in a row.

    Returns (rows of a, rows of b), int32, exact. It holds 8 bytes for each word of each pair of a row of b with one
    row of a at a time.
    """
    differ = np.empty((len(a), len(b)), np.int32)
    for row, line in enumerate(a):
        differ[row] = np.bitwise_count(line ^ b).sum(1, dtype=np.int32)
    return torch.from_numpy(count - 2 * differ)
