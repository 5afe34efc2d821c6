"""Lottery tickets: the small network that pruning leaves was there from the start, with its own first weights.

Sources: iterative magnitude pruning with rewinding, Frankle & Carbin, arXiv:1803.03635, section 2, strategy 1 of
appendix B; rewinding to an early step instead of the start, Frankle et al., arXiv:1903.01611, section 3; supermasks,
Zhou et al., arXiv:1905.01067, section 5; the best scores of every layer, Ramanujan et al., arXiv:1911.13299, section 3.
Deviations: all layers stand in one ranking (arXiv:1803.03635 prunes each layer of LeNet by itself, the last at half the
rate); `supermask_forward` has no biases and takes its scores as given: learning them needs lesson 9.

| paper            | code                 | shape                                     |
|------------------|----------------------|-------------------------------------------|
| θ₀ (or θ_k)      | `initial`            | list, one tensor per layer                |
| θ_j, after j steps | `trained`          | as `initial`                              |
| m                | `masks`, True = kept | as `initial`, bool                        |
| p                | `fraction`           | share of the survivors pruned in a round  |
| s                | `scores`             | as `weights`: (outputs, inputs) per layer |
| x                | `inputs`             | (examples, inputs)                        |
"""

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["find_ticket", "imp_round", "rewind", "supermask_forward"]


def rewind(weights: list[Tensor], initial: list[Tensor], masks: list[Tensor]) -> None:
    """Put a network back to where it started, in place: survivors at their initial values, the pruned at zero.

    The layers hold these very tensors, so each of `weights` is written into; a new tensor
    would leave the network as it is. `initial` and `masks` stay as they are, also when the
    network trains on afterwards: they are needed again in the next round.

    weights, initial: lists of tensors, one per layer, of equal shapes.
    masks: bool, same shapes, True = kept. Returns nothing.
    """
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight.copy_(torch.where(mask, start, 0.0))


def imp_round(
    trained: list[Tensor], initial: list[Tensor], masks: list[Tensor], fraction: float
) -> tuple[list[Tensor], list[Tensor]]:
    """One round of iterative magnitude pruning: prune the trained network, start the rest afresh.

    Of the n weights that `masks` has left in all layers together, the round(fraction · n)
    with the smallest absolute trained values are pruned next; what was pruned before stays
    pruned and is not counted again, whatever number stands there in `trained`.
    The ticket is the initial value where a weight is kept, and zero elsewhere.

    trained, initial: lists of tensors, one per layer, of equal shapes.
    masks: bool, same shapes, True = kept. fraction: 0 to 1.
    Returns (new masks, ticket), two lists; what was handed over is left alone.
    """
    alive = torch.cat([mask.flatten() for mask in masks])
    sizes = torch.cat([weight.abs().flatten() for weight in trained])
    count = round(fraction * int(alive.sum()))
    next_to_go = torch.where(alive, sizes, torch.inf).topk(count, largest=False).indices
    kept = alive.clone()
    kept[next_to_go] = False
    parts = kept.split([mask.numel() for mask in masks])
    new = [part.view(mask.shape) for part, mask in zip(parts, masks, strict=True)]
    return new, [torch.where(mask, start, 0.0) for start, mask in zip(initial, new, strict=True)]


def supermask_forward(inputs: Tensor, weights: list[Tensor], scores: list[Tensor], keep: float) -> Tensor:
    """What a network computes when nothing is trained and only a mask is chosen: that of the highest scores.

    In each layer of N weights the round(keep · N) with the highest scores stay as they are,
    the others are zero. Scores have a sign: the lowest is the most negative one.
    A layer computes x ← x · Wᵀ, without a bias; a ReLU follows each but the last.

    inputs: (examples, inputs). weights, scores: lists, (outputs, inputs) per layer, equal shapes.
    keep: share of each layer's weights that stays, 0 to 1.
    Returns the last layer's outputs, (examples, outputs).
    """
    for number, (weight, score) in enumerate(zip(weights, scores, strict=True)):
        best = score.flatten().topk(round(keep * score.numel())).indices
        mask = torch.zeros(score.numel(), dtype=torch.bool, device=score.device)
        mask[best] = True
        inputs = (inputs if number == 0 else F.relu(inputs)) @ (weight * mask.view(weight.shape)).T
    return inputs


def find_ticket(weight: Tensor, train, fraction: float, rounds: int) -> tuple[Tensor, Tensor]:
    """Find a lottery ticket: train, prune, go back to the start, and again, `rounds` times.

    Each round trains the weights that are left, with an optimizer whose memory is empty,
    prunes the round(fraction · n) smallest of the n survivors, and sets the rest back to
    the value it had before the first round. Pruned weights are zero and stay so.

    weight: (d,), trained in place. train(weight, mask, velocity): changes weight and velocity
    in place; velocity, (d,), is what its optimizer remembers. fraction: 0 to 1. rounds: at least 1.
    Returns (ticket, mask): the untrained ticket, (d,), and its mask, bool.
    """
    initial = weight.clone()
    mask = torch.ones_like(weight, dtype=torch.bool)
    for _ in range(rounds):
        velocity = torch.zeros_like(weight)
        train(weight, mask, velocity)
        count = round(fraction * int(mask.sum()))
        smallest_first = torch.where(mask, weight.abs(), torch.inf).argsort()
        mask = mask.clone()
        mask[smallest_first[:count]] = False
        weight.copy_(initial * mask)
    return weight, mask
