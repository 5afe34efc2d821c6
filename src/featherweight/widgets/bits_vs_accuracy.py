"""Bits vs accuracy: ten ways to write the weights of one network, rounded after training or trained while rounding.

Left the real weights of the first layer as a silhouette, and in front of it the values that they are rounded to, each
as high as the share of weights that has it. Right the errors of every form, with 95% intervals over the seeds.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.lines import Line2D

from featherweight.lab import palette
from featherweight.lab.low_bit_layers import FORMS
from featherweight.lab.low_bit_runs import EDGE, Results, load
from featherweight.lab.plots_low_bits import LOOKS
from featherweight.lab.statistics import Interval, mean_interval
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["TRAINING", "bits_vs_accuracy", "bits_vs_accuracy_frame", "bits_vs_accuracy_scene"]

TRAINING = {
    "rounded after training": "rounded",
    "retrained while rounding": "retrained",
    "rounding from the start": "scratch",
}
"""What the reader chooses → its name in the results."""

FEWEST, MOST = 40, 1000
LEAST = 0.01  # per cent, the bottom of the axis of shares
WIDE = 0.35
PLACES = {8.0: 0, 4.0: 1, 3.0: 2, 2.0: 3, FORMS["ternary"].bits: 4, 1.0: 5}
PRESETS = {
    "8 bits": {"form": "8 bits, largest", "training": "rounded after training"},
    "2 bits, largest": {"form": "2 bits, largest", "training": "rounded after training"},
    "ternary, mean size": {"form": "ternary", "training": "rounded after training"},
    "1 bit": {"form": "1 bit", "training": "rounded after training"},
    "2 bits, learned": {"form": "2 bits, learned", "training": "retrained while rounding"},
}
QUESTION = Question(
    key="bits-vs-accuracy",
    text="Two bits and the largest weight: four of five digits wrong. With a learned scale and 4 epochs of training?",
    choices=("About 1 in 3", "About 1 in 8", "About 1 in 16, as with 32 bits"),
    answer=2,
    because="The real weights move until their rounded images do the work, and the scale moves with them.",
    shows={"form": "2 bits, learned", "training": "retrained while rounding"},
    veils=("errors",),
)


def bits_vs_accuracy_scene(figure, results: Results) -> dict:
    """The silhouette of the real weights, and the axis of errors with the network of 32 bits."""
    values, errors = figure.subplots(1, 2, width_ratios=(1, 1.15))
    edges = np.linspace(-EDGE, EDGE, len(results.histogram) + 1)
    shares = np.maximum(100 * np.array(results.histogram) / sum(results.histogram), LEAST / 2)
    values.fill_between(np.repeat(edges, 2)[1:-1], np.repeat(shares, 2), LEAST, color=palette.GHOST, alpha=0.25, lw=0)
    values.set(title="Layer 1: share of its weights at a value, %, log scale", xlabel="weight", yscale="log")
    values.set(xlim=(-WIDE, WIDE), ylim=(LEAST, 130))
    errors.set(title="Errors in 1,000 test digits, log scale", xlabel="bits per weight", yscale="log")
    errors.set(xlim=(-0.4, 5.6), ylim=(FEWEST, MOST))
    errors.set_xticks(list(PLACES.values()), ["8", "4", "3", "2", "1.58", "1"])
    errors.set_yticks([50, 70, 100, 200, 500, 1000], ["50", "70", "100", "200", "500", "1,000"])
    values.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
    values.minorticks_off()
    errors.minorticks_off()
    band = mean_interval(list(results.longer))
    errors.axhspan(band.low, band.high, color=palette.INK, alpha=0.15, lw=0)
    errors.axhline(band.estimate, color=palette.INK, lw=1)
    errors.text(-0.3, band.low - 1, "32 bits, trained as long", va="top", fontsize=7.5)
    errors.legend(handles=_key(), loc="upper left", fontsize=8, frameon=False)
    return {"values": values, "errors": errors}


def bits_vs_accuracy_frame(form: str, training: str, results: Results) -> Frame:
    """One state. form: a name in FORMS. training: one of TRAINING."""
    way, method = TRAINING[training], LOOKS[FORMS[form].scale]
    here = results.spreads[form][way]
    shares = 100 * np.array(here.counts) / sum(here.counts)
    lines = [_stems(here.values, shares, method)]
    for family, look in LOOKS.items():
        names = [name for name, one in FORMS.items() if one.scale == family]
        found = [_errors(results, name, way) for name in names]
        x = np.array([PLACES[FORMS[name].bits] for name in names])
        lines.append(Line("errors", x, np.array([one.estimate for one in found]), look, markers=1))
        lines += [_bar(at, one, look) for at, one in zip(x, found, strict=True)]
    errors = _errors(results, form, way)
    share = dict(zip(np.round(here.values, 5), shares, strict=True)).get(0.0)
    marks = (Mark("errors", PLACES[FORMS[form].bits], errors.estimate, f"{errors.estimate:.0f}", method),)
    summary = f"{form}, {training}: {errors:.0f} errors in 1,000 with the 95% interval, {len(here.values)} values in "
    summary += f"layer 1, {share:.3g}% of its weights are 0; " if share else "layer 1, none of them 0; "
    return Frame(tuple(lines), marks, f"{summary}32 bits {mean_interval(list(results.longer)):.0f}.")


def bits_vs_accuracy(results: Results | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 9, with the shipped results or with your own."""
    results = results or load()
    ordered = sorted(FORMS, key=lambda name: (-FORMS[name].bits, FORMS[name].scale))
    return card(
        partial(bits_vs_accuracy_frame, results=results),
        partial(bits_vs_accuracy_scene, results=results),
        title="Bits and accuracy: how few can still tell digits?",
        controls=(
            Control("form", "Weights", tuple(ordered), start="8 bits, largest"),
            Control("training", "Training", tuple(TRAINING), start="rounded after training"),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _key() -> list[Line2D]:
    """What sets the scale, by look."""
    return [Line2D([], [], **palette.plot_options(look), label=f"scale: {look}") for look in LOOKS.values()]


def _errors(results: Results, form: str, way: str) -> Interval:
    return mean_interval(list(getattr(results.rows[form], way)))


def _stems(values, shares: np.ndarray, method: str) -> Line:
    """An upright line at every value, drawn as one line that goes back to the bottom."""
    low = np.full(len(shares), 0.2 * LEAST)  # out of sight
    heights = np.column_stack([low, np.maximum(shares, LEAST), low]).ravel()
    width = 4.0 if len(shares) < 20 else 1.0
    colour = palette.style(method).colour
    return Line("values", np.repeat(values, 3), heights, "dense", colour=colour, width=width, ghost=False)


def _bar(at: int, errors: Interval, method: str) -> Line:
    ends = np.clip([errors.low, errors.high], FEWEST, MOST)
    colour = palette.style(method).colour
    return Line("errors", np.full(2, at), ends, "dense", colour=colour, width=1.2, ghost=False)
