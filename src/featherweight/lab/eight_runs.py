"""House networks in 8 bits, clipping, and Adam with small moments: more measurements of lesson 8, in a small file.

`python -m featherweight.lab.eight_runs` takes them again and rewrites `eight_runs.json`, in about two minutes of one
core. Five seeds of LeNet-300-100 and LeNet-5, 8 epochs of Adam on `mnist5k`. "per tensor" and "per channel" round the
weights and the inputs of every layer (`lab.eight_bits`); "integers" is `lab.integer_network`. Ranges come from 500
training digits. Clipping: weights of LeNet-300-100 alone, three seeds, every matrix (or every row) clipped at the same
share of its largest weight. Small moments: `lab.small_state`, the same 8 epochs. Errors are those of 1,000 test digits.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from featherweight.compression.quantization import dequantize, quantize
from featherweight.lab import integer_network, small_state
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.eight_bits import in_eight_bits
from featherweight.lab.measure import errors
from featherweight.lab.networks import lenet_5, lenet_300_100
from featherweight.lab.shipped import read, tuples
from featherweight.lab.sparse_training import train_dense
from featherweight.lab.training import train
from featherweight.runtime import use_threads, write_atomically

__all__ = ["BITS", "FILE", "SEEDS", "SHARES", "WAYS", "Results", "clipped", "integer_errors", "load", "split_error"]

FILE = Path(__file__).with_name("eight_runs.json")
SEEDS, EPOCHS, CALIBRATION = (0, 1, 2, 3, 4), 8, 500
HOUSE = {"LeNet-300-100": lenet_300_100, "LeNet-5": lenet_5}
WAYS = ("per tensor", "per channel")
BITS = (2, 3, 4, 5, 6, 7, 8)
SHARES = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
LAYER = "2.weight"
BINS = 60


@dataclass(frozen=True)
class Results:
    """networks: name → "float32", "per tensor", "per channel" (and "integers") → errors for each seed.
    clip: "way bits" → for each share, errors for each of the first three seeds.
    parts: "way bits" → for each share, the squared error inside the clip and outside, over the squared size of all
    weights of LAYER of seed 0. edges, counts: its histogram. typical: median over its rows of the largest weight.
    adam: "float32", "8-bit", "linear map" → for each seed, loss in the last epoch (None: not a number) and errors.
    bytes_per_parameter: of both moments. minutes: of one core.
    """

    networks: dict[str, dict[str, Sequence[int]]]
    clip: dict[str, Sequence[Sequence[int]]]
    parts: dict[str, Sequence[Sequence[float]]]
    edges: Sequence[float]
    counts: Sequence[int]
    typical: float
    adam: dict[str, Sequence[Sequence[float | None]]]
    bytes_per_parameter: float
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, lambda found: Results(**tuples(found)))


def clipped(weight: Tensor, bits: int, share: float, way: str) -> Tensor:
    """Symmetric codes of `bits` bits that reach to a share of the largest weight, of all or of each row; and back."""
    last = 2 ** (bits - 1) - 1
    largest = weight.abs().amax(1, keepdim=True) if way == "per channel" else weight.abs().max()
    scale = (share * largest / last).clamp(min=torch.finfo(torch.float32).tiny)
    return dequantize(quantize(weight, scale, 0, -last, last), scale, 0)


def split_error(weight: Tensor, bits: int, share: float, way: str) -> list[float]:
    """Squared error of the weights inside the clip and of those outside, over the squared size of all."""
    largest = weight.abs().amax(1, keepdim=True) if way == "per channel" else weight.abs().max()
    lost, outside = (clipped(weight, bits, share, way) - weight).square(), weight.abs() > share * largest
    whole = weight.square().sum()
    return [float(f"{(lost[part].sum() / whole).item():.4g}") for part in (~outside, outside)]


@torch.no_grad()
def clipped_errors(network: nn.Module, bits: int, share: float, way: str, data: Split) -> int:
    """Errors of a copy whose matrices are all clipped and rounded."""
    rounded = copy.deepcopy(network)
    for weight in rounded.parameters():
        if weight.ndim > 1:
            weight.copy_(clipped(weight, bits, share, way))
    return errors(rounded, data.test_inputs, data.test_labels)


def integer_errors(network: nn.Sequential, data: Split, per_channel: bool = True) -> int:
    """Errors of the integers that LeNet-300-100 becomes."""
    layers = integer_network.integer_layers(network, data.train_inputs[:CALIBRATION], per_channel)
    found = integer_network.run(layers, integer_network.codes_of(data.test_inputs.cpu())).argmax(1)
    return int((found != data.test_labels.cpu()).sum())


def house_errors(name: str, network: nn.Sequential, data: Split) -> dict[str, int]:
    """Errors of one trained network in float32 and in 8 bits."""
    test, ranges = (data.test_inputs, data.test_labels), data.train_inputs[:CALIBRATION]
    found = {"float32": errors(network, *test)}
    found |= {way: errors(in_eight_bits(network, ranges, way == "per channel"), *test) for way in WAYS}
    return found | ({"integers": integer_errors(network, data)} if name == "LeNet-300-100" else {})


def adam_run(kind: str, data: Split, seed: int, epochs: int = EPOCHS) -> tuple[float | None, int, float]:
    """Loss in the last epoch, errors, bytes for each parameter of LeNet-300-100, trained with one kind of moments."""
    network = lenet_300_100(seed)
    if kind == "float32":
        optimizer = torch.optim.Adam(network.parameters(), fused=True)
        losses, held = train(network, data.train_inputs, data.train_labels, optimizer, epochs, seed=seed), 8.0
    else:
        maps = small_state.linear_map if kind == "linear map" else None
        small, losses = small_state.train_small(network, data, epochs, seed, maps=maps)
        held = small.bytes_per_parameter()
    loss = float(f"{losses[-1]:.5g}") if math.isfinite(losses[-1]) else None
    return loss, errors(network, data.test_inputs, data.test_labels), held


def main() -> None:
    """Train everything and rewrite the file."""
    use_threads()
    started, data = time.process_time(), mnist5k()
    trained: dict[str, list[nn.Sequential]] = {}
    for name, make in HOUSE.items():
        trained[name] = [make(seed) for seed in SEEDS]
        for seed, network in zip(SEEDS, trained[name], strict=True):
            train_dense(network, data, EPOCHS, seed=seed)
    found = {name: [house_errors(name, n, data) for n in networks] for name, networks in trained.items()}
    networks = {name: {way: [row[way] for row in rows] for way in rows[0]} for name, rows in found.items()}
    print(networks, flush=True)
    first, cells = trained["LeNet-300-100"], [(way, bits) for way in WAYS for bits in BITS]
    clip = {
        f"{way} {bits}": [[clipped_errors(n, bits, share, way, data) for n in first[:3]] for share in SHARES]
        for way, bits in cells
    }
    weight = first[0].get_parameter(LAYER).detach()
    counts, edges = torch.histogram(weight, BINS)
    adam = {kind: [adam_run(kind, data, seed) for seed in SEEDS] for kind in ("float32", "8-bit", "linear map")}
    print(clip, adam, flush=True)
    results = Results(
        networks,
        clip,
        {f"{way} {bits}": [split_error(weight, bits, share, way) for share in SHARES] for way, bits in cells},
        [round(edge, 4) for edge in edges.tolist()],
        [int(count) for count in counts],
        round(weight.abs().amax(1).median().item(), 4),
        {kind: [run[:2] for run in runs] for kind, runs in adam.items()},
        round(adam["8-bit"][0][2], 4),
        round((time.process_time() - started) / 60, 1),
    )
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
