"""A network that reads text and says, for every character, how likely each one is to come next.

Embedding → one layer of gated recurrent units → one logit for each character of the vocabulary. Teacher and student of
the text experiment in lesson 11 differ in the number of units alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["CharacterModel", "bits_per_character", "train"]

BATCH, LENGTH = 32, 64  # sequences of one update, and characters of each
FASTEST = 2.0
"""Longest gradient of one update: recurrent networks meet steep walls now and then."""


class CharacterModel(nn.Module):
    """codes (n, length) → logits (n, length, vocabulary) for the character after each."""

    def __init__(self, vocabulary: int, units: int, seed: int = 0) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.embedding = nn.Embedding(vocabulary, 32)
            self.units = nn.GRU(32, units, batch_first=True)
            self.output = nn.Linear(units, vocabulary)

    def forward(self, codes: Tensor) -> Tensor:
        return self.output(self.units(self.embedding(codes))[0])


def train(
    network: CharacterModel,
    text: Tensor,
    updates: int,
    loss: Callable[[Tensor, Tensor, Tensor], Tensor] | None = None,
    *,
    rate: float = 4e-3,
    seed: int = 0,
) -> None:
    """Train in place with Adam, its rate falling to zero along a cosine, on pieces cut at random from `text`, (n,).

    loss(logits (m, vocabulary), next characters (m,), the pieces (BATCH, LENGTH)): cross-entropy if None.
    """
    chance = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(network.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, updates)
    for _ in range(updates):
        starts = torch.randint(len(text) - LENGTH, (BATCH, 1), generator=chance)
        codes = text[starts + torch.arange(LENGTH + 1)]
        logits, following = network(codes[:, :-1]).flatten(0, 1), codes[:, 1:].flatten()
        value = F.cross_entropy(logits, following) if loss is None else loss(logits, following, codes[:, :-1])
        optimizer.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(network.parameters(), FASTEST)
        optimizer.step()
        schedule.step()


@torch.no_grad()
def bits_per_character(network: CharacterModel, text: Tensor, length: int = 256) -> float:
    """Mean surprise in bits at each character of `text` but the first of every `length`."""
    pieces = text[: len(text) // length * length].reshape(-1, length)
    logits = network(pieces[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), pieces[:, 1:].flatten()).item() / math.log(2)
