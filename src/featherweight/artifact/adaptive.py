"""Adaptive coding: each bit of a number is predicted from its neighbours, and costs what that left open.

Sources: DeepCABAC, Wiedemann et al., arXiv:1907.11900: a weight's code is a few binary decisions (is it zero, its sign,
the length of its magnitude), each with a probability that adapts; logistic mixing of several predictions: Mahoney,
Adaptive weighing of context models for lossless data compression, Florida Tech technical report CS-2005-16 (2005).
Deviations: contexts for pruned weights: how full the column, its neighbours and the row have been so far. Everything is
in whole numbers, so that it decodes alike on every machine.

| paper          | code                                                     | unit              |
|----------------|----------------------------------------------------------|-------------------|
| p_i            | `chances[place]`: that the bit is 1                      | of 65,536         |
| n_i            | `seen[place]`: how often the place was asked             |                   |
| stretch(p_i)   | `STRETCH[chance >> 4]` = ln(p / (1 − p))                 | 1 / 256           |
| w_i            | `weights`: one for each prediction                       | 1 / 65,536        |
| squash(Σ w s)  | `SQUASH[…]`                                              | of 65,536         |
"""

import math
from collections.abc import Callable, Sequence
from decimal import Context, Decimal

__all__ = ["Model"]

FAMILY = 1 << 10
"""Places that one kind of context has."""

ZERO, SIGN, SIZE, USED = 0, 8, 16, 20
FAMILIES, COMMON = 24, 21
"""Kinds of contexts; those from COMMON on keep what they learned from one tensor to the next."""

EVEN, LEAST, LIMIT = 1 << 15, 16, 255
RATES = [(2 << 16) // (2 * n + 3) for n in range(LIMIT + 1)]
MOST = 3071
"""The largest stretched probability: odds of e¹²."""


def _squash() -> list[int]:
    """1 / (1 + e^−x) for x in steps of 1/256, in decimal arithmetic: correctly rounded on every machine."""
    context, found = Context(prec=20), []
    for step in range(-MOST, MOST + 1):
        grown = context.exp(context.divide(Decimal(-step), Decimal(256)))
        share = context.divide(Decimal(1 << 16), context.add(grown, Decimal(1)))
        found.append(min(max(int(share), 1), (1 << 16) - 1))
    return found


SQUASH = _squash()


def _stretch() -> list[int]:
    """The other way round: for each probability of 4,096 the first step that reaches it."""
    found, step = [], 0
    for chance in range(0, 1 << 16, 16):
        while step < 2 * MOST and SQUASH[step] < chance + 8:
            step += 1
        found.append(step - MOST)
    return found


STRETCH = _stretch()


def fullness(count: int, of: int) -> int:
    """count / of in steps of half an octave, 0 … 35, as a context."""
    share = (5 * count + 2 << 16) // (5 * of + 5)
    length = share.bit_length()
    return min(2 * length + (share >> length - 2 & 1 if length > 1 else 0), 35)


class Model:
    """Codes tensors of whole numbers one after the other. code: of a `ranges.Writer` or `ranges.Reader`."""

    def __init__(self, code: Callable[[int, int], int]) -> None:
        self.code = code
        self.chances, self.seen = [EVEN] * (FAMILIES * FAMILY), [0] * (FAMILIES * FAMILY)
        self.weights: dict[str, list[int]] = {}

    def walk(self, values: Sequence[int] | None, shape: Sequence[int]) -> list[int]:
        """Code a tensor's numbers, row by row; values None: they are read, else written. Returns them."""
        return _Walk(self, values, shape).all()

    def forget(self) -> None:
        """Begin a tensor: what is common to all is kept."""
        self.chances[: COMMON * FAMILY] = [EVEN] * (COMMON * FAMILY)
        self.seen[: COMMON * FAMILY] = [0] * (COMMON * FAMILY)
        self.weights.pop("zero", None)

    def bit(self, name: str, places: Sequence[int], bit: int) -> int:
        """Code one bit, predicted by the chances at these places, whose weights have this name."""
        chances, seen = self.chances, self.seen
        weights = self.weights.get(name)
        if weights is None:
            one = len(places) == 1
            weights = self.weights[name] = [65536 if one else 85197 // len(places)] * len(places)
        stretched = [STRETCH[chances[place] >> 4] for place in places]
        total = 1 << 15
        for weight, value in zip(weights, stretched, strict=True):
            total += weight * value
        total >>= 16
        chance = SQUASH[MOST + (MOST if total > MOST else -MOST if total < -MOST else total)]
        bit = self.code(chance, bit)
        target = 65535 if bit else 0
        missed = 3 * (target - chance)
        for number, value in enumerate(stretched):
            weights[number] += value * missed + (1 << 17) >> 18
        for place in places:
            count = seen[place]
            chance = chances[place]
            chance += (target - chance) * RATES[count] >> 16
            chances[place] = LEAST if chance < LEAST else 65535 - LEAST if chance > 65535 - LEAST else chance
            if count < LIMIT:
                seen[place] = count + 1
        return bit


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


class _Walk:
    """One tensor's way through a model. stride: how far back its other neighbour is, the one above in a picture."""

    def __init__(self, model: Model, values: Sequence[int] | None, shape: Sequence[int]) -> None:
        self.model, self.values, self.bit = model, values, model.bit
        count = math.prod(shape)
        self.rows = shape[0] if len(shape) > 1 and count else 1
        self.columns = count // self.rows
        self.stride, self.kernel = math.prod(shape[2:]) if len(shape) > 2 else 0, len(shape) > 2
        if len(shape) == 2 and self.columns >= 256 and math.isqrt(self.columns) ** 2 == self.columns:
            self.stride = math.isqrt(self.columns)
        self.out = [0] * count
        self.full = [0] * (2 * self.columns + self.stride + 1)
        self.total, self.visited = 0, 0

    def all(self) -> list[int]:
        """All numbers."""
        self.model.forget()
        rows, columns = self._used()
        self.before = [0] * self.columns
        for row in rows:
            self._row(row, columns)
        return self.out

    def _used(self) -> tuple[list[int], list[int]]:
        """Which rows and columns are not all zero: said first, where it saves looking at them."""
        everything = list(range(self.rows)), list(range(self.columns))
        if self.rows < 8 or self.columns < 8:
            return everything
        lines = (
            [self.values[row * self.columns : (row + 1) * self.columns] for row in everything[0]] if self.values else []
        )
        down = [any(line) for line in lines]
        across = [any(column) for column in zip(*lines, strict=True)] if lines else []
        if not self.bit("skips", [USED * FAMILY], not all(down) or not all(across)):
            return everything
        return self._flags(down, self.rows, 1, 0), self._flags(across, self.columns, 5, self.stride)

    def _flags(self, wanted: list[bool], count: int, family: int, stride: int) -> list[int]:
        flags = [0] * count
        for place in range(count):
            near = flags[place - 1] if place else 0
            above = flags[place - stride] if stride and place >= stride else 0
            context = USED * FAMILY + family + near + 2 * above
            flags[place] = self.bit("used", [context], wanted[place] if wanted else 0)
        return [place for place in range(count) if flags[place]]

    def _row(self, row: int, columns: Sequence[int]) -> None:
        full, before, stride, now = self.full, self.before, self.stride, [0] * self.columns
        start, in_row, last, older, row_full = row * self.columns, 0, 0, 0, fullness(0, 0)
        near_of: dict[int, int] = {}
        own_of: dict[int, int] = {}
        for done, column in enumerate(columns):
            if done & 7 == 0:
                row_full = fullness(in_row, done)
            own, around = full[column], full[column - 1] + full[column + 1]
            if stride:
                around += full[column - stride] + full[column + stride]
            if own not in own_of:
                own_of[own] = fullness(own, row)
            if around not in near_of:
                near_of[around] = fullness(around, 4 * row if stride else 2 * row)
            column_full, up = own_of[own], abs(before[column])
            above = now[column - stride] if stride and column >= stride else 0
            if self.kernel:
                shape = min(abs(above), 4) * 3 + min(up, 2)
            else:
                some = (last != 0) + (above != 0)
                if stride and column > stride:
                    some += (now[column - stride - 1] != 0) + (now[column - stride + 1] != 0)
                shape = 16 + some * 2 + (up > 0)
            mean = fullness(self.total, self.visited)
            self.visited += 1
            places = (
                0,
                FAMILY + column_full,
                2 * FAMILY + (column_full >> 1) * 18 + (row_full >> 1),
                3 * FAMILY + min(abs(last), 3) * 12 + min(older, 2) * 4 + min(up, 3),
                4 * FAMILY + near_of[around] * 18 + (column_full >> 1),
                5 * FAMILY + shape,
                21 * FAMILY + mean,
            )
            value = self.values[start + column] if self.values is not None else 0
            older = abs(last)
            if self.bit("zero", places, value == 0):
                last = 0
                continue
            last = self._number(value, now, column, last, above, before[column], mean)
            now[column] = self.out[start + column] = last
            self.total += abs(last)
            full[column] += 1
            in_row += 1
            row_full = fullness(in_row, done + 1)
        self.before = now

    def _number(self, value: int, now: Sequence[int], column: int, last: int, above: int, up: int, mean: int) -> int:
        """A number that is not zero: its sign, the length of its magnitude, and its bits below the highest."""
        negative = self.bit("sign", self._signs(now, column, last, above, up), value < 0)
        size, length = abs(value), 1
        near = min(abs(last).bit_length(), 3) * 4 + min(abs(up).bit_length(), 3)
        while length < 31:
            places = SIZE * FAMILY + length, 22 * FAMILY + length * 16 + near, 23 * FAMILY + min(length, 15) * 36 + mean
            if not self.bit("size", places, size >> length > 0):
                break
            length += 1
        found = 1
        for place in range(length - 2, -1, -1):
            known = found if length - place < 4 else 0
            found = found << 1 | self.bit("low", [21 * FAMILY + 64 + length * 4 + known], size >> place & 1)
        return -found if negative else found

    def _signs(self, now: Sequence[int], column: int, last: int, above: int, up: int) -> tuple[int, ...]:
        left, over, stride = _sign(last), _sign(above), self.stride
        corner = [0, 0]
        if stride and column > stride:
            corner = [_sign(now[column - stride - 1]), _sign(now[column - stride + 1])]
        first = SIGN * FAMILY
        both = 2 * (left + over) + sum(corner) + 6
        each = ((left + 1) * 3 + over + 1) * 9 + (corner[0] + 1) * 3 + corner[1] + 1
        return (
            first,
            first + FAMILY + (left + 1) * 3 + over + 1,
            first + 2 * FAMILY + _sign(up) + 1,
            first + 3 * FAMILY + both,
            first + 4 * FAMILY + each,
        )
