"""One method = one colour + one dash + one marker, through the whole book; figures and widgets read this table.

Colours: Okabe & Ito, "Color Universal Design", 2008 (without the yellow, which is unreadable on white).
A colour returns with another dash and marker, and never twice in one lesson. Surfaces use the colour map `SURFACE`.
"""

from __future__ import annotations

from dataclasses import dataclass

from featherweight.errors import InputError

__all__ = ["DASHES", "GHOST", "INK", "METHODS", "PAPER", "SURFACE", "Style", "plot_options", "style", "text_colour"]

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"

INK, PAPER = "#262626", "#ffffff"  # text and its background: contrast 15 : 1
GHOST = "#8c8c8c"
SURFACE = "cividis"

# On and off lengths in CSS pixels.
DASHES = {"solid": (), "dashed": (6, 3), "dotted": (1.5, 2.5), "dashdot": (7, 2.5, 1.5, 2.5), "long": (11, 4)}


@dataclass(frozen=True)
class Style:
    """How one method looks everywhere. colour: #rrggbb; dash: a name in DASHES; marker: matplotlib's letter."""

    colour: str
    dash: str
    marker: str


METHODS = {
    # who computed it
    "ours": Style(BLUE, "solid", "o"),
    "yours": Style(VERMILION, "dashed", "^"),
    # optimizers
    "gradient descent": Style(BLUE, "solid", "o"),
    "sgd": Style(SKY, "solid", "s"),
    "subgradient": Style(PURPLE, "long", "o"),
    "momentum": Style(ORANGE, "solid", "D"),
    "nesterov": Style(ORANGE, "dashed", "v"),
    "adagrad": Style(PURPLE, "solid", "v"),
    "rmsprop": Style(GREEN, "dashed", "s"),
    "adam": Style(VERMILION, "solid", "^"),
    "adamw": Style(BLACK, "dashdot", "x"),
    "amsgrad": Style(BLUE, "dotted", "D"),
    "muon": Style(GREEN, "solid", "D"),
    "lion": Style(PURPLE, "dotted", "^"),
    "schedule-free": Style(SKY, "dashdot", "v"),
    "sam": Style(BLUE, "dashdot", "s"),
    "adafactor": Style(VERMILION, "long", "v"),
    # schedules
    "constant": Style(BLACK, "long", "s"),
    "step": Style(PURPLE, "dashdot", "s"),
    "exponential": Style(ORANGE, "long", "^"),
    "cosine": Style(BLUE, "dashed", "v"),
    "one-cycle": Style(GREEN, "dotted", "D"),
    # pruning
    "dense": Style(BLACK, "solid", "o"),
    "one-shot": Style(VERMILION, "dotted", "v"),
    "retrained": Style(BLUE, "long", "o"),
    "gradual": Style(GREEN, "dashdot", "D"),
    "random": Style(PURPLE, "dotted", "x"),
    # tickets: the same small network from other weights, with other masks
    "ticket": Style(BLUE, "solid", "D"),
    "late": Style(SKY, "dashed", "o"),
    "fine-tuned": Style(GREEN, "long", "o"),
    "fresh": Style(VERMILION, "dashdot", "x"),
    "signs": Style(ORANGE, "dashdot", "^"),
    "shuffled": Style(PURPLE, "dashed", "o"),
    "uniform": Style(PURPLE, "dotted", "v"),
    "narrow": Style(BLACK, "dotted", "v"),
    "large final": Style(SKY, "dotted", "x"),
    "same sign": Style(ORANGE, "dotted", "s"),
    "same sign, one size": Style(GREEN, "dotted", "^"),
    # neurons: how they are chosen, and what becomes of the layer
    "magnitude": Style(ORANGE, "dashdot", "o"),
    "taylor": Style(SKY, "long", "D"),
    "from scratch": Style(BLACK, "dotted", "x"),
    "masked": Style(VERMILION, "long", "x"),
    "csr": Style(BLUE, "dashed", "s"),
    "deleted": Style(GREEN, "solid", "o"),
    # eight bits: how many scales a layer has, and what rounding costs
    "per tensor": Style(VERMILION, "dashed", "s"),
    "per channel": Style(BLUE, "solid", "s"),
    "rounding": Style(ORANGE, "dotted", "o"),
    "clipping": Style(PURPLE, "dashdot", "D"),
    "squared error": Style(GREEN, "dashed", "o"),
    "8-bit state": Style(SKY, "long", "s"),
    # low bits: what a step of the grid is, and what becomes of one weight
    "largest weight": Style(VERMILION, "solid", "s"),
    "learned step": Style(BLUE, "dashed", "D"),
    "mean size": Style(GREEN, "dotted", "o"),
    "latent": Style(SKY, "solid", "^"),
    "rounded": Style(PURPLE, "solid", "s"),
    # transformers: how weights, or weights and activations, are rounded
    "rtn": Style(VERMILION, "dashdot", "s"),
    "awq": Style(ORANGE, "long", "D"),
    "gptq": Style(BLUE, "long", "s"),
    "hadamard": Style(GREEN, "dashed", "D"),
    "one scale": Style(PURPLE, "dashed", "x"),
    "smooth": Style(SKY, "dotted", "o"),
    "token": Style(BLACK, "dashed", "^"),
    # the championship: what small networks have in common, and how sure one was
    "few bits": Style(BLUE, "dotted", "s"),
    "shared": Style(SKY, "solid", "D"),
    "pipeline": Style(VERMILION, "solid", "o"),
    "entries": Style(PURPLE, "solid", "^"),
    "said": Style(ORANGE, "solid", "o"),
    # distillation: what a student learns from
    "labels": Style(BLACK, "solid", "s"),
    "teacher": Style(BLUE, "solid", "^"),
    "both": Style(GREEN, "solid", "^"),
    "both, shifts": Style(PURPLE, "solid", "D"),
    "labels, shifted": Style(ORANGE, "solid", "s"),
    "slopes": Style(VERMILION, "solid", "D"),
    "hard": Style(ORANGE, "solid", "^"),
    # small on disk: low rank and its control, how many weights are kept, and the values they share
    "truncated": Style(VERMILION, "dotted", "x"),
    "low rank": Style(BLUE, "dashdot", "^"),
    "equal size": Style(SKY, "dashed", "v"),
    "1 in 12": Style(GREEN, "long", "s"),
    "1 in 33": Style(PURPLE, "long", "D"),
    "centroid": Style(ORANGE, "dashed", "s"),
    # limits and targets
    "limit": Style(INK, "dashed", "x"),
}


def style(method: str) -> Style:
    """The style of a method. Raises InputError for a name that the book does not know."""
    if method not in METHODS:
        raise InputError(
            f"No style for {method!r}; wanted one of {', '.join(sorted(METHODS))}: add it to lab/palette.py."
        )
    return METHODS[method]


def plot_options(method: str, width: float = 1.5) -> dict:
    """Keyword arguments for matplotlib's `plot`: colour, dash, marker and line width in points."""
    look = style(method)
    lengths = tuple(length / width for length in DASHES[look.dash])  # matplotlib scales dashes by the line width
    dash = (0, lengths) if lengths else "solid"
    return {"color": look.colour, "linestyle": dash, "marker": look.marker, "linewidth": width, "markersize": 4}


def text_colour(method: str) -> str:
    """The method's colour, darkened until text in it reads on white: a contrast of at least 4.5 : 1 (WCAG 2.2)."""
    channels = [int(style(method).colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    while _contrast_on_white(channels) < 4.5:
        channels = [0.97 * channel for channel in channels]
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _contrast_on_white(channels: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
