"""How a tensor is to be stored, and what is left of it when it is read back."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from featherweight.artifact.layout import CODING_NAMES, scaled
from featherweight.errors import InputError

__all__ = ["CODINGS", "Codes", "Plain", "Shared", "Stored", "network_with", "value_of"]

CODINGS = (*CODING_NAMES, "auto")


@dataclass(frozen=True, eq=False)
class Plain:
    """Numbers one by one. dtype: how they are stored; those of 16 bits are read back as float32."""

    tensor: Tensor
    dtype: str = "float32"


@dataclass(frozen=True, eq=False)
class Codes:
    """Whole numbers times a scale: one for the tensor, or one for each row (entry of its first axis).

    codes: of the tensor's shape, integers or floats without a fraction. scale: a number, or (rows,). bits: the codes
    must fit in so many, as signed numbers or as unsigned; None does not care. coding: "adaptive", "raw", "huffman",
    "arithmetic", "relative", or "auto": the one that takes the fewest bytes.
    Scales that float16 or bfloat16 hold exactly cost 2 bytes, others 4.
    """

    codes: Tensor
    scale: Tensor | float
    bits: int | None = None
    coding: str = "auto"


@dataclass(frozen=True, eq=False)
class Shared:
    """Indices into a codebook. indices: of the tensor's shape; centroids: (k,). Equal codebooks are stored once."""

    indices: Tensor
    centroids: Tensor
    coding: str = "auto"


Stored = Plain | Codes | Shared


def value_of(stored: Stored) -> Tensor:
    """The tensor that a file gives back for this, to the last bit."""
    if isinstance(stored, Plain):
        value = stored.tensor.detach().cpu().to(getattr(torch, stored.dtype))
        return value.float() if value.dtype in (torch.float16, torch.bfloat16) else value
    if isinstance(stored, Shared):
        return stored.centroids.detach().cpu().float()[stored.indices.detach().cpu().long()]
    codes = stored.codes.detach().cpu()
    return scaled(codes.float(), torch.as_tensor(stored.scale).detach().cpu().float())


def network_with(network: nn.Module, stored: Mapping[str, Stored]) -> nn.Module:
    """A copy of a network whose tensors are what a file with `stored` gives back; the others are as they were."""
    copy = deepcopy(network)
    state = copy.state_dict()
    for name, one in stored.items():
        if name not in state:
            raise InputError(f"The network has no tensor {name!r}; it has {', '.join(list(state)[:6])}, ….")
        state[name].copy_(value_of(one).reshape(state[name].shape))
    return copy
