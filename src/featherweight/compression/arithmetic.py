"""Arithmetic coding: a whole message becomes one number, and a symbol may cost a fraction of a bit.

Source: Witten, Neal and Cleary, Arithmetic coding for data compression, CACM 30 (1987), 520–540: integers, an interval
of 32 bits, bits sent as soon as they are certain.
Deviations: there is no end-of-message symbol: how many symbols there are is kept beside the bytes. The decoder knows
how many bytes the encoder must have written and refuses any other number of them.

| paper              | code                                                       | range                        |
|--------------------|------------------------------------------------------------|------------------------------|
| low, high          | `low`, `high`, both ends inclusive                         | 0 … 2³² − 1                  |
| cum_freq           | `edges`: symbol i has edges[i] up to edges[i + 1]          | 0 … the sum of `counts`      |
| bits_to_follow     | `waiting`                                                  |                              |
| Half, First_qtr    | `HALF`, `QUARTER`                                          | 2³¹, 2³⁰                     |
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from featherweight.errors import InputError

__all__ = ["arithmetic_decode", "arithmetic_encode"]

TOP, HALF, QUARTER = 2**32 - 1, 2**31, 2**30
MOST = 2**24
"""Symbols that are given back unless told otherwise: a list of them takes 128 MiB."""


def arithmetic_encode(symbols: Iterable[int], counts: Sequence[int]) -> bytes:
    """The symbols as one number. A symbol costs about log₂(total / its count) bits, and the end less than two bytes.

    symbols: each 0 to len(counts) − 1, with a count above 0. counts: whole numbers that need not be the symbols' true
    counts, but the decoder must get the same; their sum is at most 2³⁰.
    Returns bytes, none for no symbols. Raises InputError for a symbol without a count, and for unfit counts.
    """
    edges = _edges(counts)
    low, high, waiting, bits, none = 0, TOP, 0, [], True
    for symbol in symbols:
        if not 0 <= symbol < len(counts) or not counts[symbol]:
            raise InputError(f"Symbol {symbol} has no count; count it before encoding.")
        none, span = False, high - low + 1
        high = low + span * edges[symbol + 1] // edges[-1] - 1
        low = low + span * edges[symbol] // edges[-1]
        while high < HALF or low >= HALF or (low >= QUARTER and high < HALF + QUARTER):
            if high < HALF or low >= HALF:  # the next bit is certain, and the waiting ones are its opposites
                bit = low >= HALF
                bits.append("1" + "0" * waiting if bit else "0" + "1" * waiting)
                waiting, shift = 0, HALF * bit
            else:  # both ends close to the middle: which bit it is will show later
                waiting, shift = waiting + 1, QUARTER
            low, high = 2 * (low - shift), 2 * (high - shift) + 1
    bits.append("0" + "1" * (waiting + 1) if low < QUARTER else "1" + "0" * (waiting + 1))
    return b"" if none else _whole_bytes("".join(bits))


def arithmetic_decode(data: bytes, counts: Sequence[int], length: int, most: int = MOST) -> list[int]:
    """The symbols back out of their number, with the counts that they were encoded with.

    data: all bytes of `arithmetic_encode` and no more. length: symbols, 0 to `most`; no more than that is ever held.
    Returns `length` symbols. Raises InputError for too great a length, unfit counts, and bytes too few or too many.
    Damage that changes no length goes unseen and gives wrong symbols: a checksum is for that.
    """
    if not 0 <= length <= most:
        raise InputError(f"{length:,} symbols are too many; at most {most:,} are decoded. The data is damaged.")
    edges, found, place = _edges(counts), [], 32
    low, high, value = 0, TOP, int.from_bytes(data[:4].ljust(4, b"\0"), "big")
    while len(found) < length and place <= 8 * len(data) + 32:
        span = high - low + 1
        symbol = bisect_right(edges, ((value - low + 1) * edges[-1] - 1) // span) - 1
        found.append(symbol)
        high = low + span * edges[symbol + 1] // edges[-1] - 1
        low = low + span * edges[symbol] // edges[-1]
        while high < HALF or low >= HALF or (low >= QUARTER and high < HALF + QUARTER):
            shift = 0 if high < HALF else HALF if low >= HALF else QUARTER
            bit = data[place >> 3] >> (7 - (place & 7)) & 1 if place < 8 * len(data) else 0
            low, high, value = 2 * (low - shift), 2 * (high - shift) + 1, 2 * (value - shift) + bit
            place += 1
    written = (place - 32 + 2 + 7) // 8 if length else 0
    if len(found) < length or written != len(data):
        raise InputError(f"{len(data):,} bytes do not end with symbol {length:,}. The data or its length is damaged.")
    return found


def _edges(counts: Sequence[int]) -> list[int]:
    """0 and the running sums of the counts. Raises InputError for counts that cannot divide an interval."""
    if any(count < 0 for count in counts) or not 0 < sum(counts) <= QUARTER:
        raise InputError(
            f"{len(counts):,} counts with the sum {sum(counts):,}; wanted none below 0 and a sum of 1 to {QUARTER:,}."
        )
    return [0, *accumulate(counts)]


def _whole_bytes(bits: str) -> bytes:
    size = -(-len(bits) // 8)
    return int(bits.ljust(8 * size, "0"), 2).to_bytes(size, "big")
