"""Formats: weights in blocks of 32, each with a scale of its own, as files of language models hold them.

Sources: the layouts Q8_0 and Q4_0 of GGUF, as gguf-py 0.19 writes them (`gguf.quants`), byte for byte; why every block
has a scale, Dettmers et al., arXiv:2110.02861, section 2.1.
Deviations: `whole_blocks` refuses infinities, NaN and odd lengths, gguf-py only the last. Unlike ONNX, Q8_0 rounds
halves away from zero, and Q4_0 cuts off after adding 8.5: both are copied. Below a scale of 3e-39, whose inverse is
infinite, gguf-py's codes are undefined, and so are ours.

| format        | code              | shape                                            |
|---------------|-------------------|--------------------------------------------------|
| x             | `values`          | any, 32 · blocks numbers, float32                |
| d             | `scale`           | (blocks,), float32; stored as float16          |
| qs            | `codes`           | (blocks, 32): −127 … 127, or 0 … 15              |
| block_q8_0    | `blocks`          | (blocks, 34), uint8: 2 of d, 32 of qs            |
| block_q4_0    | `blocks`          | (blocks, 18), uint8: 2 of d, 16 of two qs each   |
"""

import torch
from torch import Tensor

from featherweight.errors import InputError

__all__ = ["pack_q4_0", "pack_q8_0", "unpack_q4_0", "unpack_q8_0", "whole_blocks"]


def pack_q8_0(values: Tensor) -> Tensor:
    """Pack weights into Q8_0, byte for byte as GGUF files hold it: 34 bytes for 32 weights.

    Take the values 32 at a time, in order. The scale of a block is d = (largest |x|) / 127, and
    the code of x is x · (1/d), rounded to the nearest whole number, halves away from zero:
    2.5 becomes 3, −2.5 becomes −3. A block of zeros has d = 0 and codes 0.
    A block is written as 2 bytes of d in float16, then 32 bytes, one int8 code each. Codes
    come from the d of float32, before it is rounded to float16.

    values: float32, any shape, 32 · blocks numbers, finite.
    Returns uint8 of shape (blocks, 34); 8.5 bits per weight.
    """
    rows = values.reshape(-1, 32)
    scale = rows.abs().amax(1) / 127
    scaled = rows * torch.where(scale > 0, 1 / scale, 0.0)[:, None]
    whole = scaled.trunc()
    codes = (whole + (2 * (scaled - whole)).trunc()).to(torch.int8)
    return torch.cat([scale.half().view(torch.uint8).view(-1, 2), codes.view(torch.uint8)], dim=1)


def unpack_q8_0(blocks: Tensor) -> Tensor:
    """Read Q8_0: every code times its block's scale.

    blocks: (blocks, 34), uint8. Returns float32 of shape (32 · blocks,).
    """
    scale = blocks[:, :2].contiguous().view(torch.float16).float()
    return (scale * blocks[:, 2:].contiguous().view(torch.int8).float()).flatten()


def pack_q4_0(values: Tensor) -> Tensor:
    """Pack weights into Q4_0, byte for byte as GGUF files hold it: 18 bytes for 32 weights.

    Take the values 32 at a time, in order. Codes are 0 … 15 and stand for −8d … 7d. All 16
    are used because d has a sign: with m the value of largest |x| in the block (not its size;
    of several equally large ones the first), d = m / −8, so that m itself gets code 0.
    The code of x is x · (1/d) + 8.5, cut off after the point, and 15 where it would be 16.
    A block of zeros has d = 0 and codes 8.
    A block is written as 2 bytes of d in float16, then 16 bytes: byte number i holds the code
    of value i in its low four bits and that of value i + 16 in its high four. Codes come from
    the d of float32, before it is rounded to float16.

    values: float32, any shape, 32 · blocks numbers, finite.
    Returns uint8 of shape (blocks, 18); 4.5 bits per weight.
    """
    rows = values.reshape(-1, 32)
    largest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    scale = largest.flatten() / -8
    inverse = torch.where(scale != 0, 1 / scale, 0.0)[:, None]
    codes = (rows * inverse + 8.5).trunc().clamp(max=15).to(torch.uint8)
    pairs = codes[:, :16] | codes[:, 16:] << 4
    return torch.cat([scale.half().view(torch.uint8).view(-1, 2), pairs], dim=1)


def unpack_q4_0(blocks: Tensor) -> Tensor:
    """Read Q4_0: every code less 8, times its block's scale.

    blocks: (blocks, 18), uint8. Returns float32 of shape (32 · blocks,).
    """
    scale = blocks[:, :2].contiguous().view(torch.float16).float()
    codes = torch.cat([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], dim=1)
    return (scale * (codes.float() - 8)).flatten()


def whole_blocks(values: Tensor, block: int = 32) -> Tensor:
    """The values as float32 in rows of one block each, if they can be packed at all.

    values: any shape, any floating dtype. block: values per block.
    Returns float32 of shape (values / block, block).
    Raises InputError for a number that is not finite in float32, and where the last block would not be full.
    """
    flat = values.detach().flatten().float()
    bad = int((~flat.isfinite()).sum())
    if bad:
        raise InputError(f"{bad} of {len(flat)} values are infinite or NaN; wanted finite numbers: replace them first.")
    if len(flat) % block:
        raise InputError(f"{len(flat)} values; wanted a multiple of {block}: add zeros and remember the length.")
    return flat.view(-1, block)
