"""Weights as whole numbers times a step, and the rest of a network in few bits: what of it goes into the file.

A uniform grid and an entropy coder behind it lose the least for the bits they take when many weights are small; the
grid's step is a share of the weights' own root mean square, zeros left out. A tensor has one step, or one for each row
where rows differ much in size (a depthwise kernel behind folded batch normalization).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import torch
from torch import Tensor, nn

from featherweight.artifact import Codes, Plain
from featherweight.artifact.compress.prune import prunable

__all__ = ["estimate", "grid", "on_grid", "stored"]

FAR = 4.0
"""Rows get steps of their own where the largest root mean square is this many times the smallest."""

ADAPTIVE = 2_000_000
"""With more weights than this the codings are used that are read at once: adaptive codes take seconds for a million."""

VECTOR_STEPS = 127
"""Steps on each side of zero for biases and the like, once they are rounded: eight bits."""


def grid(weight: Tensor, share: float) -> Tensor:
    """The step of a weight's grid: one number, or one for each row, (rows,). Exact in 16 bits.

    share: the step as a share of the root mean square of what is not zero.
    """
    rows = weight.detach().flatten(1).float()
    count = (rows != 0).sum(1)
    own = (rows.square().sum(1) / count.clamp(min=1)).sqrt()
    alive = own[count > 0]
    if not len(alive) or not alive.max() > 0:
        return torch.ones(1, device=weight.device)
    apart = len(alive) > 1 and rows.shape[1] >= 8 and alive.max() > FAR * alive.min()
    whole = (rows.square().sum() / count.sum()).sqrt().reshape(1)
    return _short(share * (torch.where(count > 0, own, whole) if apart else whole))


def on_grid(weight: Tensor, step: Tensor) -> Tensor:
    """The nearest whole numbers of steps, as floats in the shape of the weight."""
    return torch.round(weight.detach().float() / _spread(step, weight))


def stored(
    network: nn.Module, names: Iterable[str], share: float | None, steps: Mapping[str, Tensor] | None = None
) -> dict[str, Plain | Codes]:
    """How each of the tensors goes into the file: the weights as codes, the others in 16 or 8 bits.

    names: of the tensors that the file will hold. share: see `grid`; None keeps the weights in 16 bits as well.
    steps: name → step, for weights that were trained on their grid.
    """
    weights, found = prunable(network), {}
    many = sum(one.numel() for one in weights.values()) > ADAPTIVE
    for name, first, tensor in _tensors(network, names):
        if first in weights and share is not None:
            step = (steps or {}).get(first)
            step = grid(tensor, share) if step is None else step
            codes = on_grid(tensor, step).to(torch.int32).cpu()
            found[name] = Codes(codes, step.cpu(), None, _quick(codes) if many else "adaptive")
        else:
            found[name] = _rest(name, tensor.detach().cpu(), eight=share is not None and share >= 0.25)
    return found


def _tensors(network: nn.Module, names: Iterable[str]) -> Iterator[tuple[str, str, Tensor]]:
    """The first of these names of each tensor of floats, the first of all its names, and the tensor: each once."""
    names, firsts, done = set(names), {}, set()
    for source in (network.named_parameters, network.named_buffers):
        for name, tensor in source(remove_duplicate=False):
            first = firsts.setdefault(id(tensor), name)
            if name in names and id(tensor) not in done and tensor.is_floating_point():
                done.add(id(tensor))
                yield name, first, tensor.detach()


def _rest(name: str, tensor: Tensor, eight: bool) -> Plain | Codes:
    """A bias, a scale, a running mean: as few bits as do it no harm."""
    largest = float(tensor.abs().max()) if tensor.numel() else 0.0
    careful = name.endswith("running_var")  # divided by, in the end: it needs its relative precision
    if eight and not careful and tensor.numel() >= 16 and 0 < largest < 6e4:
        step = _short(torch.tensor([largest / VECTOR_STEPS]))
        return Codes(torch.round(tensor / step).to(torch.int32), step, None, "adaptive")
    for dtype in ("float16", "bfloat16"):
        value = tensor.to(getattr(torch, dtype)).float()
        slack = 0.0 if careful else 1e-4 * largest
        if torch.allclose(value, tensor.float(), rtol=1e-2, atol=slack):
            return Plain(tensor, dtype)
    return Plain(tensor)


def estimate(parts: dict[str, Plain | Codes]) -> float:
    """About how many bytes a file with these tensors has: codes at their entropy, everything else as it is."""
    total = 200.0
    for one in parts.values():
        if isinstance(one, Plain):
            total += one.tensor.numel() * (4 if one.dtype == "float32" else 2)
            continue
        total += SIZES[one.coding](one.codes) / 8 + 2 * one.scale.numel()
    return total


def _quick(codes: Tensor) -> str:
    """The smaller of the codings that are read without a loop over all codes."""
    return min(("raw", "relative"), key=lambda coding: SIZES[coding](codes))


def _entropy(codes: Tensor) -> float:
    counts = codes.flatten().unique(return_counts=True)[1].double()
    return float(-(counts * (counts / counts.sum()).log2()).sum())


def _raw(codes: Tensor) -> float:
    return codes.numel() * _width(codes)


def _relative(codes: Tensor) -> float:
    """Bits of the survivors and of the gaps before them, fillers not counted."""
    left = max(int((codes != 0).sum()), 1)
    return left * (_width(codes) + 1 + round(codes.numel() / left).bit_length())


def _width(codes: Tensor) -> int:
    """Bits of each code, if all are written alike."""
    return int(codes.max() - codes.min()).bit_length()


SIZES = {"adaptive": _entropy, "raw": _raw, "relative": _relative}
"""About how many bits the codes of a tensor take, by coding."""


def _short(step: Tensor) -> Tensor:
    """The nearest steps that 16 bits hold exactly, never 0."""
    half, wide = step.half().float(), step.bfloat16().float()
    return (
        half if bool((half > 1e-4).all() and torch.isfinite(half).all()) else wide.clamp(min=1e-30).bfloat16().float()
    )


def _spread(step: Tensor, weight: Tensor) -> Tensor:
    return step.reshape(-1, *[1] * (weight.dim() - 1)) if step.numel() > 1 else step.reshape(())
