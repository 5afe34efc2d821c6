"""What else a teacher can hand over than its outputs: features, attention, slopes, other divergences.

`python -m featherweight.lab.signal_runs` takes the measurements again and rewrites `signal_runs.json`, in about six
minutes of one core. Teacher: LeNet-5, the one of `distillation_runs` for the seed.
"thin" is a LeNet-5 a third as wide, which has feature maps to compare; "300-100" has none, and can copy slopes only.
Both learn from 200 labelled digits for 100 epochs, as there.
Each row is distillation with labels, half and half, and a signal beside it ("hint", "attention", "slopes") or in place
of its soft part ("decoupled", "reverse"). The strength of a signal is one of STRENGTHS: fewest errors on the 500
validation digits, over all five seeds. Errors are counted on the 1,000 test digits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from torch import nn

from featherweight.lab.data import Split, mnist5k
from featherweight.lab.distillation_training import few, from_labels, learned, signal_loss, teacher_of, thin
from featherweight.lab.measure import errors
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FILE", "MADE", "SEEDS", "STRENGTHS", "Results", "Row", "load", "student"]

FILE = Path(__file__).with_name("signal_runs.json")
SEEDS, EPOCHS = tuple(range(5)), 100
MADE = {"thin": thin, "300-100": lenet_300_100}
STRENGTHS = {
    "labels": (0.0,),
    "soft": (0.0,),
    "decoupled": (1.0, 4.0),
    "reverse": (0.5, 0.9),
    "hint": (0.001, 0.01),
    "attention": (1.0, 10.0),
    "slopes": (10.0, 100.0, 1000.0, 10_000.0, 100_000.0),
}
"""Signal → what is tried: β, the share of the soft part, or the factor of what is added."""


@dataclass(frozen=True)
class Row:
    """The strength chosen on validation, and its errors in 1,000, one for each seed. tried: strength → validation."""

    strength: float
    errors: Sequence[int]
    tried: dict[str, int]


@dataclass(frozen=True)
class Results:
    """rows: "student signal" → Row."""

    rows: dict[str, Row]


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, _results)


def _results(found: dict) -> Results:
    return Results({name: Row(**tuples(row)) for name, row in found["rows"].items()})


def student(name: str, teacher: nn.Sequential, data: Split, signal: str, strength: float, seed: int) -> nn.Sequential:
    """A student of 200 digits. name: one of MADE; signal: "labels" or one of SIGNALS."""
    rows = few(data, seed)
    inputs, labels = data.train_inputs[rows], data.train_labels[rows]
    network = MADE[name](seed).to(inputs.device)
    if signal == "labels":
        return learned(network, inputs, from_labels(labels), EPOCHS, seed)
    loss, beside = signal_loss(network, teacher, inputs, labels, signal, strength, seed)
    learned(Beside(network, beside), inputs, loss, EPOCHS, seed)
    return network


class Beside(nn.Module):
    """A network with a module that is trained along with it and takes no part in its outputs."""

    def __init__(self, network: nn.Module, beside: nn.Module) -> None:
        super().__init__()
        self.network, self.beside = network, beside

    def forward(self, inputs):
        return self.network(inputs)


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    data, rows = mnist5k(), {}
    teachers = [teacher_of(data, seed) for seed in SEEDS]
    for name in MADE:
        for signal, strengths in STRENGTHS.items():
            if name != "thin" and signal not in ("labels", "soft", "slopes"):
                continue
            rows[f"{name} {signal}"] = _row(name, teachers, data, signal, strengths)
            print(name, signal, rows[f"{name} {signal}"], flush=True)
    write_atomically(FILE, json.dumps(asdict(Results(rows)), separators=(",", ":")) + "\n")


def _row(name: str, teachers: list, data: Split, signal: str, strengths: Sequence[float]) -> Row:
    tried, found = {}, {}
    for strength in strengths:
        students = [student(name, teachers[seed], data, signal, strength, seed) for seed in SEEDS]
        tried[str(strength)] = sum(errors(one, data.validation_inputs, data.validation_labels) for one in students)
        found[str(strength)] = [errors(one, data.test_inputs, data.test_labels) for one in students]
    best = min(tried, key=tried.get)
    return Row(float(best), found[best], tried)


if __name__ == "__main__":
    main()
