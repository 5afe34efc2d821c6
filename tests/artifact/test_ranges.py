import math

from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.artifact.ranges import Reader, Writer

bits = st.lists(st.tuples(st.integers(1, 65535), st.integers(0, 1)), max_size=300)


@settings(deadline=None)
@given(bits)
def test_bits_come_back(coded):
    writer = Writer()
    for chance, bit in coded:
        writer.code(chance, bit)
    data = writer.finish()
    reader = Reader(data)
    assert [reader.code(chance) for chance, _ in coded] == [bit for _, bit in coded]
    assert 0 <= reader.place - len(data) <= 4


@settings(deadline=None)
@given(bits)
def test_a_message_costs_what_its_chances_say(coded):
    """Oracle: −log₂ of the chances; at most a thousandth and two bytes above it."""
    writer = Writer()
    for chance, bit in coded:
        writer.code(chance, bit)
    floor = sum(-math.log2((chance if bit else 65536 - chance) / 65536) for chance, bit in coded) / 8
    assert len(writer.finish()) <= 1.001 * floor + 2


def test_nothing_takes_no_bytes():
    assert Writer().finish() == b""
