"""Figures of the pruning lesson: tensors as grids, errors seed by seed, what a pixel keeps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from featherweight.lab.palette import GHOST, INK, SURFACE, style
from featherweight.lab.plots import Picture, new_figure, picture
from featherweight.lab.statistics import mean_interval

__all__ = ["error_strip", "grids", "pixel_map"]


def grids(named: dict[str, Tensor], alt: str, decimals: int = 1) -> Picture:
    """Small matrices side by side, every number written out; an entry that is exactly zero is a dot."""
    width = min(2.4, 10.5 / len(named))
    figure, panels = new_figure(len(named), size=(width * len(named), width + 0.2))
    font = 10.0 if decimals == 1 else 8.5
    largest = max(float(tensor.abs().max()) for tensor in named.values())
    for axes, (name, tensor) in zip(panels, named.items(), strict=True):
        rows, columns = tensor.shape
        sizes = np.ma.masked_equal(tensor.abs().numpy(), 0)
        axes.pcolormesh(sizes, cmap=SURFACE, vmin=0, vmax=largest, edgecolors="white", linewidth=2)
        for (row, column), value in np.ndenumerate(tensor.numpy()):
            colour = "white" if abs(value) < 0.55 * largest else INK
            if value:
                text = f"{value:.{decimals}f}".replace("-", "−")
                axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=colour, fontsize=font)
            else:
                axes.plot(column + 0.5, row + 0.5, ".", color=GHOST)
        axes.set(title=name, xticks=[], yticks=[], xlim=(0, columns), ylim=(rows, 0), aspect="equal")
        axes.spines[:].set_visible(False)
        axes.title.set_size(10)
    return picture(figure, alt)


def error_strip(rows: dict[str, Sequence[float]], alt: str, looks: Sequence[str]) -> Picture:
    """Errors of each seed as a mark, their mean with its 95% interval as a bar; one row per name, top to bottom."""
    figure, (axes,) = new_figure(size=(7.2, 0.6 + 0.5 * len(rows)))
    for height, ((_, errors), look) in enumerate(zip(rows.items(), looks, strict=True)):
        here, colour = mean_interval([float(e) for e in errors]), style(look).colour
        axes.plot([max(here.low, 0), here.high], [height] * 2, color=colour, linewidth=6, alpha=0.25)
        axes.plot(errors, [height] * len(errors), style(look).marker, color=colour, markersize=6, fillstyle="none")
        axes.plot(here.estimate, height, "|", color=colour, markersize=16, markeredgewidth=2)
    axes.set(xlabel="errors in 1,000 test digits", ylim=(len(rows) - 0.5, -0.5))
    axes.set_xlim(left=0)
    axes.set_yticks(range(len(rows)), list(rows))
    return picture(figure, alt)


def pixel_map(mask: Tensor, digit: Tensor, alt: str, side: int = 28) -> Picture:
    """One example digit beside the number of connections that each pixel keeps. mask: (outputs, side·side) bool."""
    figure, (left, right) = new_figure(2, size=(6.4, 2.8))
    left.imshow(digit.cpu().reshape(side, side).numpy(), cmap="gray_r")
    left.set_title("an input", fontsize=10)
    kept = mask.sum(0).cpu().reshape(side, side)
    shown = right.imshow(kept.to(torch.float32).numpy(), cmap=SURFACE)
    right.set_title("connections kept per pixel", fontsize=10)
    figure.colorbar(shown, ax=right, label=f"of {mask.shape[0]}")
    for axes in (left, right):
        axes.set(xticks=[], yticks=[])
    return picture(figure, alt)
