"""Sensitivity map: which layer minds most? Each layer is pruned alone, all others stay whole, nothing is retrained.

Left the accuracy of every layer and sparsity as a map, right the chosen layer's row: seeds thin, mean thick.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab import palette
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.pruning_tables import SensitivityResults, load

__all__ = ["map_frame", "map_scene", "sensitivity_map"]

PRESETS = {
    "first layer": {"layer": "conv 1", "percent": 80.0},
    "largest layer": {"layer": "linear 1", "percent": 95.0},
    "last layer": {"layer": "linear 3", "percent": 95.0},
}
QUESTION = Question(
    key="sensitivity-map",
    text="One layer of LeNet-5 loses the smallest 90% of its weights, the others none. Where does it hurt most?",
    choices=("Conv 1: 150 weights", "Linear 1: 48,000 weights", "Linear 3: 840 weights"),
    answer=2,
    because="Its last 84 weights must still tell ten digits apart; size alone does not decide.",
    shows={"layer": "linear 3", "percent": 90.0},
    veils=("map",),
)


def map_scene(figure, results: SensitivityResults) -> dict:
    """The whole map, and a panel for one row of it."""
    grid, row = figure.subplots(1, 2, width_ratios=(1.25, 1))
    mean = np.array(results.accuracy).mean(axis=0)
    columns = len(results.sparsities)
    image = grid.pcolormesh(mean, cmap=palette.SURFACE, vmin=10, vmax=100)
    figure.colorbar(image, ax=grid, pad=0.01, label="accuracy, %")
    names = [f"{name}\n{count:,}" for name, count in zip(results.layers, results.weights, strict=True)]
    grid.set_yticks(np.arange(len(names)) + 0.5, names)
    grid.set_xticks(np.arange(columns) + 0.5, [f"{100 * s:g}" for s in results.sparsities], rotation=60)
    grid.set(title="Accuracy when one layer is pruned", xlabel="pruned, %")
    grid.invert_yaxis()
    grid.grid(False)
    row.set(title="The chosen layer, %", xlabel="pruned, % (steps as in the map)", xlim=(0, columns), ylim=(0, 100))
    row.set_xticks(np.arange(columns) + 0.5, [f"{100 * s:g}" for s in results.sparsities], rotation=60)
    return {"map": grid, "row": row}


def map_frame(layer: str, percent: float, results: SensitivityResults) -> Frame:
    """One state. percent: of the layer's weights, pruned."""
    number = results.layers.index(layer)
    place = [round(100 * sparsity, 4) for sparsity in results.sparsities].index(percent)
    seeds = np.array(results.accuracy)[:, number]
    mean = seeds.mean(axis=0)
    steps = np.arange(len(mean)) + 0.5
    across, down = place + np.array([0, 1, 1, 0, 0]), number + np.array([0, 0, 1, 1, 0])
    lines = (
        Line("map", across, down, "dense", colour=palette.PAPER, width=5, ghost=False),
        Line("map", across, down, "dense", colour=palette.INK, width=2.5, ghost=False),
        *(Line("row", steps, seed, "one-shot", width=0.8, ghost=False) for seed in seeds),
        Line("row", steps, mean, "one-shot", width=2.5, markers=1),
    )
    left = results.weights[number] - round(results.weights[number] * percent / 100)
    summary = f"{layer}, {percent:g}% pruned: {left:,} of {results.weights[number]:,} weights left, "
    summary += f"accuracy {mean[place]:.1f}% (untouched {mean[0]:.1f}%). {results.source}."
    return Frame(lines, (Mark("row", steps[place], mean[place], f"{mean[place]:.1f}%", "one-shot"),), summary)


def sensitivity_map(results: SensitivityResults | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 5, with the shipped results or with your own."""
    results = results or load()[1]
    percents = tuple(round(100 * sparsity, 4) for sparsity in results.sparsities)
    return card(
        partial(map_frame, results=results),
        partial(map_scene, results=results),
        title="Sensitivity map: which layer minds most?",
        controls=(
            Control("layer", "Layer", results.layers, start=results.layers[0]),
            Control("percent", "Pruned", percents, start=percents[0], unit=" %"),
        ),
        presets=PRESETS,
        ask=ask,
    )
