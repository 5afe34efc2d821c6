"""The files that a search has tried, and the choice among them.

A file of a small network is written at once. Writing a large one takes long, so its bytes are estimated first, and it
is written when it would be chosen; if it then has more bytes than was thought, the choice is made again.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from torch import Tensor, nn

from featherweight.artifact import Codes, Plain
from featherweight.artifact.compress.forms import Numbers, Whole
from featherweight.artifact.compress.goal import Goal
from featherweight.artifact.compress.judge import within
from featherweight.artifact.compress.rounding import estimate

__all__ = ["Candidate", "Shelf", "chosen"]

AT_ONCE = 1.0
"""Seconds that a file may take to be written at once."""

SECONDS_PER_CODE = 1e-5
"""Until the first file has been timed."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A file that was tried.

    bytes: of the file, estimated as long as it is not written. right: (n,) bool on the part that chooses. zeros: share
    of the weights; grid: its step, see `rounding.grid`; width: share of the channels. data: the file, once written;
    until then network and parts, what `encode` needs, or None for one that another file beats.
    """

    bytes: int
    right: Tensor = field(repr=False)
    zeros: float
    grid: float | None
    width: float = 1.0
    data: bytes | None = field(default=None, repr=False)
    network: nn.Module | None = field(default=None, repr=False)
    parts: Mapping[str, Plain | Codes] | None = field(default=None, repr=False)

    @property
    def accuracy(self) -> float:
        """Per cent, on the part that chooses."""
        return 100 * float(self.right.double().mean())

    @property
    def written(self) -> bool:
        """Whether `bytes` is of a file, and no estimate."""
        return self.data is not None

    @property
    def name(self) -> str:
        """What was done, for a reader."""
        words = [f"{100 * self.width:g}% of the channels"] if self.width < 1 else []
        words += [f"{100 * self.zeros:g}% zeros"] if self.zeros else []
        return ", ".join([*words, "16 bits" if self.grid is None else f"grid {self.grid:g}"])

    def beats(self, other: Candidate) -> bool:
        """Whether this file is as good and clearly smaller: by more than an estimate may be wrong."""
        return self.bytes < 0.95 * other.bytes and int(self.right.sum()) >= int(other.right.sum())


class Shelf:
    """All files of one search. example: two inputs, on the CPU, which every file must predict as its network does.

    form: what a file holds.
    """

    def __init__(self, example: Tensor, form: Whole | Numbers | None = None) -> None:
        self.example, self.found, self.rate, self.form = example, [], SECONDS_PER_CODE, form or Whole()

    def seconds(self, parts: Mapping[str, Plain | Codes]) -> float:
        """About how long it takes to write a file, or to read it."""
        return self.rate * sum(one.codes.numel() for one in parts.values() if isinstance(one, Codes))

    def put(self, candidate: Candidate) -> None:
        """Take a file in, written if that is quick; one that another beats only keeps its numbers."""
        candidate = replace(candidate, bytes=round(estimate(candidate.parts)))
        if any(one.beats(candidate) for one in self.found):
            candidate = replace(candidate, network=None, parts=None)
        elif self.seconds(candidate.parts) < AT_ONCE:
            candidate = self._written(candidate)
        self.found.append(candidate)
        for place, one in enumerate(self.found):
            if one.network is not None and candidate.beats(one):
                self.found[place] = replace(one, network=None, parts=None)

    def choose(self, right: Tensor, goal: Goal) -> tuple[Candidate, bool]:
        """The file to keep, written, and whether it reaches the goal. right: of the whole network."""
        while True:
            there = [one for one in self.found if one.written or one.network is not None]
            kept, reached = chosen(there, right, goal)
            if kept.written:
                return kept, reached
            self.found[self.found.index(kept)] = self._written(kept)

    def _written(self, candidate: Candidate) -> Candidate:
        started, codes = time.monotonic(), self.seconds(candidate.parts) / self.rate
        network = copy.deepcopy(candidate.network).cpu()
        data = self.form.encode(network, candidate.parts, self.example)
        if codes > 10_000:
            self.rate = (time.monotonic() - started) / codes
        return replace(candidate, bytes=len(data), data=data, network=None, parts=None)


def chosen(found: list[Candidate], right: Tensor, goal: Goal) -> tuple[Candidate, bool]:
    """The file to keep, and whether it reaches the goal.

    For a loss, the smallest that counts as good enough; for a budget alone, the best that fits. Where none does: the
    best that fits the budget, or the smallest, or where no budget is named, the best.
    """
    good = [one for one in found if within(right, one.right, goal)]
    fits = [one for one in found if goal.budget is None or one.bytes <= goal.budget]
    both = [one for one in good if one in fits]
    if both and goal.max_drop is not None:
        return min(both, key=lambda one: (one.bytes, -one.accuracy)), True
    if both:
        return max(both, key=lambda one: (one.accuracy, -one.bytes)), True
    if goal.budget is not None and not fits:
        return min(found, key=lambda one: one.bytes), False
    return max(fits, key=lambda one: (one.accuracy, -one.bytes)), False
