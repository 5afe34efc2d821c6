"""A digit that the student never sees, but its teacher did: measurements of lesson 11.

`python -m featherweight.lab.unseen_runs` takes them again and rewrites `unseen_runs.json`, in about three minutes of
one core. Five seeds, with the teachers and students of `distillation_runs`: LeNet-300-100, 12 epochs on the training
digits that are not `digit`, from the teacher's answers alone. For a 3 there is the student of labels alone as well.
One number is then repaired: a bias is added to the output of the digit that was missing. `chosen`, of BIASES, gives the
fewest errors on the 500 validation digits, with all seeds together.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from featherweight.lab.data import Split, mnist5k
from featherweight.lab.distillation_training import (
    answers,
    from_labels,
    from_teacher,
    learned,
    raised,
    teacher_of,
    without,
)
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.runtime import use_threads, write_atomically

__all__ = ["BIASES", "DIGITS", "FILE", "SEEDS", "Results", "Row", "load", "row_of", "unseen"]

FILE = Path(__file__).with_name("unseen_runs.json")
SEEDS, DIGITS, EPOCHS = tuple(range(5)), tuple(range(10)), 12
BIASES = tuple(step / 2 for step in range(21))
HINTON = 3
"""The digit that Hinton et al. left out."""


@dataclass(frozen=True)
class Row:
    """missed: of the test examples of the digit, those read as another; lost: of all others, those read wrong.

    Both (biases, seeds), for each of BIASES. named: what the examples of the digit are read as, all seeds together,
    (biases, 10). count: test examples of the digit. chosen: a bias, on validation digits.
    """

    missed: Sequence[Sequence[int]]
    lost: Sequence[Sequence[int]]
    named: Sequence[Sequence[int]]
    count: int
    chosen: float


@dataclass(frozen=True)
class Results:
    """rows: for each digit. labels: the row of a 3 without a teacher. minutes: of one core."""

    rows: Sequence[Row]
    labels: Row
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, _results)


def _results(found: dict) -> Results:
    found = tuples(found)
    rows = tuple(Row(**row) for row in found["rows"])
    return Results(**found | {"rows": rows, "labels": Row(**found["labels"])})


def unseen(data: Split, digit: int, seed: int, logits: Tensor | None = None) -> nn.Sequential:
    """A student that never sees `digit`. logits (3500, 10): its teacher's; without them it learns from labels."""
    rows = without(data, digit)
    loss = from_labels(data.train_labels[rows]) if logits is None else from_teacher(logits[rows])
    student = lenet_300_100(seed).to(data.train_inputs.device)
    return learned(student, data.train_inputs[rows], loss, EPOCHS, seed)


def row_of(students: Sequence[nn.Module], data: Split, digit: int) -> Row:
    """What a bias does for a digit, over several students."""
    missed, lost, named, wrong = [], [], [], []
    here = data.test_labels == digit
    tested = [answers(student, data.test_inputs) for student in students]
    validated = [answers(student, data.validation_inputs) for student in students]
    for bias in BIASES:
        read_as = [raised(logits, digit, bias).argmax(1) for logits in tested]
        found = [classes != data.test_labels for classes in read_as]
        named.append(torch.cat([classes[here] for classes in read_as]).bincount(minlength=10).tolist())
        missed.append([int(one[here].sum()) for one in found])
        lost.append([int(one[~here].sum()) for one in found])
        checks = [raised(logits, digit, bias).argmax(1) != data.validation_labels for logits in validated]
        wrong.append(sum(int(one.sum()) for one in checks))
    return Row(missed, lost, named, int(here.sum()), BIASES[wrong.index(min(wrong))])


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    logits = [answers(teacher_of(data, seed), data.train_inputs) for seed in SEEDS]
    rows = []
    for digit in DIGITS:
        rows.append(row_of([unseen(data, digit, seed, logits[seed]) for seed in SEEDS], data, digit))
        print(digit, rows[-1].missed[0], rows[-1].chosen, rows[-1].count, flush=True)
    alone = row_of([unseen(data, HINTON, seed) for seed in SEEDS], data, HINTON)
    print("labels", alone.missed[0], alone.chosen)
    results = Results(rows, alone, round((time.process_time() - started) / 60, 1))
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
