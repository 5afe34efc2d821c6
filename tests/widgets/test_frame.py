"""Frames are plain values."""

from dataclasses import FrozenInstanceError

import pytest

from featherweight.widgets.frame import Frame, Mark


def test_frame_is_frozen_and_compares_by_value():
    one, other = (Frame((), (Mark("only", 1, 2, "x"),), "One.") for _ in range(2))
    assert one == other
    with pytest.raises(FrozenInstanceError):
        one.summary = "Two."
