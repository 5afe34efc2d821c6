"""The README's pictures show the real widget and a real verdict."""

import io
import shutil

import pytest
from PIL import Image

from featherweight.authoring import pictures
from featherweight.errors import MissingTool

SQUARE = '<div style="width:100px;height:50px;background:#0072B2"></div>'


def test_the_verdict_names_a_misconception():
    html = pictures.misconception_html()
    assert "This looks like: the start&#x27;s gradient reused." in html and "<img" in html


@pytest.mark.slow
def test_the_ravine_comes_with_its_controls():
    assert "on the edge" in pictures.ravine_html()


def test_without_a_browser_it_is_one_line(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingTool, match="Found no browser; wanted one of chromium"):
        pictures.screenshot(SQUARE, 300)


@pytest.mark.browser
def test_a_screenshot_is_cut_to_what_it_shows():
    picture = Image.open(io.BytesIO(pictures.screenshot(SQUARE, 300)))
    assert picture.size == (100 + 2 * pictures.MARGIN, 50 + 2 * pictures.MARGIN)
