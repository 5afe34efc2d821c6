import pytest

from featherweight.lab import plots_modern

CURVES = {"adamw": [120, 70, 50], "muon": [90, 60, 40]}
DRAWN = {
    "by_step_and_by_second": lambda: plots_modern.by_step_and_by_second(CURVES, {"adamw": 1.0, "muon": 3.0}, "curves"),
    "frontier": lambda: plots_modern.frontier([3, 2, 1], {2: [4, 1], 3: [5, 2, 1]}, 10, "loss", "three walks"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000


def test_time_moves_a_curve():
    slow = plots_modern.by_step_and_by_second(CURVES, {"adamw": 1.0, "muon": 9.0}, "curves")
    assert slow.data != DRAWN["by_step_and_by_second"]().data
