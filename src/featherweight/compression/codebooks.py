"""Codebooks: four bits need not be evenly spaced, they can be any sixteen numbers times a scale.

Sources: NF4 and double quantization, Dettmers et al., arXiv:2305.14314, section 3, equal to bitsandbytes 0.50 on a CPU;
the dynamic map of 256 numbers, Dettmers et al., arXiv:2110.02861, section 2; MXFP4, Open Compute Project, Microscaling
Formats v1.0, sections 5 and 6; NVFP4, NVIDIA, arXiv:2509.25149, section 2.
Deviations: a last block that is not full is divided by its scale in bitsandbytes and multiplied by the inverse here;
its CPU kernel finds the code of a scale by a coarse look-up and now and then takes a neighbour, here it is the nearest.
MXFP4 rounds halves to the even code, as the specification advises, where gguf-py takes the smaller number; its bytes
are laid out as in GGUF, value i beside value i + 16. NVFP4 packs neighbours, as GPUs read it; zeros have scale 0.

| format         | code              | shape                                                      |
|----------------|-------------------|------------------------------------------------------------|
| X              | `values`          | any; for MXFP4 32 · blocks numbers, for NVFP4 16 · blocks  |
| q_1 … q_16     | `table`           | (16,), rising, from −1 to 1                                |
| c₂, absmax     | `absmax`          | (blocks,), float32, one per 64 values                      |
| c₁, 2^e        | `scales`, `scale` | one number per block (of blocks)                           |
| E2M1           | `codes`           | 0, ½, 1, 1½, 2, 3, 4, 6 for codes 0 … 7; + 8 for minus     |
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.compression.formats import whole_blocks

__all__ = [
    "double_dequantize",
    "double_quantize",
    "mxfp4",
    "nf4_codes",
    "nf4_table",
    "nf4_values",
    "nvfp4",
    "unpack_mxfp4",
    "unpack_nvfp4",
]


def nf4_table() -> Tensor:
    """The sixteen numbers of NF4: quantiles of a normal distribution, from −1 to 1, with an exact zero.

    Eight are quantiles of the positive half, seven of the negative; code 7 is 0. To the last bit those of the paper's
    appendix E. Returns (16,), float32, rising.
    """
    negative = [-1.0, -0.6961928, -0.52507305, -0.3949175, -0.28444138, -0.18477343, -0.091050036]
    positive = [0.0795803, 0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1.0]
    return torch.tensor([*negative, 0.0, *positive])


def nf4_codes(values: Tensor, table: Tensor, block: int) -> tuple[Tensor, Tensor]:
    """Replace each weight by the number of the nearest entry in a table, times one scale per block.

    Take the values `block` at a time, in order; the last block may be shorter. Its scale absmax
    is the largest |x| in it. Scaled to −1 … 1, that is x · (1/absmax), a value gets the
    code of the nearest entry of the table; exactly in the middle between two, the lower one.
    A block of zeros has absmax 0, and all its codes are that of the entry 0.

    values: float32, any shape, at least one number. table: (entries,), float32, rising, from −1
    to 1, with a 0 in it. block: values per scale, at least 1.
    Returns (codes, absmax): uint8 of shape (number of values,), one code each, not yet
    packed; float32 of shape (blocks,).
    """
    flat = values.flatten()
    rows = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = rows.abs().amax(1)
    scaled = rows * torch.where(absmax > 0, 1 / absmax, 0.0)[:, None]
    middles = (table[:-1] + table[1:]) / 2
    codes = torch.bucketize(scaled.flatten()[: len(flat)], middles)
    return codes.to(torch.uint8), absmax


def nf4_values(codes: Tensor, absmax: Tensor, table: Tensor, block: int) -> Tensor:
    """Read codes back: the table's entry times the block's scale.

    codes: (number of values,), uint8. absmax: (blocks,). table: (entries,). block: values per scale.
    Returns float32 of shape (number of values,).
    """
    return table[codes.long()] * absmax.repeat_interleave(block)[: len(codes)]


def double_quantize(absmax: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Quantize the scales themselves: 8 bits each, and one scale for 256 scales.

    All are positive, so their mean is taken off first; what is left is coded in a map of 256
    numbers that are dense near 0. 32 bits per scale become 8 + 32/256 = 8.125.

    absmax: (blocks,), float32, at least one.
    Returns (codes, scales, mean, table): uint8 of shape (blocks,); float32 of shapes (blocks / 256, rounded up),
    (), (256,).
    """
    parts = [torch.tensor([0.0, 1.0])]
    for power in range(7):
        edges = torch.linspace(0.1, 1, 2**power + 1)
        middles = 10 ** (power - 6) * ((edges[:-1] + edges[1:]) / 2)
        parts += [middles, -middles]
    table = torch.cat(parts).sort().values.to(absmax.device)
    mean = absmax.mean()
    rows = F.pad(absmax - mean, (0, -len(absmax) % 256)).view(-1, 256)
    scales = rows.abs().amax(1)
    scaled = rows * torch.where(scales > 0, 1 / scales, 0.0)[:, None]
    codes = torch.bucketize(scaled.flatten()[: len(absmax)], (table[:-1] + table[1:]) / 2)
    return codes.to(torch.uint8), scales, mean, table


def double_dequantize(codes: Tensor, scales: Tensor, mean: Tensor, table: Tensor) -> Tensor:
    """The scales that `double_quantize` packed, about as they were. Returns (blocks,), float32."""
    return table[codes.long()] * scales.repeat_interleave(256)[: len(codes)] + mean


def mxfp4(values: Tensor) -> Tensor:
    """Pack weights into MXFP4: 32 floating-point numbers of 4 bits and one power of two for all.

    The power is 2^(⌊log₂ largest |x|⌋ − 2): 2 is the exponent of 4, the largest power of two
    among the numbers 0, ½, 1, 1½, 2, 3, 4, 6. Each scaled |x| becomes the nearest of them,
    in the middle the one with the even code, above 6 the 6.
    A block is one byte, exponent + 127 (at least 0), and 16 bytes: the code of value i low, of value i + 16 high.

    values: float32, any shape, 32 · blocks numbers, also none. Returns uint8 of shape (blocks, 17); 4.25 bits per
    weight. Raises InputError for numbers that are not finite and a last block that is not full.
    """
    rows = whole_blocks(values, 32)
    largest = rows.abs().amax(1, keepdim=True)
    exponent = torch.where(largest > 0, largest.frexp().exponent - 3, -127).clamp(min=-127)
    sizes = torch.ldexp(rows.double().abs(), -exponent)[..., None]
    middles = torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0], dtype=torch.float64, device=rows.device)
    odd = torch.arange(7, device=rows.device) % 2 == 1
    codes = ((sizes > middles) | (sizes == middles) & odd).sum(2) + 8 * rows.signbit()
    pairs = codes[:, :16] | codes[:, 16:] << 4
    return torch.cat([exponent + 127, pairs], dim=1).to(torch.uint8)


def unpack_mxfp4(blocks: Tensor) -> Tensor:
    """Read MXFP4. blocks: (blocks, 17), uint8. Returns float32 of shape (32 · blocks,)."""
    numbers = torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6], device=blocks.device)
    codes = torch.cat([blocks[:, 1:] & 15, blocks[:, 1:] >> 4], dim=1).long()
    read = torch.cat([numbers, -numbers])[codes].double()
    return torch.ldexp(read, blocks[:, :1].int() - 127).float().flatten()


def nvfp4(values: Tensor) -> tuple[Tensor, Tensor]:
    """Pack weights into NVFP4: 16 floating-point numbers of 4 bits, a scale of 8 bits, and one of 32 for the tensor.

    Tensor scale = largest |x| of all / (6 · 448); block scale = largest |x| of the block / 6 /
    tensor scale, in E4M3 (largest number 448, smallest 2⁻⁹). x · (1/tensor scale / block scale) becomes the nearest of
    ±0, ½, 1, 1½, 2, 3, 4, 6, in the middle the one with the even code, beyond 6 the 6.
    A block is one byte of E4M3 and 8 bytes of two neighbours each, the first of them in the low bits.

    values: float32, any shape, 16 · blocks numbers, also none. Returns (blocks, tensor_scale): uint8 of shape
    (blocks, 9), 4.5 bits per weight; float32 of shape (). Raises InputError as `mxfp4` does.
    """
    rows = whole_blocks(values, 16)
    largest = rows.abs().amax(1, keepdim=True)
    tensor_scale = F.pad(largest.flatten(), (0, 1)).amax() / (6 * 448)
    fine = largest / 6 / torch.where(tensor_scale > 0, tensor_scale, 1.0)
    scale = torch.where(largest > 0, fine.clamp(2.0**-9, 448), 0.0).to(torch.float8_e4m3fn)
    inverse = torch.where(largest > 0, 1 / tensor_scale / scale.float(), 0.0)
    sizes = (rows * inverse).abs()[..., None]
    middles = torch.tensor([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0], device=rows.device)
    odd = torch.arange(7, device=rows.device) % 2 == 1
    codes = (((sizes > middles) | (sizes == middles) & odd).sum(2) + 8 * rows.signbit()).to(torch.uint8)
    return torch.cat([scale.view(torch.uint8), codes[:, ::2] | codes[:, 1::2] << 4], dim=1), tensor_scale


def unpack_nvfp4(blocks: Tensor, tensor_scale: Tensor) -> Tensor:
    """Read NVFP4. blocks: (blocks, 9), uint8. tensor_scale: (). Returns float32 of shape (16 · blocks,)."""
    numbers = torch.tensor([0.0, 0.5, 1, 1.5, 2, 3, 4, 6], device=blocks.device)
    codes = torch.stack([blocks[:, 1:] & 15, blocks[:, 1:] >> 4], dim=2).flatten(1).long()
    scale = blocks[:, :1].contiguous().view(torch.float8_e4m3fn).float()
    return (torch.cat([numbers, -numbers])[codes] * (scale * tensor_scale)).flatten()
