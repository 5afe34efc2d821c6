"""From data to pixels, and the picture that matplotlib draws of the same frame."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from matplotlib import rcParams
from PIL import Image

from featherweight.widgets import Frame, Line, Mark
from featherweight.widgets.stage import DENSITY, HEIGHT, WIDTH, Stage


def image(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


@pytest.fixture
def stage(scene):
    return Stage(scene)


def test_size(stage):
    assert image(stage.background).shape == (HEIGHT * DENSITY, WIDTH * DENSITY, 3)


def test_corners_of_the_data_are_corners_of_the_box(stage):
    left, top, width, height = stage.box("only")
    corners = stage.pixels("only", [0, 10, 5], [0, 10, np.nan])
    np.testing.assert_allclose(corners[:2], [[left, top + height], [left + width, top]], atol=1e-9)
    assert np.isnan(corners[2]).all()


def test_picture_shows_the_line_where_pixels_says(stage):
    drawn = image(stage.picture(Frame((Line("only", [0, 10], [5, 5], width=4),), (), "")))
    x, y = stage.pixels("only", [2.5], [5])[0] * DENSITY
    red, _, blue = drawn[int(y), int(x)]
    assert blue > 120 > red  # Okabe–Ito blue
    assert np.abs(drawn - image(stage.background)).sum() > 0


def test_same_frame_same_bytes_and_no_traces(stage, frame):
    first = stage.picture(frame(1.0))
    stage.picture(frame(2.0))
    assert stage.picture(frame(1.0)) == first
    assert stage.picture(Frame((), (), "")) == stage.background


@pytest.mark.parametrize(
    ("x", "y", "leftwards"), [(1, 5, False), (9, 5, True), (1e9, -1e9, True), (np.nan, np.inf, False)]
)
def test_marks_stay_in_their_panel(stage, x, y, leftwards):
    left, top, width, height = stage.box("only")
    px, py, _, text_y, side = stage.anchor(Mark("only", x, y, "text"))
    assert left <= px <= left + width and top <= py <= top + height and top <= text_y <= top + height
    assert side is leftwards


def test_threads_that_draw_at_once_leave_the_settings_as_they_were():
    """Planted failure: without the lock one thread restores what another has set, now and then."""

    def scene(figure):
        return {"only": figure.subplots()}

    before = dict(rcParams)
    with ThreadPoolExecutor(4) as pool:
        backgrounds = set(pool.map(lambda _: Stage(scene).background, range(16)))
    assert dict(rcParams) == before and len(backgrounds) == 1
