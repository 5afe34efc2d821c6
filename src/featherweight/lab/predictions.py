"""The guesses that a learner committed through the book, as forecasts: how likely each was said to be, and what came.

The cards know three words and no numbers. What they stand for is the book's reading: a guess among three choices is one
in three, and the other two are between it and certainty, which leaves room for one mistake in ten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["SURE", "Replay", "replayed"]

SURE = {"a guess": 1 / 3, "fairly sure": 0.6, "certain": 0.9}
"""What a card's answer to "how sure are you?" counts as."""


@dataclass(frozen=True)
class Replay:
    """stated: (n,) float64, the probabilities. right: (n,) bool. keys: the questions, in the order of the guesses."""

    stated: Tensor
    right: Tensor
    keys: tuple[str, ...]

    def __str__(self) -> str:
        if not self.keys:
            return "No prediction is recorded here: commit to some on the cards, and run this cell again."
        hits = int(self.right.sum())
        return f"{len(self.keys)} predictions, {hits} right; stated on average: {float(self.stated.mean()):.0%}."


def replayed(records: Iterable) -> Replay:
    """The first guess at each question that was judged, from the rows of a progress file.

    records: objects with key, confidence, correct, in the order of their time. Rows without an outcome, or with a
    confidence that is none of SURE, are left out.
    """
    first: dict[str, tuple[float, bool]] = {}
    for record in records:
        if record.key not in first and record.correct is not None and record.confidence in SURE:
            first[record.key] = SURE[record.confidence], record.correct
    stated = torch.tensor([one for one, _ in first.values()], dtype=torch.float64)
    return Replay(stated, torch.tensor([right for _, right in first.values()], dtype=torch.bool), tuple(first))
