"""Latency against sparsity: one layer, its zeros left in place, its nonzeros compressed, or half of its neurons gone.

Left the milliseconds for every density, right how many times as fast as the dense layer each form is at the chosen one.
The times come with the package, with the machine they were measured on; give the card your own to see yours.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from featherweight.compression.structured import csr_break_even
from featherweight.lab import palette
from featherweight.lab.sparse_speed import BATCHES, DENSITIES, SIZE, Results, Times, load
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["latency_frame", "latency_scene", "latency_vs_sparsity"]

PERCENTS = tuple(round(100 * density, 1) for density in DENSITIES)
FORMS = {"masked": "zeros in place", "csr": "CSR", "deleted": "half the neurons"}
FASTEST = (0.05, 40)  # the axis of speed-ups
PRESETS = {
    "half are zero": {"nonzero": 50.0, "batch": 64},
    "nine of ten": {"nonzero": 10.0, "batch": 64},
    "nine of ten, one example": {"nonzero": 10.0, "batch": 1},
    "99 of 100": {"nonzero": 1.0, "batch": 64},
}
QUESTION = Question(
    key="latency-vs-sparsity",
    text="Nine of ten weights are zero, and only the others are stored (CSR). 64 examples: how much faster?",
    choices=("About ten times", "About twice", "Not at all"),
    answer=1,
    because="So it is on the machine named below: a nonzero in CSR costs several numbers of a dense product.",
    shows={"nonzero": 10.0, "batch": 64},
)


def latency_scene(figure, results: Results) -> dict:
    """Two panels with fixed axes, both logarithmic."""
    times, speed = figure.subplots(1, 2, width_ratios=(1.2, 1))
    every = [ms for row in results.times for ms in (row.dense, row.half, *row.csr, *row.masked)]
    times.set(title=f"One layer of {SIZE} × {SIZE}, ms, log scale", xscale="log", yscale="log", xlim=(0.45, 110))
    times.set(ylim=(0.7 * min(every), 1.5 * max(every)), xlabel="weights that are not zero, %, log scale")
    speed.set(title="Times as fast as dense, log scale", xscale="log", xlim=FASTEST, ylim=(-0.6, 2.6))
    for axis, values in ((times.xaxis, [0.5, 1, 2, 5, 10, 20, 50, 100]), (speed.xaxis, [0.1, 0.3, 1, 3, 10, 30])):
        axis.set_major_locator(FixedLocator(values))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
    times.yaxis.set_minor_locator(NullLocator())
    speed.set_yticks(range(3), FORMS.values())
    speed.invert_yaxis()
    speed.axvline(1, color=palette.INK, lw=1)
    return {"times": times, "speed": speed}


def latency_frame(nonzero: float, batch: int, results: Results) -> Frame:
    """One state. nonzero: of the weights, in %."""
    here, place = results.times[BATCHES.index(batch)], PERCENTS.index(nonzero)
    now = {"masked": here.masked[place], "csr": here.csr[place], "deleted": here.half}
    even = csr_break_even(list(DENSITIES), list(here.csr), here.dense)
    ends = np.array([PERCENTS[0], PERCENTS[-1]])
    lines = [
        Line("times", PERCENTS, here.masked, "masked", markers=1),
        Line("times", PERCENTS, here.csr, "csr", markers=1),
        Line("times", np.geomspace(*ends, 40), np.full(40, here.half), "deleted"),
    ]
    marks = []
    if even:  # its name stands at the foot of the panel, off all curves
        at, foot = 100 * even, 1e-9
        lines.append(Line("times", np.full(2, at), np.array([foot, here.dense]), "limit", width=1, ghost=False))
        marks += [Mark("times", at, here.dense), Mark("times", at, foot, f"break-even {at:.3g}%")]
    for row, (form, ms) in enumerate(now.items()):
        factor = here.dense / ms
        colour = palette.style(form).colour
        lines.append(block("speed", (1, factor), (row - 0.09, row + 0.09), colour, height=8))
        marks.append(Mark("speed", factor, row, f"{factor:.1f}×" if factor > 0.95 else f"{factor:.2f}×", form))
    marks.append(Mark("times", nonzero, now["csr"], "", "csr"))
    return Frame(tuple(lines), tuple(marks), _summary(nonzero, batch, here, now, even, results.machine))


def latency_vs_sparsity(results: Results | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 7, with the shipped times or with your own."""
    results = results or load()
    return card(
        partial(latency_frame, results=results),
        partial(latency_scene, results=results),
        title="Latency and sparsity: what are the zeros worth?",
        controls=(
            Control("nonzero", "Not zero", PERCENTS, start=100.0, unit=" %"),
            Control("batch", "Examples at once", BATCHES, start=64),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _summary(nonzero: float, batch: int, here: Times, now: dict, even: float, machine: str) -> str:
    examples = "1 example" if batch == 1 else f"{batch} examples"
    said = f"{nonzero:g}% not zero, {examples}: dense {here.dense:.3g} ms, zeros in place {now['masked']:.3g}, "
    said += f"CSR {now['csr']:.3g}, half the neurons {here.half:.3g}. "
    said += f"CSR pays below {100 * even:.3g}%. " if even else "CSR never pays. "
    return said + f"{machine}, one thread."
