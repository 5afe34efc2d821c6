"""The README's pictures, each a screenshot of the real thing: `make pictures` (needs a Chromium).

The Ravine as a page without a kernel shows it, and a check's verdict on a wrong answer that learners really write.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from featherweight.errors import MissingTool
from featherweight.runtime import write_atomically

__all__ = ["PICTURES", "main", "misconception_html", "ravine_html", "screenshot"]

PICTURES = Path(".github/pictures")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
MARGIN = 12  # pixels around what is shown
STYLE = "body{margin:12px;background:#fff;color:#1a1a1a;font:14px/1.45 system-ui,'DejaVu Sans',sans-serif}"


def ravine_html() -> str:
    """The Ravine with a rate just below the edge."""
    from featherweight.widgets import ravine

    card = ravine(ask=None)
    card.rate, card.condition = 0.2, 10
    return card.embed_html()


def misconception_html() -> str:
    """What `check` says of a descent that remembers only where it started."""
    from featherweight.exercises import by_name
    from featherweight.exercises.check import judge

    exercise = by_name("gradient_descent")
    wrong = next(one.wrong for one in exercise.misconceptions if one.name == "the start's gradient reused")
    return judge(exercise, wrong).html()


def screenshot(html: str, width: int, height: int = 1200) -> bytes:
    """PNG bytes of a piece of HTML, cut to what it fills. Raises MissingTool without a browser."""
    from PIL import Image, ImageChops

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise MissingTool(f"Found no browser; wanted one of {', '.join(BROWSERS)}: install one and run this again.")
    with tempfile.TemporaryDirectory() as name:
        page, shot = Path(name, "page.html"), Path(name, "shot.png")
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{html}", encoding="utf-8")
        size = [f"--window-size={width},{height}", "--virtual-time-budget=3000", f"--user-data-dir={name}/profile"]
        command = [browser, *FLAGS, *size, f"--screenshot={shot}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        picture = Image.open(shot).convert("RGB")
    left, top, right, bottom = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    box = (max(left - MARGIN, 0), max(top - MARGIN, 0), min(right + MARGIN, width), min(bottom + MARGIN, height))
    out = io.BytesIO()
    picture.crop(box).quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Write both pictures under the working folder."""
    for name, html, width in (("ravine", ravine_html(), 860), ("misconception", misconception_html(), 760)):
        path = PICTURES / f"{name}.png"
        write_atomically(path, screenshot(html, width))
        print(f"wrote {path}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
