"""Frames are plain values."""

from dataclasses import FrozenInstanceError

import pytest

from featherweight.widgets.frame import Frame, Mark, readable


def test_frame_is_frozen_and_compares_by_value():
    one, other = (Frame((), (Mark("only", 1, 2, "x"),), "One.") for _ in range(2))
    assert one == other
    with pytest.raises(FrozenInstanceError):
        one.summary = "Two."


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("-0.5 (-10.3 to +.2)", "−0.5 (−10.3 to +.2)"),
        ("v = 4e-05, 1e+20, 9.5e-07.", "v = 4 × 10⁻⁵, 1 × 10²⁰, 9.5 × 10⁻⁷."),
        ("LeNet-300-100, one-shot, 2-bit", "LeNet-300-100, one-shot, 2-bit"),
    ],
)
def test_numbers_read_as_in_a_book(typed, read):
    assert readable(typed) == read
    assert Frame((), (Mark("only", 1, 2, typed),), typed) == Frame((), (Mark("only", 1, 2, read),), read)
