import math
import random
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from featherweight.compression.arithmetic import arithmetic_decode, arithmetic_encode
from featherweight.compression.coding import entropy
from featherweight.errors import FeatherweightError, InputError

messages = st.lists(st.integers(0, 9), max_size=80)


def counted(symbols):
    return np.bincount(symbols, minlength=10).tolist() if symbols else [1] * 10


@given(messages)
@example([])
@example([3])
@example([3] * 50)
@example([0, 9] * 40)
def test_messages_come_back(symbols):
    counts = counted(symbols)
    assert arithmetic_decode(arithmetic_encode(symbols, counts), counts, len(symbols)) == symbols


@given(messages, st.lists(st.integers(1, 2**26), min_size=10, max_size=10))
@example([9] * 60, [2**26, 1, 1, 1, 1, 1, 1, 1, 1, 1])
def test_messages_come_back_with_other_counts_than_their_own(symbols, counts):
    assert arithmetic_decode(arithmetic_encode(symbols, counts), counts, len(symbols)) == symbols


@settings(max_examples=40)
@given(messages.filter(bool), st.lists(st.integers(1, 1000), min_size=10, max_size=10))
def test_the_number_lies_in_the_interval_of_exact_fractions(symbols, counts):
    """Oracle: the interval narrowed by exact fractions.

    Analytic bound: whole numbers below 2³² move an end, at each symbol, by less than 1 in a span of 2³⁰; doubled here.
    """
    low, width, total, slack = Fraction(0), Fraction(1), sum(counts), Fraction(0)
    for symbol in symbols:
        slack += width / 2**29
        low, width = low + width * Fraction(sum(counts[:symbol]), total), width * Fraction(counts[symbol], total)
    data = arithmetic_encode(symbols, counts)
    number = Fraction(int.from_bytes(data, "big"), 2 ** (8 * len(data)))
    assert low - slack <= number < low + width + slack


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.95, 0.04, 0.01), (0.99, 0.01), (0.3, 0.3, 0.2, 0.1, 0.1)])
def test_the_bytes_are_the_entropys(shares):
    """Closed form: N · H bits, and at most two bytes more (0.01% for the rounding of intervals)."""
    symbols = np.random.default_rng(0).choice(len(shares), 20_000, p=shares).tolist()
    counts = np.bincount(symbols, minlength=len(shares)).tolist()
    floor = entropy(counts) * len(symbols) / 8
    size = len(arithmetic_encode(symbols, counts))
    assert floor - 1e-6 <= size <= floor * 1.0001 + 2


def test_a_rare_symbol_costs_its_bits_and_a_frequent_one_a_fraction():
    counts = [2**20 - 1, 1]
    assert len(arithmetic_encode([0] * 5000, counts)) <= 2
    assert len(arithmetic_encode([1] * 40, counts)) == pytest.approx(40 * 20 / 8, abs=2)


@pytest.mark.parametrize(
    ("symbols", "counts", "says"),
    [
        ([1], [3, 0], "Symbol 1 has no count; count it before encoding."),
        ([2], [3, 1], "Symbol 2 has no count; count it before encoding."),
        ([-1], [3, 1], "Symbol -1 has no count; count it before encoding."),
        ([], [], "0 counts with the sum 0; wanted none below 0 and a sum of 1 to 1,073,741,824."),
        ([0], [2**30, 1], "2 counts with the sum 1,073,741,825; wanted none below 0"),
        ([0], [3, -1], "2 counts with the sum 2; wanted none below 0"),
    ],
)
def test_unfit_symbols_and_counts_are_refused(symbols, counts, says):
    with pytest.raises(InputError) as caught:
        arithmetic_encode(symbols, counts)
    assert says in str(caught.value)


DATA = arithmetic_encode([0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1], [5, 6])
DAMAGED = {
    "one byte gone": (DATA[:-1], 17, "2 bytes do not end with symbol 17. The data or its length is damaged."),
    "all bytes gone": (b"", 17, "0 bytes do not end with symbol 17."),
    "one byte more": (DATA + b"\0", 17, "4 bytes do not end with symbol 17."),
    "more symbols": (DATA, 400, "3 bytes do not end with symbol 400."),
    "no symbols": (DATA, 0, "3 bytes do not end with symbol 0."),
    "a length below 0": (DATA, -1, "-1 symbols are too many; at most 16,777,216 are decoded. The data is damaged."),
    "a huge length": (DATA, 2**60, "1,152,921,504,606,846,976 symbols are too many"),
}


@pytest.mark.parametrize(("data", "length", "says"), DAMAGED.values(), ids=DAMAGED)
def test_damage_of_the_length_is_named(data, length, says):
    with pytest.raises(InputError) as caught:
        arithmetic_decode(data, [5, 6], length)
    assert says in str(caught.value) and "\n" not in str(caught.value)


@settings(max_examples=300)
@given(messages.filter(bool), st.randoms(use_true_random=False), st.binary(max_size=12))
def test_mutated_bytes_give_an_error_of_ours_or_so_many_symbols(symbols, random, other):
    counts = counted(symbols)
    data = bytearray(arithmetic_encode(symbols, counts))
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    for broken in (bytes(data), bytes(data[:-1]), bytes(data) + other, other):
        try:
            found = arithmetic_decode(broken, counts, len(symbols))
        except FeatherweightError:
            continue
        assert len(found) == len(symbols) and all(counts[symbol] for symbol in found)


def test_memory_stays_near_what_comes_back():
    """The cap: nine bytes for each symbol of a list that grows; hostile lengths are refused at once or soon."""
    tracemalloc.start()
    with pytest.raises(InputError):
        arithmetic_decode(b"\x00\x01", [1, 1], 10**7)
    with pytest.raises(InputError):
        arithmetic_decode(b"\x00\x01", [2**29, 1], 10**6, most=10**5)
    found = arithmetic_decode(b"\x40", [2**29, 1], 10**4, most=10**4)
    assert len(found) == 10**4 and tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


def test_a_bit_is_a_fair_coins_symbol():
    """Closed form: with equal counts the message is its own bits, with two bits to end on."""
    symbols = [1, 0, 1, 1, 0, 0, 1, 0, 1, 1]
    text = "".join(f"{byte:08b}" for byte in arithmetic_encode(symbols, [1, 1]))
    assert text.startswith("".join(map(str, symbols))) and len(text) == 8 * math.ceil((len(symbols) + 2) / 8)


@pytest.mark.slow
def test_ten_thousand_mutated_messages_give_an_error_of_ours_or_so_many_symbols():
    draw = random.Random(1)
    symbols = draw.choices(range(13), [2.0**-i for i in range(13)], k=400)
    counts = np.bincount(symbols, minlength=13).tolist()
    data = arithmetic_encode(symbols, counts)
    refused = 0
    for _ in range(10_000):
        broken = bytearray(data)
        broken[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        cut = draw.choice([len(data), len(data), draw.randrange(len(data))])
        broken = bytes(broken[:cut]) + draw.randbytes(draw.choice([0, 0, 1, 9, 300]))
        try:
            assert len(arithmetic_decode(broken, counts, 400)) == 400
        except FeatherweightError:
            refused += 1
    assert 1_000 < refused < 10_000
