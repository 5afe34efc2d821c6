"""Adaptive coding: each bit of a number is predicted from its neighbours, and costs what that left open.

Source: DeepCABAC, Wiedemann et al., arXiv:1907.11900: a weight's code is a few binary decisions, each with a
probability that adapts to what came before. The binary arithmetic coder is of the carry-less kind with 32-bit bounds.
"""

from collections.abc import Callable, Sequence

__all__ = ["Reader", "Writer", "walk"]

TOP = 0xFFFFFFFF
BITS = 16


class Writer:
    """Writes bits, each with the probability (of 65,536) that it is 1."""

    def __init__(self) -> None:
        self.low, self.high, self.data = 0, TOP, bytearray()

    def code(self, probability: int, bit: int) -> int:
        """Write a bit; returns it."""
        middle = self.low + (self.high - self.low >> BITS) * probability
        if bit:
            self.high = middle
        else:
            self.low = middle + 1
        while (self.low ^ self.high) < 1 << 24:
            self.data.append(self.high >> 24)
            self.low = self.low << 8 & TOP
            self.high = self.high << 8 & TOP | 255
        return bit

    def finish(self) -> bytes:
        """All bytes. As few are added as tell the last bits apart; zeros may be thought to follow."""
        for count in range(5):
            unit = 1 << 32 - 8 * count
            value = -(-self.low // unit) * unit
            if value <= self.high:
                return (
                    bytes(self.data) + (value >> 32 - 8 * count).to_bytes(count, "big") if count else bytes(self.data)
                )
        raise AssertionError


class Reader:
    """Reads what `Writer` wrote, given the same probabilities. place: bytes read, four of them ahead."""

    def __init__(self, data: bytes) -> None:
        self.low, self.high, self.data, self.place = 0, TOP, data, 4
        self.value = int.from_bytes(data[:4].ljust(4, b"\0"), "big")

    def code(self, probability: int, _: int = 0) -> int:
        """Read a bit."""
        middle = self.low + (self.high - self.low >> BITS) * probability
        if self.value <= middle:
            bit, self.high = 1, middle
        else:
            bit, self.low = 0, middle + 1
        while (self.low ^ self.high) < 1 << 24:
            self.low = self.low << 8 & TOP
            self.high = self.high << 8 & TOP | 255
            byte = self.data[self.place] if self.place < len(self.data) else 0
            self.value = self.value << 8 & TOP | byte
            self.place += 1
        return bit


class _Bits:
    """Probabilities that adapt: a fast mean and a slow one of each context, starting at one half."""

    def __init__(self, code: Callable[[int, int], int]) -> None:
        self.code, self.states = code, {}

    def bit(self, context: object, bit: int) -> int:
        state = self.states.get(context)
        if state is None:
            state = self.states[context] = [32768, 0]
        probability, seen = state
        bit = self.code(min(max(probability, 32), 65504), bit)
        rate = RATES[seen]
        state[0] = probability + ((65535 * bit - probability) * rate >> 16)
        if seen < LIMIT:
            state[1] = seen + 1
        return bit


LIMIT = 255
RATES = [65536 * 2 // (2 * n + 3) for n in range(LIMIT + 1)]


def walk(code: Callable[[int, int], int], values: Sequence[int] | None, rows: int, columns: int) -> list[int]:
    """Code a matrix of whole numbers, row by row, with a coder's `code`; values None: they are read, else written."""
    bits, out = _Bits(code), [0] * (rows * columns)
    above = [0] * columns
    for row in range(rows):
        left, before = 0, 0
        for column in range(columns):
            place = row * columns + column
            value = values[place] if values is not None else 0
            near = min(left, 2) + min(above[column], 4) * 3 + 15 * min(before, 1)
            value = _number(bits, value, near)
            out[place] = value
            before, left = left, abs(value)
            above[column] = abs(value) + above[column] + 1 >> 1
    return out


def _number(bits: _Bits, value: int, near: int) -> int:
    """A whole number: is it zero, its sign, the length of its magnitude in bits, and these below the highest."""
    if bits.bit(("zero", near), value == 0):
        return 0
    negative = bits.bit("sign", value < 0)
    size, length = abs(value), 1
    while length < 32 and bits.bit(("longer", length, min(near, 2)), size >> length > 0):
        length += 1
    found = 1
    for place in range(length - 2, -1, -1):
        context = ("bit", place, found if found < 16 else 0)
        found = found << 1 | bits.bit(context, size >> place & 1)
    return -found if negative else found
