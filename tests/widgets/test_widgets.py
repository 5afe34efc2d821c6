"""What holds for every widget of the book."""

import json
import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from featherweight.lab import palette
from featherweight.widgets.controls import every_state
from featherweight.widgets.table import PEN_UP, encode

CAP = 1_000_000


def corners(card):
    """First, middle and last value of every control."""
    short = [
        control.__class__(control.name, "", control.values[:: max(len(control.values) // 2, 1)], control.values[0])
        for control in card._controls
    ]
    return every_state(tuple(short))


def typed_for_machines(said):
    """A hyphen for a minus sign, an exponent, a space before a per cent sign."""
    return re.search(r"(?<![\w-])-\.?\d|\de[-+]?\d|\d %", said)


def finite(frame):
    """Whether all numbers are finite."""
    return all(
        np.isfinite(np.asarray(line.x, float)).all() and np.isfinite(np.asarray(line.y, float)).all()
        for line in frame.lines
    )


def test_presets_and_corners_are_finite_or_flagged(widget):
    states = [widget.start | dict(preset) for preset in widget.presets.values()] + corners(widget)
    for state in states:
        frame = widget._frame(**state)
        assert finite(frame) or "diverged" in frame.summary, state
        assert not re.search(r"\b(nan|inf)\b|0x|\n", frame.summary) and frame.summary.endswith("."), state
        assert {line.method for line in frame.lines} <= set(palette.METHODS)


def test_numbers_are_written_for_readers(widget):
    """A minus sign is not a hyphen, 0.00006 is not 6e-05, and a per cent sign follows its number."""
    for _, marks, summary, _ in widget.index["frames"]:
        for said in (summary, *(mark[5] for mark in marks)):
            assert not typed_for_machines(said), said


@pytest.mark.parametrize("said", ["pulls -0.09 at 9", "-1", "a rate of 6e-05", "95 % of", "(-3 to 2)"])
def test_planted_numbers_for_machines_are_seen(said):
    assert typed_for_machines(said) and not typed_for_machines("LeNet-300-100 −0.09, 95%, float-16")


def test_rows_equal_fresh_frames(widget):
    states = every_state(widget._controls)
    assert len(widget.index["frames"]) == len(states)
    points = np.frombuffer(widget.table, "<i2").reshape(-1, 2)
    for number in range(0, len(states), 7):
        fresh = encode([widget._frame(**states[number])], widget._stage)
        numbers, marks, summary, targets = widget.index["frames"][number]
        new_numbers, new_marks, new_summary, new_targets = fresh.index["frames"][0]
        assert (marks, summary, targets) == (new_marks, new_summary, new_targets)
        for old, new in zip(numbers, new_numbers, strict=True):
            *look, first, count = widget.index["lines"][old]
            *new_look, new_first, new_count = fresh.index["lines"][new]
            assert look == new_look and count == new_count
            assert points[first : first + count].tobytes() == fresh.points[4 * new_first : 4 * (new_first + new_count)]


def test_same_state_same_bytes(widget):
    assert widget.picture() == widget.picture()


def test_size_caps(widget):
    sent = len(widget.table) + len(widget.scene) + len(json.dumps(widget.index))
    assert sent <= CAP and len(widget.embed_html()) <= 1.4 * CAP  # base64 makes a third more of it
    picture = Image.open(BytesIO(widget.picture()))
    assert picture.size == (1568, 448) and len(widget.picture()) < 200_000


def test_controls_presets_and_question(widget):
    assert len(widget.controls) <= 3 and len(widget.presets) in (range(3, 6) if widget.controls else [0])
    assert widget.ask["because"].endswith(".") and len(widget.ask["text"]) < 120
    assert len(set(widget.ask["choices"])) == 3


@pytest.mark.parametrize("low", [True, False], ids=["first", "last"])
def test_setting_a_trait_moves_the_card(widget, low):
    for control in widget._controls:
        setattr(widget, control.name, control.values[0 if low else -1])
    assert widget.summary == widget.index["frames"][0 if low else -1][2]


def test_the_pen_is_never_dragged_off_the_stage(widget):
    points = np.frombuffer(widget.table, "<i2").reshape(-1, 2)
    drawn = points[~(points == PEN_UP).all(axis=1)]
    assert len(drawn) > 90 and (drawn != PEN_UP).all()
