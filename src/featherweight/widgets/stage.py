"""The fixed part of a widget, drawn once by matplotlib, and the way from data to its pixels.

The browser draws over the picture of the empty stage; `Stage.picture` draws the same frame on the same axes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import RLock

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from featherweight.lab import palette
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["HEIGHT", "WIDTH", "Stage"]

WIDTH, HEIGHT = 784, 224  # CSS pixels; with controls and text the card stays within 800 × 360
DENSITY = 2  # pixels of the picture per CSS pixel
DPI = 100
POINT = 72 / DPI  # points per CSS pixel
LOOK = {
    "axes.edgecolor": palette.INK,
    "axes.grid": True,
    "axes.labelsize": 8.5,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "figure.constrained_layout.use": True,
    "font.size": 8.5,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "lines.scale_dashes": False,
    "text.color": palette.INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
}


LOCK = RLock()
"""matplotlib's settings belong to the whole process: two threads at once would mix them up."""


@contextmanager
def _looking() -> Iterator[None]:
    with LOCK, rc_context(LOOK):
        yield


class Stage:
    """Axes drawn once. `scene(figure)` makes them and returns them by name: {"path": axes, …}."""

    def __init__(self, scene: Callable[[Figure], dict[str, Axes]]) -> None:
        with _looking():
            self.figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=palette.PAPER)
            FigureCanvasAgg(self.figure)
            self.panels = scene(self.figure)
            self.figure.canvas.draw()
            self.figure.set_layout_engine("none")  # nothing moves from here on
            for axes in self.panels.values():
                axes.set_autoscale_on(False)
            self.background = self._save()

    def box(self, panel: str) -> tuple[float, float, float, float]:
        """Left, top, width and height of a panel in CSS pixels."""
        frame = self.panels[panel].get_window_extent()
        return frame.x0, HEIGHT - frame.y1, frame.width, frame.height

    def pixels(self, panel: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Data to CSS pixels from the top left: shape (n, 2), NaN where the data are not finite."""
        data = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
        data[~np.isfinite(data).all(axis=1)] = np.nan
        with np.errstate(invalid="ignore", over="ignore"):
            placed = self.panels[panel].transData.transform(data)
        return np.column_stack([placed[:, 0], HEIGHT - placed[:, 1]])

    def picture(self, frame: Frame) -> bytes:
        """The frame as PNG bytes: same frame, same bytes."""
        with _looking():
            artists = [artist for line in frame.lines for artist in self._draw_line(line)]
            artists += [artist for mark in frame.marks for artist in self._draw_mark(mark)]
            png = self._save()
            for artist in artists:
                artist.remove()
        return png

    def anchor(self, mark: Mark) -> tuple[float, float, float, float, bool]:
        """In CSS pixels: where a mark stands in its panel, where its text begins, or ends if it goes to the left."""
        left, top, width, height = self.box(mark.panel)
        x, y = np.nan_to_num(self.pixels(mark.panel, [mark.x], [mark.y])[0], nan=0.0)
        x, y = float(np.clip(x, left, left + width)), float(np.clip(y, top + 4, top + height - 4))
        text_y = y - 11 if y > top + 22 else y + 11  # off the line that the mark stands on
        leftwards = bool(x > left + 0.62 * width)
        return x, y, x - 6 if leftwards else x + 6, text_y, leftwards

    def _draw_line(self, line: Line) -> list:
        axes, look = self.panels[line.panel], palette.style(line.method)
        colour = line.colour or look.colour
        dash = palette.DASHES[look.dash]
        options = {
            "color": colour,
            "lw": line.width * POINT,
            "ls": (0, tuple(d * POINT for d in dash)) if dash else "-",
        }
        if line.markers:
            options |= {"marker": look.marker, "markevery": line.markers, "ms": 5 * POINT, "mew": 0}
            options |= {"mew": 1.5 * POINT} if look.marker in "x+" else {}
        drawn = axes.plot(line.x, line.y, **options)
        if line.filled:
            bottom = axes.get_ylim()[0]
            drawn.append(axes.fill_between(line.x, line.y, bottom, color=colour, alpha=0.25, lw=0))
        return drawn

    def _draw_mark(self, mark: Mark) -> list:
        look = palette.style(mark.method)
        x, y, text_x, text_y, leftwards = self.anchor(mark)
        back = self.panels[mark.panel].transData.inverted().transform((x, HEIGHT - y))
        options = {"color": look.colour, "marker": look.marker, "ms": 8 * POINT, "mew": 1.5 * POINT, "clip_on": False}
        drawn = self.panels[mark.panel].plot(*[[value] for value in back], **options, zorder=5)
        if mark.text:
            text = self.panels[mark.panel].annotate(
                mark.text,
                back,
                xytext=((text_x - x) * POINT, (y - text_y) * POINT),
                textcoords="offset points",
                ha="right" if leftwards else "left",
                va="center",
                fontsize=12 * POINT,
                bbox={"boxstyle": "square,pad=0.15", "fc": palette.PAPER, "ec": "none", "alpha": 0.85},
                zorder=6,
            )
            drawn.append(text)
        return drawn

    def _save(self) -> bytes:
        buffer = BytesIO()
        self.figure.savefig(buffer, format="png", dpi=DPI * DENSITY, metadata={"Software": None})
        return buffer.getvalue()
