"""Bits and clipping: a finer step for most weights, or a code for the largest?

Left the weights of a trained layer and the values that its codes stand for; in the middle the squared error of the
weights inside the clip (they are rounded) and outside (they are cut off); right what the whole network makes of it.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from featherweight.lab import palette
from featherweight.lab.eight_runs import BITS, SHARES, WAYS, Results, load
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["bits_and_clipping", "bits_and_clipping_frame", "bits_and_clipping_scene", "typical_codes"]

PERCENTS = tuple(round(100 * share) for share in SHARES[::-1])
LEAST, MOST = 1e-6, 2.0
FEWEST, ALL = 40, 1000
PRESETS = {
    "eight bits": {"bits": 8, "clip": 100, "way": "per tensor"},
    "two bits, nothing clipped": {"bits": 2, "clip": 100, "way": "per tensor"},
    "two bits, clipped": {"bits": 2, "clip": 40, "way": "per tensor"},
    "a scale per channel": {"bits": 2, "clip": 60, "way": "per channel"},
    "clipped too far": {"bits": 8, "clip": 10, "way": "per tensor"},
}
QUESTION = Question(
    key="bits-and-clipping",
    text="Two bits, one scale for each layer: the codes are −1, 0 and 1. Where should the last one be?",
    choices=("At the largest weight", "At about half of it", "At a tenth of it"),
    answer=1,
    because="At the largest weight next to all become 0; at a tenth nothing is large any more.",
    shows={"bits": 2, "clip": 50, "way": "per tensor"},
    veils=("error", "digits"),
)


def typical_codes(bits: int, share: float, way: str, results: Results) -> np.ndarray:
    """The values that the codes stand for: of the layer, or of its median row."""
    last = 2 ** (bits - 1) - 1
    whole = max(abs(results.edges[0]), abs(results.edges[-1]))
    return np.arange(-last, last + 1) / last * share * (results.typical if way == "per channel" else whole)


def bits_and_clipping_scene(figure, results: Results) -> dict:
    """Three panels with fixed axes."""
    weights, error, digits = figure.subplots(1, 3, width_ratios=(1.25, 1, 1))
    edge = 1.05 * max(abs(results.edges[0]), abs(results.edges[-1]))
    weights.set(title="Weights of layer 2 (log), codes below", xlim=(-edge, edge), ylim=(0.1, 1e4), yscale="log")
    weights.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    weights.set(xlabel="weight")
    error.set(title="Squared error, share (log)", yscale="log", ylim=(LEAST, MOST))
    error.set_yticks([1e-6, 1e-4, 1e-2, 1], ["10⁻⁶", "10⁻⁴", "10⁻²", "1"])
    digits.set(title="Errors in 1,000 digits (log)", yscale="log", ylim=(FEWEST, 1.1 * ALL))
    digits.set_yticks([50, 100, 200, 500, 1000], ["50", "100", "200", "500", "1,000"])
    for axes in (error, digits):
        axes.set(xlim=(4, 104), xlabel="last code, % of the largest weight")
        axes.set_xticks([10, 25, 50, 75, 100])
    for axes in (weights, error, digits):
        axes.minorticks_off()
    for x, y, text, look in ((40, 5e-6, "rounding, inside", "rounding"), (40, 1.7e-6, "clipping, outside", "clipping")):
        error.text(x, y, text, color=palette.text_colour(look))
    return {"weights": weights, "error": error, "digits": digits}


def bits_and_clipping_frame(bits: int, clip: int, way: str, results: Results) -> Frame:
    """One state. clip: the last code, in % of the largest weight."""
    place = [round(100 * share) for share in SHARES].index(clip)
    percents, key = 100 * np.array(SHARES), f"{way} {bits}"
    parts, counts = np.array(results.parts[key]), np.array(results.clip[key], dtype=float)
    total, mean = parts.sum(1), counts.mean(1)
    lines = [_histogram(results), _comb(typical_codes(bits, clip / 100, way, results), way)]
    for look, values in (("rounding", parts[:, 0]), ("clipping", parts[:, 1])):
        some = values > 0  # nothing is clipped at the largest weight
        lines.append(Line("error", percents[some], np.maximum(values[some], LEAST), look, width=1.2, ghost=False))
    lines.append(Line("error", percents, total, way, width=2.4, markers=1))
    lines.append(Line("digits", percents, mean, way, width=2.4, markers=1))
    marks = (Mark("error", clip, total[place], _share(total[place]), way),)
    marks += (Mark("digits", clip, mean[place], f"{mean[place]:.0f}", way),)
    best = percents[total.argmin()]
    summary = f"{bits} bits, a scale {way}, last code at {clip}% of the largest weight: squared error "
    summary += f"{_share(total[place])} (least at {best:.0f}%), {mean[place]:.0f} errors in 1,000 digits, mean of "
    return Frame(tuple(lines), marks, f"{summary}{counts.shape[1]} seeds (32 bits: {_float_errors(results):.0f}).")


def _share(error: float) -> str:
    """Two digits, without an exponent."""
    return np.format_float_positional(error, 2, fractional=False, trim="-")


def bits_and_clipping(results: Results | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 8."""
    results = results or load()
    return card(
        partial(bits_and_clipping_frame, results=results),
        partial(bits_and_clipping_scene, results=results),
        title="Bits and clipping: a finer step, or a longer reach?",
        controls=(
            Control("bits", "Bits", BITS, start=8),
            Control("clip", "Last code at", PERCENTS, start=100, unit=" %"),
            Control("way", "Scale", WAYS, start="per tensor"),
        ),
        presets=PRESETS,
        ask=ask,
    )


def _float_errors(results: Results) -> float:
    return float(np.mean(results.networks["LeNet-300-100"]["float32"][:3]))


def _histogram(results: Results) -> Line:
    """Counts as stairs."""
    heights = np.repeat(np.maximum(results.counts, 0.5), 2)
    return Line("weights", np.repeat(results.edges, 2)[1:-1], heights, "dense", width=1.2, filled=True, ghost=False)


def _comb(codes: np.ndarray, way: str) -> Line:
    """A short upright stroke for each code, and back to the bottom."""
    x = np.repeat(codes, 3)
    return Line("weights", x, np.tile([0.1, 0.4, 0.1], len(codes)), colour=palette.style(way).colour, width=1.0)
