"""What a teacher's answers are worth to a student, with few labels and with all: measurements of lesson 11.

`python -m featherweight.lab.distillation_runs` takes them again and rewrites `distillation_runs.json`, in about eight
minutes of one core. Five seeds; each has a teacher, 200 labelled digits and a student's first weights of its own.
All students train with Adam, 1e-3, batches of 64; a student on labels alone trains as long as one with a teacher.

scarce: LeNet-300-100, 100 epochs on 200 digits, by temperature and weight of the soft part. The pair with the fewest
errors on the 500 validation digits is `chosen`.
full: the same student on all 3,500 digits, its errors after each of EPOCHS; `small` with 8 and 32 units, too. Its
teacher saw the digits as they are, or moved by up to two pixels ("shifts"); "labels, shifted" is the student that sees
moved digits itself.
said: for a few training digits, the teacher of seed 0 in logits: what the widget shows.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import product
from pathlib import Path
from statistics import fmean

import torch
from torch import Tensor, nn

from featherweight.lab.data import Split, mnist5k
from featherweight.lab.distillation_training import (
    Moved,
    answers,
    few,
    from_labels,
    from_teacher,
    learned,
    small,
    stretches,
    teacher_of,
    teacher_of_shifts,
)
from featherweight.lab.measure import errors
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.runtime import use_threads, write_atomically

__all__ = [
    "EPOCHS",
    "FILE",
    "FULL",
    "SEEDS",
    "STUDENTS",
    "TEMPERATURES",
    "WEIGHTS",
    "Results",
    "Said",
    "load",
    "over_epochs",
    "scarce",
]

FILE = Path(__file__).with_name("distillation_runs.json")
SEEDS = tuple(range(5))
TEMPERATURES, WEIGHTS = (1, 2, 4, 8, 16), (0.5, 1.0)
SCARCE_EPOCHS, EPOCHS = 100, (6, 12, 24, 48)
STUDENTS = {"300-100": lenet_300_100, "32 units": partial(small, 32), "8 units": partial(small, 8)}
FULL = ("labels", "teacher", "both", "both, shifts", "labels, shifted")
"""Ways to learn from all 3,500 digits; the last two are measured for the largest student only."""

SECOND = 0.01


@dataclass(frozen=True)
class Said:
    """A training digit, 784 bytes as hexadecimal text, its label, and the teacher's logits."""

    pixels: str
    label: int
    logits: Sequence[float]


@dataclass(frozen=True)
class Results:
    """Errors in 1,000 test digits, one for each seed.

    teachers: "plain" and "shifts". labels: of the student with 200 labels alone. scarce: "T weight" → errors;
    validation: the same in 500 validation digits, by which `chosen`, (T, weight), is the best.
    full: student → way → errors for each of EPOCHS, (epochs, seeds). entropy: of the teacher's probabilities at T = 1,
    in bits, and sure: the share of digits it is 99% sure of; on "training" and "test" digits.
    agree: the share of digits a student from all its teacher's answers says the same on, "training" and "test".
    """

    teachers: dict[str, Sequence[int]]
    labels: Sequence[int]
    scarce: dict[str, Sequence[int]]
    validation: dict[str, Sequence[int]]
    chosen: Sequence[float]
    full: dict[str, dict[str, Sequence[Sequence[int]]]]
    entropy: dict[str, float]
    sure: dict[str, float]
    agree: dict[str, float]
    said: Sequence[Said]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, _results)


def _results(found: dict) -> Results:
    found = tuples(found)
    return Results(**found | {"said": tuple(Said(**one) for one in found["said"])})


def scarce(teacher: nn.Module, data: Split, seed: int, temperature: float, weight: float) -> nn.Sequential:
    """A student of 200 digits. weight: of the soft part; 0 for labels alone."""
    rows = few(data, seed)
    inputs, labels = data.train_inputs[rows], data.train_labels[rows]
    loss = from_teacher(answers(teacher, inputs), labels, temperature, weight) if weight else from_labels(labels)
    return learned(lenet_300_100(seed).to(inputs.device), inputs, loss, SCARCE_EPOCHS, seed)


def over_epochs(
    student: str, way: str, known: dict[str, Tensor], data: Split, seed: int
) -> tuple[list[int], nn.Module]:
    """Errors of one student after each of EPOCHS, and the student. known: "plain" and "shifts" → a teacher's logits."""
    network, labels = STUDENTS[student](seed).to(data.train_inputs.device), data.train_labels
    losses = {
        "labels": from_labels(labels),
        "teacher": from_teacher(known["plain"]),
        "both": from_teacher(known["plain"], labels, weight=0.5),
        "both, shifts": from_teacher(known["shifts"], labels, weight=0.5),
        "labels, shifted": from_labels(labels),
    }
    seen = Moved(network, seed) if way == "labels, shifted" else network
    stops = stretches(seen, data.train_inputs, losses[way], EPOCHS, seed)
    return [errors(network, data.test_inputs, data.test_labels) for _ in stops], network


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    teachers = {
        "plain": [teacher_of(data, seed) for seed in SEEDS],
        "shifts": [teacher_of_shifts(data, seed) for seed in SEEDS],
    }
    labels, found, validation, chosen = _scarce(teachers["plain"], data)
    full, agree = _full(teachers, data)
    entropy, sure = _spoken(teachers["plain"], data)
    results = Results(
        {name: _errors(group, data) for name, group in teachers.items()},
        labels,
        found,
        validation,
        chosen,
        full,
        entropy,
        sure,
        agree,
        _said(teachers["plain"][0], data),
        round((time.process_time() - started) / 60, 1),
    )
    print(results.teachers, chosen, entropy, sure, agree, results.minutes)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


def _errors(networks: Sequence[nn.Module], data: Split) -> list[int]:
    return [errors(network, data.test_inputs, data.test_labels) for network in networks]


def _scarce(teachers: Sequence[nn.Module], data: Split) -> tuple[list[int], dict, dict, tuple[float, float]]:
    labels = _errors([scarce(teachers[seed], data, seed, 1.0, 0.0) for seed in SEEDS], data)
    found, validation = {}, {}
    for temperature, weight in product(TEMPERATURES, WEIGHTS):
        name = f"{temperature} {weight}"
        students = [scarce(teachers[seed], data, seed, temperature, weight) for seed in SEEDS]
        found[name] = _errors(students, data)
        validation[name] = [errors(each, data.validation_inputs, data.validation_labels) for each in students]
        print("200 labels", name, found[name], "alone", labels, flush=True)
    best = min(validation, key=lambda name: sum(validation[name]))
    return labels, found, validation, tuple(float(part) for part in best.split())


def _full(teachers: dict[str, list[nn.Module]], data: Split) -> tuple[dict, dict]:
    known = [{name: answers(group[seed], data.train_inputs) for name, group in teachers.items()} for seed in SEEDS]
    full, agree = {}, {}
    for student in STUDENTS:
        full[student] = {}
        for way in FULL[: 5 if student == "300-100" else 3]:
            runs = [over_epochs(student, way, known[seed], data, seed) for seed in SEEDS]
            full[student][way] = [list(row) for row in zip(*(counts for counts, _ in runs), strict=True)]
            print(student, way, full[student][way], flush=True)
            if (student, way) == ("300-100", "teacher"):
                agree = _agreement([network for _, network in runs], teachers["plain"], data)
    return full, agree


@torch.no_grad()
def _agreement(students: Sequence[nn.Module], teachers: Sequence[nn.Module], data: Split) -> dict[str, float]:
    shares = {"training": [], "test": []}
    for student, teacher in zip(students, teachers, strict=True):
        for part, inputs in (("training", data.train_inputs), ("test", data.test_inputs)):
            shares[part].append(float((student(inputs).argmax(1) == teacher(inputs).argmax(1)).float().mean()))
    return {part: round(fmean(found), 4) for part, found in shares.items()}


def _spoken(teachers: Sequence[nn.Module], data: Split) -> tuple[dict[str, float], dict[str, float]]:
    entropy, sure = {}, {}
    for part, inputs in (("training", data.train_inputs), ("test", data.test_inputs)):
        p = torch.stack([answers(teacher, inputs).softmax(1) for teacher in teachers])
        entropy[part] = round(float(torch.special.entr(p).sum(2).mean()) / math.log(2), 4)
        sure[part] = round(float((p.amax(2) > 0.99).float().mean()), 4)
    return entropy, sure


def _said(teacher: nn.Module, data: Split) -> list[Said]:
    """Of each digit one that the teacher gets right, with about a hundredth for its second choice (SECOND)."""
    logits, chosen = answers(teacher, data.train_inputs), []
    second = logits.softmax(1).topk(2).values[:, 1]
    away = (second / SECOND).log().abs().where(logits.argmax(1) == data.train_labels, math.inf)
    for digit in range(10):
        row = int(away.where(data.train_labels == digit, math.inf).argmin())
        pixels = (255 * data.train_inputs[row]).round().to(torch.uint8).numpy().tobytes().hex()
        chosen.append(Said(pixels, digit, [round(value, 3) for value in logits[row].tolist()]))
    return chosen


if __name__ == "__main__":
    main()
