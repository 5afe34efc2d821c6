"""Packing: a byte holds two 4-bit codes, five ternary ones, or eight signs, and signs multiply while packed.

Sources: the product of signs by XNOR and a count of ones, Rastegari et al., arXiv:1603.05279, section 3.2. The rest is
book-keeping: a format is an order of bits, and this file fixes it.
Deviations: XOR finds where two signs differ, in place of XNOR where they agree: padding bits are 0 on both sides, never
differ and need no mask; the scale factors of XNOR-Net are applied by whoever calls.

| paper | code                                                        | shape                            |
|-------|-------------------------------------------------------------|----------------------------------|
|       | `codes`, 0 … 15 (nibbles) or −1 … 1 (trits)                 | (count,)                         |
|       | `packed`, the first code in the lowest bits of byte 0       | (⌈count / 2⌉,) or (⌈count / 5⌉,) |
| I, W  | `a`, `b`: rows of signs, +1 → bit 1, in `pack_signs`' order | (rows, ⌈count / 8⌉)              |
| n     | `count`: signs in a row                                     |                                  |
| I ⊛ W | the result, without scales                                  | (rows of a, rows of b), int32    |
"""

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = [
    "pack_nibbles",
    "pack_signs",
    "pack_trits",
    "unpack_nibbles",
    "unpack_signs",
    "unpack_trits",
    "xnor_popcount_matmul",
]


def pack_nibbles(codes: Tensor) -> Tensor:
    """Two 4-bit codes in each byte, the first of the two in the low four bits.

    Codes 3, 10, 7 become the bytes 0xA3 and 0x07: where one code is left over at the end, the
    high four bits of its byte are 0.

    codes: (count,), uint8, each 0 to 15; count may be odd, or 0.
    Returns uint8 of half as many entries, rounded up.
    """
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    return even[0::2] | (even[1::2] << 4)


def unpack_nibbles(packed: Tensor, count: int) -> Tensor:
    """The 4-bit codes out of their bytes: low four bits first, then high four bits, byte by byte.

    packed: uint8, as `pack_nibbles` leaves it. count: how many codes were packed; with an odd
    one the last high four bits hold no code.
    Returns (count,), uint8, each 0 to 15.
    """
    pairs = torch.stack([packed & 15, packed >> 4], dim=1)
    return pairs.flatten()[:count]


def pack_trits(codes: Tensor) -> Tensor:
    """Five ternary codes in each byte, as the digits of a number in base 3: 1.6 bits each.

    codes: (count,), int8, each −1, 0 or 1. Returns uint8 of ⌈count / 5⌉ entries; code 0 is the digit 1, the first
    code the lowest digit, and digits that are left over are 0.
    """
    digits = F.pad((codes + 1).to(torch.int64), (0, -len(codes) % 5)).reshape(-(-len(codes) // 5), 5)
    return (digits * 3 ** torch.arange(5, device=codes.device)).sum(1).to(torch.uint8)


def unpack_trits(packed: Tensor, count: int) -> Tensor:
    """The ternary codes out of their bytes. packed: as `pack_trits` leaves it. Returns (count,), int8, −1 to 1."""
    digits = packed.to(torch.int64)[:, None] // 3 ** torch.arange(5, device=packed.device) % 3
    return (digits.flatten()[:count] - 1).to(torch.int8)


def pack_signs(x: Tensor) -> Tensor:
    """Eight signs in each byte, row by row: bit 1 where x ≥ 0, bit 0 where x < 0.

    The first entry of a row is in the lowest bit of the row's first byte (the bit worth 1), the
    ninth in the lowest bit of its second byte. Every row starts a new byte; bits that are left
    over at the end of a row are 0.

    x: (rows, count), float; count need not be a multiple of 8. No entry is NaN.
    Returns uint8 of shape (rows, count / 8 rounded up).
    """
    rows, count = x.shape
    bits = F.pad((x >= 0).to(torch.uint8), (0, -count % 8)).reshape(rows, -(-count // 8), 8)
    return (bits << torch.arange(8, device=x.device)).sum(2).to(torch.uint8)


def unpack_signs(packed: Tensor, count: int) -> Tensor:
    """The signs out of their bytes, as −1.0 and +1.0.

    packed: (rows, bytes), as `pack_signs` leaves it. count: signs in a row. Returns (rows, count), float32.
    """
    bits = packed[:, :, None] >> torch.arange(8, device=packed.device) & 1
    return bits.flatten(1)[:, :count].to(torch.float32) * 2 - 1


def xnor_popcount_matmul(a: Tensor, b: Tensor, count: int) -> Tensor:
    """The product of two matrices of −1 and +1 from their packed bits, without a multiplication.

    Entry (i, j) is the dot product of row i of a with row j of b: one for each place where the
    two signs agree, minus one for each place where they differ. It is a whole number, and exact.

    a: (rows of a, bytes), b: (rows of b, bytes), both uint8, rows of signs as `pack_signs` packs
    them; the bits that fill the last byte stand for no sign and count for nothing.
    count: signs in a row. Returns (rows of a, rows of b), int32.
    """
    differ = a[:, None] ^ b
    ones = sum((differ >> place) & 1 for place in range(8))
    return (count - 2 * ones.sum(2)).to(torch.int32)
