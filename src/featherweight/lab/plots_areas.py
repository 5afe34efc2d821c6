"""The figure of lesson 11's other areas: what a student of text, sound or translation gains from each way to learn."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from featherweight.lab import spoken_runs, text_runs, translation_runs
from featherweight.lab.areas import Results, labels_alone
from featherweight.lab.palette import INK, style
from featherweight.lab.plots import Picture, new_figure, picture
from featherweight.lab.statistics import mean_interval

__all__ = ["AREAS", "areas", "look"]

AREAS = {"text": text_runs.load, "speech": spoken_runs.load, "translation": translation_runs.load}


def look(row: str) -> str:
    """The palette's method for a row: what its students learn from."""
    if labels_alone(row):
        return "labels"
    if row.startswith(("hard", "sequence")):
        return "hard"
    return "both" if row.startswith(("labels and", "on-policy")) else "teacher"


def areas(alt: str, names: tuple[str, ...] = tuple(AREAS)) -> Picture:
    """One panel for each area: every row's mean and 95% interval over the seeds, dots for the seeds; left is better.

    A dotted line is the teacher's own result.
    """
    figure, panels = new_figure(len(names), size=(3.6 * len(names), 3.8))
    for axes, name in zip(panels, names, strict=True):
        _rows(axes, AREAS[name]())
        axes.set_title(name, size=10)
    return picture(figure, alt)


def _rows(axes: Axes, results: Results) -> None:
    ticks = []
    for group, rows in results.rows.items():
        height = ticks[-1][0] + 1.4 if ticks else 0.0
        ticks.append((height, group))
        for row, found in rows.items():
            height += 1
            _row(axes, height, look(row), found)
            ticks.append((height, row))
    _teacher(axes, next(iter(results.teachers.values())))
    axes.set(xlabel=results.unit, ylim=(ticks[-1][0] + 0.6, -0.7))
    axes.set_yticks(*zip(*ticks, strict=True), fontsize=8)
    axes.tick_params(axis="y", length=0)
    for label in axes.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() in results.rows else "normal")


def _teacher(axes: Axes, found: Sequence[float]) -> None:
    middle = sum(found) / len(found)
    axes.axvline(middle, color=INK, lw=1, ls=(0, (1, 2)))
    axes.text(middle, 0, " teacher", fontsize=8, color=INK, va="center")


def _row(axes: Axes, height: float, method: str, found: Sequence[float]) -> None:
    here, chosen = mean_interval(list(found)), style(method)
    axes.plot([here.low, here.high], [height] * 2, color=chosen.colour, linewidth=6, alpha=0.3, solid_capstyle="butt")
    axes.plot(found, [height] * len(found), "|", color=chosen.colour, markersize=6, alpha=0.7)
    axes.plot(here.estimate, height, chosen.marker, color=chosen.colour, markersize=6)
