"""Pareto: every network of the book that reads the same digits, by what it costs and what it gets wrong.

The reader chooses the cost, the techniques and the most bytes; a staircase joins what nothing beats, and a mark stands
on the network with the fewest errors. Errors and sizes come with the package (`artifact/field.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from featherweight.artifact.field import FAMILIES, Fighter, field
from featherweight.compression.choosing import pareto_front
from featherweight.lab import palette
from featherweight.lab.weight_classes import CLASSES
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["COSTS", "pareto", "pareto_frame", "pareto_scene"]

COSTS = {
    "bytes on disk": lambda one: one.size,
    "numbers that are not 0": lambda one: one.numbers,
    "multiplications": lambda one: one.macs,
}
"""What the reader chooses → how to read it off a network. Multiplications are for one digit, those with 0 as well."""
EVERYTHING, ANY = "everything", "any size"
LIMITS = {ANY: float("inf")} | {each.name: each.limit for each in CLASSES}
LEFT, RIGHT, FEWEST, MOST = 1800, 4e6, 7, 900
PRESETS = {
    "flyweights": {"cost": "bytes on disk", "family": EVERYTHING, "limit": "flyweight"},
    "few bits alone": {"cost": "bytes on disk", "family": FAMILIES["few bits"], "limit": ANY},
    "numbers, not bytes": {"cost": "numbers that are not 0", "family": EVERYTHING, "limit": ANY},
    "what a clock would ask": {"cost": "multiplications", "family": EVERYTHING, "limit": ANY},
}
QUESTION = Question(
    key="pareto",
    text="The file of our featherweight is over 60 times smaller than that of LeNet-300-100. Its multiplications are …",
    choices=("about 60 times fewer", "about as many", "about 10 times more"),
    answer=2,
    because="It is a stack of convolutions: few weights, each used at every place of the picture.",
    shows={"cost": "multiplications", "family": EVERYTHING, "limit": ANY},
    veils=("all",),
)


def pareto_scene(figure) -> dict:
    """One axis of costs, whatever they count, and one of errors."""
    axes = figure.subplots()
    axes.set(xscale="log", yscale="log", xlim=(LEFT, RIGHT), ylim=(FEWEST, MOST))
    axes.set(title="Errors in 1,000 test digits, log scale", xlabel="what is chosen above, log scale")
    axes.xaxis.set_major_locator(FixedLocator([2e3, 4e3, 8e3, 16e3, 32e3, 1e5, 3e5, 1e6, 3e6]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_locator(FixedLocator([10, 20, 30, 50, 100, 200, 500]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.legend(handles=_key(), loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=8, frameon=False)
    return {"all": axes}


def _key() -> list[Line2D]:
    looks = {family: palette.style(family) for family in FAMILIES}
    dots = {"linestyle": "", "markersize": 5}
    handles = [Line2D([], [], color=look.colour, marker=look.marker, **dots) for look in looks.values()]
    for handle, said in zip(handles, FAMILIES.values(), strict=True):
        handle.set_label(said)
    return [*handles, Line2D([], [], color=palette.INK, lw=1, label="nothing beats these")]


def pareto_frame(cost: str, family: str, limit: str, fighters: Sequence[Fighter]) -> Frame:
    """One state. cost: one of COSTS. family: one of the texts in FAMILIES, or everything. limit: one of LIMITS."""
    read = COSTS[cost]
    inside = [one for one in fighters if one.size <= LIMITS[limit] and family in (EVERYTHING, FAMILIES[one.family])]
    lines = [_dot(one, read) for one in inside]
    if cost == "bytes on disk" and limit != ANY:
        ends = np.array([FEWEST, MOST])
        lines.append(Line("all", np.full(2, LIMITS[limit]), ends, "limit", width=1, ghost=False))
    if not inside:
        return Frame(tuple(lines), (), f"{_said(family, limit)}: no network of the book is so small.")
    costs = torch.tensor([float(read(one)) for one in inside], dtype=torch.float64)
    errors = torch.tensor([one.interval.estimate for one in inside], dtype=torch.float64)
    front = pareto_front(costs, errors)
    lines.append(_stairs(costs[front].numpy(), errors[front].numpy()))
    best = min(inside, key=lambda one: (one.interval.estimate, one.size))
    marks = (Mark("all", read(best), best.interval.estimate, f"{best.name}: {read(best):,.0f}", best.family),)
    return Frame(tuple(lines), marks, _summary(cost, family, limit, best, len(front), len(inside)))


def pareto(fighters: Sequence[Fighter] | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 13, with the book's networks or with others."""
    return card(
        partial(pareto_frame, fighters=fighters or field()),
        pareto_scene,
        title="Pareto: what does one more point cost?",
        controls=(
            Control("cost", "Cost", tuple(COSTS), start="bytes on disk"),
            Control("family", "Made by", (EVERYTHING, *FAMILIES.values()), start=EVERYTHING),
            Control("limit", "At most", tuple(LIMITS), start=ANY),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _dot(one: Fighter, read: Callable) -> Line:
    """A point: a line without length, for the marker at its ends."""
    x, y = np.full(2, float(read(one))), np.full(2, one.interval.estimate)
    return Line("all", x, y, one.family, width=1.2, markers=1, ghost=False)


def _stairs(x: np.ndarray, y: np.ndarray) -> Line:
    """From each network on the front to the right, and down to the next; the last one reaches the edge."""
    across = np.append(np.repeat(x, 2)[1:], RIGHT)
    return Line("all", across, np.repeat(y, 2), "dense", colour=palette.INK, width=1.2, ghost=False)


def _said(family: str, limit: str) -> str:
    return f"{family}, {limit if limit == ANY else f'at most {LIMITS[limit]:,} bytes ({limit})'}"


def _summary(cost: str, family: str, limit: str, best: Fighter, front: int, count: int) -> str:
    said = f"{_said(family, limit)}: {best.name} has the fewest errors, {best.interval:.0f} with the 95% interval, "
    said += f"with {best.size:,.0f} bytes, {best.numbers:,.0f} numbers and {best.macs:,} multiplications. "
    return said + f"By {cost} nothing beats {front} of {count}."
