"""LeNet-300-100 in as few bytes as it takes, and whether it matters what comes first: written, decoded and counted.

`python -m featherweight.artifact.lenet_runs PART` takes one part of the measurements again and rewrites it in
`lenet_runs.json`: "dense" (under a minute of one core), the name of a plan in `champion_lenet.PLANS` (one to three
minutes each) or, when these are there, "entry" (about two minutes).
Each plan is followed at each of its sparsities with five seeds. The entry is the smallest of these on average whose
validation errors are no more, on average, than those of the dense network of the same seeds; it is made with ten
seeds, new ones among them, and its files are `entries/lenet_SEED.fw`. Test digits decide nothing.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import fmean

import numpy as np
from torch import nn

from featherweight.artifact import decode
from featherweight.artifact.champion_runs import ENTRIES, packed
from featherweight.lab.champion_lenet import PLANS, dense, follow
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import correct, errors, nonzeros
from featherweight.lab.shipped import read, tuples
from featherweight.lab.statistics import Interval
from featherweight.runtime import use_threads, write_atomically

__all__ = ["DENSE_BYTES", "FILE", "MORE_SEEDS", "SEEDS", "SPARSITIES", "Results", "Row", "difference", "load", "row"]

FILE = Path(__file__).with_name("lenet_runs.json")
SEEDS, MORE_SEEDS = tuple(range(5)), tuple(range(10))
TRAINED = ("prune, then quantize", "quantize, then prune", "both at once")
SPARSITIES = {name: (0.98, 0.99) if name in TRAINED else (0.98,) for name in PLANS} | {"quantize only": (0.0,)}
DENSE_BYTES = 4 * 266_610
"""Of the dense network's numbers: 4 for each, and no header."""


@dataclass(frozen=True)
class Row:
    """One plan at one sparsity, as decoded, per seed.

    size: bytes on disk, 0 where there is no file. nonzeros: weights and biases that are left. validation: errors in 500
    digits. wrong: which of the 1,000 test digits are.
    """

    size: Sequence[int]
    nonzeros: Sequence[int]
    validation: Sequence[int]
    wrong: Sequence[Sequence[int]]

    @property
    def errors(self) -> list[int]:
        """In 1,000, per seed."""
        return [len(each) for each in self.wrong]


@dataclass(frozen=True)
class Results:
    """dense: for MORE_SEEDS. plans: name → sparsity → row for SEEDS. entry: for MORE_SEEDS, of `plan` at `sparsity`.

    chosen: the entry's seed with the fewest validation errors, the smallest of equals. minutes: of one core, by part.
    """

    dense: Row
    plans: dict[str, dict[float, Row]]
    entry: Row
    plan: str
    sparsity: float
    chosen: int
    minutes: dict[str, float]


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, _results)


def _results(found: dict) -> Results:
    found = tuples(found)
    plans = {
        name: {float(sparsity): Row(**each) for sparsity, each in rows.items()} for name, rows in found["plans"].items()
    }
    return Results(**found | {"plans": plans, "dense": Row(**found["dense"]), "entry": Row(**found["entry"])})


def difference(small: Row, whole: Row, confidence: float = 0.95, draws: int = 10_000) -> Interval:
    """Accuracy of `small` minus that of `whole`, in points, seed by seed and digit by digit.

    The bootstrap draws seeds and test digits anew, both with replacement: it answers "and with other seeds, and other
    digits?". small, whole: rows of the same seeds, in the same order; the shorter one decides how many.
    """
    count, chance = min(len(small.wrong), len(whole.wrong)), np.random.RandomState(0)
    found = np.zeros((count, 1000), np.int8)
    for seed in range(count):
        found[seed, list(whole.wrong[seed])] += 1
        found[seed, list(small.wrong[seed])] -= 1
    means = np.empty(draws)
    for draw in range(draws):
        seeds = chance.randint(count, size=count)
        means[draw] = found[seeds].sum(0)[chance.randint(1000, size=1000)].sum() / (10 * count)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(found.mean() * 100), float(low), float(high))


def row(networks: Iterable[nn.Module], sizes: Sequence[int], data: Split) -> Row:
    """What is counted of these networks, one for each seed."""
    networks = list(networks)
    right = [correct(network, data.test_inputs, data.test_labels) for network in networks]
    return Row(
        list(sizes),
        [nonzeros(network) for network in networks],
        [errors(network, data.validation_inputs, data.validation_labels) for network in networks],
        [(~each).nonzero().flatten().tolist() for each in right],
    )


def files(name: str, sparsity: float, data: Split, seeds: Sequence[int]) -> list[bytes]:
    """The .fw files of a plan, one for each seed."""
    return [packed(follow(PLANS[name], sparsity, data, seed)) for seed in seeds]


def _of_files(made: Sequence[bytes], data: Split) -> Row:
    return row([decode(each) for each in made], [len(each) for each in made], data)


def smallest(plans: dict, whole: Row) -> tuple[str, float]:
    """The plan and sparsity of the smallest files that are, on validation, no worse than the dense network."""
    limit = fmean(whole.validation[: len(SEEDS)])
    rows = [(name, sparsity, each) for name, found in plans.items() for sparsity, each in found.items()]
    good = [(fmean(each.size), name, sparsity) for name, sparsity, each in rows if fmean(each.validation) <= limit]
    return min(good)[1:]


def _entry(found: dict, data: Split) -> None:
    plans = {name: {float(key): Row(**each) for key, each in rows.items()} for name, rows in found["plans"].items()}
    name, sparsity = smallest(plans, Row(**found["dense"]))
    made = files(name, sparsity, data, MORE_SEEDS)
    for seed, content in zip(MORE_SEEDS, made, strict=True):
        write_atomically(ENTRIES / f"lenet_{seed}.fw", content)
    entry = _of_files(made, data)
    chosen = min(MORE_SEEDS, key=lambda seed: (entry.validation[seed], entry.size[seed]))
    found |= {"plan": name, "sparsity": sparsity, "entry": asdict(entry), "chosen": chosen}


def main(part: str) -> None:
    """Take one part again and rewrite it."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    found = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"plans": {}, "minutes": {}}
    if part == "entry":
        _entry(found, data)
    elif part == "dense":
        found["dense"] = asdict(row((dense(data, seed) for seed in MORE_SEEDS), [0] * len(MORE_SEEDS), data))
    else:
        rows = {str(sparsity): _of_files(files(part, sparsity, data, SEEDS), data) for sparsity in SPARSITIES[part]}
        print(part, {sparsity: (each.size, each.validation, each.nonzeros) for sparsity, each in rows.items()})
        found["plans"][part] = {sparsity: asdict(each) for sparsity, each in rows.items()}
    found["minutes"][part] = round((time.process_time() - started) / 60, 1)
    write_atomically(FILE, json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
