"""What a small model of characters learns from a large one: lesson 11's experiment with text, in a small file.

`python -m featherweight.lab.text_runs` takes it again and rewrites `text_runs.json`, in about six minutes of one core.
The text is four plays (`lab/texts.py`); bits per character are those of its test part, for three seeds of the students.
The teacher, one for all, has read 510,000 characters. A student of a fourth of its units reads the same, or only the
first 20,000 ("… of 20,000"):
"labels": the character that comes next. "labels, longer": twice as many updates, which take as long as a distilled run.
"labels, stopped early": the best of three lengths of training (an eighth, a fourth, a half), by the validation part.
"soft": the next character mixed with the teacher's probabilities for it, by `distillation_loss`; "soft, T = 2": at
temperature 2 in place of 1.
"hard": the teacher's likeliest character in place of the text's.
The longer row apart, nobody makes more updates than the others. Temperatures, the weight and the rate were chosen on
the validation part with another seed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.compression.distillation import distillation_loss, hard_targets
from featherweight.lab.character_model import CharacterModel, bits_per_character, train
from featherweight.lab.measure import parameters
from featherweight.lab.shipped import read, tuples
from featherweight.lab.texts import shakespeare
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FEW", "FILE", "ROWS", "SEEDS", "Results", "load", "run", "teacher"]

FILE = Path(__file__).with_name("text_runs.json")
SEEDS = (0, 1, 2)
FEW = 20_000
LARGE, SMALL = 256, 64
TEACHER_UPDATES, UPDATES = 600, 400
WEIGHT = 0.9
EARLY = (8, 4, 2)
ROWS = (
    "labels of 20,000",
    "labels of 20,000, stopped early",
    "hard of 20,000",
    "soft, T = 2 of 20,000",
    "soft of 20,000",
    "labels of all",
    "labels of all, longer",
    "soft of all",
)


@dataclass(frozen=True)
class Results:
    """Bits per character of the test part. teacher: one number. rows: for each seed. sizes: parameters of both."""

    teacher: float
    rows: dict[str, Sequence[float]]
    sizes: dict[str, int]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, lambda found: Results(**{name: tuples(part) for name, part in found.items()}))


def _network(units: int, seed: int) -> CharacterModel:
    return CharacterModel(len(shakespeare().vocabulary), units, seed)


def teacher(updates: int = TEACHER_UPDATES, units: int = LARGE) -> CharacterModel:
    """The large network, trained on all of the training part."""
    network = _network(units, 100)
    train(network, shakespeare().train, updates, seed=100)
    return network


def run(row: str, large: CharacterModel | None, seed: int, updates: int = UPDATES) -> CharacterModel:
    """A student of one of ROWS; rows that begin with "labels" need no teacher."""
    way, few = row.partition(" of ")[0], "20,000" in row
    text, loss = shakespeare().train[: FEW if few else None], None
    if row.endswith("early"):
        several = [run("labels of 20,000", None, seed, updates // part) for part in EARLY]
        return min(several, key=lambda network: bits_per_character(network, shakespeare().validation))
    if way == "hard":
        loss = partial(_hard, large)
    elif way != "labels":
        loss = partial(_soft, large, 2.0 if way == "soft, T = 2" else 1.0)
    network = _network(SMALL, seed)
    train(network, text, 2 * updates if row.endswith("longer") else updates, loss, seed=seed)
    return network


def _soft(large: CharacterModel, temperature: float, logits: Tensor, following: Tensor, codes: Tensor) -> Tensor:
    return distillation_loss(logits, _said(large, codes), following, temperature, WEIGHT)


def _hard(large: CharacterModel, logits: Tensor, following: Tensor, codes: Tensor) -> Tensor:
    return F.cross_entropy(logits, hard_targets(_said(large, codes)))


@torch.no_grad()
def _said(large: CharacterModel, codes: Tensor) -> Tensor:
    return large(codes).flatten(0, 1)


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started, test, large = time.process_time(), shakespeare().test, teacher()
    rows: dict = {row: [] for row in ROWS}
    print("teacher", bits_per_character(large, test), round(time.process_time() - started), flush=True)
    for seed in SEEDS:
        for row, found in rows.items():
            found.append(round(bits_per_character(run(row, large, seed), test), 4))
            print(seed, row, found[-1], round(time.process_time() - started), flush=True)
    sizes = {"teacher": parameters(large), "student": parameters(_network(SMALL, 0))}
    minutes = round((time.process_time() - started) / 60, 1)
    results = Results(round(bits_per_character(large, test), 4), rows, sizes, minutes)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
