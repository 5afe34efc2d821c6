"""Figures of the lesson on distillation: a digit with its teacher's answer, and errors by how long a student learns."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from torch import Tensor

from featherweight.lab.distillation_runs import EPOCHS, Results
from featherweight.lab.palette import INK, plot_options, style
from featherweight.lab.plots import Picture, label_line, new_figure, picture
from featherweight.lab.statistics import mean_interval

__all__ = ["SAID", "answer", "epoch_curves"]

SAID = {
    "labels": "labels",
    "teacher": "its teacher's answers",
    "both": "both",
    "both, shifts": "both, teacher saw shifts",
    "labels, shifted": "labels, shifted digits",
}
"""Way to learn → what the figure calls it."""

TITLES = {"300-100": "LeNet-300-100", "32 units": "32 hidden units", "8 units": "8 hidden units"}


def answer(pixels: Tensor, logits: Tensor, temperatures: Sequence[float], alt: str) -> Picture:
    """A digit (784,) and, beside it, its teacher's probabilities at a few temperatures, logits (10,)."""
    figure, (image, *panels) = new_figure(1 + len(temperatures), size=(8.2, 2.4))
    image.imshow(1 - pixels.cpu().view(28, 28).numpy(), cmap="gray", vmin=0, vmax=1)
    image.axis("off")
    for axes, temperature in zip(panels, temperatures, strict=True):
        shares = (logits.cpu() / temperature).softmax(0).tolist()
        axes.barh(range(10), shares, color=style("teacher").colour, height=0.7)
        axes.set(title=f"T = {temperature:g}", xlim=(0, 1), ylim=(9.6, -0.6), xlabel="probability")
        axes.set_yticks(range(10))
        axes.title.set_size(10)
    return picture(figure, alt)


def epoch_curves(results: Results, alt: str) -> Picture:
    """Errors with all labels over the length of training, one panel for each student; bands are 95% intervals."""
    figure, panels = new_figure(len(TITLES), size=(9.6, 3.3))
    for axes, (student, title) in zip(panels, TITLES.items(), strict=True):
        axes.set(title=title, xscale="log", yscale="log", xlim=(5.2, 58), ylim=(24, 230))
        axes.set_xlabel("epochs (log scale)")
        _ticks(axes.xaxis, EPOCHS)
        _ticks(axes.yaxis, [30, 50, 70, 100, 150, 200])
        axes.title.set_size(10)
        teacher = mean_interval(list(results.teachers["plain"])).estimate
        axes.axhline(teacher, color=INK, lw=1, ls=(0, (1, 2)))
        for way, rows in results.full[student].items():
            _band(axes, way, rows)
    panels[0].set_ylabel("errors in 1,000 test digits\n(log scale)")
    label_line(panels[2], 5.2, teacher, "the teacher (no shifts)", INK, lift=-11)
    panels[1].legend(*panels[0].get_legend_handles_labels(), frameon=False, fontsize=8, loc="upper right")
    return picture(figure, alt)


def _band(axes: Axes, way: str, rows: Sequence[Sequence[int]]) -> None:
    found = [mean_interval([float(count) for count in row]) for row in rows]
    axes.fill_between(
        EPOCHS, [i.low for i in found], [i.high for i in found], color=style(way).colour, alpha=0.13, lw=0
    )
    axes.plot(EPOCHS, [i.estimate for i in found], **plot_options(way), label=SAID[way])


def _ticks(axis, values: Sequence[float]) -> None:
    axis.set_major_locator(FixedLocator(values))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())
