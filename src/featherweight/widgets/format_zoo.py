"""Format zoo: one tensor, six formats. Where do their levels lie, and what do they cost?

Left the weights, each divided by the largest that its block can hold, over the levels of the format; right every format
with its error and its bits per weight, which are those of a file.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

from featherweight.compression import codebooks
from featherweight.lab import palette
from featherweight.lab.format_files import FORMATS, bits_per_weight, through
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["TENSORS", "bits", "error", "format_zoo", "format_zoo_frame", "format_zoo_scene", "levels", "scaled"]

COUNT, MANY = 2**14, 2**20  # numbers of a tensor; of the file whose bytes are counted
BINS = np.linspace(-1.1, 1.1, 56)
MOST = 30.0  # % at the right edge
E2M1 = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
PRESETS = {
    "a bell in Q4_0": {"tensor": "bell", "form": "Q4_0"},
    "a bell in NF4": {"tensor": "bell", "form": "NF4"},
    "heavy tails": {"tensor": "heavy tails", "form": "NVFP4"},
    "one loud in 64": {"tensor": "one loud in 64", "form": "NF4"},
    "cheapest": {"tensor": "bell", "form": "NF4, double"},
}
QUESTION = Question(
    key="format-zoo",
    text="Weights shaped like a bell, 4.5 bits each. The levels of NF4 are quantiles of the bell. Which errs least?",
    choices=("Q4_0: even levels, blocks of 32", "NF4: quantiles, blocks of 64", "NVFP4: tiny floats, blocks of 16"),
    answer=0,
    because="Quantiles use all levels equally often, which is not the least error; and a scale for 32 fits better than "
    "one for 64.",
    shows={"tensor": "bell", "form": "Q4_0"},
    veils=("errors",),
)


def _tensors() -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(0)
    bell = torch.randn(COUNT, generator=draw)
    flat = 2 * torch.rand(COUNT, generator=draw) - 1
    heavy = bell / torch.randn(3, COUNT, generator=draw).square().mean(0).sqrt()  # Student's t with 3 degrees
    loud = bell.clone()
    loud[::64] *= 20
    return {"bell": bell, "flat": flat, "heavy tails": heavy, "one loud in 64": loud}


TENSORS = _tensors()


@cache
def error(tensor: str, form: str) -> float:
    """Root of the mean squared error, as a share of the root of the mean square of the weights."""
    given = TENSORS[tensor]
    return float((through(given, form) - given).norm() / given.norm())


@cache
def bits(form: str) -> float:
    """Bits per weight of a file of a million."""
    return bits_per_weight(torch.linspace(-1, 1, MANY), form)


@cache
def levels(form: str) -> np.ndarray:
    """What a code can stand for, as a share of the largest size; of Q8_0's 255, every 16th."""
    if form.startswith("NF4"):
        return codebooks.nf4_table().numpy()
    if form in ("Q8_0", "Q4_0"):
        return np.arange(-112, 113, 16) / 127 if form == "Q8_0" else np.arange(-8, 8) / 8
    return np.unique([sign * size / 6 for sign in (-1, 1) for size in E2M1])


@cache
def scaled(tensor: str, form: str) -> np.ndarray:
    """The weights divided by the largest number of their block's scale: what the levels have to meet."""
    rows = TENSORS[tensor].view(-1, FORMATS[form].block)
    largest = rows.abs().amax(1, keepdim=True)
    if form == "Q4_0":  # the sign of the scale turns the largest weight to the left
        largest = -rows.gather(1, rows.abs().argmax(1, keepdim=True))
    if form == "MXFP4":
        largest = 6 * torch.exp2(largest.log2().floor() - 2)
    return (rows / largest).flatten().numpy()


def format_zoo_scene(figure) -> dict:
    """A panel of weights and levels, and one of errors and bits."""
    weights, errors = figure.subplots(1, 2, width_ratios=(1.1, 1))
    weights.set(title="Weights over the levels (lines; of Q8_0 every 16th)", xlim=(-1.15, 1.15), ylim=(0, 4.6))
    weights.set(xlabel="weight / largest that the scale holds", yticks=[])
    errors.set(title="Error, % of the weights' size", xlim=(0, MOST), ylim=(len(FORMATS) - 0.4, -0.6))
    errors.set_yticks(range(len(FORMATS)), [f"{form}: {bits(form):.2f} bits" for form in FORMATS])
    return {"weights": weights, "errors": errors}


def format_zoo_frame(tensor: str, form: str) -> Frame:
    """One state."""
    height, edges = np.histogram(scaled(tensor, form), BINS, density=True)
    x, at = np.repeat(edges, 2)[1:-1], levels(form)
    combs, tall = np.repeat(at, 3), np.tile([0.0, 4.4, 0.0], len(at))
    lines = (
        Line("weights", x, np.repeat(np.minimum(height, 4.5), 2), "ours", filled=True),
        Line("weights", combs, tall, "dense", colour=palette.style("yours").colour, width=1.0, ghost=False),
    )
    bars, marks = [], []
    for row, other in enumerate(FORMATS):
        here, look = 100 * error(tensor, other), "yours" if other == form else "dense"
        colour = palette.style("yours").colour if other == form else palette.GHOST
        bars.append(block("errors", (0, here), (row - 0.25, row + 0.25), colour, height=13))
        marks.append(Mark("errors", here, row, f"{here:.2g}", look))
    order = sorted(FORMATS, key=lambda other: error(tensor, other))
    said = ", ".join(f"{other} {100 * error(tensor, other):.2g}%" for other in order)
    return Frame(
        (*lines, *bars), tuple(marks), f"{tensor}, error in {said}. {form} takes {bits(form):.2f} bits per weight."
    )


def format_zoo() -> Card:
    """The card of lesson 10's six formats."""
    return card(
        format_zoo_frame,
        format_zoo_scene,
        title="Format zoo: six ways to spend about four bits",
        controls=(
            Control("tensor", "Tensor", tuple(TENSORS), start="bell"),
            Control("form", "Format", tuple(FORMATS), start="Q8_0"),
        ),
        presets=PRESETS,
        ask=QUESTION,
    )
