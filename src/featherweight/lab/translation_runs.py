"""What a small translator learns from a large one: lesson 11's experiment with sequences, in a small file.

`python -m featherweight.lab.translation_runs` takes it again and rewrites `translation_runs.json`, in about five
minutes of one core.
Numbers are translated from English to French; 9,000 are for learning, 500 for testing. In the corpus "four manners"
each translation is by a writer drawn at random from `number_words.MANNERS`, in "one manner" all are by the same. A
translation is right where it is that of any manner, to the letter.
The teacher has seen all 9,000 translations. A student of a tenth of its size has 400 of them, or all ("… of 9,000"):
"labels": as they are. "word": at each of their places the teacher's probabilities (temperature 1).
"sequence": the teacher's own translations (beam of 4) of the same sources in their place.
"sequence, all sources": of all 9,000 sources; for these nobody needs a translation.
"on-policy": half of the updates on the labels, then it writes itself, for all sources, and the teacher corrects.
All make the same number of updates. Five seeds draw corpus, split, teacher and student. The settings were chosen on 500
other numbers.
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
from featherweight.lab.measure import parameters
from featherweight.lab.number_words import LARGEST, MANNERS, english, french, vocabularies
from featherweight.lab.shipped import read, tuples
from featherweight.lab.translator import LONGEST, Translator, beam, greedy, train
from featherweight.runtime import use_threads, write_atomically

__all__ = ["CORPORA", "FEW", "FILE", "ROWS", "SEEDS", "TEST", "Corpus", "Results", "corpus", "load", "run", "wrong"]

FILE = Path(__file__).with_name("translation_runs.json")
SEEDS = tuple(range(5))
TEST = CHOICE = 500
FEW, WIDTH = 400, 4
LARGE, SMALL = 128, 24
UPDATES, RATE, TEACHER_RATE = 600, 8e-3, 4e-3
FEW_ROWS = ("labels", "word", "sequence", "sequence, all sources", "on-policy, all sources")
ALL_ROWS = ("labels of 9,000", "word of 9,000", "sequence of 9,000")
ROWS = {"one manner": ("labels", "sequence"), "four manners": FEW_ROWS + ALL_ROWS}
CORPORA = {"one manner": MANNERS[:1], "four manners": MANNERS}


@dataclass(frozen=True)
class Results:
    """teachers: corpus → wrong of 500 for each seed; rows: corpus → row → the same. sizes: parameters of both."""

    teachers: dict[str, Sequence[int]]
    rows: dict[str, dict[str, Sequence[int]]]
    sizes: dict[str, int]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, _results)


def _results(found: dict) -> Results:
    return Results(**{name: tuples(part) for name, part in found.items()})


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


def run(row: str, data: Corpus, large: Translator | None, seed: int, updates: int = UPDATES) -> Translator:
    """A student of one of ROWS; "labels" needs no teacher."""
    network, go = _network(SMALL, seed), partial(train, seed=seed)
    way, _, sources = row.partition(", ")
    way, _, all_of_them = way.partition(" of ")
    few = data.learning(None if all_of_them else FEW)
    if way == "labels":
        go(network, *few, updates, rate=RATE)
    elif way == "word":
        go(network, *few, updates, partial(_word, large), rate=RATE)
    elif way == "sequence":
        read_from = data.learning()[0] if sources else few[0]
        written = F.pad(beam(large, read_from, WIDTH), (1, 0), value=int(few[1][0, 0]))
        go(network, read_from, written, updates, rate=RATE)
    else:
        go(network, *few, updates // 2, rate=RATE)
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
    teachers: dict = {name: [] for name in CORPORA}
    rows: dict = {name: {row: [] for row in ROWS[name]} for name in CORPORA}
    for seed in SEEDS:
        for name in CORPORA:
            data = corpus(name, seed)
            large = teacher(data, seed)
            teachers[name].append(wrong(large, data))
            for row, counts in rows[name].items():
                counts.append(wrong(run(row, data, large, seed), data))
            last = {row: counts[-1] for row, counts in rows[name].items()}
            print(seed, name, teachers[name][-1], last, round(time.process_time() - started), flush=True)
    sizes = {"teacher": parameters(_network(LARGE, 0)), "student": parameters(_network(SMALL, 0))}
    results = Results(teachers, rows, sizes, round((time.process_time() - started) / 60, 1))
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
