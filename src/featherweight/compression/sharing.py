"""Weight sharing: many weights, few values; each weight keeps only the number of its value in a codebook.

Source: Deep Compression, Han et al., arXiv:1510.00149, section 3: k-means in one dimension (equation 2), linear
initialization (section 3.2), the gradient of a centroid (equation 3).
Deviations: an empty cluster keeps its centroid; ties are decided, the lower index wins; Lloyd's rounds end at a fixed
point or after 100. Which weights take part is up to the caller: the paper shares what pruning has left.

| paper           | code                                           | shape                   |
|-----------------|------------------------------------------------|-------------------------|
| w               | `weight`                                       | any                     |
| I_ij            | `indices`, 0 to k − 1                          | as `weight`, int64      |
| C_k, c          | `centroids`, the codebook                      | (k,)                    |
| ∂L/∂W_ij        | `gradient`                                     | as `indices`            |
| ∂L/∂C_k         | the result of `centroid_gradient`              | (k,)                    |
"""

import torch
from torch import Tensor

__all__ = ["centroid_gradient", "linear_centroids", "share_weights"]


def linear_centroids(weight: Tensor, count: int) -> Tensor:
    """Centroids to begin with, evenly spaced from the smallest weight to the largest (section 3.2).

    Large weights are few and matter much; this way some centroids begin near them.

    weight: any shape, float, at least one entry. count: 1 or more; one centroid is the middle of the range.
    Returns (count,), of weight's dtype.
    """
    low, high = weight.min(), weight.max()
    share = (
        torch.linspace(0, 1, count, dtype=weight.dtype, device=weight.device)
        if count > 1
        else weight.new_full((1,), 0.5)
    )
    return low + (high - low) * share


def share_weights(weight: Tensor, initial_centroids: Tensor) -> tuple[Tensor, Tensor]:
    """Few values for many weights: k-means in one dimension, from given centroids to rest.

    A round has two halves. Every weight goes to its nearest centroid; where two are equally
    near, to the one with the lower index. Then every centroid moves to the mean of its weights;
    one that has none stays where it is. Rounds go on until nothing moves any more, 100 at the
    most. No centroid changes its place in the list.

    weight: any shape, float, at least one entry. initial_centroids: (k,), of weight's dtype, in
    any order, possibly two alike.
    Returns (indices, centroids): int64 of weight's shape, each the index of the nearest of the
    returned centroids; and (k,), of weight's dtype. centroids[indices] are the shared weights.
    """
    flat, centroids = weight.flatten(), initial_centroids.clone()
    indices = (flat[:, None] - centroids).abs().argmin(1)
    for _ in range(100):
        members = torch.bincount(indices, minlength=len(centroids))
        sums = torch.zeros_like(centroids).index_add_(0, indices, flat)
        centroids = torch.where(members > 0, sums / members.clamp(min=1), centroids)
        previous, indices = indices, (flat[:, None] - centroids).abs().argmin(1)
        if torch.equal(indices, previous):
            break
    return indices.reshape(weight.shape), centroids


def centroid_gradient(gradient: Tensor, indices: Tensor, count: int) -> Tensor:
    """The gradient of the loss in each centroid, from its gradient in each weight.

    A layer computes with centroids[indices]. When a centroid moves by a little, all weights that
    share it move by as much, and the loss changes by what all of them add up to. A centroid that
    no weight uses has gradient 0.

    gradient: the gradient in the weights, any shape, float. indices: int64, of the same shape,
    each 0 to count − 1. count: how many centroids there are.
    Returns (count,), of gradient's dtype.
    """
    return gradient.new_zeros(count).index_add_(0, indices.flatten(), gradient.flatten())
