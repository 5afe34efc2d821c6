"""The championship's small entries: made, written, decoded and counted, for five seeds each, in a small file.

`python -m featherweight.artifact.champion_runs NAME` makes one of `champions.RECIPES` again, in this order, for the
first teaches the others: featherweight (about eight minutes of one core), flyweight and strawweight (about five each).
It rewrites `entries/NAME_SEED.fw` seed by seed, and NAME's part of `champion_runs.json`; cut off, it goes on where it
was with `python -m featherweight.artifact.champion_runs NAME more`.
Everything is counted with what `decode` makes of the file's bytes. Seeds share nothing: that of a smaller network has
the featherweight of the same seed as its teacher, read from its file.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from torch import nn

from featherweight.artifact import Codes, decode, encode
from featherweight.errors import FileProblem, InputError
from featherweight.lab.champions import RECIPES, doubtful, learned, squeezed
from featherweight.lab.coded_layers import codes
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.measure import errors
from featherweight.lab.shipped import read, tuples
from featherweight.runtime import use_threads, write_atomically

__all__ = ["ENTRIES", "FILE", "SEEDS", "Row", "entry", "load", "made", "measured", "packed"]

FILE = Path(__file__).with_name("champion_runs.json")
ENTRIES = Path(__file__).with_name("entries")
SEEDS = (0, 1, 2, 3, 4)
TEACHER = "featherweight"


@dataclass(frozen=True)
class Row:
    """One recipe, per seed.

    size: bytes on disk. whole, errors: in the 1,000 test digits, with all bits and as decoded. validation: in 500, as
    decoded. doubtful: in 4,000 pictures made of them. chosen: the seed with the fewest of these. minutes: of one core.
    """

    size: Sequence[int]
    whole: Sequence[int]
    errors: Sequence[int]
    validation: Sequence[int]
    doubtful: Sequence[int]
    chosen: int
    minutes: float


@cache
def load() -> dict[str, Row]:
    """The shipped results by name. Raises FileProblem where the file is missing or damaged."""
    return read(FILE, lambda found: {name: Row(**tuples(row)) for name, row in found.items()})


def entry(name: str, seed: int | None = None) -> bytes:
    """The bytes of a shipped entry, by default those of the chosen seed. Raises InputError, FileProblem."""
    seed = load()[name].chosen if seed is None and name in load() else seed
    path = ENTRIES / f"{name}_{seed}.fw"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        known = ", ".join(sorted(each.stem for each in ENTRIES.glob("*.fw")))
        raise InputError(f"There is no entry {path.stem}; wanted one of {known}.") from None
    except OSError as problem:
        raise FileProblem(f"{path.name} cannot be read ({problem.strerror}): install the package again.") from problem


def packed(small: nn.Sequential) -> bytes:
    """A network that was trained while it rounds, as the bytes of a .fw file."""
    plain, stored = codes(small)
    return encode(plain, {name: Codes(whole, step, coding="adaptive") for name, (whole, step) in stored.items()})


def made(name: str, data: Split, seed: int) -> tuple[bytes, nn.Sequential]:
    """One entry, and its network before it had few bits."""
    recipe, teacher = RECIPES[name], None
    if name != TEACHER:
        teacher = decode(entry(TEACHER, seed))
    whole = learned(recipe, data, seed, teacher)
    return packed(squeezed(recipe, whole, data, seed, teacher or whole)), whole


def measured(row: Row | None, content: bytes, whole: nn.Module, data: Split, minutes: float) -> Row:
    """The row with one seed more: its file, and its network before it had few bits."""
    network, before = decode(content), asdict(row) if row else {}
    new = {
        "size": len(content),
        "whole": errors(whole, data.test_inputs, data.test_labels),
        "errors": errors(network, data.test_inputs, data.test_labels),
        "validation": errors(network, data.validation_inputs, data.validation_labels),
        "doubtful": doubtful(network, data),
    }
    columns = {name: [*before.get(name, ()), value] for name, value in new.items()}
    doubts = columns["doubtful"]
    return Row(**columns, chosen=doubts.index(min(doubts)), minutes=round(before.get("minutes", 0) + minutes, 1))


def main(name: str, more: bool = False) -> None:
    """Make one recipe's entries and write them, those that are missing where there are some and `more` is wanted."""
    use_threads()
    data = mnist5k()
    found = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    row = Row(**found[name]) if more and name in found else None
    for seed in SEEDS[len(row.size) if row else 0 :]:
        started = time.process_time()
        content, whole = made(name, data, seed)
        write_atomically(ENTRIES / f"{name}_{seed}.fw", content)
        row = measured(row, content, whole, data, (time.process_time() - started) / 60)
        found = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
        found[name] = asdict(row)
        write_atomically(FILE, json.dumps(found, separators=(",", ":"), sort_keys=True) + "\n")
        print(name, seed, len(content), "bytes", row.validation, row.doubtful, row.minutes, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] == ["more"])
