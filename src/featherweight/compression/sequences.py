"""Sequences: a teacher that writes hands down whole sentences, or corrects those that its student writes.

Sources: sequence-level distillation with beam search, Kim and Rush, arXiv:1606.07947, section 3.2; on-policy
distillation (GKD), Agarwal et al., arXiv:2306.13649, section 3, with the reverse divergence of Gu et al.,
arXiv:2306.08543.
Deviations: the teacher of the search is a Markov chain, so that all its sequences can be listed; it never stops early;
scores are not divided by the length. On-policy: all samples are the student's own (λ = 1), none from a data set.

| paper        | code                                                | shape               |
|--------------|-----------------------------------------------------|---------------------|
| log q(t₁)    | `start`                                             | (symbols,)          |
| log q(tⱼ|tⱼ₋₁)| `transitions`, row: the symbol before, column: next | (symbols, symbols) |
| K            | `width`, sequences kept at every step               |                     |
| ŷ            | the result                                          | (length,), int64    |
| x, y         | `prompts`; the samples that follow them             | (n, prompt), (n, …) |
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["on_policy_loss", "sequence_level_targets"]


def sequence_level_targets(
    start: Tensor,
    transitions: Tensor,
    length: int,
    width: int,
) -> Tensor:
    """The sequence that a teacher hands down to its student, found by beam search.

    The score of a sequence is its log-probability: start of its first symbol, plus one entry
    of transitions for each symbol after that. Beam search keeps a ranking of at most width
    sequences, best score first. It begins with those of one symbol. At every step each kept
    sequence is continued by every symbol, and of *all* these continuations the width best
    are the new ranking. Where two scores are equal, the one whose beginning stood earlier in
    the ranking goes first, and of two with the same beginning the one with the lower symbol.
    The first of the last ranking is handed down. It need not be the best of all sequences.

    start: (symbols,), log-probabilities. transitions: (symbols, symbols), entry [i, j] that
    of j after i. −inf means never. length, width: 1 or more; width may exceed all that there
    is to keep.
    Returns (length,), int64.
    """
    scores, order = start.sort(descending=True, stable=True)
    scores, sequences = scores[:width], order[:width, None]
    for _ in range(length - 1):
        continued = scores[:, None] + transitions[sequences[:, -1]]
        scores, order = continued.flatten().sort(descending=True, stable=True)
        scores, order = scores[:width], order[:width]
        before, symbols = order // len(start), order % len(start)
        sequences = torch.cat([sequences[before], symbols[:, None]], dim=1)
    return sequences[0]


def on_policy_loss(
    student: Callable, teacher: Callable, prompts: Tensor, length: int, generator: torch.Generator | None = None
) -> Tensor:
    """The student writes, and at every symbol that it wrote its teacher says what should have come there.

    length symbols are drawn from the student, one after the other, without a gradient: nobody learns from the drawing.
    Then KL(student ‖ teacher) of the next symbol at each of these places, averaged over places and examples.

    student, teacher: functions, symbols (n, t) → logits (n, t, symbols) of what follows each place; a translator's
    holds its source sentences inside. teacher gets no gradient. prompts: (n, at least 1), int64. length: 1 or more.
    generator: of the prompts' device. Returns a tensor of shape ().
    """
    written = prompts
    with torch.no_grad():
        for _ in range(length):
            chances = student(written)[:, -1].softmax(dim=-1)
            written = torch.cat([written, torch.multinomial(chances, 1, generator=generator)], dim=1)
        wanted = F.log_softmax(teacher(written[:, :-1])[:, -length:], dim=-1)
    found = F.log_softmax(student(written[:, :-1])[:, -length:], dim=-1)
    return (found.exp() * (found - wanted)).sum(dim=-1).mean()
