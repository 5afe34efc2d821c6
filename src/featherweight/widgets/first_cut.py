"""First cut: a network loses eleven of every twelve connections, and is trained again.

Left a sketch of the network, one line a connection; right the errors of LeNet-300-100, seed by seed.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch

from featherweight.compression.pruning import magnitude_mask
from featherweight.lab import palette
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.pruning_tables import PruningResults, load

__all__ = ["STATES", "first_cut", "first_cut_frame", "first_cut_scene"]

STATES = {"whole": "dense", "cut": "one-shot", "retrained": "retrained"}  # state → its method in the palette
LAYERS = (16, 11, 8, 5)
PRUNED = 0.917  # eleven of twelve: the 12× of Han et al.


def first_cut_scene(figure) -> dict:
    """The sketch's units, and an axis of errors."""
    sketch, errors = figure.subplots(1, 2, width_ratios=(1, 1.1))
    for layer, size in enumerate(LAYERS):
        sketch.plot([layer] * size, _heights(size), "o", color=palette.INK, markersize=3, zorder=3)
    sketch.set(title="A sketch: each line is one connection", xticks=[], yticks=[], xlim=(-0.15, 3.15), ylim=(0, 1))
    sketch.grid(False)
    errors.set(title="Errors in 1,000 test digits, one mark per seed", xlim=(0, 320), ylim=(-0.5, 2.5))
    errors.set_yticks(range(3), STATES)
    errors.invert_yaxis()
    return {"sketch": sketch, "errors": errors}


def first_cut_frame(network: str, results: PruningResults) -> Frame:
    """The network in one of STATES, and the errors of the states up to it."""
    shown = list(STATES)[: list(STATES).index(network) + 1]
    counts = {name: _errors(name, results) for name in shown}
    left = _connections(0.0 if network == "whole" else PRUNED)
    lines = [Line("sketch", *left, "dense", width=0.9, ghost=False)]
    for row, name in enumerate(shown):
        lines.append(Line("errors", counts[name], np.full(len(counts[name]), row), STATES[name], width=0.5, markers=1))
    mean = {name: float(np.mean(values)) for name, values in counts.items()}
    here = Mark("errors", mean[network], len(shown) - 1, f"{mean[network]:.0f} on average", STATES[network])
    kept = results.weights if network == "whole" else results.weights - round(PRUNED * results.weights)
    summary = f"{kept:,} of {results.weights:,} connections, {network}: {mean[network]:.0f} errors in 1,000 "
    return Frame(tuple(lines), (here,), summary + f"(whole: {mean['whole']:.0f}). {results.source}.")


def first_cut(results: PruningResults | None = None) -> Card:
    """The opening card of lesson 5."""
    results = results or load()[0]
    question = Question(
        key="first-cut",
        text=f"A network makes {np.mean(_errors('whole', results)):.0f} errors in 1,000 digits. Of every twelve "
        "connections eleven are cut, always the smallest, and the rest is trained again. How many errors now?",
        choices=("About as many", "Two or three times as many", "Nearly all wrong"),
        answer=0,
        because="The small weights carried little, and those that stay learn to do without them.",
        shows={"network": "retrained"},
    )
    return card(
        partial(first_cut_frame, results=results),
        first_cut_scene,
        title="First cut: how many connections does a network need?",
        controls=(Control("network", "The network", tuple(STATES), start="whole"),),
        ask=question,
    )


def _errors(state: str, results: PruningResults) -> np.ndarray:
    """Errors in 1,000 of every seed."""
    mode, sparsity = ("one-shot", 0.0) if state == "whole" else (STATES[state], PRUNED)
    column = np.array(results.accuracy[mode])[:, results.sparsities.index(sparsity)]
    return np.sort(np.round(10 * (100 - column)))


def _heights(size: int) -> np.ndarray:
    return (np.arange(size) + 0.5) / size


def _connections(sparsity: float) -> tuple[np.ndarray, np.ndarray]:
    """One broken line through all connections of the sketch that are left; its weights are drawn with seed 0."""
    generator = torch.Generator().manual_seed(0)
    shapes = list(zip(LAYERS[1:], LAYERS, strict=False))
    masks = magnitude_mask([torch.randn(shape, generator=generator) for shape in shapes], sparsity)
    x, y = [], []
    for layer, mask in enumerate(masks):
        for end, start in mask.nonzero().tolist():
            x += [layer, layer + 1, np.nan]
            y += [_heights(mask.shape[1])[start], _heights(mask.shape[0])[end], np.nan]
    return np.array(x), np.array(y)
