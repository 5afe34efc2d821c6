"""Pruning cliff: how many connections does a network need? One network, three ways to lose its weights.

Left the weights that are left and the threshold that cut them, right the accuracy for every sparsity; the thin lines
are the seeds, the thick one their mean.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab import palette
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.pruning_tables import MODES, PruningResults, load

__all__ = ["cliff_frame", "cliff_scene", "pruning_cliff"]

FEWEST, MOST = 1.0, 1e5  # the histogram's axis
KEPT = (130.0, 0.4)  # the accuracy's axis, in % of the weights
PRESETS = {
    "untouched": {"percent": 0.0, "mode": "one-shot"},
    "half": {"percent": 50.0, "mode": "one-shot"},
    "12 times smaller": {"percent": 91.7, "mode": "one-shot"},
    "retrained": {"percent": 91.7, "mode": "retrained"},
    "too far": {"percent": 99.5, "mode": "gradual"},
}
QUESTION = Question(
    key="pruning-cliff",
    text="A trained network is 94% accurate. The 70% of its weights nearest to zero are deleted. And now?",
    choices=("Above 90%", "About 60%", "About 10%, as good as guessing"),
    answer=0,
    because="Small weights carry little; the cliff comes later, and retraining moves it further out.",
    shows={"percent": 70.0},
)


def cliff_scene(figure, results: PruningResults) -> dict:
    """Two panels with fixed axes."""
    weights, accuracy = figure.subplots(1, 2)
    weights.set(title="Weights that are left, counts on a log scale", xlabel="weight", yscale="log")
    weights.set(xlim=(results.edges[0], results.edges[-1]), ylim=(FEWEST, MOST))
    accuracy.set(title="Accuracy on 1,000 test digits, %", xlabel="weights kept, %, log scale", xscale="log")
    accuracy.set(xlim=KEPT, ylim=(0, 100))
    accuracy.set_xticks([100, 30, 10, 3, 1, 0.5], ["100", "30", "10", "3", "1", "0.5"])
    accuracy.minorticks_off()
    accuracy.axhline(10, color=palette.INK, lw=1, ls=":")
    accuracy.text(120, 12, "guessing")
    weights.minorticks_off()
    return {"weights": weights, "accuracy": accuracy}


def cliff_frame(percent: float, mode: str, results: PruningResults) -> Frame:
    """One state. percent: of the weights, pruned."""
    place = [round(100 * sparsity, 4) for sparsity in results.sparsities].index(percent)
    kept = [100 * (1 - sparsity) for sparsity in results.sparsities]
    seeds = np.array(results.accuracy[mode])
    mean = seeds.mean(axis=0)
    left = results.weights - round(results.weights * results.sparsities[place])
    smaller = results.weights / left
    lines = [
        _histogram(results.dense, results.edges, "dense", filled=False),
        _histogram(results.counts[mode][place], results.edges, mode, filled=True),
        *_threshold(results.thresholds[place]),
        *(Line("accuracy", kept, seed, mode, width=0.8, ghost=False) for seed in seeds),
        Line("accuracy", kept, mean, mode, width=2.5, markers=1),
    ]
    marks = (Mark("accuracy", kept[place], mean[place], f"{mean[place]:.1f}%", mode),)
    summary = f"{percent:g}% pruned, {mode}: {left:,} of {results.weights:,} weights left ({smaller:.3g}×), "
    summary += f"accuracy {mean[place]:.1f}% (dense {np.mean(results.accuracy['one-shot'], axis=0)[0]:.1f}%). "
    return Frame(tuple(lines), marks, summary + f"{results.source}.")


def pruning_cliff(results: PruningResults | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 5, with the shipped results or with your own."""
    results = results or load()[0]
    percents = tuple(round(100 * sparsity, 4) for sparsity in results.sparsities)
    return card(
        partial(cliff_frame, results=results),
        partial(cliff_scene, results=results),
        title="Pruning cliff: how many weights can go?",
        controls=(
            Control("percent", "Pruned", percents, start=percents[0], unit=" %"),
            Control("mode", "How", MODES, start="one-shot"),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _histogram(counts, edges, method: str, filled: bool) -> Line:
    """Counts as stairs."""
    heights = np.repeat(np.maximum(counts, FEWEST / 2), 2)
    return Line("weights", np.repeat(edges, 2)[1:-1], heights, method, width=1.5, filled=filled, ghost=False)


def _threshold(size: float) -> list[Line]:
    """Upright lines at ±size; none before anything is pruned."""
    ends = np.array([FEWEST, MOST])
    return [Line("weights", np.array([x, x]), ends, "limit", width=1.2) for x in (-size, size) if size]
