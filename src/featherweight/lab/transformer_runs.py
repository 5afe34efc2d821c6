"""What rounding does to a real transformer: the measurements of lesson 10, in a small file.

`python -m featherweight.lab.transformer_runs` takes them again and rewrites `transformer_runs.json`, in about eight
minutes of one core. MiniLM reads 400 verses of 1769 and looks for each among 2,000 in today's English
(`lab/retrieval.py`). All 36 matrices are rounded, a scale for each row; the formats hold the three embeddings as well.
Ways that look at activations are calibrated on 128 of 256 other verses, drawn three times (draws 0, 1, 2); all others
have one draw. GPTQ reads what the layer reads in float32, not after the rounding of the layers before it. Nothing was
tuned: damping 0.01, α = 0.5, threshold 6 and AWQ's grid are the papers' own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor, nn

from featherweight.lab import format_files
from featherweight.lab.calibration import calibrated
from featherweight.lab.measure import bytes_on_disk, nonzeros
from featherweight.lab.retrieval import index, ranks
from featherweight.lab.rounding import acting, rounded, subject
from featherweight.lab.sentences import encode, minilm
from featherweight.lab.shipped import read, with_rows
from featherweight.lab.verses import verses
from featherweight.runtime import use_threads, write_atomically

__all__ = ["DRAWS", "FILE", "ROWS", "Results", "Row", "load", "measured", "right"]

FILE = Path(__file__).with_name("transformer_runs.json")
DRAWS = (0, 1, 2)
WEIGHT_BITS, ACTING_BITS = {"rtn": (8, 4, 3, 2), "hadamard": (4, 3, 2), "awq": (4, 3, 2), "gptq": (4, 3, 2)}, (8, 6, 4)
LOOKS = ("awq", "gptq", "one scale", "smooth")  # ways that depend on the draw


def _rows() -> dict[str, tuple[str, str, int]]:
    """Name → (what is rounded, way, bits)."""
    rows = {"float32": ("nothing", "float32", 32)}
    for way, several in WEIGHT_BITS.items():
        rows |= {f"{way} {bits}": ("weights", way, bits) for bits in several}
    for way in ("one scale", "smooth", "token", "token, turned"):
        rows |= {f"{way} {bits}": ("both", way, bits) for bits in ACTING_BITS}
    rows["outliers apart 8"] = ("both", "outliers apart", 8)
    return rows | {form: ("format", form, 0) for form in format_files.FORMATS}


ROWS = _rows()


@dataclass(frozen=True)
class Row:
    """what: is rounded: "weights", "both" (activations too), "format" or "nothing". ranks: per draw, per query.

    bytes_on_disk: of the whole encoder in a file, for float32 and the formats; matrices: the same with the embeddings
    left in float32; nonzeros: of the numbers that come back.
    """

    what: str
    way: str
    bits: int
    ranks: Sequence[Sequence[int]]
    bytes_on_disk: int = 0
    matrices: int = 0
    nonzeros: int = 0


@dataclass(frozen=True)
class Results:
    """rows: by name. parts: bytes of float32 in the embeddings, in the 36 matrices, and in the rest."""

    rows: dict[str, Row]
    parts: dict[str, int]
    minutes: float


@cache
def load() -> Results:
    """The shipped results. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, with_rows(Results, Row))


def right(row: Row, draw: int = 0) -> Tensor:
    """(queries,) bool: which a row found."""
    return torch.tensor(row.ranks[draw]) == 0


def built(name: str, network: nn.Module, inputs: dict[str, Tensor]) -> nn.Module:
    """The encoder of one of ROWS. inputs: what each layer reads, for the ways that look."""
    what, way, bits = ROWS[name]
    if what == "nothing":
        return network
    if what == "format":
        names = format_files.matrices(network)
        other = minilm()
        other.load_state_dict(format_files.decoded(network, format_files.packed_state(network, names, way), way))
        return other
    return (rounded if what == "weights" else acting)(network, inputs, way, bits)


def measured(name: str, network: nn.Module, inputs: dict[str, Tensor], documents: Tensor) -> list[int]:
    """Ranks of the 400 queries, as the encoder of one of ROWS reads them."""
    return ranks(encode(built(name, network, inputs), verses().queries), documents).tolist()


def _sizes(network: nn.Module, name: str) -> dict[str, int]:
    what, way, _ = ROWS[name]
    if what not in ("format", "nothing"):
        return {}
    size, form = partial(format_files.packed_state, network), None if what == "nothing" else way
    several = (format_files.matrices(network, tables) for tables in (True, False))
    found = dict(zip(("bytes_on_disk", "matrices"), (bytes_on_disk(size(n, form)) for n in several), strict=True))
    return found | {"nonzeros": nonzeros(built(name, network, {}))}


def _parts(network: nn.Module) -> dict[str, int]:
    every = {name: 4 * tensor.numel() for name, tensor in network.state_dict().items()}
    inner, both = (set(format_files.matrices(network, tables)) for tables in (False, True))
    sums = {"embeddings": both - inner, "matrices": inner, "rest": set(every) - both}
    return {part: sum(every[name] for name in names) for part, names in sums.items()}


def main() -> None:
    """Measure everything and rewrite the file."""
    use_threads()
    started, network, documents = time.process_time(), minilm(), index()
    found: dict[str, list[list[int]]] = {name: [] for name in ROWS}
    for draw in DRAWS:
        inputs = calibrated(network, subject(draw=draw).calibrate)
        for name, (_, way, _) in ROWS.items():
            if draw == 0 or way in LOOKS:
                found[name].append(measured(name, network, inputs, documents))
                print(name, draw, sum(rank == 0 for rank in found[name][-1]), flush=True)
    rows = {name: Row(*ROWS[name], found[name], **_sizes(network, name)) for name in ROWS}
    results = Results(rows, _parts(network), round((time.process_time() - started) / 60, 1))
    write_atomically(FILE, json.dumps(asdict(results), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
