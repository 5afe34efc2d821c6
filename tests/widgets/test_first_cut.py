import numpy as np
import pytest

from featherweight.widgets.first_cut import STATES, first_cut, first_cut_frame, first_cut_scene
from featherweight.widgets.pruning_tables import PruningResults
from featherweight.widgets.stage import Stage

RESULTS = PruningResults(
    source="two seeds",
    weights=1200,
    sparsities=(0.0, 0.917),
    accuracy={mode: ((94.0, value), (95.0, value + 1)) for mode, value in (("one-shot", 80.0), ("retrained", 94.5))},
    thresholds=(0.0, 0.1),
    edges=(-1.0, 1.0),
    dense=(1,),
    counts={},
)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("whole", "1,200 of 1,200 connections, whole: 55 errors in 1,000 (whole: 55). two seeds."),
        ("cut", "100 of 1,200 connections, cut: 195 errors"),
        ("retrained", "100 of 1,200 connections, retrained: 50 errors"),
    ],
)
def test_the_summary_has_the_numbers(state, says):
    frame = first_cut_frame(state, RESULTS)
    assert frame.summary.startswith(says)
    assert len(frame.lines) == 2 + list(STATES).index(state)


def test_eleven_of_twelve_lines_go():
    whole, cut = (np.isfinite(first_cut_frame(state, RESULTS).lines[0].x).sum() for state in ("whole", "cut"))
    assert whole / cut == pytest.approx(12, abs=0.3)


def test_every_state_stays_inside_the_picture():
    stage = Stage(first_cut_scene)
    for state in STATES:
        frame = first_cut_frame(state, RESULTS)
        low, high = stage.panels["errors"].get_xlim()
        assert all(low <= mark.x <= high for mark in frame.marks)
        assert stage.picture(frame).startswith(b"\x89PNG")


def test_the_question_asks_with_the_measured_number():
    assert "makes 55 errors" in first_cut(RESULTS).ask["text"]
