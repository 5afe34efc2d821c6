"""Pruning: weights near zero can go, and retraining the rest wins back what their going cost.

Sources: magnitude pruning with retraining, Han et al., arXiv:1506.02626, section 3; the gradual schedule, Zhu & Gupta,
arXiv:1710.01878, section 3; Wanda, Sun et al., arXiv:2306.11695, equation 1; 2:4, Mishra et al., arXiv:2104.08378.
Deviations: Han prunes each layer at a threshold of its own, here all layers share one; `masked_step` is Adam, Han used
SGD; 2:4 here only makes the mask, the speed needs a GPU with sparse tensor cores.

| paper         | code                                     | shape                              |
|---------------|------------------------------------------|------------------------------------|
| W             | `weight`                                 | (outputs, inputs), or any          |
| M             | `mask`, True = kept                      | as W, bool                         |
| X             | `activations`                            | (examples, inputs)                 |
| s_i, s_f, s   | `initial_`, `final_sparsity`, `sparsity` | share of all entries that are zero |
| t, t₀, t₀+nΔt | `step`, `begin_step`, `end_step`         | updates, from 1                    |
| m, v          | `first_moment`, `second_moment`          | as W                               |
"""

import torch
from torch import Tensor

__all__ = ["cubic_sparsity", "magnitude_mask", "masked_step", "prune_further", "two_four_mask", "wanda_scores"]


def magnitude_mask(tensors: list[Tensor], sparsity: float) -> list[Tensor]:
    """Mark the smallest weights of a whole network: one ranking over all layers together.

    Of the N entries of all tensors, the round(sparsity · N) with the smallest absolute
    values are pruned. Exactly that many: where several are equal, it does not matter which
    of them go.

    tensors: a list, each of any shape. sparsity: share of entries to prune, 0 to 1.
    Returns a list of bool tensors of the same shapes: True = kept, False = pruned.
    """
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    count = round(sparsity * magnitudes.numel())
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.topk(count, largest=False).indices] = False
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def masked_step(
    weight: Tensor,
    gradient: Tensor,
    mask: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """One step of Adam for the weights that are left; the pruned ones are out of the game.

    Where the mask is True this is Adam:
    m ← β1·m + (1−β1)·g, v ← β2·v + (1−β2)·g², w ← w − learning_rate · m̂ / (√v̂ + ε),
    with m̂ = m/(1−β1^step) and v̂ = v/(1−β2^step).
    Where it is False, the weight and both moments are zero after the step, whatever they
    were before.

    weight, gradient, mask (bool), first_moment, second_moment: one shape.
    step: counted from 1. learning_rate: about the most that a weight moves in one step.
    Returns the new (weight, first_moment, second_moment); the moments are the m and v of
    above, without correction.
    """
    first_moment = torch.where(mask, beta1 * first_moment + (1 - beta1) * gradient, 0.0)
    second_moment = torch.where(mask, beta2 * second_moment + (1 - beta2) * gradient**2, 0.0)
    direction = first_moment / (1 - beta1**step)
    size = (second_moment / (1 - beta2**step)).sqrt()
    weight = torch.where(mask, weight - learning_rate * direction / (size + epsilon), 0.0)
    return weight, first_moment, second_moment


def cubic_sparsity(step: int, initial_sparsity: float, final_sparsity: float, begin_step: int, end_step: int) -> float:
    """How much of a network is to be pruned by one step: fast at first, slow near the end.

    From begin_step to end_step the distance to the final sparsity shrinks with the cube of
    the time that is left: s = s_final + (s_initial − s_final) · (1 − progress)³, where
    progress runs from 0 to 1. Up to begin_step it is initial_sparsity, from end_step on
    exactly final_sparsity.

    step, begin_step < end_step: counts of updates.
    Sparsities: share of entries that are zero, 0 to 1. Returns a float.
    """
    progress = (step - begin_step) / (end_step - begin_step)
    left = 1 - min(max(progress, 0.0), 1.0)
    return final_sparsity + (initial_sparsity - final_sparsity) * left**3


def two_four_mask(weight: Tensor) -> Tensor:
    """Keep two of every four: the pattern that sparse tensor cores can skip.

    Each row is cut into groups of 4 neighbours; in every group the two entries of largest
    absolute value are kept. Exactly two: where several are equal, it does not matter which
    of them stay.

    weight: (outputs, inputs), inputs a multiple of 4.
    Returns a bool tensor of that shape, True where kept.
    """
    groups = weight.abs().reshape(-1, 4)
    kept = torch.zeros_like(groups, dtype=torch.bool)
    kept.scatter_(1, groups.topk(2, dim=1).indices, True)
    return kept.view(weight.shape)


def wanda_scores(weight: Tensor, activations: Tensor) -> Tensor:
    """How much each weight matters on real inputs: its size times the size of what it reads.

    Score of weight (i, j) = |weight[i, j]| · ‖column j of activations‖₂: by how much, over
    all examples, output i changes when that one weight is zeroed.

    weight: (outputs, inputs). activations: (examples, inputs), what the layer was given.
    Returns scores of shape (outputs, inputs), each at least 0.
    """
    return weight.abs() * activations.norm(dim=0)


def prune_further(weight: Tensor, mask: Tensor, sparsity: float) -> Tensor:
    """Prune what is pruned already further, until `sparsity` of all entries are gone.

    In the end round(sparsity · N) of all N entries are pruned, those of earlier rounds
    included: what is pruned stays pruned, whatever number still stands in `weight` there,
    and of the survivors the smallest absolute values go next.
    Where more is pruned already, the mask stays as it is.

    weight: any shape. mask: bool, same shape, True = kept. sparsity: share of all entries, 0 to 1.
    Returns a new mask; the given one is left alone.
    """
    magnitudes = torch.where(mask, weight.abs(), -1.0).flatten()
    count = round(sparsity * weight.numel())
    kept = mask.flatten().clone()
    kept[magnitudes.argsort()[:count]] = False
    return kept.view(weight.shape)
