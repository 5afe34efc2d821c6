"""What a small translator learns from a large one: lesson 11's experiment with sequences, in a small file.

`python -m featherweight.lab.translation_runs` takes it again and rewrites `translation_runs.json`, in about seven
minutes of one core.
Numbers are translated from English to French; 9,000 are for learning, 500 for testing. In the corpus "four manners"
each translation is by a writer drawn at random from `number_words.MANNERS`, in "one manner" all are by the same. A
translation is right where it is that of any manner, to the letter.
The teacher has seen all 9,000 translations. A student of a seventh of its size has 400 of them, or all:
"labels": as they are. "labels, longer": with twice as many updates.
"word": at each of their places the teacher's probabilities (temperature 1).
"sequence": the teacher's own translations (beam of 4) of the same sources in their place.
"sequence, all sources": of all 9,000 sources; for these nobody needs a translation.
"on-policy, all sources": half of the updates on the labels, then the student writes itself and the teacher corrects.
All but the longer rows make the same number of updates. Five seeds draw corpus, split, teacher and student. The
settings were chosen on 500 other numbers.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.compression.distillation import soft_loss
from featherweight.compression.sequences import on_policy_loss
from featherweight.lab.areas import Results, labels_alone, read_results
from featherweight.lab.measure import parameters
from featherweight.lab.number_words import LARGEST, MANNERS, START, english, french, vocabularies
from featherweight.lab.translator import LONGEST, Translator, beam, greedy, train
from featherweight.runtime import use_threads, write_atomically

__all__ = ["CORPORA", "FEW", "FILE", "ROWS", "SEEDS", "TEST", "Corpus", "corpus", "load", "run", "teacher", "wrong"]

FILE = Path(__file__).with_name("translation_runs.json")
SEEDS = tuple(range(5))
TEST = CHOICE = 500
FEW, WIDTH = 400, 4
LARGE, SMALL = 128, 32
UPDATES, RATE, TEACHER_RATE = 600, 1.5e-2, 8e-3
CORPORA = {"one manner": MANNERS[:1], "four manners": MANNERS}
ROWS = {
    "400, one manner": ("labels", "sequence"),
    "400, four manners": (
        "labels",
        "labels, longer",
        "word",
        "sequence",
        "sequence, all sources",
        "on-policy, all sources",
    ),
    "9,000, four manners": ("labels", "labels, longer", "word", "sequence"),
}


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read_results(FILE)


@dataclass(frozen=True)
class Corpus:
    """Numbers in a random order; their English, (10000, s), and one French translation of each, (10000, LONGEST + 1).

    The first 500 are for testing, the next 500 for choices.
    """

    numbers: Sequence[int]
    sources: Tensor
    targets: Tensor

    def learning(self, count: int | None = None) -> tuple[Tensor, Tensor]:
        """Sources and targets of the first `count` numbers for learning, all if None."""
        part = slice(TEST + CHOICE, None if count is None else TEST + CHOICE + count)
        return self.sources[part], self.targets[part]


def corpus(name: str, seed: int) -> Corpus:
    """One of CORPORA."""
    chance, numbers = random.Random(seed), list(range(LARGEST + 1))
    chance.shuffle(numbers)
    read_words, written_words = vocabularies()
    targets = written_words.encode([french(number, chance.choice(CORPORA[name])) for number in numbers])
    sources = read_words.encode([english(number) for number in numbers])
    return Corpus(numbers, sources, F.pad(targets, (0, LONGEST + 1 - targets.shape[1])))


def _network(units: int, seed: int) -> Translator:
    return Translator(*(len(language.words) for language in vocabularies()), units, seed)


def teacher(data: Corpus, seed: int, updates: int = UPDATES) -> Translator:
    """The large network, trained on all translations."""
    network = _network(LARGE, 100 + seed)
    train(network, *data.learning(), updates, rate=TEACHER_RATE, seed=100 + seed)
    return network


def run(group: str, row: str, data: Corpus, large: Translator | None, seed: int, updates: int = UPDATES) -> Translator:
    """A student of one of ROWS; one that learns from labels alone needs no teacher."""
    network, go = _network(SMALL, seed), partial(train, seed=seed)
    sources, targets = data.learning(None if group.startswith("9,000") else FEW)
    if labels_alone(row):
        go(network, sources, targets, updates * (2 if row == "labels, longer" else 1), rate=RATE)
    elif row == "word":
        go(network, sources, targets, updates, partial(_word, large), rate=RATE)
    elif row.startswith("sequence"):
        sources = data.learning()[0] if row.endswith("all sources") else sources
        written = F.pad(beam(large, sources, WIDTH), (1, 0), value=START)
        go(network, sources, written, updates, rate=RATE)
    else:
        go(network, sources, targets, updates // 2, rate=RATE)
        chance = torch.Generator().manual_seed(seed)
        go(network, *data.learning(), updates // 2, partial(_corrected, network, large, chance), rate=RATE / 2)
    return network


def _word(large: Translator, logits: Tensor, following: Tensor, source: Tensor, target: Tensor) -> Tensor:
    with torch.no_grad():
        wanted = large(source, target[:, :-1]).flatten(0, 1)
    return soft_loss(logits, wanted, 1.0)


def _corrected(
    network: Translator, large: Translator, chance: torch.Generator, logits, following, source: Tensor, target: Tensor
) -> Tensor:
    """Of `target` only the mark at its start is read."""
    mine, theirs = network.read(source), large.read(source)
    return on_policy_loss(
        partial(network.write, mine), partial(large.write, theirs), target[:, :1], LONGEST, generator=chance
    )


def wrong(network: Translator, data: Corpus) -> int:
    """How many of the 500 numbers for testing are translated as no manner would."""
    found = vocabularies()[1].decode(greedy(network, data.sources[:TEST]))
    pairs = zip(found, data.numbers, strict=False)
    return sum(text not in {french(number, manner) for manner in MANNERS} for text, number in pairs)


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started = time.process_time()
    teachers: dict = {f"teacher, {name}": [] for name in CORPORA}
    rows: dict = {group: {row: [] for row in ROWS[group]} for group in ROWS}
    for seed in SEEDS:
        for name in CORPORA:
            data = corpus(name, seed)
            large = teacher(data, seed)
            teachers[f"teacher, {name}"].append(wrong(large, data))
            for group in (group for group in ROWS if group.endswith(name)):
                for row, found in rows[group].items():
                    found.append(wrong(run(group, row, data, large, seed), data))
                last = {row: found[-1] for row, found in rows[group].items()}
                print(seed, group, teachers, last, round(time.process_time() - started), flush=True)
    sizes = {"teacher": parameters(_network(LARGE, 0)), "student": parameters(_network(SMALL, 0))}
    minutes = round((time.process_time() - started) / 60, 1)
    results = Results("wrong of 500 translations", rows, teachers, sizes, minutes)
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
