"""A binary arithmetic coder in whole numbers, which decodes alike on every machine.

Of the carry-less kind: two bounds of 32 bits, and a byte is written as soon as both agree on it.
"""

__all__ = ["Reader", "Writer"]

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
