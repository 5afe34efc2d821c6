"""The classes' limits, and which one a file may enter."""

import pytest

from featherweight.errors import InputError
from featherweight.lab.weight_classes import CLASSES, weight_class


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (1, "strawweight"),
        (2953, "strawweight"),
        (2954, "flyweight"),
        (4000, "flyweight"),
        (4001, "bantamweight"),
        (8000, "bantamweight"),
        (8001, "featherweight"),
        (16000, "featherweight"),
        (16001, "lightweight"),
        (32000, "lightweight"),
    ],
)
def test_a_file_enters_the_lightest_class_that_holds_it(size, name):
    assert weight_class(size).name == name


def test_above_the_heaviest_there_is_none():
    assert weight_class(CLASSES[-1].limit + 1) is None


@pytest.mark.parametrize("size", [0, -1])
def test_no_file_is_one_line(size):
    with pytest.raises(InputError, match=r"^A file of -?\d bytes is no entry; wanted .* Save the network first\.$"):
        weight_class(size)


def test_limits_rise():
    limits = [each.limit for each in CLASSES]
    assert limits == sorted(set(limits))
