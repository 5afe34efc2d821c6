"""The order of things in a .fw file, and the numbers that stand for kinds of storage.

    "fw", the version (1 byte), the network (`header`), a descriptor for every tensor, what these describe in the same
    order, the adaptive codes of all tensors in one stream, and CRC-32 of everything before it (4 bytes, little-endian).

The checksum finds accidents; it stops no one who wants to deceive, and the reader trusts nothing because of it.

A descriptor is a byte: 0 … 5 for plain numbers in the order of PLAIN, 6 for a tensor that is an earlier one, and
7 + (kind · 3 + format) · 5 + coding for codes.

| kind                  | then                              | in the body                                        |
|-----------------------|-----------------------------------|----------------------------------------------------|
| plain                 |                                   | the numbers                                        |
| 6, the same           | varint: which earlier tensor      |                                                    |
| 0 codes, 1 row codes  |                                   | the scale, or one for each row; table and codes    |
| 2 book                | varint: how many entries          | the entries; table and codes                       |
| 3 same book           | varint: which earlier codebook   | table and codes                                    |

Scales and entries have the format float32, float16 or bfloat16. Tables and codes are as `codings` has them; adaptive
codes have no table, but a codebook has one: which index stands for zero, as a value.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

__all__ = [
    "CODED",
    "CODING_NAMES",
    "FORMATS",
    "MAGIC",
    "PLAIN",
    "SAME",
    "VERSION",
    "from_numbers",
    "number_bytes",
    "numbers",
    "scaled",
]

MAGIC, VERSION = b"fw", 1
PLAIN = ("float32", "float16", "bfloat16", "float64", "int64", "bool")
SAME = len(PLAIN)
CODED = ("codes", "row codes", "book", "same book")
FORMATS = ("float32", "float16", "bfloat16")
CODING_NAMES = ("adaptive", "raw", "huffman", "arithmetic", "relative")
WIDTHS = {"float32": 4, "float16": 2, "bfloat16": 2, "float64": 8, "int64": 8, "bool": 1}


def number_bytes(dtype: str) -> int:
    """Bytes of one number."""
    return WIDTHS[dtype]


def numbers(tensor: Tensor, dtype: str) -> bytes:
    """The numbers of a tensor as little-endian bytes."""
    flat = tensor.detach().cpu().to(getattr(torch, dtype)).contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""


def from_numbers(data: bytes, dtype: str, shape: Sequence[int]) -> Tensor:
    """A tensor out of the bytes of its numbers; those of 16 bits become float32."""
    if not data:
        return torch.zeros(tuple(shape), dtype=getattr(torch, dtype if number_bytes(dtype) != 2 else "float32"))
    if dtype == "bool":
        return torch.from_numpy(np.frombuffer(data, np.uint8) != 0).reshape(tuple(shape))
    tensor = torch.frombuffer(bytearray(data), dtype=getattr(torch, dtype)).reshape(tuple(shape))
    return tensor.float() if number_bytes(dtype) == 2 else tensor


def scaled(codes: Tensor, scale: Tensor) -> Tensor:
    """Codes times one scale, or the scale of their row."""
    return codes * (scale.reshape(-1, *[1] * (codes.dim() - 1)) if scale.numel() > 1 else scale.reshape(()))
