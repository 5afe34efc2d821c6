"""What a small network of sounds learns from a large one: lesson 11's experiment with noise, in a small file.

`python -m featherweight.lab.spoken_runs` takes it again and rewrites `spoken_runs.json`, in about four minutes of one
core. Errors are counted on 1,000 noisy sounds of `lab/spoken.py`, for ten seeds, which draw sounds and networks alike;
it is robustness to noise that is measured.
The teacher has learned from 3,000 noisy sounds with labels. A student of a twentieth of its size has labels for 100 of
them, or for all:
"labels": as they are. "labels, longer": with twice as many updates.
"labels and soft": both for the same sounds, mixed by `distillation_loss`.
"hard, 3,000 sounds", "soft, 3,000 sounds": no label but what the teacher says of all sounds, one class or all of its
probabilities.
"soft, clean copies": another teacher has learned from 100 *clean* sounds with labels. It hears the clean copy of each
of the 3,000 and its student the noisy one, as Li et al. (arXiv:1708.05466) do. Nobody has more than 100 labels.
All but the longer rows make the same number of updates. Temperatures and the weight were chosen on 1,000 other sounds
with two other seeds.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.compression.distillation import distillation_loss, hard_targets
from featherweight.lab.areas import Results, labels_alone, read_results
from featherweight.lab.measure import errors, parameters
from featherweight.lab.spoken import SoundNet, Sounds, sounds
from featherweight.lab.training import train
from featherweight.runtime import use_threads, write_atomically

__all__ = ["FILE", "ROWS", "SEEDS", "Teachers", "drawn", "load", "run", "teachers"]

FILE = Path(__file__).with_name("spoken_runs.json")
SEEDS = tuple(range(10))
LEARN, TEST, FEW = 3000, 1000, 100
LARGE, SMALL = 64, 8
UPDATES, BATCH, RATE = 700, 64, 3e-3
CLEAN_UPDATES = 300
TEMPERATURE, WEIGHT, CLEAN_TEMPERATURE = 4.0, 0.9, 1.0
ROWS = {
    "100 labels": (
        "labels",
        "labels, longer",
        "labels and soft",
        "hard, 3,000 sounds",
        "soft, 3,000 sounds",
        "soft, clean copies",
    ),
    "3,000 labels": ("labels", "labels, longer", "labels and soft"),
}
EVERY = [(group, row) for group, names in ROWS.items() for row in names]


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read_results(FILE)


def drawn(seed: int) -> tuple[Sounds, Sounds]:
    """Sounds to learn from and to be tested with."""
    return sounds(LEARN, 1000 + seed), sounds(TEST, 2000 + seed)


@dataclass(frozen=True)
class Teachers:
    """Both, and what they say of all sounds to learn from: logits (3000, 10)."""

    noisy: SoundNet
    clean: SoundNet
    said: Tensor
    said_of_clean: Tensor


def teachers(learn: Sounds, seed: int) -> Teachers:
    """The two teachers of a seed."""
    noisy, clean = SoundNet(LARGE, 100 + seed), SoundNet(LARGE, 200 + seed)
    _train(noisy, learn.noisy, learn.labels, UPDATES, seed)
    _train(clean, learn.clean[:FEW], learn.labels[:FEW], CLEAN_UPDATES, seed)
    with torch.no_grad():
        return Teachers(noisy, clean, noisy(learn.noisy), clean(learn.clean))


def run(group: str, row: str, learn: Sounds, both: Teachers | None, seed: int) -> SoundNet:
    """A student of one of ROWS; one that learns from labels alone needs no teachers."""
    network, updates = SoundNet(SMALL, seed), UPDATES * (2 if row == "labels, longer" else 1)
    count = LEARN if group == "3,000 labels" or not row.startswith("labels") else FEW
    inputs, labels = learn.noisy[:count], learn.labels[:count]
    if labels_alone(row):
        _train(network, inputs, labels, updates, seed)
    elif row.startswith("hard"):
        _train(network, inputs, hard_targets(both.said), updates, seed)
    else:
        said, temperature = both.said[:count], TEMPERATURE
        if row == "soft, clean copies":
            said, temperature = both.said_of_clean, CLEAN_TEMPERATURE
        weight = WEIGHT if row == "labels and soft" else 1.0
        loss = partial(_mixed, said, labels, temperature, weight)
        _train(network, inputs, torch.arange(count), updates, seed, loss)
    return network


def _mixed(said: Tensor, labels: Tensor, temperature: float, weight: float, logits: Tensor, places: Tensor) -> Tensor:
    """The mixed loss for the examples at `places`."""
    return distillation_loss(logits, said[places], labels[places], temperature, weight)


def _train(network: SoundNet, inputs: Tensor, labels: Tensor, updates: int, seed: int, loss=F.cross_entropy) -> None:
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    epochs = round(updates / -(-len(inputs) // BATCH))
    train(network, inputs, labels, optimizer, epochs, seed=seed, batch_size=BATCH, loss=loss)


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started = time.process_time()
    known: dict = {"teacher": [], "clean teacher, clean sounds": []}
    rows: dict = {group: {row: [] for row in ROWS[group]} for group in ROWS}
    for seed in SEEDS:
        learn, test = drawn(seed)
        both = teachers(learn, seed)
        known["teacher"].append(errors(both.noisy, test.noisy, test.labels))
        known["clean teacher, clean sounds"].append(errors(both.clean, test.clean, test.labels))
        for group, row in EVERY:
            rows[group][row].append(errors(run(group, row, learn, both, seed), test.noisy, test.labels))
        last = [found[-1] for group in rows.values() for found in group.values()]
        print(seed, known, last, round(time.process_time() - started), flush=True)
    sizes = {"teacher": parameters(SoundNet(LARGE)), "student": parameters(SoundNet(SMALL))}
    minutes = round((time.process_time() - started) / 60, 1)
    results = Results("errors in 1,000 noisy sounds", rows, known, sizes, minutes)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
