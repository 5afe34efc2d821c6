"""Reads .fw files: bytes become a network, by a fixed decoder that runs no code of the file."""

import os
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from featherweight.artifact import adaptive
from featherweight.artifact.codings import unpack_bits
from featherweight.artifact.cost import MAX_MACS
from featherweight.artifact.header import Graph, read_graph
from featherweight.artifact.interpreter import Decoded, Slot, network_of, slots
from featherweight.artifact.layout import CODING_NAMES, FORMATS, KINDS, MAGIC, VERSION, from_numbers, number_bytes
from featherweight.artifact.values import Cursor, damaged
from featherweight.errors import ArtifactProblem

__all__ = ["LIMIT", "decode", "load", "parts"]

LIMIT = 64 * 2**20
"""Bytes that the tensors of a network may take in memory, unless more is asked for."""


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

    A tensor's parts are "numbers", "scales", "code book" and "codes". Raises ArtifactProblem.
    """
    file = _File(data, LIMIT)
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


class _File:
    """A file that is being read. ledger: what each part takes, as far as read."""

    def __init__(self, data: bytes, limit: int) -> None:
        if len(data) > limit:
            raise ArtifactProblem(f"This .fw file has more than {limit:,} bytes, the limit. Pass a larger limit=.")
        _check_frame(data)
        self.cursor, self.limit = Cursor(data, 3, len(data) - 4), limit
        self.graph: Graph = read_graph(self.cursor)
        _check_again(self.graph)
        self.slots, _ = slots(self.graph)
        self._check_size()
        self.kinds = [self._descriptor(place) for place in range(len(self.slots))]
        self.body, self.ledger, self.books = self.cursor.place, [], []

    def _check_size(self) -> None:
        size = sum(8 * slot.count for slot in self.slots)
        if size > 2 * self.limit:
            raise ArtifactProblem(
                f"This .fw file asks for {size // 2:,} bytes of tensors; {self.limit:,} is the limit. "
                "Pass a larger limit=."
            )

    def _descriptor(self, place: int) -> dict:
        cursor, byte = self.cursor, self.cursor.byte()
        if byte >> 3 >= len(KINDS) or byte & 7 >= len(CODING_NAMES):
            raise damaged(f"tensor {place} is stored in no known way")
        said = {"kind": KINDS[byte >> 3], "coding": CODING_NAMES[byte & 7]}
        if said["kind"] == "same":
            said["of"] = cursor.varint(max(place - 1, 0))
        elif said["kind"] in ("codes", "row codes"):
            said["low"] = self._whole(place)
        elif said["kind"] in ("book", "same book"):
            said["of"] = cursor.varint(65536)
            said["low"] = -self._whole(place) if said["coding"] == "adaptive" else 0
        if "low" in said:
            byte = cursor.byte()
            said["width"], said["format"] = byte >> 2, byte & 3
            if said["width"] > 32 or said["format"] >= len(FORMATS):
                raise damaged(f"tensor {place} has codes of {said['width']} bits")
        return said

    def _whole(self, place: int) -> int:
        value = self.cursor.value(0)
        if type(value) is not int or abs(value) >= 2**31:
            raise damaged(f"tensor {place} has codes from {value!r:.20} on")
        return value

    def tensors(self) -> list[Tensor]:
        """All tensors in order."""
        found: list = [self._stored(slot, said) for slot, said in zip(self.slots, self.kinds, strict=True)]
        self._read_stream(found)
        tensors: list[Tensor] = []
        for slot, said, one in zip(self.slots, self.kinds, found, strict=True):
            if said["kind"] == "same":
                tensors.append(self._same(slot, tensors, said["of"]))
            else:
                tensors.append(one if isinstance(one, Tensor) else one.tensor(slot))
        return tensors

    def _same(self, slot: Slot, tensors: list[Tensor], other: int) -> Tensor:
        if other >= len(tensors) or tensors[other].shape != slot.shape:
            raise damaged(f"{_name(self.graph, slot)} should be the same as a tensor of another shape")
        return tensors[other]

    def _stored(self, slot: Slot, said: dict) -> object:
        kind, name = said["kind"], _name(self.graph, slot)
        if kind == "same":
            return None
        if kind in KINDS[:6]:
            return self._numbers(name, "numbers", kind, slot.shape)
        if kind == "same book":
            if said["of"] >= len(self.books):
                raise damaged(f"{name} wants code book {said['of']}, which has not been read")
            values = self.books[said["of"]]
        elif kind == "book":
            values = self._numbers(name, "code book", FORMATS[said["format"]], (said["of"],))
            self.books.append(values)
        else:
            rows = slot.shape[0] if kind == "row codes" and slot.shape else 1
            values = self._numbers(name, "scales", FORMATS[said["format"]], (rows,))
        if not torch.isfinite(values).all():
            raise damaged(f"{name} has a scale or a code book with NaN or infinity")
        coded = _Coded(said, values, name)
        if said["coding"] == "raw":
            data = self.cursor.take((slot.count * said["width"] + 7) // 8)
            coded.symbols = unpack_bits(data, slot.count, said["width"])
            self.ledger.append((name, "codes", len(data)))
        return coded

    def _numbers(self, name: str, part: str, dtype: str, shape: tuple[int, ...]) -> Tensor:
        count = int(np.prod(shape, dtype=object))
        data = self.cursor.take(count * number_bytes(dtype))
        self.ledger.append((name, part, len(data)))
        tensor = from_numbers(data, dtype, shape)
        if tensor.is_floating_point() and torch.isnan(tensor).any():
            raise damaged(f"{name} holds NaN")
        return tensor

    def _read_stream(self, found: list) -> None:
        """The codes of all tensors that are coded adaptively, out of what is left of the file."""
        data = self.cursor.take(self.cursor.end - self.cursor.place)
        coded = [(slot, one) for slot, one in zip(self.slots, found, strict=True) if _waits(one)]
        if data and not coded:
            raise damaged(f"{len(data):,} bytes belong to nothing")
        reader, before = adaptive.Reader(data), 0
        for place, (slot, one) in enumerate(coded):
            rows = slot.shape[0] if len(slot.shape) > 1 else 1
            values = adaptive.walk(reader.code, None, rows, slot.count // max(rows, 1)) if slot.count else []
            one.symbols = np.array(values, np.int64) - one.said["low"] * (one.said["kind"] in ("book", "same book"))
            after = min(reader.place - 4, len(data)) if place < len(coded) - 1 else len(data)
            self.ledger.append((one.name, "codes", max(after - before, 0)))
            before = max(after, before)
        if coded and not 0 <= reader.place - len(data) <= 4:
            raise damaged("its codes end before its bytes do, or after them")


def _waits(one: object) -> bool:
    return isinstance(one, _Coded) and one.symbols is None


class _Coded:
    """Codes and their scales, or indices and their code book."""

    def __init__(self, said: dict, values: Tensor, name: str) -> None:
        self.said, self.values, self.name = said, values, name
        self.symbols: np.ndarray | None = None

    def tensor(self, slot: Slot) -> Tensor:
        """The tensor."""
        if self.said["kind"] in ("book", "same book"):
            wrong = self.symbols.size and not 0 <= self.symbols.min() <= self.symbols.max() < len(self.values)
            if wrong:
                raise damaged(f"{self.name} has an index beyond its code book")
            return self.values[torch.from_numpy(self.symbols)].reshape(slot.shape)
        low = self.said["low"] if self.said["coding"] != "adaptive" else 0
        codes = torch.from_numpy(self.symbols + low).float().reshape(slot.shape)
        scale = self.values
        return codes * (scale.reshape(-1, *[1] * (codes.dim() - 1)) if self.said["kind"] == "row codes" else scale[0])


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


def _check_again(graph: Graph) -> None:
    for place, node in enumerate(graph.nodes):
        if node.word != "again":
            continue
        layer, arguments = node.arguments
        known = type(layer) is int and 0 <= layer < place and hasattr(graph.nodes[layer], "word")
        if not known or not isinstance(arguments, tuple) or graph.nodes[layer].word[0].islower():
            raise damaged(f"node {place} uses a layer again that is none")
