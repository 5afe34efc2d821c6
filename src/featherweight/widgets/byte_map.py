"""Byte map: where a weight is in a block of a file, and what comes back from there.

Left 32 weights and what the format makes of them. Right the bytes of the block in the order of the file, from left to
right and down: the scale orange, a code the brighter the larger, two codes in a byte where a code has four bits. Choose
a weight, and its code is marked.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.colors import to_hex
from torch import Tensor

from featherweight.compression import codebooks, formats
from featherweight.lab import palette
from featherweight.lab.format_files import through
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["WEIGHTS", "byte_map", "byte_map_frame", "byte_map_scene", "bytes_of", "place"]

BLOCK, COLUMNS, CELL = 32, 9, 33.0  # weights; bytes in a row; height of a byte in CSS pixels
SCALE_BYTES = {"Q8_0": 2, "Q4_0": 2, "MXFP4": 1, "NVFP4": 1}
STRIDE = {"Q8_0": 34, "Q4_0": 18, "MXFP4": 17, "NVFP4": 9}  # bytes of a block
PRESETS = {
    "Q4_0, weight 0": {"form": "Q4_0", "number": 0, "weights": "bell"},
    "its neighbour in the byte": {"form": "Q4_0", "number": 16, "weights": "bell"},
    "one loud weight": {"form": "Q4_0", "number": 20, "weights": "one is loud"},
    "two scales": {"form": "NVFP4", "number": 20, "weights": "one is loud"},
    "eight bits": {"form": "Q8_0", "number": 20, "weights": "one is loud"},
}
QUESTION = Question(
    key="byte-map",
    text="A byte of Q4_0 holds two codes. Which weight shares its byte with weight 0?",
    choices=("Weight 1", "Weight 16", "Weight 31"),
    answer=1,
    because="The first half of a block is in the low four bits, the second half in the high four: a mask or a shift "
    "unpacks 16 weights in order.",
    shows={"form": "Q4_0", "number": 16, "weights": "bell"},
    veils=("bytes",),
)


def _weights() -> dict[str, Tensor]:
    """Two blocks of 32, to one decimal; in the second, weight 5 is far larger than all others."""
    bell = (10 * torch.randn(BLOCK, generator=torch.Generator().manual_seed(3))).round() / 10
    loud = 0.4 * bell
    loud[5] = -3.6
    return {"bell": bell, "one is loud": loud}


WEIGHTS = _weights()


@cache
def bytes_of(form: str, weights: str) -> tuple[int, ...]:
    """The bytes of 32 weights in a file, in order; NVFP4 has two blocks."""
    packers = {
        "Q8_0": formats.pack_q8_0,
        "Q4_0": formats.pack_q4_0,
        "MXFP4": codebooks.mxfp4,
        "NVFP4": lambda values: codebooks.nvfp4(values)[0],
    }
    return tuple(packers[form](WEIGHTS[weights]).flatten().tolist())


def place(form: str, number: int) -> tuple[int, str]:
    """Which byte holds the code of a weight, and which part: "low" four bits, "high" four, or "all"."""
    if form == "Q8_0":
        return 2 + number, "all"
    if form == "NVFP4":
        within = number % 16
        return number // 16 * 9 + 1 + within // 2, "high" if within % 2 else "low"
    return SCALE_BYTES[form] + number % 16, "high" if number >= 16 else "low"


def byte_map_scene(figure) -> dict:
    """A panel of weights, and one of bytes."""
    values, stored = figure.subplots(1, 2, width_ratios=(1, 1.25))
    values.set(title="32 weights: stored —, read back ▲", xlim=(-1, 32), ylim=(-4, 4), xlabel="number of the weight")
    stored.set(title="Bytes of the file: orange = scale; high half left, low half right", xticks=[], yticks=[])
    stored.set(xlim=(-0.1, COLUMNS + 0.1), ylim=(4.1, -0.1))
    stored.grid(False)
    stored.spines[:].set_visible(False)
    return {"values": values, "bytes": stored}


def byte_map_frame(form: str, number: int, weights: str) -> Frame:
    """One state. number: of the weight, from 0."""
    given = WEIGHTS[weights]
    back = through(given, form)
    steps = np.repeat(np.arange(BLOCK), 3).astype(float)
    sticks = np.stack([np.zeros(BLOCK), given.numpy(), np.zeros(BLOCK)], axis=1).flatten()
    lines = [
        Line("values", steps, sticks, "dense", ghost=False),
        Line("values", np.arange(BLOCK), back.numpy(), "yours", width=0.5, markers=1, ghost=False),
    ]
    held, (byte, half) = bytes_of(form, weights), place(form, number)
    lines += _cells(form, weights)
    shift = {"all": 0.5, "high": 0.25, "low": 0.75}[half]
    code = held[byte] if half == "all" else held[byte] >> 4 if half == "high" else held[byte] & 15
    x, y = byte % COLUMNS + shift, byte // COLUMNS + 0.5
    marks = (
        Mark("values", number, float(given[number]), f"weight {number}", "yours"),
        Mark("bytes", x, y, f"code {code}", "yours"),
    )
    said = {"all": "all", "low": "the low half", "high": "the high half"}[half]
    summary = (
        f"{form}: weight {number} is {_signed(given[number])} and comes back as {_signed(back[number])}. "
        f"Its code {code} is {said} of byte {byte} ({held[byte]:02x} in hexadecimal); "
        f"{len(held)} bytes hold 32 weights, {8 * len(held) / 32:g} bits each"
        + (", and 4 bytes more hold the scale of the whole tensor." if form == "NVFP4" else ".")
    )
    return Frame(tuple(lines), marks, summary)


def byte_map() -> Card:
    """The card of lesson 10's formats."""
    return card(
        byte_map_frame,
        byte_map_scene,
        title="Byte map: where is a weight?",
        controls=(
            Control("form", "Format", tuple(STRIDE), start="Q4_0"),
            Control("number", "Weight", tuple(range(BLOCK)), start=0),
            Control("weights", "Weights", tuple(WEIGHTS), start="bell"),
        ),
        presets=PRESETS,
        ask=QUESTION,
    )


@cache
def _cells(form: str, weights: str) -> tuple[Line, ...]:
    return tuple(line for at, value in enumerate(bytes_of(form, weights)) for line in _cell(at, value, form))


def _cell(at: int, value: int, form: str) -> list[Line]:
    """One byte: a square, or two halves where it holds two codes."""
    x, y = at % COLUMNS, at // COLUMNS
    if at % STRIDE[form] < SCALE_BYTES[form]:
        return [block("bytes", (x + 0.06, x + 0.94), (y + 0.08, y + 0.92), palette.ORANGE, height=CELL)]
    if form == "Q8_0":
        return [block("bytes", (x + 0.06, x + 0.94), (y + 0.08, y + 0.92), _shade((value ^ 128) / 255), height=CELL)]
    return [
        block("bytes", (x + 0.06, x + 0.47), (y + 0.08, y + 0.92), _shade((value >> 4) / 15), height=CELL),
        block("bytes", (x + 0.53, x + 0.94), (y + 0.08, y + 0.92), _shade((value & 15) / 15), height=CELL),
    ]


def _shade(share: float) -> str:
    return to_hex(colormaps[palette.SURFACE](0.1 + 0.9 * share))


def _signed(value) -> str:
    return f"{round(float(value), 2) + 0.0:+.2f}"
