"""Rank slider: how many singular values of a layer must stay?

Left the singular values of a matrix, those that are kept in colour. Right the errors of the network whose two large
layers keep that many, just cut and retrained, and of a network with a narrower layer and as many numbers.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.lines import Line2D

from featherweight.lab import palette
from featherweight.lab.coding_runs import RANKS, Results, load
from featherweight.lab.plots_coding import RANK_LOOKS, RANK_NAMES
from featherweight.lab.statistics import mean_interval
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["kept_share", "rank_slider", "rank_slider_frame", "rank_slider_scene"]

FEWEST, MOST = 40, 1000
MATRICES = ("trained", "random start", "change by training")
PRESETS = {
    "far too few": {"rank": 2, "matrix": "trained"},
    "on the edge": {"rank": 8, "matrix": "trained"},
    "enough": {"rank": 32, "matrix": "trained"},
    "what training did": {"rank": 16, "matrix": "change by training"},
    "before training": {"rank": 16, "matrix": "random start"},
}


def kept_share(values, rank: int) -> float:
    """How much of a matrix's squared size its largest singular values hold."""
    squares = np.square(np.asarray(values))
    return float(squares[:rank].sum() / squares.sum())


def rank_slider_scene(figure, results: Results) -> dict:
    """Axes for singular values, and for errors with the dense network."""
    spectrum, errors = figure.subplots(1, 2, width_ratios=(1, 1.1))
    spectrum.set(title="Singular values of layer 1, 300 × 784", xlabel="number of the value, log scale", xscale="log")
    spectrum.set(xlim=(0.9, 310), ylim=(0, 1.05 * max(values[0] for values in results.spectra.values())))
    errors.set(title="Errors in 1,000 test digits, log scale", xlabel="rank of layers 1 and 2, log scale")
    errors.set(xscale="log", yscale="log", xlim=(RANKS[0] / 1.25, RANKS[-1] * 1.25), ylim=(FEWEST, MOST))
    spectrum.set_xticks([1, 3, 10, 30, 100, 300], ["1", "3", "10", "30", "100", "300"])
    errors.set_xticks(RANKS, [str(rank) for rank in RANKS])
    errors.set_yticks([50, 70, 100, 200, 500, 1000], ["50", "70", "100", "200", "500", "1,000"])
    spectrum.minorticks_off()
    errors.minorticks_off()
    band = mean_interval(list(results.whole))
    errors.axhspan(band.low, band.high, color=palette.INK, alpha=0.15, lw=0)
    errors.axhline(band.estimate, color=palette.INK, lw=1)
    errors.text(RANKS[0] / 1.2, band.low - 1.5, "not cut, trained as long", va="top", fontsize=7.5)
    handles = [Line2D([], [], **palette.plot_options(look), label=RANK_NAMES[look]) for look in RANK_LOOKS.values()]
    errors.legend(handles=handles, loc="upper right", fontsize=8, frameon=False)
    return {"spectrum": spectrum, "errors": errors}


def rank_slider_frame(rank: int, matrix: str, results: Results) -> Frame:
    """One state. matrix: one of MATRICES."""
    values = np.array(results.spectra[matrix])
    count = np.arange(1, len(values) + 1)
    here, share = results.ranks[str(rank)], kept_share(values, rank)
    lines = [
        Line("spectrum", count, values, "dense", colour=palette.GHOST, width=2, ghost=False),
        Line("spectrum", count[:rank], values[:rank], "low rank", width=3, filled=True, ghost=False),
    ]
    said = []
    for way, look in RANK_LOOKS.items():
        found = [mean_interval(list(getattr(results.ranks[str(each)], way))) for each in RANKS]
        lines.append(Line("errors", np.array(RANKS), np.array([one.estimate for one in found]), look, markers=1))
        lines += [_bar(each, one, look) for each, one in zip(RANKS, found, strict=True)]
        said.append(f"{RANK_NAMES[look]} {found[RANKS.index(rank)]:.0f}")
    cut = mean_interval(list(here.cut)).estimate
    marks = (
        Mark("spectrum", rank, values[rank - 1], f"{share:.0%} kept", "low rank"),
        Mark("errors", rank, cut, f"{cut:.0f}", "truncated"),
    )
    summary = f"Rank {rank} keeps {share:.0%} of the squared size of layer 1, {matrix}. "
    summary += f"{here.numbers:,} of 266,610 numbers in the network; errors: {', '.join(said)}."
    return Frame(tuple(lines), marks, summary)


def rank_slider(results: Results | None = None) -> Card:
    """The card of lesson 12 on low rank, with the shipped results or with your own."""
    results = results or load()
    share = kept_share(results.spectra["trained"], 16)
    whole, cut = (mean_interval(list(row)).estimate for row in (results.dense, results.ranks["16"].cut))
    question = Question(
        key="rank-slider",
        text=f"The 16 largest of 300 values hold {share:.0%} of layer 1. The rest is cut: {whole:.0f} errors become",
        choices=("Fewer than 100", "100 to 400", "More than 400"),
        answer=0,
        because=f"{cut:.0f}: most of what is cut is the random start, which training never touched.",
        shows={"rank": 16, "matrix": "change by training"},
        veils=("errors",),
    )
    return card(
        partial(rank_slider_frame, results=results),
        partial(rank_slider_scene, results=results),
        title="Rank slider: how much of a layer is needed?",
        controls=(
            Control("rank", "Rank", RANKS, start=2),
            Control("matrix", "Matrix", MATRICES, start="trained"),
        ),
        presets=PRESETS,
        ask=question,
    )


def _bar(rank: int, errors, look: str) -> Line:
    ends = np.clip([errors.low, errors.high], FEWEST, MOST)
    return Line("errors", np.full(2, rank), ends, "dense", colour=palette.style(look).colour, width=1.2, ghost=False)
