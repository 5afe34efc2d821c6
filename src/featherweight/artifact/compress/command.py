"""`featherweight compress`: a network and its data from files, lines for the terminal, the exit status."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from featherweight.artifact.compress.goal import goal_of
from featherweight.artifact.compress.models import read_model
from featherweight.artifact.compress.run import compress
from featherweight.errors import InputError

__all__ = ["run"]


def run(
    model: Path,
    data: Path,
    budget: str | None,
    max_drop: float | None,
    *,
    code: Path | None,
    out: Path,
    minutes: float,
    seed: int,
    deletes: bool,
    make: str | None = None,
) -> Iterator[str]:
    """Compress, and say what came of it. Raises InputError with the problem, in the end, for a goal out of reach."""
    goal_of(budget, max_drop)  # a slip here should not wait for torch to read a large file
    beside = str(model.resolve().parent)  # classes may have been pickled from a module beside the file
    sys.path.append(beside)
    try:
        network = read_model(model, code)
        options = {"minutes": minutes, "seed": seed, "deletes": deletes, "code": code, "make": make}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a network that runs: its owner has seen them
            result = compress(network, data, budget, max_drop, out=out, name=model.stem, **options)
    except KeyboardInterrupt:
        print("featherweight: stopped before there was a file; nothing was written.", file=sys.stderr)
        raise
    finally:
        sys.path.remove(beside)
    yield from result.lines()
    yield from ("", *result.loader.splitlines())
    if result.problem:
        raise InputError(result.problem)
