"""Reads .fw files: bytes become a network, by a fixed decoder that runs no code of the file."""

import os
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from featherweight.artifact import adaptive, ranges
from featherweight.artifact.codings import MOST_SYMBOLS, unpack
from featherweight.artifact.cost import MAX_MACS
from featherweight.artifact.header import Graph, read_graph
from featherweight.artifact.interpreter import Decoded, Slot, network_of, slots
from featherweight.artifact.layout import (
    CODED,
    CODING_NAMES,
    FORMATS,
    MAGIC,
    PLAIN,
    SAME,
    VERSION,
    from_numbers,
    number_bytes,
    scaled,
)
from featherweight.artifact.values import Cursor, damaged
from featherweight.errors import ArtifactProblem

__all__ = ["LIMIT", "decode", "load", "parts"]

LIMIT = 64 * 2**20
"""Bytes that the tensors of a network may take in memory as float32, unless more is asked for."""

QUICK = ("raw", "relative")
SLOW = 16
"""Codes that are decoded one by one in Python may be one for so many bytes of the limit: it is a limit of time too."""


def decode(data: bytes, limit: int = LIMIT, macs: int = MAX_MACS) -> Decoded:
    """The network that a .fw file holds.

    limit: bytes of memory that its tensors may take, and that the file may have. macs: multiplications and additions
    for one example. Raises ArtifactProblem for anything that is not a whole, sound file of this version.
    """
    file = _File(data, limit)
    return network_of(file.graph, file.tensors(), macs)


def load(path: str | os.PathLike, limit: int = LIMIT, macs: int = MAX_MACS) -> Decoded:
    """`decode` of a file."""
    return decode(_content(path, limit), limit, macs)


def parts(data: bytes) -> list[tuple[str, str, int]]:
    """Where each byte of a file goes: (tensor, part, bytes), in the order of the file; together they are all of it.

    A tensor's parts are "numbers", "scales", "codebook", "table", "indices" and "codes". Raises ArtifactProblem.
    """
    file = _File(data, max(LIMIT, SLOW * len(data)))
    file.tensors()
    return [("file", "header", file.body), *file.ledger, ("file", "checksum", 4)]


def _content(path: str | os.PathLike, limit: int) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as problem:
        raise ArtifactProblem(
            f"{path} cannot be read: {problem.strerror}. Look at the name and the rights."
        ) from problem
    return data


@dataclass(frozen=True)
class Said:
    """A descriptor. number: of the earlier tensor or codebook, or how many entries a new codebook has."""

    kind: str
    coding: str = "raw"
    form: str = "float32"
    number: int = 0


class _Coded:
    """Codes and their scales, or indices and their codebook."""

    def __init__(self, slot: Slot, said: Said, values: Tensor, name: str) -> None:
        self.slot, self.said, self.values, self.name, self.zero = slot, said, values, name, 0
        self.numbers: np.ndarray | None = None

    def tensor(self) -> Tensor:
        """The tensor."""
        numbers = torch.from_numpy(self.numbers).reshape(self.slot.shape)
        if "book" not in self.said.kind:
            return scaled(numbers.float(), self.values)
        if numbers.numel() and not 0 <= numbers.min() <= numbers.max() < len(self.values):
            raise damaged(f"{self.name} has an index beyond its codebook")
        return self.values[numbers]


class _File:
    """A file that is being read. ledger: what each part takes, as far as read."""

    def __init__(self, data: bytes, limit: int) -> None:
        if len(data) > limit:
            raise ArtifactProblem(f"This .fw file has more than {limit:,} bytes, the limit. Pass a larger limit=.")
        _check_frame(data)
        self.cursor, self.limit = Cursor(data, 3, len(data) - 4), limit
        self.graph: Graph = read_graph(self.cursor)
        self.slots, _ = slots(self.graph)
        self._check_size(sum(slot.count for slot in self.slots), limit // 4)
        self.said = [self._descriptor(place) for place in range(len(self.slots))]
        slow = [slot.count for slot, said in zip(self.slots, self.said, strict=True) if said.coding not in QUICK]
        self._check_size(sum(slow), limit // SLOW)
        self.body, self.ledger, self.books = self.cursor.place, [], []

    def _check_size(self, count: int, most: int) -> None:
        if count > most:
            raise ArtifactProblem(
                f"This .fw file asks for tensors of {count:,} numbers so stored; the limit of {self.limit:,} bytes "
                f"allows {most:,}. Pass a larger limit= if you trust it."
            )

    def _descriptor(self, place: int) -> Said:
        byte = self.cursor.byte()
        if byte < len(PLAIN):
            return Said(PLAIN[byte])
        if byte == SAME:
            return Said("same", number=self.cursor.varint(max(place - 1, 0)))
        rest, coding = divmod(byte - SAME - 1, len(CODING_NAMES))
        kind, form = divmod(rest, len(FORMATS))
        if kind >= len(CODED):
            raise damaged(f"tensor {place} is stored in no known way")
        number = self.cursor.varint(MOST_SYMBOLS) if "book" in CODED[kind] else 0
        return Said(CODED[kind], CODING_NAMES[coding], FORMATS[form], number)

    def tensors(self) -> list[Tensor]:
        """All tensors in order."""
        found = [self._stored(slot, said) for slot, said in zip(self.slots, self.said, strict=True)]
        self._read_stream([one for one in found if isinstance(one, _Coded) and one.numbers is None])
        tensors: list[Tensor] = []
        for slot, said, one in zip(self.slots, self.said, found, strict=True):
            if said.kind == "same":
                if said.number >= len(tensors) or tensors[said.number].shape != slot.shape:
                    raise damaged(f"{_name(self.graph, slot)} should be the same as a tensor of another shape")
                tensors.append(tensors[said.number])
            else:
                tensors.append(one if isinstance(one, Tensor) else one.tensor())
        return tensors

    def _stored(self, slot: Slot, said: Said) -> object:
        """A tensor, or its codes, or None where it is another one."""
        name = _name(self.graph, slot)
        if said.kind == "same":
            return None
        if said.kind in PLAIN:
            return self._numbers(name, "numbers", said.kind, slot.shape)
        coded = _Coded(slot, said, self._values(slot, said, name), name)
        if said.coding == "adaptive":
            coded.zero = self._zero(name) if "book" in said.kind else 0
            return coded
        coded.numbers, sizes = unpack(said.coding, self.cursor, slot.count)
        self.ledger += [(name, part, size) for part, size in sizes if size]
        return coded

    def _values(self, slot: Slot, said: Said, name: str) -> Tensor:
        """Scales or a codebook."""
        if said.kind == "same book":
            if said.number >= len(self.books):
                raise damaged(f"{name} wants codebook {said.number}, which has not been read")
            return self.books[said.number]
        rows = slot.shape[0] if said.kind == "row codes" and slot.shape else 1
        count, part = (said.number, "codebook") if said.kind == "book" else (rows, "scales")
        values = self._numbers(name, part, said.form, (count,))
        if not torch.isfinite(values).all():
            raise damaged(f"{name} has {part} with infinity in it")
        if said.kind == "book":
            self.books.append(values)
        return values

    def _zero(self, name: str) -> int:
        start, zero = self.cursor.place, self.cursor.value(0)
        if type(zero) is not int or not 0 <= zero < MOST_SYMBOLS:
            raise damaged(f"{name} has index {zero!r:.20} for zero")
        self.ledger.append((name, "table", self.cursor.place - start))
        return zero

    def _numbers(self, name: str, part: str, dtype: str, shape: tuple[int, ...]) -> Tensor:
        data = self.cursor.take(prod(shape) * number_bytes(dtype))
        if data:
            self.ledger.append((name, part, len(data)))
        tensor = from_numbers(data, dtype, shape)
        if tensor.is_floating_point() and torch.isnan(tensor).any():
            raise damaged(f"{name} holds NaN")
        return tensor

    def _read_stream(self, waiting: list[_Coded]) -> None:
        """The codes of all tensors that are coded adaptively, out of what is left of the file."""
        data = self.cursor.take(self.cursor.end - self.cursor.place)
        if data and not waiting:
            raise damaged(f"{len(data):,} bytes belong to nothing")
        reader, before = ranges.Reader(data), 0
        model = adaptive.Model(reader.code)
        for one in waiting:
            one.numbers = np.array(model.walk(None, one.slot.shape), np.int64) + one.zero
            after = len(data) if one is waiting[-1] else min(max(reader.place - 4, 0), len(data))
            self.ledger.append((one.name, "codes", after - before))
            before = after
            if reader.place > len(data) + 4:
                break
        if waiting and not 0 <= reader.place - len(data) <= 4:
            raise damaged("its codes end before its bytes do, or after them")


def _name(graph: Graph, slot: Slot) -> str:
    return f"{slot.node} {graph.nodes[slot.node].word}.{slot.name}"


def _check_frame(data: bytes) -> None:
    if data[:2] != MAGIC or len(data) < 8:
        raise ArtifactProblem("This is no .fw file: it does not begin as one. Pass a file that featherweight wrote.")
    if data[2] != VERSION:
        raise ArtifactProblem(
            f"This .fw file has version {data[2]} of the format; this featherweight reads version {VERSION}. Update it."
        )
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise damaged("its checksum is wrong")
