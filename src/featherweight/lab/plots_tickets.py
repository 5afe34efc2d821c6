"""Figures of the lottery lesson: errors for every share of weights, differences with intervals, untrained networks."""

from __future__ import annotations

import numpy as np

from featherweight.lab.palette import INK, plot_options, style, text_colour
from featherweight.lab.plots import Picture, label_ends, label_line, new_figure, picture
from featherweight.lab.statistics import mean_interval
from featherweight.lab.ticket_runs import Results

__all__ = ["error_curves", "supermask_curves"]

SHARES = (100, 30, 10, 3, 1)
LABELLED = {"large final": (2, 12), "same sign": (13, -10), "same sign, one size": (3, -16)}
"""Round at which a curve of untrained networks carries its name, and how far above it, in points."""


def error_curves(results: Results, kinds: dict[str, str], alt: str, most: float = 200) -> Picture:
    """Mean test errors with 95% intervals over the seeds, for every share of weights. kinds: kind → its label."""
    figure, (axes,) = new_figure(size=(7.2, 3.4))
    ends = []
    for kind, label in kinds.items():
        row = results.rows[kind]
        kept = np.array([100 * results.kept[at] for at in row.rounds])
        found = [mean_interval([float(e) for e in column]) for column in zip(*row.test, strict=True)]
        low, middle, high = (np.array([getattr(f, end) for f in found]) for end in ("low", "estimate", "high"))
        axes.fill_between(kept, low, high, color=style(kind).colour, alpha=0.15, linewidth=0)
        axes.plot(kept, middle, **plot_options(kind))
        at = int(np.flatnonzero(middle <= most)[-1])
        ends.append((kept[at], middle[at], label, text_colour(kind)))
    _share_axis(axes)
    axes.set(ylabel="errors in 1,000 test digits", ylim=(30, most))
    label_ends(axes, ends)
    return picture(figure, alt)


def supermask_curves(results: Results, alt: str) -> Picture:
    """Mean test errors of untrained networks under masks, for every share of weights; thin lines are the seeds."""
    figure, (axes,) = new_figure(size=(7.2, 3.2))
    kept = [100 * share for share in results.kept]
    for name, seeds in results.supermasks.items():
        test = np.array(seeds, dtype=float)[:, :, 1]
        axes.plot(kept, test.T, color=style(name).colour, linewidth=0.6, alpha=0.5)
        axes.plot(kept, test.mean(0), **plot_options(name))
        at, lift = LABELLED[name]
        label_line(axes, kept[at], test.mean(0)[at], name, text_colour(name), lift=lift)
    axes.axhline(900, color=INK, linewidth=1, linestyle=":")
    _share_axis(axes)
    axes.set(ylabel="errors in 1,000, nothing trained", ylim=(0, 1000))
    axes.text(70, 910, "guessing", fontsize=9)
    return picture(figure, alt)


def _share_axis(axes) -> None:
    """Weights kept, from all to few."""
    axes.set(xscale="log", xlim=(120, 0.55), xlabel="weights kept, % (log scale)")
    axes.set_xticks(SHARES, [str(share) for share in SHARES])
    axes.minorticks_off()
