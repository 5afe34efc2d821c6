"""Files of tensors alone, for a network whose steps cannot be written as data: its own code makes it, a file fills it.

Such a file is a .fw file like any other, whose network is constants that nothing reads. The first is what it gives:
the names of all others, one to a line, as UTF-8 packed by raw DEFLATE, a byte to a number. The tensors follow in this
order.
"""

import os
import zlib
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from featherweight.artifact.interpreter import Decoded
from featherweight.artifact.reading import LIMIT, decode, load
from featherweight.artifact.values import Ref, damaged
from featherweight.errors import ArtifactProblem

__all__ = ["decode_weights", "load_weights", "packed_names"]

LONGEST = 2**20
"""Bytes that all names may have together."""


def load_weights(path: str | os.PathLike, limit: int = LIMIT) -> dict[str, Tensor]:
    """The tensors of a file of weights by their names, for `load_state_dict` of the network that they belong to.

    Raises ArtifactProblem for a file that is damaged, or that holds a whole network, which `load` reads.
    """
    return _tensors(load(path, limit))


def decode_weights(data: bytes, limit: int = LIMIT) -> dict[str, Tensor]:
    """`load_weights` of a file's bytes."""
    return _tensors(decode(data, limit))


def _tensors(network: Decoded) -> dict[str, Tensor]:
    nodes = network.graph.nodes
    if {node.word for node in nodes} != {"constant"} or network.graph.output != Ref(0):
        raise ArtifactProblem("This .fw file holds a whole network. Read it with load(FILE): it needs no code.")
    packed, *tensors = (getattr(network, f"constant_{place}") for place in range(len(nodes)))
    names = _names(packed)
    if len(names) != len(tensors) or len(set(names)) != len(names):
        raise damaged(f"{len(names)} names for {len(tensors)} tensors")
    return dict(zip(names, tensors, strict=True))


def _names(packed: Tensor) -> list[str]:
    codes = packed.numpy()
    if codes.ndim != 1 or not ((codes >= 0) & (codes < 256) & (codes == np.floor(codes))).all():
        raise damaged("its names are no bytes")
    reader = zlib.decompressobj(-15)
    try:
        text = reader.decompress(codes.astype(np.uint8).tobytes(), LONGEST)
        if not reader.eof or reader.unused_data:
            raise damaged("its names do not end where they should")
        return text.decode().split("\n")
    except (zlib.error, UnicodeDecodeError) as problem:
        raise damaged("its names cannot be unpacked") from problem


def packed_names(names: Iterable[str]) -> Tensor:
    """Names as the numbers that a file of weights begins with."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress("\n".join(names).encode()) + packer.flush()
    return torch.tensor(list(data), dtype=torch.int32)
