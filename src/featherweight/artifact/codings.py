"""How the whole numbers of one tensor become bytes, other than adaptively, and back with every check.

Numbers are stored less the smallest of them (`low`), so that they are symbols from 0 on.
"""

import numpy as np

from featherweight.artifact.values import damaged

__all__ = ["pack_bits", "unpack_bits"]


def pack_bits(symbols: np.ndarray, width: int) -> bytes:
    """Symbols of `width` bits each, one after the other, the lowest bit of the first byte first."""
    bits = symbols.astype(np.int64)[:, None] >> np.arange(width) & 1
    return np.packbits(bits.astype(np.uint8).reshape(-1), bitorder="little").tobytes()


def unpack_bits(data: bytes, count: int, width: int) -> np.ndarray:
    """The symbols out of their bytes: (count,), int64. Raises ArtifactProblem where bits that pad are not 0."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    if bits[count * width :].any():
        raise damaged("bits that only fill the last byte are not 0")
    return bits[: count * width].reshape(count, width).astype(np.int64) @ (1 << np.arange(width))
