"""What zeros are worth in milliseconds: one layer, dense, masked, compressed, and with half of its neurons deleted.

The measuring is that of lesson 7 (`lab.sparse_speed`): one thread, all forms in turns, each by its fastest call. Before
anything is timed the forms must agree with the dense layer that has the same zeros.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F

from featherweight.bench.optimizers import one_thread
from featherweight.bench.report import Row
from featherweight.compression.structured import csr_break_even
from featherweight.errors import FeatherweightError
from featherweight.lab import sparse_speed
from featherweight.lab.sparse_speed import Times

__all__ = ["check_equal", "sparse_rows"]

SHOWN = (0.5, 0.1, 0.05, 0.01)
HALF_GOAL = 0.6  # of the dense time: half of the work, and a margin for what does not shrink
TOLERANCE = 1e-5  # relative: roundings of float32 in sums of a thousand products


def sparse_rows(size: int = sparse_speed.SIZE, rounds: int = 15) -> Iterator[Row]:
    """Milliseconds and ratios for batches of 1 and 64, the break-even of CSR, and the processor.

    Raises FeatherweightError where a form computes something else.
    """
    with one_thread():
        check_equal(size)
        found = {batch: sparse_speed.times(batch, size, rounds=rounds) for batch in sparse_speed.BATCHES}
    for batch, times in found.items():
        yield from _rows(f"{size}² layer, batch {batch}", times)
    yield Row("measured on", None, "", note=sparse_speed.machine())


def check_equal(size: int, compressed=sparse_speed.compressed) -> None:
    """Compare CSR and deletion with the dense layer. Raises FeatherweightError where they differ."""
    generator = torch.Generator().manual_seed(0)
    weight, inputs = (torch.randn(rows, size, generator=generator) for rows in (size, 8))
    thin = torch.where(torch.rand(size, size, generator=generator) < 0.1, weight, 0.0)
    pairs = {
        "CSR": ((compressed(thin) @ inputs.T).T, F.linear(inputs, thin)),
        "half the neurons": (F.linear(inputs, weight[::2].contiguous()), F.linear(inputs, weight)[:, ::2]),
    }
    for name, (mine, right) in pairs.items():
        apart = float((mine - right).norm() / right.norm())
        if not apart <= TOLERANCE:
            raise FeatherweightError(
                f"{name}: differs from the dense layer by {apart:.2g} of its output; wanted at most {TOLERANCE:g}. "
                "Mend it: a wrong product is not timed."
            )


def _rows(what: str, times: Times) -> Iterator[Row]:
    """What was measured of one batch size."""
    places = [sparse_speed.DENSITIES.index(density) for density in SHOWN]
    yield Row(f"{what}: dense", times.dense, "ms")
    yield Row(f"{what}: half of it masked", times.masked[places[0]], "ms")
    yield Row(f"{what}: half the neurons deleted", times.half, "ms")
    for density, place in zip(SHOWN, places, strict=True):
        yield Row(f"{what}: CSR, {density:.0%} not zero", times.csr[place], "ms")
    yield Row(f"{what}: masked ÷ dense", times.masked[places[0]] / times.dense, "×")
    yield Row(f"{what}: half the neurons ÷ dense", times.half / times.dense, "×", HALF_GOAL)
    even = csr_break_even(list(sparse_speed.DENSITIES), list(times.csr), times.dense)
    yield Row(f"{what}: CSR is faster up to", 100 * even, "% not zero")
