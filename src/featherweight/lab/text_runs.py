"""What a small model of characters learns from a large one: lesson 11's experiment with text, in a small file.

`python -m featherweight.lab.text_runs` takes it again and rewrites `text_runs.json`, in about six minutes of one core.
The text is four plays (`lab/texts.py`); bits per character are those of its test part, for three seeds of the students.
The teacher, one for all, has read 510,000 characters. A student of a fourth of its units reads the same, or only the
first 20,000:
"labels": the character that comes next. "labels, longer": twice as many updates, which take as long as a distilled run.
"labels, stopped early": the best of three lengths of training (an eighth, a fourth, a half), by the validation part.
"labels and soft": the next character mixed with the teacher's probabilities for it, by `distillation_loss`; with
"T = 2" at temperature 2 in place of 1.
"hard": the teacher's likeliest character in place of the text's.
The longer row apart, nobody makes more updates than the others. The temperature was chosen on the validation part; the
weight and the rates were not tuned.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.compression.distillation import distillation_loss, hard_targets
from featherweight.lab.areas import Results, labels_alone, read_results
from featherweight.lab.character_model import CharacterModel, bits_per_character, train
from featherweight.lab.measure import parameters
from featherweight.lab.texts import shakespeare
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FEW", "FILE", "ROWS", "SEEDS", "load", "run", "teacher"]

FILE = Path(__file__).with_name("text_runs.json")
SEEDS = (0, 1, 2)
FEW = 20_000
LARGE, SMALL = 256, 64
TEACHER_UPDATES, UPDATES = 600, 400
WEIGHT = 0.9
EARLY = (8, 4, 2)
ROWS = {
    "20,000 characters": (
        "labels",
        "labels, stopped early",
        "labels, longer",
        "hard",
        "labels and soft, T = 2",
        "labels and soft",
    ),
    "510,000 characters": ("labels", "labels, longer", "labels and soft"),
}
EVERY = [(group, row) for group, names in ROWS.items() for row in names]


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read_results(FILE)


def _network(units: int, seed: int) -> CharacterModel:
    return CharacterModel(len(shakespeare().vocabulary), units, seed)


def teacher(updates: int = TEACHER_UPDATES, units: int = LARGE) -> CharacterModel:
    """The large network, trained on all of the training part."""
    network = _network(units, 100)
    train(network, shakespeare().train, updates, seed=100)
    return network


def run(group: str, row: str, large: CharacterModel | None, seed: int, updates: int = UPDATES) -> CharacterModel:
    """A student of one of ROWS; one that learns from labels alone needs no teacher."""
    text, loss = shakespeare().train[: FEW if group.startswith("20,000") else None], None
    if row == "labels, stopped early":
        several = [run(group, "labels", None, seed, updates // part) for part in EARLY]
        return min(several, key=lambda network: bits_per_character(network, shakespeare().validation))
    if row == "hard":
        loss = partial(_hard, large)
    elif not labels_alone(row):
        loss = partial(_soft, large, 2.0 if row.endswith("T = 2") else 1.0)
    network = _network(SMALL, seed)
    train(network, text, 2 * updates if row == "labels, longer" else updates, loss, seed=seed)
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
    teachers = {"teacher": [round(bits_per_character(large, test), 4)]}
    rows: dict = {group: {row: [] for row in ROWS[group]} for group in ROWS}
    print(teachers, round(time.process_time() - started), flush=True)
    for seed in SEEDS:
        for group, row in EVERY:
            rows[group][row].append(round(bits_per_character(run(group, row, large, seed), test), 4))
            print(seed, group, row, rows[group][row][-1], round(time.process_time() - started), flush=True)
    sizes = {"teacher": parameters(large), "student": parameters(_network(SMALL, 0))}
    minutes = round((time.process_time() - started) / 60, 1)
    results = Results("bits per character", rows, teachers, sizes, minutes)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
