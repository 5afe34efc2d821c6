"""What rounding does to a network that hears: the measurements of lesson 8, in a small file.

`python -m featherweight.lab.speech_runs` takes them again and rewrites `speech_runs.json`, in about a minute of
one core. Nothing is trained and nothing is tuned. Only weights are rounded (`lab.speech.layers`); sums stay float32.
A run is one recording of 24 s, 750 frames; its seed draws the clips, their order, the pauses and the noise. What counts
is agreement with the network in float32, not with the truth: the share of equal frames, and F1 of its speech frames.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from featherweight.compression.calibration import mse_range, percentile_range
from featherweight.compression.quantization import dequantize, quantize, symmetric
from featherweight.lab import speech
from featherweight.lab.shipped import read, tuples, with_rows
from featherweight.runtime import use_threads, write_atomically

__all__ = [
    "BITS",
    "FILE",
    "PERCENT",
    "SEEDS",
    "SHOWN",
    "WAYS",
    "Results",
    "Row",
    "heard",
    "load",
    "row_errors",
    "score",
]

FILE = Path(__file__).with_name("speech_runs.json")
SEEDS = tuple(range(10))
BITS = (8, 6, 5, 4, 3)
PERCENT = 99.9
SHOWN = 12.0  # seconds of the recording in the picture
POINTS = 400  # of its envelope


def per_tensor(weight: Tensor, bits: int) -> Tensor:
    return symmetric(weight, bits, per_channel=False)


def by_percentile(weight: Tensor, bits: int) -> Tensor:
    """One scale, chosen so that all but 0.1% of the weights are inside."""
    return _clipped(weight, percentile_range(weight.abs().flatten(), PERCENT)[1], bits)


def by_mse(weight: Tensor, bits: int) -> Tensor:
    """One scale, that of the least squared error."""
    last = 2 ** (bits - 1) - 1
    return _clipped(weight, mse_range(torch.cat([weight, -weight]), -last, last)[1], bits)


def _clipped(weight: Tensor, largest: float, bits: int) -> Tensor:
    last = 2 ** (bits - 1) - 1
    return dequantize(quantize(weight, largest / last, 0, -last, last), largest / last, 0)


WAYS: dict[str, Callable[[Tensor, int], Tensor]] = {
    "per tensor": per_tensor,
    "percentile": by_percentile,
    "squared error": by_mse,
    "per channel": symmetric,
}
"""From a weight and bits to the rounded weight. The first three have one scale for each layer."""


@dataclass(frozen=True)
class Row:
    """agree: share of frames as in float32, f1: of those marked as speech; one number for each seed."""

    agree: Sequence[float]
    f1: Sequence[float]


@dataclass(frozen=True)
class Results:
    """rows: "way bits", all layers; "layer way bits", that layer alone; "all but layer", 8 bits and one scale each but
    one per channel in that layer; "never", no frame is speech.

    largest: layer → largest weight of each output channel. errors: "layer way bits" → for each channel, the size of
    its rounding errors over the size of its weights. envelope: of the first SHOWN seconds of seed 0, at POINTS places;
    spans: name → first and last frame of each stretch of speech in it. minutes: of one core.
    """

    rows: dict[str, Row]
    largest: dict[str, Sequence[float]]
    errors: dict[str, Sequence[float]]
    envelope: Sequence[float]
    spans: dict[str, Sequence[Sequence[int]]]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, lambda found: with_rows(Results, Row)(tuples(found)))


def with_weights(weights: dict[str, Tensor]) -> speech.SpeechNet:
    """The packaged network with some of its weights replaced."""
    network = speech.load()
    network.load_state_dict(weights, strict=False)
    return network


def heard(weights: dict[str, Tensor], seeds: Sequence[int] = SEEDS) -> list[Tensor]:
    """Frames of speech in each recording, heard with these weights in place of the network's own."""
    network = with_weights(weights)
    return [speech.hears(network, speech.recording(seed)) for seed in seeds]


def score(found: Sequence[Tensor], wanted: Sequence[Tensor]) -> Row:
    """Agreement and F1 for each recording."""
    pairs = list(zip(found, wanted, strict=True))
    agree = [round((a == b).double().mean().item(), 5) for a, b in pairs]
    return Row(agree, [round(speech.f1(a, b), 4) for a, b in pairs])


def row_errors(weight: Tensor, rounded: Tensor) -> Tensor:
    """(outputs,): size of the errors of each output channel over the size of its weights; 1 where nothing is left."""
    return (rounded - weight).flatten(1).norm(dim=1) / weight.flatten(1).norm(dim=1)


def spans(frames: Tensor) -> list[list[int]]:
    """First and last frame of each stretch of True."""
    found: list[list[int]] = []
    for frame in frames.nonzero().flatten().tolist():
        if found and found[-1][1] == frame - 1:
            found[-1][1] = frame
        else:
            found.append([frame, frame])
    return found


def networks(weights: dict[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """Every network that is measured, by the name of its row: the weights that are replaced."""
    made = {
        f"{way} {bits}": {n: rounded(w, bits) for n, w in weights.items()}
        for bits in BITS
        for way, rounded in WAYS.items()
    }
    for name, weight in weights.items():
        for bits in BITS:
            for way in ("per tensor", "per channel"):
                made[f"{name} {way} {bits}"] = {name: WAYS[way](weight, bits)}
        made[f"all but {name}"] = {
            n: WAYS["per channel" if n == name else "per tensor"](w, 8) for n, w in weights.items()
        }
    return made


def main() -> None:
    """Measure everything and rewrite the file."""
    use_threads()
    started, weights = time.process_time(), speech.layers(speech.load())
    wanted = heard({})
    rows = {"never": score([torch.zeros_like(each) for each in wanted], wanted)}
    made = networks(weights)
    for name, replaced in made.items():
        rows[name] = score(heard(replaced), wanted)
        print(name, *(round(sum(each) / len(each), 3) for each in (rows[name].agree, rows[name].f1)), flush=True)
    kernels = {name: weight for name, weight in weights.items() if name.startswith("encoder")}
    sound = speech.recording(0, SHOWN)
    loud = sound[: len(sound) // POINTS * POINTS].view(POINTS, -1).abs().amax(1)
    shown = {"float32": {}} | {
        name: made[name] for name in ("per tensor 8", "per channel 8", "all but encoder.3.weight")
    }
    results = Results(
        rows,
        {name: _rounded(w.flatten(1).abs().amax(1)) for name, w in kernels.items()},
        {
            f"{name} {way} {bits}": _rounded(row_errors(w, WAYS[way](w, bits)))
            for name, w in kernels.items()
            for way in ("per tensor", "per channel")
            for bits in BITS
        },
        _rounded(loud),
        {name: spans(speech.hears(with_weights(replaced), sound)) for name, replaced in shown.items()},
        round((time.process_time() - started) / 60, 1),
    )
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


def _rounded(values: Tensor) -> list[float]:
    """To three digits; only what is 1 becomes 1."""
    return [
        1.0 if value == 1 else float(f"{value - 5e-4 if 0.9995 <= value < 1 else value:.3g}")
        for value in values.tolist()
    ]


if __name__ == "__main__":
    main()
