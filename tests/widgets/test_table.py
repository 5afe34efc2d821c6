"""The binary table holds what the frames say, to an eighth of a pixel."""

import numpy as np
import pytest

from featherweight.errors import InputError
from featherweight.widgets import Frame, Line
from featherweight.widgets.frame import Target
from featherweight.widgets.stage import Stage
from featherweight.widgets.table import EIGHTHS, PEN_UP, encode


@pytest.fixture
def stage(scene):
    return Stage(scene)


def points(table, number):
    *_, first, count = table.index["lines"][number]
    return np.frombuffer(table.points, "<i2").reshape(-1, 2)[first : first + count]


def test_line_comes_back_to_an_eighth_of_a_pixel(stage, frame):
    table = encode([frame(0.5)], stage)
    (numbers, marks, summary, targets) = table.index["frames"][0]
    expected = stage.pixels("only", frame(0.5).lines[0].x, frame(0.5).lines[0].y)
    np.testing.assert_allclose(points(table, numbers[0]) / EIGHTHS, expected, atol=0.5 / EIGHTHS)
    assert marks[0][5:] == ["end", "limit"] and summary == "line rises to 5." and targets == []


def test_target_is_a_box_of_pixels_and_what_a_click_sets(stage):
    table = encode([Frame((), (), "", (Target("only", (1, 2), (3, 4), {"rate": 0.1}),))], stage)
    ((left, top, right, bottom, sets),) = table.index["frames"][0][3]
    (x, bottom_edge), (other_x, top_edge) = stage.pixels("only", [1, 2], [3, 4])
    np.testing.assert_allclose([left, top, right, bottom], [x, top_edge, other_x, bottom_edge], atol=0.05)
    assert sets == {"rate": 0.1} and left < right and top < bottom


def test_equal_lines_are_stored_once(stage, frame):
    table = encode([frame(1.0), frame(2.0), frame(1.0)], stage)
    assert [row[0] for row in table.index["frames"]] == [[0], [1], [0]]
    assert len(table.index["lines"]) == 2


def test_values_that_are_not_finite_lift_the_pen(stage):
    table = encode([Frame((Line("only", [1, 2, 3, 4], [1, np.nan, np.inf, 4]),), (), "")], stage)
    assert points(table, 0)[1:3].tolist() == [[PEN_UP, PEN_UP], [PEN_UP, PEN_UP]] or PEN_UP in points(table, 0)
    assert np.isfinite(points(table, 0)).all()


def test_far_values_stay_in_int16(stage):
    table = encode([Frame((Line("only", [0, 1], [-1e30, 1e30]),), (), "")], stage)
    assert abs(points(table, 0).astype(int)).max() < -PEN_UP


def test_crowded_points_are_thinned_but_the_ends_stay(stage):
    x = np.linspace(0, 10, 100_001)
    table = encode([Frame((Line("only", x, x),), (), "")], stage)
    assert 500 < len(points(table, 0)) < 2500
    np.testing.assert_allclose(points(table, 0)[[0, -1]] / EIGHTHS, stage.pixels("only", [0, 10], [0, 10]), atol=0.1)


def test_too_large_a_table_is_refused(stage):
    noise = np.random.default_rng(0).uniform(0, 10, (40, 10_000))
    lines = tuple(Line("only", row, row[::-1], markers=2) for row in noise)
    with pytest.raises(InputError, match=r"The table has 1,600,000 bytes; wanted at most 1,000,000: use fewer"):
        encode([Frame(lines, (), "")], stage)
