import numpy as np
import pytest

from featherweight.widgets.blocks import block


@pytest.mark.parametrize("height", [1, 8, 19])
def test_strokes_lie_inside_and_cover_the_rectangle(height):
    line = block("only", (1, 3), (0, 2), "#000000", height=height)
    assert line.x.min() == line.x[0] == 1 and line.x.max() == 3
    assert line.y.min() > 0 and line.y.max() < 2
    levels = np.unique(line.y)
    spacing = height * (levels[1] - levels[0]) / 2  # in pixels
    assert line.width >= spacing
    assert line.y.min() / 2 * height <= line.width / 2 + 1e-9


def test_the_pen_never_crosses_from_side_to_side_between_strokes():
    line = block("only", (0, 1), (0, 1), "#000000", height=10)
    moved = np.diff(line.x) != 0
    assert (np.diff(line.y)[moved] == 0).all()
