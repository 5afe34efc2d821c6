"""What one state of a widget shows: lines and marks in data coordinates, and one line of text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

__all__ = ["Frame", "Line", "Mark", "Target", "readable"]

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def readable(text: str) -> str:
    """Python's numbers as a book prints them: −0.5 for -0.5 and 4 × 10⁻⁵ for 4e-05; LeNet-300-100 stays."""
    power = re.sub(r"(?<=\d)e([-+]?)0*(\d+)", lambda found: _power(*found.groups()), text)
    return re.sub(r"(?<![\w-])-(?=\.?\d)", "−", power)


def _power(sign: str, digits: str) -> str:
    return f" × 10{(sign.replace('+', '') + digits).translate(RAISED)}"


@dataclass(frozen=True)
class Line:
    """One series on a panel.

    panel: a name that the scene gave. x, y: arrays of one length, in data units; a value that is not finite breaks the
    line. method: whose colour, dash and marker (`lab.palette`). colour: in place of the method's. width: CSS pixels.
    markers: how many points between two markers; 0 draws none. filled: fill down to the bottom of the panel.
    ghost: leave a grey copy behind when a control moves.
    """

    panel: str
    x: np.ndarray
    y: np.ndarray
    method: str = "ours"
    colour: str = ""
    width: float = 2.0
    markers: int = 0
    filled: bool = False
    ghost: bool = True


@dataclass(frozen=True)
class Mark:
    """One point with a label, in data units; it stays inside its panel. An empty text leaves the marker only.

    text: as `readable` writes it.
    """

    panel: str
    x: float
    y: float
    text: str = ""
    method: str = "limit"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", readable(self.text))


@dataclass(frozen=True)
class Target:
    """A rectangle to click, in data units, and the values of controls that a click sets: what a slider can do, too."""

    panel: str
    x: tuple[float, float]
    y: tuple[float, float]
    sets: Mapping[str, float | str]


@dataclass(frozen=True)
class Frame:
    """Everything that moves.

    summary: one sentence with the numbers, for readers who cannot see the picture, as `readable` writes it.
    """

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    summary: str
    targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "summary", readable(self.summary))
