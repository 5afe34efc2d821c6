"""What each form of the weights is worth in milliseconds and bytes: one layer, and a whole network.

One thread, all forms in turns. The clock counts the processor's time, so that waiting behind another program does not
count. Before anything is timed, every form must compute what it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch

from featherweight.bench import forms as made
from featherweight.bench.forms import DENSE, Form, check_equal, drawn
from featherweight.bench.optimizers import CLOCK, one_thread
from featherweight.bench.repeats import ratio, turns
from featherweight.bench.row import Row, number
from featherweight.compression.structured import csr_break_even
from featherweight.lab import sparse_speed

__all__ = ["GOALS", "WHY", "WORKLOADS", "form_rows"]

WORKLOADS = {"a layer of 1024²": (1024, 1024), "784-1200-1200-10": (784, 1200, 1200, 10)}
BATCHES = (1, 64)
GOALS = {made.HALF: 0.6, made.EIGHT_ORT: 0.5}
"""Form → the most of its partner's time at batch 64. Half of the neurons is half of the work in a layer, and a margin
for what does not shrink. int8 reads a fourth of the bytes: half of the time, in the same library."""

BESIDE = {made.EIGHT_ORT: made.DENSE_ORT}
WHY = {
    made.HALF: "at batch 1 the call itself weighs too much",
    made.MASKED: "zeros in a dense matrix save nothing",
    made.DENSE_ORT: "what int8 is compared with",
    made.EIGHT_ORT: "at batch 1 the call itself weighs too much",
    made.EIGHT: "an inner function of torch's, shown only",
    made.FOUR: "saves bytes, no time",
    made.ONE: "no compiled kernel, shown only",
}
CSR_WHY = "pays below a density only: see the break-even"


def form_rows(
    workloads: Mapping[str, Sequence[int]] | None = None, rounds: int = 20, layer: int = sparse_speed.SIZE
) -> Iterator[Row]:
    """Milliseconds for batches of 1 and 64, bytes on disk, and where CSR becomes faster in a layer of `layer`².

    Raises FeatherweightError where a form computes something else.
    """
    for what, widths in (WORKLOADS if workloads is None else workloads).items():
        network, inputs = drawn(widths, max(BATCHES))
        with one_thread(), torch.no_grad():
            for batch in BATCHES:
                found = made.forms(network, inputs[:batch])
                check_equal(found)
                times = turns({name: form.call for name, form in found.items()}, rounds, clock=CLOCK)
                yield from time_rows(f"{what}, batch {batch}", times, batch > 1)
        yield from size_rows(what, found)
    with one_thread():
        for batch in BATCHES:
            yield _break_even(batch, layer, max(1, rounds // 3))


def time_rows(what: str, times: Mapping[str, Sequence[float]], judged: bool) -> Iterator[Row]:
    """Every form beside the dense one of the same library. judged: whether the goals hold here."""
    yield Row(f"{what}: {DENSE}", 1000 * min(times[DENSE]), "ms", why="what the others are compared with")
    for name in times:
        if name != DENSE:
            other = BESIDE.get(name, DENSE)
            beside, share = f"{other}, {number(1000 * min(times[other]))} ms", ratio(times[name], times[other])
            goal = {"allowed": GOALS[name], "of_ratio": True} if judged and name in GOALS else {}
            goal = goal or {"why": WHY.get(name, CSR_WHY)}
            yield Row(f"{what}: {name}", 1000 * min(times[name]), "ms", beside=beside, ratio=share, **goal)


def size_rows(what: str, found: Mapping[str, Form]) -> Iterator[Row]:
    """The bytes of each form's file beside those of the dense one."""
    dense = found[DENSE].size
    for name, form in found.items():
        if name not in (DENSE, made.DENSE_ORT, made.MASKED):
            beside, share = f"{DENSE}, {number(dense)} bytes", ratio(form.size, dense)
            why = "its column numbers have 8 bytes each" if name.startswith("CSR") else "decided by the format"
            yield Row(f"{what}, file: {name}", form.size, "bytes", beside=beside, ratio=share, why=why)


def _break_even(batch: int, size: int, rounds: int) -> Row:
    found = sparse_speed.times(batch, size, rounds=rounds)
    even = csr_break_even(list(sparse_speed.DENSITIES), list(found.csr), found.dense)
    beside = f"dense, {number(found.dense)} ms"
    return Row(
        f"a layer of {size}², batch {batch}: CSR is faster up to", 100 * even, "% not zero", beside=beside,
        why="of this processor",
    )  # fmt: skip
