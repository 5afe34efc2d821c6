"""Low rank: of all products of two thin matrices, the truncated SVD is nearest to a weight matrix.

Sources: Eckart and Young, Psychometrika 1 (1936), 211–218: the nearest matrix of a rank; Denton et al.,
arXiv:1404.0736, section 3: a layer's weight kept as such a product; LoRA, Hu et al., arXiv:2106.09685, section 4.1.
Deviations: no scaling by activations and no fine-tuning in here. The singular values go into the left factor whole;
any other split between the factors has the same product.

| paper              | code                                        | shape           |
|--------------------|---------------------------------------------|-----------------|
| W, W₀              | `weight`                                    | (m, n)          |
| U Σ, cut           | `left`                                      | (m, rank)       |
| Vᵀ, cut            | `right`                                     | (rank, n)       |
| B, A               | `up`, `down`                                | (m, r), (r, n)  |
| α / r              | `alpha` over the rows of `down`             |                 |
"""

import torch
from torch import Tensor

__all__ = ["low_rank", "merge_lora", "rank_that_pays"]


def low_rank(weight: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """Two thin factors whose product comes as near to the weight as any matrix of that rank can.

    Near is meant in the sum of squared differences. A layer with weight W needs m·n numbers, its
    two factors need (m + n)·rank. How the product is split between the factors is up to you:
    left and right are judged by left @ right.

    weight: (m, n), float, wide, tall or square. rank: 1 to min(m, n).
    Returns (left, right): (m, rank) and (rank, n), of weight's dtype.
    """
    u, sizes, vh = torch.linalg.svd(weight, full_matrices=False)
    return u[:, :rank] * sizes[:rank], vh[:rank]


def merge_lora(weight: Tensor, down: Tensor, up: Tensor, alpha: float) -> Tensor:
    """The frozen weight with its trained low-rank change added: one matrix again, as fast as before.

    LoRA leaves weight as it is and trains a change of rank r beside it. A layer's outputs are
    then inputs @ weight.T + (alpha / r) · (inputs @ down.T) @ up.T: inputs go down to r numbers,
    and up again. The merged weight gives these outputs in one product.

    weight: (m, n). down: (r, n). up: (m, r). alpha: a number, also a negative one or 0; dividing
    it by r keeps the change's size about the same when r changes.
    Returns (m, n), of weight's dtype.
    """
    return weight + (alpha / down.shape[0]) * (up @ down)


def rank_that_pays(rows: int, columns: int) -> int:
    """The largest rank at which two factors hold fewer numbers than the matrix: rank · (m + n) < m · n.

    rows, columns: 1 or more. Returns 0 where no rank pays: for a matrix with one row or column, and for 2 × 2.
    """
    return (rows * columns - 1) // (rows + columns)
