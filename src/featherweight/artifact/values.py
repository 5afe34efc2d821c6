"""The header's alphabet: whole numbers, floats, lists, slices and references in a few bytes each.

A value is one byte and what it asks for:

| first byte | value                                                                        |
|------------|------------------------------------------------------------------------------|
| 0 … 159    | the whole number −16 … 143                                                    |
| 160 … 223  | with the next byte: the whole number 0 … 16,383                              |
| 224 … 226  | None, False, True                                                            |
| 227, 228   | a float: 8 bytes, or 4 where these hold it exactly (IEEE 754, little-endian) |
| 229, 230   | a whole number, a negative one: a varint follows                             |
| 231        | a list: a varint of how many, then the values                                |
| 232, 233   | a slice: start, stop and step follow; an ellipsis                            |
| 234        | a reference: a varint of how many nodes back                                 |
| 240 … 255  | a reference 1 … 16 nodes back                                                |

A varint has seven bits a byte, the lowest first; the high bit says that another byte follows.
"""

import struct
from dataclasses import dataclass

from featherweight.errors import ArtifactProblem

__all__ = ["Cursor", "Ref", "damaged", "write_value", "write_varint"]

MAX_DEPTH, MAX_LIST, MAX_INTEGER = 4, 256, 2**40
NONE, FALSE, TRUE, DOUBLE, SINGLE, POSITIVE, NEGATIVE, LIST, SLICE, ELLIPSIS, FAR = range(224, 235)
SIMPLE = {NONE: None, FALSE: False, TRUE: True, ELLIPSIS: ...}


@dataclass(frozen=True)
class Ref:
    """The result of a node, by its number."""

    node: int


def damaged(what: str) -> ArtifactProblem:
    """The problem of a file whose bytes make no sense."""
    return ArtifactProblem(f"This .fw file is damaged or forged: {what}. Get or write the file again.")


def write_varint(out: bytearray, number: int) -> None:
    """Append a number ≥ 0."""
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def write_value(out: bytearray, value: object, node: int) -> None:
    """Append a value of an argument of the node with this number. Raises TypeError for a type that has no byte."""
    if value is None or value is ... or isinstance(value, bool):
        out.append({None: NONE, False: FALSE, True: TRUE, ...: ELLIPSIS}[value])
    elif isinstance(value, int):
        _write_integer(out, value)
    elif isinstance(value, float):
        single = struct.pack("<f", value) if abs(value) < 3e38 else b""
        exact = bool(single) and struct.unpack("<f", single)[0] == value
        out.append(SINGLE if exact else DOUBLE)
        out += single if exact else struct.pack("<d", value)
    elif isinstance(value, Ref):
        back = node - value.node
        out.append(239 + back if back <= 16 else FAR)
        if back > 16:
            write_varint(out, back)
    elif isinstance(value, list | tuple):
        out.append(LIST)
        write_varint(out, len(value))
        for part in value:
            write_value(out, part, node)
    elif isinstance(value, slice):
        out.append(SLICE)
        for part in (value.start, value.stop, value.step):
            write_value(out, part, node)
    else:
        raise TypeError(type(value).__name__)


def _write_integer(out: bytearray, value: int) -> None:
    if -16 <= value < 144:
        out.append(value + 16)
    elif 0 <= value < 2**14:
        out += bytes([160 + (value >> 8), value & 255])
    else:
        out.append(POSITIVE if value > 0 else NEGATIVE)
        write_varint(out, abs(value))


class Cursor:
    """A place in bytes, which moves on as they are read. Every method raises ArtifactProblem where they run out."""

    def __init__(self, data: bytes, place: int, end: int) -> None:
        self.data, self.place, self.end = data, place, end

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if count > self.end - self.place:
            raise damaged(f"{count:,} bytes should follow where {self.end - self.place:,} are left")
        self.place += count
        return self.data[self.place - count : self.place]

    def byte(self) -> int:
        """The next byte as a number."""
        return self.take(1)[0]

    def varint(self, most: int = MAX_INTEGER) -> int:
        """A number from 0 to `most`."""
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 127) << shift
            shift += 7
            if number > most or shift > 49:
                raise damaged("a number in it is larger than any that belongs there")
            if byte < 128:
                return number

    def value(self, node: int, depth: int = 0) -> object:
        """A value of an argument of the node with this number; its references point to earlier nodes."""
        first = self.byte()
        if first < 160:
            return first - 16
        if first < 224:
            return first - 160 << 8 | self.byte()
        if first in SIMPLE:
            return SIMPLE[first]
        if first in (DOUBLE, SINGLE):
            return struct.unpack("<d", self.take(8))[0] if first == DOUBLE else struct.unpack("<f", self.take(4))[0]
        if first in (POSITIVE, NEGATIVE):
            return self.varint() if first == POSITIVE else -self.varint()
        if first >= 240 or first == FAR:
            return self._reference(node, first - 239 if first >= 240 else self.varint())
        if first == LIST and depth < MAX_DEPTH:
            return tuple(self.value(node, depth + 1) for _ in range(self.varint(MAX_LIST)))
        if first == SLICE and depth <= MAX_DEPTH:
            return slice(*(self.value(node, MAX_DEPTH + 1) for _ in range(3)))
        raise damaged(f"the byte {first} begins no value")

    def _reference(self, node: int, back: int) -> Ref:
        if not 1 <= back <= node:
            raise damaged(f"node {node} asks for a result that comes {back} before it")
        return Ref(node - back)
