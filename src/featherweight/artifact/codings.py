"""How the whole numbers of one tensor become bytes, other than adaptively, and back with every check.

| coding     | table                                        | indices              | codes                          |
|------------|----------------------------------------------|----------------------|--------------------------------|
| raw        | smallest number; bits (1 byte)               |                      | each in so many bits           |
| huffman    | smallest; how many symbols; bits of a length; |                      | `coding.huffman_encode`        |
|            | the code's lengths; bytes of codes           |                      |                                |
| arithmetic | smallest; how many symbols; counts; bytes    |                      | `arithmetic.arithmetic_encode` |
| relative   | what lies between the survivors; bits of a   | the gaps, each in    | the survivors, each in so many |
|            | gap; how many gaps; smallest; bits           | so many bits         | bits                           |

Numbers are stored less the smallest of them, so that they are symbols from 0 on.
"""

from collections.abc import Callable

import numpy as np
import torch

from featherweight.artifact.values import Cursor, damaged, write_value, write_varint
from featherweight.compression.arithmetic import arithmetic_decode, arithmetic_encode
from featherweight.compression.coding import canonical_code, huffman_code, huffman_decode, huffman_encode
from featherweight.compression.sparse_indices import from_relative_indices, relative_indices
from featherweight.errors import InputError

__all__ = ["PACKED", "pack", "pack_bits", "unpack", "unpack_bits"]

MOST_SYMBOLS = 1 << 16
MOST_WIDTH = 32
Parts = list[tuple[str, bytes]]


def pack_bits(symbols: np.ndarray, width: int) -> bytes:
    """Symbols of `width` bits each, one after the other, the lowest bit of the first byte first."""
    bits = symbols.astype(np.int64)[:, None] >> np.arange(width) & 1
    return np.packbits(bits.astype(np.uint8).reshape(-1), bitorder="little").tobytes()


def unpack_bits(data: bytes, count: int, width: int) -> np.ndarray:
    """The symbols out of their bytes: (count,), int64. Raises ArtifactProblem where bits that pad are not 0."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    if bits[count * width :].any():
        raise damaged("bits that only fill the last byte are not 0")
    symbols = np.zeros(count, np.int64)
    for place in range(width):
        symbols |= bits[place : count * width : width].astype(np.int64) << place
    return symbols


def pack(coding: str, numbers: np.ndarray, zero: int = 0) -> Parts:
    """Whole numbers as parts of a file: (part, bytes). zero: the number that stands for no connection (relative)."""
    return PACKED[coding][0](numbers.astype(np.int64), zero)


def unpack(coding: str, cursor: Cursor, count: int) -> tuple[np.ndarray, list[tuple[str, int]]]:
    """`count` whole numbers, and how many bytes each part took. Raises ArtifactProblem."""
    try:
        return PACKED[coding][1](cursor, count)
    except InputError as problem:  # of the decoders in `compression`
        raise damaged(str(problem)) from problem


def _lowest(numbers: np.ndarray) -> tuple[int, int]:
    """The smallest number, and the bits of the largest when that is subtracted."""
    if not numbers.size:
        return 0, 0
    return int(numbers.min()), int(numbers.max() - numbers.min()).bit_length()


def _whole(cursor: Cursor) -> int:
    value = cursor.value(0)
    if type(value) is not int or abs(value) >= 2**31:
        raise damaged(f"codes from {value!r:.20} on")
    return value


def _width(cursor: Cursor) -> int:
    width = cursor.byte()
    if width > MOST_WIDTH:
        raise damaged(f"codes of {width} bits")
    return width


def _pack_raw(numbers: np.ndarray, zero: int) -> Parts:
    table, (low, width) = bytearray(), _lowest(numbers)
    write_value(table, low, 0)
    table.append(width)
    return [("table", bytes(table)), ("codes", pack_bits(numbers - low, width))]


def _unpack_raw(cursor: Cursor, count: int) -> tuple[np.ndarray, list[tuple[str, int]]]:
    start = cursor.place
    low, width = _whole(cursor), _width(cursor)
    table, data = cursor.place - start, cursor.take((count * width + 7) // 8)
    return unpack_bits(data, count, width) + low, [("table", table), ("codes", len(data))]


def _pack_huffman(numbers: np.ndarray, zero: int) -> Parts:
    low, _ = _lowest(numbers)
    counts = _counted(numbers - low)
    lengths = [len(code) for code in huffman_code(counts)]
    data, _ = huffman_encode((numbers - low).tolist(), canonical_code(lengths))
    table, width = bytearray(), max(lengths, default=0).bit_length()
    write_value(table, low, 0)
    write_varint(table, len(lengths))
    table.append(width)
    table += pack_bits(np.array(lengths, np.int64), width)
    write_varint(table, len(data))
    return [("table", bytes(table)), ("codes", data)]


def _unpack_huffman(cursor: Cursor, count: int) -> tuple[np.ndarray, list[tuple[str, int]]]:
    start, low = cursor.place, _whole(cursor)
    symbols, width = cursor.varint(MOST_SYMBOLS), _width(cursor)
    lengths = unpack_bits(cursor.take((symbols * width + 7) // 8), symbols, width)
    if lengths.size and lengths.max() > MOST_WIDTH:
        raise damaged(f"a code of {lengths.max():,} bits")
    size = cursor.varint()
    table, data = cursor.place - start, cursor.take(size)
    found = huffman_decode(data, canonical_code(lengths.tolist()), count, count)
    return np.array(found, np.int64) + low, [("table", table), ("codes", size)]


def _pack_arithmetic(numbers: np.ndarray, zero: int) -> Parts:
    low, _ = _lowest(numbers)
    counts = _counted(numbers - low)
    data, table = arithmetic_encode((numbers - low).tolist(), counts) if counts else b"", bytearray()
    write_value(table, low, 0)
    for number in (len(counts), *counts, len(data)):
        write_varint(table, number)
    return [("table", bytes(table)), ("codes", data)]


def _unpack_arithmetic(cursor: Cursor, count: int) -> tuple[np.ndarray, list[tuple[str, int]]]:
    start, low = cursor.place, _whole(cursor)
    counts = [cursor.varint() for _ in range(cursor.varint(MOST_SYMBOLS))]
    size = cursor.varint()
    table, data = cursor.place - start, cursor.take(size)
    if not count and (counts or data):
        raise damaged("codes of an empty tensor")
    found = arithmetic_decode(data, counts, count, count) if count else []
    return np.array(found, np.int64) + low, [("table", table), ("codes", size)]


def _pack_relative(numbers: np.ndarray, zero: int) -> Parts:
    mask = torch.from_numpy(numbers != zero)
    survivors = numbers[numbers != zero]
    tried = [(relative_indices(mask, bits), bits) for bits in range(2, 13)]
    gaps, bits = min(tried, key=lambda one: len(one[0]) * one[1])
    table, (low, width) = bytearray(), _lowest(survivors)
    write_value(table, zero, 0)
    table.append(bits)
    write_varint(table, len(gaps))
    write_value(table, low, 0)
    table.append(width)
    indices = pack_bits(np.array(gaps, np.int64), bits)
    return [("table", bytes(table)), ("indices", indices), ("codes", pack_bits(survivors - low, width))]


def _unpack_relative(cursor: Cursor, count: int) -> tuple[np.ndarray, list[tuple[str, int]]]:
    start, zero, bits = cursor.place, _whole(cursor), _width(cursor)
    if not bits:
        raise damaged("gaps of 0 bits")
    entries, low, width = cursor.varint(2 * count + 1), _whole(cursor), _width(cursor)
    table = cursor.place - start
    indices = cursor.take((entries * bits + 7) // 8)
    mask = from_relative_indices(unpack_bits(indices, entries, bits).tolist(), bits, count, count).numpy()
    survivors = int(mask.sum())
    data = cursor.take((survivors * width + 7) // 8)
    numbers = np.full(count, zero, np.int64)
    numbers[mask] = unpack_bits(data, survivors, width) + low
    return numbers, [("table", table), ("indices", len(indices)), ("codes", len(data))]


def _counted(symbols: np.ndarray) -> list[int]:
    if symbols.size and symbols.max() >= MOST_SYMBOLS:
        raise InputError(f"{symbols.max() + 1:,} different codes; at most {MOST_SYMBOLS:,} have a table. Use raw.")
    return np.bincount(symbols).tolist() if symbols.size else []


PACKED: dict[str, tuple[Callable, Callable]] = {
    "raw": (_pack_raw, _unpack_raw),
    "huffman": (_pack_huffman, _unpack_huffman),
    "arithmetic": (_pack_arithmetic, _unpack_arithmetic),
    "relative": (_pack_relative, _unpack_relative),
}
