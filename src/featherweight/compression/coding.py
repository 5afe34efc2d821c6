"""Huffman coding: frequent symbols get short codes, and no symbol costs a fraction of a bit.

Sources: Huffman, Proceedings of the IRE 40 (1952), 1098–1101; used on weights by Deep Compression, Han et al.,
arXiv:1510.00149, section 4; a code rebuilt from its lengths alone: Schwartz and Kallick, CACM 7 (1964), 166–169;
the floor under all codes: Shannon, Bell System Technical Journal 27 (1948), theorem 9.
Deviations: an alphabet of one symbol gets one bit, where the construction would give none. Bits fill a byte from its
highest down; how many symbols there are is kept beside the bytes, since the last byte is filled up with zeros.

| paper      | code                                               | shape                                |
|------------|----------------------------------------------------|--------------------------------------|
| N          | the length of `counts`                             |                                      |
| P(i)       | `counts[i]` over their sum                         | list of N whole numbers              |
| code i     | `code[i]`, "0" and "1"; "" if i never occurs       | list of N texts                      |
| L(i)       | `lengths[i]`, bits                                 | list of N whole numbers              |
| H          | `entropy(counts)`, bits per symbol                 |                                      |
"""

import math
from collections.abc import Iterable, Sequence

from featherweight.errors import InputError

__all__ = ["canonical_code", "decode_bits", "entropy", "huffman_code", "huffman_decode", "huffman_encode"]

MOST = 2**24
"""Symbols that are given back unless told otherwise: a list of them takes 128 MiB."""


def entropy(counts: Sequence[int]) -> float:
    """Bits per symbol that no code for single symbols can beat on average: −Σ p log₂ p. counts: not negative.

    Returns 0.0 where at most one symbol occurs.
    """
    total = sum(counts)
    return sum(count / total * math.log2(total / count) for count in counts if count)


def huffman_code(counts: list[int]) -> list[str]:
    """A code of whole bits for symbols that occur so often, as short in all as such a code can be.

    No code is the beginning of another, so that a row of codes can be read without marks between
    them. Among all codes of this kind the total, the sum of counts[i] · len(code[i]), is the
    smallest. Several codes may be equally short: any of them is right.

    counts: how often each symbol occurs, whole numbers, 0 or more. The list may be empty.
    Returns one text of "0" and "1" for each symbol, in the symbols' order: "" for a symbol that
    never occurs; "0" for the only one that does, since something must be written down.
    """
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    code = ["0" if len(nodes) == 1 and count > 0 else "" for count in counts]
    while len(nodes) > 1:
        nodes.sort(key=lambda node: node[0], reverse=True)
        (rarest, zeros), (next_rarest, ones) = nodes.pop(), nodes.pop()
        for bit, symbols in (("0", zeros), ("1", ones)):
            for symbol in symbols:
                code[symbol] = bit + code[symbol]
        nodes.append((rarest + next_rarest, zeros + ones))
    return code


def decode_bits(bits: str, code: list[str], count: int) -> list[int]:
    """The symbols out of a row of codes that follow each other without marks between them.

    Codes 0, 10 and 11 for the symbols 0, 1 and 2 make "110100" the symbols 2, 0, 1, 0, or the
    first three of these and a bit that fills up: files have whole bytes. That is why the count
    of the symbols is known, and what follows the last of them is left alone.

    bits: a text of "0" and "1", with all codes in it. code: one text for each symbol, none of
    them the beginning of another; "" for a symbol that does not occur. count: symbols to read,
    0 or more.
    Returns count symbols, whole numbers.
    """
    symbols = {bits: symbol for symbol, bits in enumerate(code) if bits}
    found, read = [], ""
    for bit in bits:
        if len(found) == count:
            break
        read += bit
        if read in symbols:
            found.append(symbols[read])
            read = ""
    return found


def canonical_code(lengths: Sequence[int]) -> list[str]:
    """The code with these lengths whose codes, as numbers, grow with length and then with the symbol.

    Of a Huffman code only the lengths need to be stored: whoever reads them builds this one.

    lengths: bits for each symbol; 0 for one that never occurs.
    Returns one text of "0" and "1" for each symbol. Raises InputError where no prefix-free code has these lengths.
    """
    used = sorted((length, symbol) for symbol, length in enumerate(lengths) if length)
    if used and (used[0][0] < 0 or used[-1][0] > max(len(used) - 1, 1)):
        raise InputError(
            f"Code lengths from {used[0][0]} to {used[-1][0]} for {len(used)} symbols; "
            f"wanted 1 to {max(len(used) - 1, 1)}. Give the lengths of a Huffman code."
        )
    code, value, before = [""] * len(lengths), 0, 0
    for length, symbol in used:
        value <<= length - before
        if value >> length:
            raise InputError(f"Code lengths that leave no room for symbol {symbol}; give those of a prefix-free code.")
        code[symbol] = f"{value:0{length}b}"
        value, before = value + 1, length
    return code


def huffman_encode(symbols: Iterable[int], code: Sequence[str]) -> tuple[bytes, int]:
    """The codes of the symbols in a row, the first bit in the highest of byte 0, filled up with zeros to whole bytes.

    Returns (bytes, how many bits of them are codes). Raises InputError for a symbol that has no code.
    """
    known = {symbol: bits for symbol, bits in enumerate(code) if bits}
    try:
        bits = "".join([known[symbol] for symbol in symbols])
    except KeyError as missing:
        raise InputError(f"Symbol {missing} has no code; count it before the code is made.") from None
    size = -(-len(bits) // 8)
    return int(bits.ljust(8 * size, "0") or "0", 2).to_bytes(size, "big"), len(bits)


def huffman_decode(data: bytes, code: Sequence[str], count: int, most: int = MOST) -> list[int]:
    """`decode_bits` from bytes, which refuses what `huffman_encode` did not write.

    data: all its bytes and no more. count: 0 to `most`; no more than that is ever given back.
    Returns count symbols. Raises InputError for too large a count, bytes that are too few or too many, bits that
    are no code, and filling bits that are not 0.
    """
    symbols = {bits: symbol for symbol, bits in enumerate(code) if bits}
    shortest, longest = min(map(len, symbols), default=1), max(map(len, symbols), default=0)
    if not 0 <= count <= most or not count * shortest <= 8 * len(data) <= count * longest + 7:
        raise InputError(
            f"{count:,} symbols in {len(data):,} bytes; wanted 0 to {most:,} symbols of {shortest} to {longest} bits. "
            "The data or the count is damaged."
        )
    found, read = [], ""
    for bit in _bits(data):
        if len(found) == count:
            break
        read += bit
        if read in symbols:
            found.append(symbols[read])
            read = ""
        elif len(read) >= longest:
            break
    if len(found) < count:
        raise InputError(f"{len(found):,} symbols of {count:,}, then bits that are no code. The data is damaged.")
    _refuse_more(data, sum(len(code[symbol]) for symbol in found))
    return found


def _bits(data: bytes) -> str:
    return f"{int.from_bytes(data, 'big'):0{8 * len(data)}b}" if data else ""


def _refuse_more(data: bytes, place: int) -> None:
    """What follows the last code may be up to seven zeros."""
    left = 8 * len(data) - place
    if left >= 8 or (left and data[-1] & ((1 << left) - 1)):
        raise InputError(f"{left:,} bits after the last symbol; wanted fewer than 8, all 0. The data is damaged.")
