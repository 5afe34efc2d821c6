import heapq
import math
import random
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from featherweight.compression.coding import (
    canonical_code,
    decode_bits,
    entropy,
    huffman_code,
    huffman_decode,
    huffman_encode,
)
from featherweight.errors import FeatherweightError, InputError

many = st.lists(st.integers(0, 50), max_size=40)
steep = st.lists(st.integers(0, 30).map(lambda power: 2**power), max_size=20)
messages = st.lists(st.integers(0, 12), max_size=60)


def optimum(counts):
    """The bits of the shortest message: the sum of all joined counts, by a heap."""
    heap = [count for count in counts if count]
    heapq.heapify(heap)
    if len(heap) == 1:
        return heap[0]
    total = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        total += joined
        heapq.heappush(heap, joined)
    return total


def counted(symbols):
    return np.bincount(symbols, minlength=13).tolist() if symbols else [0] * 13


def kraft(code):
    return sum(2.0 ** -len(bits) for bits in code if bits)


@given(st.one_of(many, steep))
@example([])
@example([0, 0])
@example([0, 9])
@example([1, 1, 2, 3, 5, 8, 13, 21, 34])
def test_the_code_is_prefix_free_and_as_short_as_can_be(counts):
    """Oracle: the heap's optimum, exactly; Kraft's sum is 1 where two symbols or more occur."""
    code = huffman_code(counts)
    assert [bool(bits) for bits in code] == [count > 0 for count in counts]
    used = [bits for bits in code if bits]
    assert not any(one != other and other.startswith(one) for one in used for other in used)
    assert len(set(used)) == len(used)
    assert kraft(code) == (1 if len(used) > 1 else len(used) / 2)
    assert sum(count * len(bits) for count, bits in zip(counts, code, strict=True)) == optimum(counts)


@given(many.filter(lambda counts: sum(count > 0 for count in counts) > 1))
def test_the_mean_length_lies_within_one_bit_of_the_entropy(counts):
    """Closed form: H ≤ mean length < H + 1 (Shannon). Entropy itself: numpy, 1e-12."""
    shares = np.array([count for count in counts if count]) / sum(counts)
    assert entropy(counts) == pytest.approx(float(-(shares * np.log2(shares)).sum()), rel=1e-12)
    mean = sum(count * len(bits) for count, bits in zip(counts, huffman_code(counts), strict=True)) / sum(counts)
    assert entropy(counts) - 1e-12 <= mean < entropy(counts) + 1


def test_no_symbol_and_one_symbol_have_no_entropy():
    assert entropy([]) == entropy([0, 0]) == entropy([0, 5]) == 0
    assert huffman_code([0, 5]) == ["", "0"] and huffman_code([]) == []


def test_a_suboptimal_code_is_told_from_the_best():
    """The planted failure of the optimum: the code of Shannon and Fano for these counts is longer."""
    counts, fano = [15, 7, 6, 6, 5], ["00", "01", "10", "110", "111"]
    assert sum(count * len(bits) for count, bits in zip(counts, fano, strict=True)) > optimum(counts) == 87


@given(st.one_of(many, steep))
def test_a_code_can_be_rebuilt_from_its_lengths(counts):
    """Oracle: DEFLATE's rule (RFC 1951, 3.2.2): codes of a length are consecutive, shorter ones come first."""
    code = huffman_code(counts)
    again = canonical_code([len(bits) for bits in code])
    assert [len(bits) for bits in again] == [len(bits) for bits in code]
    order = sorted((len(bits), symbol) for symbol, bits in enumerate(again) if bits)
    texts = [again[symbol] for _, symbol in order]
    assert texts == sorted(texts)
    assert not any(other.startswith(one) for i, one in enumerate(texts) for other in texts[i + 1 :])


def test_rfc_1951s_example():
    """Oracle: RFC 1951, section 3.2.2, the alphabet ABCDEFGH with lengths 3, 3, 3, 3, 3, 2, 4, 4."""
    expected = ["010", "011", "100", "101", "110", "00", "1110", "1111"]
    assert canonical_code([3, 3, 3, 3, 3, 2, 4, 4]) == expected


@pytest.mark.parametrize(
    ("lengths", "says"),
    [
        ([1, 1, 1], "Code lengths that leave no room for symbol 2; give those of a prefix-free code."),
        ([2, 1, 1, 2], "Code lengths that leave no room for symbol 0; give those of a prefix-free code."),
        ([10**9, 1], "Code lengths from 1 to 1000000000 for 2 symbols; wanted 1 to 1. Give the lengths of"),
        ([-1, 1], "Code lengths from -1 to 1 for 2 symbols; wanted 1 to 1. Give the lengths of a Huffman code."),
    ],
)
def test_impossible_lengths_are_refused(lengths, says):
    with pytest.raises(InputError, match=says):
        canonical_code(lengths)


@given(messages)
@example([])
@example([4])
@example([4] * 9)
def test_messages_come_back(symbols):
    """Oracle for the bytes: Python's int of the joined codes."""
    code = huffman_code(counted(symbols))
    data, bits = huffman_encode(symbols, code)
    joined = "".join(code[symbol] for symbol in symbols)
    assert bits == len(joined) == optimum(counted(symbols)) and len(data) == math.ceil(bits / 8)
    assert data == int("0" + joined.ljust(8 * len(data), "0"), 2).to_bytes(len(data), "big")
    assert huffman_decode(data, code, len(symbols)) == symbols
    assert decode_bits("".join(f"{byte:08b}" for byte in data), code, len(symbols)) == symbols


def test_bits_of_padding_that_look_like_a_code_are_left_alone():
    assert decode_bits("110100000", ["0", "10", "11"], 3) == [2, 0, 1]
    assert decode_bits("110100000", ["0", "10", "11"], 4) == [2, 0, 1, 0]
    assert decode_bits("0000", ["0", "1"], 0) == []


def test_a_symbol_without_a_code_is_refused():
    with pytest.raises(InputError, match=r"Symbol 1 has no code; count it before the code is made\."):
        huffman_encode([0, 1], ["0", ""])


CODE = ["0", "10", "110"]
DAMAGED = {
    "one byte gone": (b"", 3, "3 symbols in 0 bytes; wanted 0 to 16,777,216 symbols of 1 to 3 bits."),
    "one byte more": (b"\x00\x00", 3, "13 bits after the last symbol; wanted fewer than 8, all 0."),
    "many bytes more": (b"\x00" * 99, 3, "3 symbols in 99 bytes"),
    "padding that is not 0": (b"\x01", 3, "5 bits after the last symbol; wanted fewer than 8, all 0."),
    "bits that are no code": (b"\xe0", 3, "0 symbols of 3, then bits that are no code. The data is damaged."),
    "the end in a code": (b"\x06", 8, "6 symbols of 8, then bits that are no code."),
    "too many symbols": (b"\x00", 9, "9 symbols in 1 bytes"),
    "a count below 0": (b"", -1, "-1 symbols in 0 bytes"),
    "a huge count": (b"\x00", 2**60, "1,152,921,504,606,846,976 symbols in 1 bytes"),
}


@pytest.mark.parametrize(("data", "count", "says"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_named(data, count, says):
    with pytest.raises(InputError) as caught:
        huffman_decode(data, CODE, count)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_a_code_of_nothing_reads_nothing():
    assert huffman_decode(b"", ["", ""], 0) == []
    with pytest.raises(InputError):
        huffman_decode(b"\x00", ["", ""], 1)


@settings(max_examples=300)
@given(messages.filter(bool), st.randoms(use_true_random=False), st.binary(max_size=12))
def test_mutated_bytes_give_an_error_of_ours_or_so_many_symbols(symbols, random, other):
    code = huffman_code(counted(symbols))
    data = bytearray(huffman_encode(symbols, code)[0])
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    for broken in (bytes(data), bytes(data[:-1]), bytes(data) + other, other):
        try:
            found = huffman_decode(broken, code, len(symbols))
        except FeatherweightError:
            continue
        assert len(found) == len(symbols) and set(found) <= {symbol for symbol, bits in enumerate(code) if bits}


def test_memory_stays_near_what_comes_back():
    """The cap: eight bytes a symbol, and a letter for each bit of data that so many symbols may take."""
    tracemalloc.start()
    with pytest.raises(InputError):
        huffman_decode(bytes(10**6), CODE, 1000)
    with pytest.raises(InputError):
        huffman_decode(bytes(10**6), CODE, 8 * 10**6, most=10**5)
    assert tracemalloc.get_traced_memory()[1] < 3 * 10**6
    tracemalloc.stop()


@pytest.mark.slow
def test_ten_thousand_mutated_messages_give_an_error_of_ours_or_so_many_symbols():
    draw = random.Random(1)
    symbols = draw.choices(range(13), [2.0**-i for i in range(13)], k=400)
    counts = counted(symbols)
    data = huffman_encode(symbols, huffman_code(counts))[0]
    refused = 0
    for _ in range(10_000):
        broken = bytearray(data)
        broken[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        cut = draw.choice([len(data), len(data), draw.randrange(len(data))])
        broken = bytes(broken[:cut]) + draw.randbytes(draw.choice([0, 0, 1, 9, 300]))
        try:
            assert len(huffman_decode(broken, huffman_code(counts), 400)) == 400
        except FeatherweightError:
            refused += 1
    assert 1_000 < refused < 10_000
