"""Tickets and their controls on 5,000 digits, over twenty rounds: the measurements of lesson 6, kept as a small file.

`python -m featherweight.lab.ticket_runs` takes them again and rewrites `ticket_runs.json`, with `avx512` behind it
`ticket_runs_avx512.json`: about 900 seconds of processor time each, measured, which two processes share.
Torch's kernels for AVX2 and for AVX-512 round differently, and training enlarges that until most counts are others. So
the kernels are chosen here: two runs of the first, on different machines, gave the same counts throughout. The second
is the same experiment with other rounding. The lesson concludes from both, and says where they disagree.
Network: LeNet-300-100 on `mnist5k`; a round prunes a fifth of the weights that are left, in one ranking over the three
layers; biases stay. Every network, at every sparsity, trains for six epochs of batches of 64 with Adam from empty
moments. Every kind gets the same tuning: six learning rates, two seeds each, chosen by the errors on the 500
validation digits at rounds 8 and 16 together (the whole network: at round 0). Then eight fresh seeds, and errors on
the 1,000 test digits.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean

import torch
from torch import Tensor, nn

from featherweight.compression.lottery import imp_round, supermask_forward
from featherweight.lab import tickets
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import errors
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.shipped import read, with_rows
from featherweight.lab.sparse_training import weights
from featherweight.runtime import use_threads, write_atomically

__all__ = [
    "AGAIN",
    "CHAINS",
    "CONTROLS",
    "FILE",
    "FRACTION",
    "PLACES",
    "RATES",
    "ROUNDS",
    "SEEDS",
    "SUPERMASKS",
    "TUNED_AT",
    "TUNING",
    "Results",
    "Row",
    "chain",
    "control",
    "dense",
    "load",
    "supermasks",
]

FILE = Path(__file__).with_name("ticket_runs.json")
AGAIN = Path(__file__).with_name("ticket_runs_avx512.json")
FRACTION, ROUNDS = 0.2, 20
RATES = (1.2e-3, 2.4e-3, 4.8e-3, 9.6e-3, 1.92e-2, 3.84e-2)
TUNING, SEEDS = (100, 101), tuple(range(8))
TUNED_AT, PLACES = (8, 16), (4, 8, 12, 14, 16, 18, 20)
"""Rounds that decide on the rate, and rounds at which the controls are trained."""

CHAINS = ("ticket", "late", "fine-tuned")
"""Each round starts from the first weights, from those after one epoch (and trains one epoch less), or goes on."""

CONTROLS = ("fresh", "signs", "shuffled", "uniform", "narrow")
"""The ticket's mask with other weights, with other sizes but its signs; its weights with its mask shuffled in each
layer, with a mask drawn over all layers; and no mask: a dense network of one hidden layer with as many
weights."""

SUPERMASKS = ("large final", "same sign", "same sign, one size")
"""Scores for an untrained network: trained size; trained value times initial sign; the same on weights of one size."""

Run = tuple[int, int, int]
"""Errors of one trained network: on validation, on test after one epoch, on test at the end."""


@dataclass(frozen=True)
class Row:
    """One kind of network.

    tuning: validation errors per rate, per tuning seed, summed over TUNED_AT ("dense": at round 0).
    rate: the chosen one.
    rounds: at which it was trained. validation, early, test: errors per fresh seed, per round (early: after one epoch).
    """

    tuning: Sequence[Sequence[int]]
    rate: float
    rounds: Sequence[int]
    validation: Sequence[Sequence[int]]
    early: Sequence[Sequence[int]]
    test: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Results:
    """rows: per kind, and "dense", the whole network at a rate of its own. kept: share of the weights, per round.
    layers: share of each layer in the tickets of the first seed, per round. supermasks: per kind of scores, per seed,
    per round, errors of the untrained network on validation and on test. seconds: of processor time, for the eight
    seeds.
    """

    rows: dict[str, Row]
    kept: Sequence[float]
    layers: Sequence[Sequence[float]]
    supermasks: dict[str, Sequence[Sequence[Sequence[int]]]]
    seconds: int


@cache
def load(again: bool = False) -> Results:
    """The shipped results, or those with other rounding. Raises FileProblem where the file is missing or damaged."""
    return read(AGAIN if again else FILE, with_rows(Results, Row))


def chain(kind: str, rate: float, data: Split, seed: int, rounds: int) -> Iterator[tuple[Run, list[Tensor]]]:
    """Rounds 0 (nothing pruned) to `rounds` of one of CHAINS: the run of each, and the masks it trained with."""
    origin = start = tickets.copies(lenet_300_100(seed).parameters())
    masks = [torch.ones_like(weight, dtype=torch.bool) for weight in matrices(start)]
    for number in range(rounds + 1):
        network = tickets.network_from(start, masks)
        late = number > 0 and kind == "late"
        order = seed if kind == "ticket" or number == 0 else 1000 * number + seed
        after_one = tickets.fit(network, masks, data, rate, tickets.EPOCHS - late, order)
        early = tickets.network_from(start if late else after_one, masks)
        yield _run(network, early, data), masks
        if number == 0:
            origin = after_one if kind == "late" else origin
        masks, _ = imp_round(weights(network), matrices(origin), masks, FRACTION)
        start = tickets.copies(network.parameters()) if kind == "fine-tuned" else origin


def control(kind: str, rate: float, data: Split, seed: int, masks: Sequence[Tensor]) -> Run:
    """One of CONTROLS for the ticket with these masks."""
    start = tickets.copies(lenet_300_100(seed).parameters())
    if kind == "narrow":
        kept = sum(int(mask.sum()) for mask in masks)
        network = tickets.narrow(kept, seed)
        masks = [torch.ones_like(weight, dtype=torch.bool) for weight in weights(network)]
        early = tickets.narrow(kept, seed)
    else:
        start = {"fresh": tickets.fresh(seed), "signs": tickets.redrawn_sizes(start, seed)}.get(kind, start)
        place = {"shuffled": tickets.shuffled, "uniform": tickets.uniform}.get(kind)
        masks = place(masks, seed) if place else masks
        network, early = (tickets.network_from(start, masks) for _ in range(2))
    after_one = tickets.fit(network, masks, data, rate, tickets.EPOCHS, seed)
    with torch.no_grad():
        for parameter, value in zip(early.parameters(), after_one, strict=True):
            parameter.copy_(value)
    return _run(network, early, data)


def supermasks(trained: list[Tensor], start: list[Tensor], data: Split) -> dict[str, list[list[int]]]:
    """Errors of untrained networks under the masks of the best scores, per kind of scores, per round.

    trained, start: the weights of each layer after and before the dense training.
    """
    one_size = [weight.sign() * weight.std() for weight in start]
    agree = [after * before.sign() for after, before in zip(trained, start, strict=True)]
    ways = dict(zip(SUPERMASKS, ((start, [w.abs() for w in trained]), (start, agree), (one_size, agree)), strict=True))
    parts = (data.validation_inputs, data.validation_labels), (data.test_inputs, data.test_labels)

    def wrong(layers: list[Tensor], scores: list[Tensor], keep: float) -> list[int]:
        found = ((supermask_forward(x, layers, scores, keep).argmax(1), y) for x, y in parts)
        return [int((guess != y).sum()) for guess, y in found]

    return {name: [wrong(*way, keep) for keep in kept_shares()] for name, way in ways.items()}


def kept_shares() -> list[float]:
    """Share of the weights that is left after each round, but for rounding."""
    return [round((1 - FRACTION) ** number, 5) for number in range(ROUNDS + 1)]


def matrices(parameters: Sequence[Tensor]) -> list[Tensor]:
    """Those that pruning looks at."""
    return [parameter for parameter in parameters if parameter.ndim > 1]


def _run(network: nn.Module, early: nn.Module, data: Split) -> Run:
    test = data.test_inputs, data.test_labels
    return errors(network, data.validation_inputs, data.validation_labels), errors(early, *test), errors(network, *test)


def dense(rate: float, data: Split, seed: int) -> tuple[Run, list[Tensor], list[Tensor]]:
    """The whole network: its run, and the weights of its layers before and after."""
    network = lenet_300_100(seed)
    start = tickets.copies(weights(network))
    masks = [torch.ones_like(weight, dtype=torch.bool) for weight in start]
    after_one = tickets.fit(network, masks, data, rate, tickets.EPOCHS, seed)
    return _run(network, tickets.network_from(after_one, masks), data), start, weights(network)


def _tuned_dense(rate: float, seed: int) -> int:
    use_threads()
    return dense(rate, mnist5k(), seed)[0][0]


def _tuned_chain(kind: str, rate: float, seed: int) -> int:
    use_threads()
    found = list(chain(kind, rate, mnist5k(), seed, TUNED_AT[-1]))
    return sum(found[number][0][0] for number in TUNED_AT)


def _tuned_controls(ticket_rate: float, seed: int) -> dict[str, list[int]]:
    """Per kind, per rate."""
    use_threads()
    data = mnist5k()
    masks = [masks for _, masks in chain("ticket", ticket_rate, data, seed, TUNED_AT[-1])]
    return {
        kind: [sum(control(kind, rate, data, seed, masks[number])[0] for number in TUNED_AT) for rate in RATES]
        for kind in CONTROLS
    }


def _fresh_seed(rates: dict[str, float], seed: int) -> tuple[dict[str, list[Run]], list[list[float]], dict, float]:
    """Runs per kind, the tickets' share of each layer, the supermasks, and seconds of processor time."""
    use_threads()
    started, data, found = time.process_time(), mnist5k(), {}
    for kind in CHAINS:
        runs = list(chain(kind, rates[kind], data, seed, ROUNDS))
        found[kind] = [run for run, _ in runs]
        if kind == "ticket":
            masks = [masks for _, masks in runs]
    for kind in CONTROLS:
        found[kind] = [control(kind, rates[kind], data, seed, masks[number]) for number in PLACES]
    layers = [[round(float(mask.float().mean()), 4) for mask in each] for each in masks]
    run, start, trained = dense(rates["dense"], data, seed)
    found["dense"] = [run]
    return found, layers, supermasks(trained, start, data), time.process_time() - started


def _row(kind: str, tuning: list[list[int]], rate: float, runs: list[list[Run]]) -> Row:
    validation, early, test = ([[run[part] for run in seed] for seed in runs] for part in range(3))
    rounds = (0,) if kind == "dense" else PLACES if kind in CONTROLS else tuple(range(ROUNDS + 1))
    return Row(tuning, rate, rounds, validation, early, test)


def _best(tuning: list[list[int]]) -> float:
    means = [fmean(seeds) for seeds in tuning]
    return RATES[means.index(min(means))]


def main(kernels: str = "avx2", processes: int = 2) -> None:
    """Measure everything and rewrite the file of these kernels, "avx2" or "avx512"."""
    os.environ["ATEN_CPU_CAPABILITY"] = kernels  # read by torch as the new processes import it
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        asked = list(product(CHAINS, RATES, TUNING))
        flat = list(pool.map(_tuned_chain, *zip(*asked, strict=True)))
        tuning = {kind: [[flat[asked.index((kind, r, s))] for s in TUNING] for r in RATES] for kind in CHAINS}
        asked = list(product(RATES, TUNING))
        flat = list(pool.map(_tuned_dense, *zip(*asked, strict=True)))
        tuning["dense"] = [[flat[asked.index((r, s))] for s in TUNING] for r in RATES]
        per_seed = list(pool.map(_tuned_controls, [_best(tuning["ticket"])] * len(TUNING), TUNING))
        tuning |= {kind: [list(pair) for pair in zip(*(s[kind] for s in per_seed), strict=True)] for kind in CONTROLS}
        rates = {kind: _best(found) for kind, found in tuning.items()}
        seeds = list(pool.map(_fresh_seed, [rates] * len(SEEDS), SEEDS))
    rows = {kind: _row(kind, tuning[kind], rates[kind], [seed[0][kind] for seed in seeds]) for kind in rates}
    masks = {name: [seed[2][name] for seed in seeds] for name in SUPERMASKS}
    results = Results(rows, kept_shares(), seeds[0][1], masks, round(sum(seed[3] for seed in seeds)))
    file = AGAIN if kernels == "avx512" else FILE
    write_atomically(file, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
