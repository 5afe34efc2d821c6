"""An optimizer's memory in eight bits: a map of 256 numbers, dense near zero, and one scale for each block.

Source: Dettmers et al., arXiv:2110.02861, section 2.1 (blocks) and section 2.2 with figure 2 (the dynamic map).
Deviations: an index is that of the nearest entry, the lower of two that are equally near; the reference implementation,
bitsandbytes, finds it by table on a CPU and then misses the nearest one in a few of a hundred numbers.

| paper       | code                 | shape                                  |
|-------------|----------------------|----------------------------------------|
| T           | `tensor`             | any                                    |
| Q           | `code`, the map      | (256,), rising, in [−1, 1] or [0, 1]   |
| B           | `block`              | one int, numbers in a block            |
| N_b         | `absmax`             | (blocks,), float32                     |
| T^Q         | `indices`            | as T, uint8                            |
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.compression.quantization import refuse_unfit
from featherweight.errors import InputError

__all__ = ["dequantize_state", "dynamic_map", "encode_state", "quantize_state"]


def dynamic_map(signed: bool) -> Tensor:
    """The 256 numbers that an 8-bit state can take, as fine for the small as for the large.

    Second moments in one block differ by many powers of ten, and Adam divides by their root.
    So every power of ten gets entries of its own. Decade number k = 0 … 6 is the interval from
    0.1 to 1, times 10**(k − 6). It is cut into equal parts, 2**k of them with signs,
    2**(k + 1) without; their middles are entries. With signs the negatives of all of these are
    entries, too. The last two entries are 0 and 1 (and not −1).

    signed: True for a first moment, False for a second one, which is never negative.
    Returns (256,), float32, in rising order.
    """
    values = [0.0, 1.0]
    for decade in range(7):
        parts = 2**decade if signed else 2 ** (decade + 1)
        for part in range(parts):
            middle = 0.1 + 0.9 * (part + 0.5) / parts
            values.append(middle * 10.0 ** (decade - 6))
            if signed:
                values.append(-values[-1])
    return torch.tensor(sorted(values))


def quantize_state(tensor: Tensor, code: Tensor, block: int) -> tuple[Tensor, Tensor]:
    """One byte for each number of an optimizer's state, and one scale for each block of them.

    The tensor is read row by row as one long list and cut into blocks of `block` numbers; the
    last block may be shorter. Each block is divided by its largest absolute value. Each
    quotient becomes the index of the entry of `code` nearest to it, the lower index where two
    are equally near. A block of zeros has scale 0, and the indices of the entry 0.0.

    tensor: any shape, also empty, finite. code: float32, rising, at most 256 entries, one of
    them 0.0. block: 1 or more.
    Returns (indices, absmax): uint8 in the shape of tensor, and float32 of shape (blocks,).
    """
    flat = tensor.float().flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = blocks / torch.where(absmax > 0, absmax, 1.0)[:, None]
    borders = (code[:-1].double() + code[1:].double()) / 2
    nearest = torch.bucketize(quotients.double(), borders).flatten()[: len(flat)]
    return nearest.to(torch.uint8).view(tensor.shape), absmax


def dequantize_state(indices: Tensor, absmax: Tensor, code: Tensor, block: int) -> Tensor:
    """The numbers that indices stand for: the map's entry times the block's scale, float32, in the shape of indices."""
    entries = code[indices.flatten().long()]
    scales = absmax.repeat_interleave(block)[: len(entries)]
    return (entries * scales).view(indices.shape)


def encode_state(tensor: Tensor, code: Tensor, block: int) -> tuple[Tensor, Tensor]:
    """`quantize_state` for numbers that nobody has looked at yet.

    Raises InputError for NaN, infinity, a block below 1, and a map of more than 256 entries.
    """
    refuse_unfit(tensor, "encode_state")
    if block < 1 or not 1 < len(code) <= 256:
        raise InputError(
            f"encode_state got block={block} and a map of {len(code)} entries; wanted a block of 1 or more, and 2 to "
            "256 entries, which fit a byte."
        )
    return quantize_state(tensor, code, block)
