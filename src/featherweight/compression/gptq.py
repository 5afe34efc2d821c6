"""GPTQ: round one column of weights after the other, and let the columns that are still to come repair the error.

Sources: Optimal Brain Surgeon, Hassibi & Stork 1992, one layer at a time as in Frantar et al., arXiv:2208.11580,
sections 4 and 5; GPTQ, Frantar et al., arXiv:2210.17323, section 4, algorithm 1; SparseGPT prunes by the same update,
arXiv:2301.00774, section 3.
Deviations: columns in the order in which they stand and updates without blocks, which is the same in exact arithmetic;
the grid is given and symmetric, without a zero point; a dead input (H_jj = 0) is left to the damping.

| paper                    | code                             | shape                        |
|--------------------------|----------------------------------|------------------------------|
| W                        | `weight`                         | (outputs, inputs)            |
| X                        | `activations`                    | (examples, inputs)           |
| H = 2XXᵀ                 | `hessian`, without the 2         | (inputs, inputs)             |
| λ                        | `damping` · mean of H's diagonal | number                       |
| Cholesky(H⁻¹)ᵀ           | `upper`                          | (inputs, inputs), triangular |
| quant                    | `scale`, `bits`                  | (outputs, 1), number         |
"""

import torch
from torch import Tensor

__all__ = ["gptq_layer", "obq", "obs_prune", "round_to_grid", "row_scales"]


def row_scales(weight: Tensor, bits: int) -> Tensor:
    """One scale per output, so that its largest |weight| is the last step of the symmetric grid.

    weight: (outputs, inputs). bits: 2 or more. Returns (outputs, 1); 1 for a row of zeros.
    """
    step = weight.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
    return torch.where(step > 0, step, 1.0)


def round_to_grid(weight: Tensor, scale: Tensor, bits: int) -> Tensor:
    """Round to nearest: scale · k with a whole k from −(2^(bits−1) − 1) to 2^(bits−1) − 1. Returns the shape of weight.

    weight: (outputs, inputs). scale: (outputs, 1).
    """
    top = 2 ** (bits - 1) - 1
    return (weight / scale).round().clamp(-top, top) * scale


def gptq_layer(weight: Tensor, hessian: Tensor, scale: Tensor, bits: int, damping: float) -> Tensor:
    """Round a layer's weights so that its *outputs* change little, not its weights.

    First add damping · (mean of the diagonal of hessian) to every diagonal entry. Let U be the
    upper triangular matrix with UᵀU = inverse of that.
    Then, for each column j in order, as it stands by then: round it to its grid, which gives
    q, and let error = (w − q) / U[j, j]. From every later column k take off error · U[j, k].
    The grid of a row: scale · k, with whole k from −(2^(bits−1) − 1) to 2^(bits−1) − 1.

    weight: (outputs, inputs). hessian: (inputs, inputs), activationsᵀ @ activations over the
    examples, not damped yet. scale: (outputs, 1), each above 0. bits: 2 or more.
    damping: share of the mean diagonal, such as 0.01.
    Returns the rounded weights, (outputs, inputs): numbers on the grid, not codes. The given
    ones are left alone.
    Raises torch.linalg.LinAlgError where the damped hessian is not positive definite.
    """
    top = 2 ** (bits - 1) - 1
    left, rounded = weight.clone(), torch.zeros_like(weight)
    damped = hessian + damping * hessian.diagonal().mean() * torch.eye(len(hessian)).to(hessian)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(damped))
    upper = torch.linalg.cholesky(inverse, upper=True)
    for j in range(weight.shape[1]):
        column = left[:, j : j + 1]
        rounded[:, j : j + 1] = (column / scale).round().clamp(-top, top) * scale
        error = (column - rounded[:, j : j + 1]) / upper[j, j]
        left[:, j + 1 :] -= error @ upper[j : j + 1, j + 1 :]
    return rounded


def obq(weight: Tensor, hessian: Tensor, scale: Tensor, bits: int, damping: float) -> Tensor:
    """What `gptq_layer` computes, the slow way: after each column a fresh inverse for the columns that are left.

    Arguments and return as in `gptq_layer`. Time grows with inputs⁴.
    """
    top = 2 ** (bits - 1) - 1
    left, rounded = weight.clone(), torch.zeros_like(weight)
    damped = hessian + damping * hessian.diagonal().mean() * torch.eye(len(hessian)).to(hessian)
    for j in range(weight.shape[1]):
        inverse = torch.linalg.inv(damped[j:, j:])
        rounded[:, j] = (left[:, j] / scale[:, 0]).round().clamp(-top, top) * scale[:, 0]
        left[:, j:] -= torch.outer((left[:, j] - rounded[:, j]) / inverse[0, 0], inverse[0])
    return rounded


def obs_prune(weight: Tensor, hessian: Tensor, count: int, damping: float) -> Tensor:
    """Optimal Brain Surgeon: in each row zero the weight that costs least, let the others make up for it, and repeat.

    Zeroing weight j costs w_j² / (H⁻¹)_jj; the others move by −w_j / (H⁻¹)_jj · (row j of H⁻¹). H⁻¹ is over the
    weights of the row that are left.

    weight: (outputs, inputs). hessian: (inputs, inputs). count: weights to zero per row. damping: as in `gptq_layer`.
    Returns the pruned weights, (outputs, inputs); the given ones are left alone.
    """
    damped = hessian + damping * hessian.diagonal().mean() * torch.eye(len(hessian)).to(hessian)
    start = torch.linalg.inv(damped)
    pruned = weight.clone()
    for i in range(len(pruned)):
        row, inverse, gone = pruned[i], start.clone(), torch.zeros_like(pruned[i], dtype=torch.bool)
        for _ in range(count):
            diagonal = inverse.diagonal()
            j = int(torch.where(gone, torch.inf, row.square() / torch.where(gone, 1.0, diagonal)).argmin())
            row.sub_(row[j] / diagonal[j] * inverse[j])
            gone[j] = True
            row.masked_fill_(gone, 0.0)
            inverse = inverse - torch.outer(inverse[:, j], inverse[j]) / inverse[j, j]
    return pruned
