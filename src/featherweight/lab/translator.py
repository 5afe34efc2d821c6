"""A network that reads number words in English and writes them in French, piece by piece.

An encoder and a decoder of gated recurrent units, with attention after the decoder (Luong et al., arXiv:1508.04025,
section 3.1, "dot"). Teacher and student of the translation experiment in lesson 11 differ in the number of units alone.
Filling after the end is a symbol like any other, so that every loss is a plain mean over all places.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.lab.number_words import PAD, START

__all__ = ["LONGEST", "Translator", "beam", "greedy", "train"]

LONGEST = 9
"""Pieces of the longest French number, and the end."""
BATCH = 64


class Translator(nn.Module):
    """(source codes (n, s), what was written so far (n, t)) → logits (n, t, words) of what follows each place."""

    def __init__(self, read: int, written: int, units: int, seed: int = 0) -> None:
        """read, written: words of the two languages. units: even."""
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.source, self.target = nn.Embedding(read, 32), nn.Embedding(written, 32)
            self.encoder = nn.GRU(32, units // 2, batch_first=True, bidirectional=True)
            self.decoder = nn.GRU(32, units, batch_first=True)
            self.mix = nn.Linear(2 * units, units)
            self.output = nn.Linear(units, written)

    def forward(self, source: Tensor, written: Tensor) -> Tensor:
        return self.write(self.read(source), written)

    def read(self, source: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(n, s) → the encoder's states (n, s, units), where the decoder starts (1, n, units), and where words are."""
        there = source != PAD
        states, _ = self.encoder(self.source(source))
        half = states.shape[-1] // 2
        ends = states[torch.arange(len(source)), there.sum(1) - 1, :half], states[:, 0, half:]
        return states, torch.cat(ends, -1)[None], there

    def write(self, memory: tuple[Tensor, Tensor, Tensor], written: Tensor) -> Tensor:
        """Logits (n, t, words), from what `read` gave."""
        return self.go_on(memory, written)[0]

    def go_on(self, memory: tuple[Tensor, Tensor, Tensor], written: Tensor) -> tuple[Tensor, Tensor]:
        """As `write`, and the decoder's last state (1, n, units); in the memory's second place it is where to go on."""
        states, last, there = memory
        hidden, last = self.decoder(self.target(written), last)
        scores = (hidden @ states.mT).masked_fill(~there[:, None], -torch.inf)
        seen = scores.softmax(-1) @ states
        return self.output(torch.tanh(self.mix(torch.cat([hidden, seen], -1)))), last


def train(
    network: Translator,
    sources: Tensor,
    targets: Tensor,
    updates: int,
    loss: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] | None = None,
    *,
    rate: float = 4e-3,
    seed: int = 0,
) -> None:
    """Train in place with Adam, its rate falling to zero along a cosine, on pairs drawn at random.

    sources: (n, s). targets: (n, LONGEST + 1), with START in front. loss(logits (m, words), next words (m,), and the
    batch of sources and targets): cross-entropy if None.
    """
    chance = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(network.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, updates)
    for _ in range(updates):
        batch = torch.randint(len(sources), (BATCH,), generator=chance)
        source, target = sources[batch], targets[batch]
        logits, following = network(source, target[:, :-1]).flatten(0, 1), target[:, 1:].flatten()
        value = F.cross_entropy(logits, following) if loss is None else loss(logits, following, source, target)
        optimizer.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        schedule.step()


@torch.no_grad()
def greedy(network: Translator, sources: Tensor) -> Tensor:
    """(n, LONGEST) codes: at every place the likeliest piece."""
    return beam(network, sources, 1)


@torch.no_grad()
def beam(network: Translator, sources: Tensor, width: int) -> Tensor:
    """(n, LONGEST) codes: the best sequence that beam search finds; `sequence_level_targets` for a translator."""
    states, last, there = network.read(sources)
    written, scores, rows = (
        torch.full((len(sources), 1, 1), START),
        torch.zeros(len(sources), 1),
        torch.arange(len(sources)),
    )
    for _ in range(LONGEST):
        kept = written.shape[1]
        memory = states.repeat_interleave(kept, 0), last, there.repeat_interleave(kept, 0)
        logits, last = network.go_on(memory, written[:, :, -1:].flatten(0, 1))
        continued = (scores[..., None] + logits.log_softmax(-1).reshape(len(sources), kept, -1)).flatten(1)
        scores, order = continued.topk(min(width, continued.shape[1]))
        before, words = order // logits.shape[-1], order % logits.shape[-1]
        last = last[:, (rows[:, None] * kept + before).flatten()]
        written = torch.cat([written[rows[:, None], before], words[..., None]], -1)
    return written[:, 0, 1:]
