"""The order of things in a .fw file, and the numbers that stand for kinds of storage.

    "fw", the version (1 byte), the network (`header`), a descriptor for every tensor, what these describe in the same
    order, the adaptive codes of all tensors in one stream, and CRC-32 of everything before it (4 bytes, little-endian).

The checksum finds accidents; it stops no one who wants to deceive, and the reader trusts nothing because of it.

A descriptor is a byte, kind · 8 + coding, and

| kind                  | what follows                                    | in the body                           |
|-----------------------|-------------------------------------------------|---------------------------------------|
| 0 … 5 plain           | nothing                                         | numbers, in the order of DTYPES       |
| 6 the same            | varint: which earlier tensor                    | nothing                               |
| 7, 8 codes            | value: the smallest; byte: bits · 4 + format    | scale, or one for each row; codes     |
| 9 shared, new book    | varint: entries; byte: bits · 4 + format        | the code book, then indices           |
| 10 shared, known book | varint: which earlier code book; the same byte  | indices                               |

A format of scales and entries: 0 float32, 1 float16, 2 bfloat16. With the adaptive coding a shared tensor says in one
more value which index stands for zero.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

__all__ = [
    "CODING_NAMES",
    "FORMATS",
    "KINDS",
    "MAGIC",
    "VERSION",
    "from_numbers",
    "number_bytes",
    "numbers",
]

MAGIC, VERSION = b"fw", 1
KINDS = (
    "float32",
    "float16",
    "bfloat16",
    "float64",
    "int64",
    "bool",
    "same",
    "codes",
    "row codes",
    "book",
    "same book",
)
CODING_NAMES = ("raw", "adaptive", "huffman", "arithmetic", "relative")
FORMATS = ("float32", "float16", "bfloat16")
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
