"""Neuron surgery: click one of six neurons, and see which numbers of *both* layers go with it.

Left the two layers, one square a number, its colour the value; a column of biases beside each. Right what the network
says to one input. The mask silences a neuron before its bias, so a neuron with a positive bias goes on speaking: who
deletes it without folding that into the next bias changes the network.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib import colormaps
from matplotlib.colors import to_hex
from torch import Tensor

from featherweight.compression.structured import remove_neurons
from featherweight.lab import palette
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark, Target

__all__ = ["LAYERS", "OPERATIONS", "neuron_surgery", "operated", "surgery_frame", "surgery_scene"]

NEURONS, INPUTS, OUTPUTS = 6, 4, 3
OPERATIONS = ("whole", "masked", "deleted, bias lost", "deleted, bias folded")
COLOURS = {
    "whole": palette.style("dense").colour,
    "masked": palette.style("masked").colour,
    "deleted, bias lost": palette.GHOST,
    "deleted, bias folded": palette.style("deleted").colour,
}
PRESETS = {
    "whole": {"neuron": 2, "operation": "whole"},
    "mask it": {"neuron": 2, "operation": "masked"},
    "forget its bias": {"neuron": 2, "operation": "deleted, bias lost"},
    "fold its bias": {"neuron": 2, "operation": "deleted, bias folded"},
    "one that says nothing": {"neuron": 5, "operation": "deleted, bias lost"},
}
QUESTION = Question(
    key="neuron-surgery",
    text="A layer of 6 neurons with 4 inputs feeds 3 outputs. One neuron is deleted. How many numbers go?",
    choices=("4: its weights", "5: with its bias", "8: and its column in the next layer"),
    answer=2,
    because="Whoever read the neuron loses a column: 4 weights, 1 bias, 3 weights of the next layer.",
    shows={"neuron": 2, "operation": "deleted, bias folded"},
    veils=("says",),
)
CELL, BAR = 19.0, 17.0  # heights in CSS pixels
SECOND = 9.5  # column where the next layer begins
LARGEST = 2.0


def _layers() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Two small layers, to one decimal; biases of neurons 2 and 5 are +1.2 and −0.8."""
    draw = torch.Generator().manual_seed(4)
    weight, after = (torch.randn(shape, generator=draw, dtype=torch.float64) for shape in ((6, 4), (3, 6)))
    bias = torch.tensor([0.3, 1.2, -0.4, 0.5, -0.8, 0.2], dtype=torch.float64)
    last = torch.tensor([0.1, -0.2, 0.3], dtype=torch.float64)
    rounded = ((10 * tensor).round() / 10 for tensor in (weight, bias, after, last))
    return tuple(torch.where(tensor == 0, 0.1, tensor) for tensor in rounded)  # zeros are for the mask


LAYERS = _layers()
INPUT = torch.tensor([0.5, 1.0, -0.6, 0.4], dtype=torch.float64)


def operated(neuron: int, operation: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Both layers, neuron 1 to 6 in one of OPERATIONS: weight, bias, next weight, next bias."""
    weight, bias, after, last = LAYERS
    keep = torch.arange(1, NEURONS + 1) != neuron
    if operation == "whole":
        return LAYERS
    if operation == "masked":
        return weight * keep[:, None], bias, after, last
    smaller = remove_neurons(weight, bias, after, last, keep)
    return (*smaller[:3], last) if operation == "deleted, bias lost" else smaller


def said(layers: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
    """(3,): the outputs for INPUT."""
    weight, bias, after, last = layers
    return F.linear(F.relu(F.linear(INPUT, weight, bias)), after, last)


def surgery_scene(figure) -> dict:
    """A panel for the layers, and one for the three outputs."""
    layers, says = figure.subplots(1, 2, width_ratios=(1.6, 1))
    layers.set(title="Weights and, apart, biases: the brighter, the larger; zeros are grey", xticks=[], yticks=[])
    layers.set(xlim=(-0.2, SECOND + NEURONS + 1.7), ylim=(NEURONS + 0.1, -1.1))
    layers.grid(False)
    layers.spines[:].set_visible(False)
    layers.text(0, -0.25, "layer 1: neurons are rows")
    layers.text(SECOND, -0.25, "layer 2: neurons are columns")
    says.set(title="What it says; masked (x)", xlim=(-5, 5), ylim=(OUTPUTS - 0.4, -0.6))
    says.set_yticks(range(OUTPUTS), [f"output {number + 1}" for number in range(OUTPUTS)])
    says.axvline(0, color=palette.INK, lw=1)
    return {"layers": layers, "says": says}


def surgery_frame(neuron: int, operation: str) -> Frame:
    """One state. neuron: 1 to 6."""
    layers = operated(neuron, operation)
    weight, bias, after, last = layers
    now, wanted = said(layers), said(operated(neuron, "masked"))
    lines = [] if operation.startswith("deleted") else _frames(neuron)
    lines += [*_cells(weight, 0), *_cells(bias[:, None], INPUTS + 0.4)]
    lines += [*_cells(after, SECOND), *_cells(last[:, None], SECOND + after.shape[1] + 0.4)]
    for row, value in enumerate(now.tolist()):
        lines.append(block("says", (0, value), (row - 0.15, row + 0.15), COLOURS[operation], height=BAR))
    marks = tuple(Mark("says", float(value), row, "", "masked") for row, value in enumerate(wanted))
    count, gap = sum(tensor.numel() for tensor in layers), float((now - wanted).abs().max())
    summary = f"Neuron {neuron} with bias {_signed(LAYERS[1][neuron - 1])}, {operation}: "
    summary += f"layers {_shape(weight)} and {_shape(after)}, {count} numbers with the biases, "
    summary += f"outputs up to {gap:.2f} away from" if gap > 1e-9 else "the outputs are"
    return Frame(tuple(lines), marks, f"{summary} those of the masked network.", _targets(neuron, operation))


def neuron_surgery() -> Card:
    """The card of lesson 7."""
    return card(
        surgery_frame,
        surgery_scene,
        title="Neuron surgery: what goes with a neuron?",
        controls=(
            Control("neuron", "Neuron", tuple(range(1, NEURONS + 1)), start=2),
            Control("operation", "Operation", OPERATIONS, start="whole"),
        ),
        presets=PRESETS,
        ask=QUESTION,
    )


def _places(number: int) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
    """x and y of the row and of the column that are drawn as number 0, 1, …"""
    column = SECOND + number
    return ((0, INPUTS + 1.4), (number, number + 1)), ((column, column + 1), (0, OUTPUTS))


def _frames(neuron: int) -> list[Line]:
    """A line around the neuron's row, and one around its column."""
    return [
        Line("layers", np.take(x, [0, 1, 1, 0, 0]), np.take(y, [0, 0, 1, 1, 0]), "limit", width=1.5, ghost=False)
        for x, y in _places(neuron - 1)
    ]


def _targets(neuron: int, operation: str) -> tuple[Target, ...]:
    """A click on what is drawn of a neuron takes that neuron out, in the way chosen last."""
    then = "deleted, bias folded" if operation == "whole" else operation
    there = [n for n in range(1, NEURONS + 1) if n != neuron or not operation.startswith("deleted")]
    return tuple(
        Target("layers", x, y, {"neuron": n, "operation": then})
        for number, n in enumerate(there)
        for x, y in _places(number)
    )


def _cells(matrix: Tensor, left: float) -> list[Line]:
    """A square for each number; grey where it is exactly zero."""
    lines = []
    for (row, column), value in np.ndenumerate(matrix.numpy()):
        share = min(abs(value) / LARGEST, 1)
        colour = to_hex(colormaps[palette.SURFACE](0.1 + 0.9 * share)) if value else "#e4e4e4"
        x, y = (left + column + 0.1, left + column + 0.9), (row + 0.1, row + 0.9)
        lines.append(block("layers", x, y, colour, height=CELL))
    return lines


def _shape(weight: Tensor) -> str:
    return f"{weight.shape[0]} × {weight.shape[1]}"


def _signed(value) -> str:
    return f"{float(value):+.1f}"
