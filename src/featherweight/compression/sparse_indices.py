"""Where the survivors are: the zeros between them, counted in a few bits each.

Source: Deep Compression, Han et al., arXiv:1510.00149, section 2 and figure 2.
Deviations: the paper's filler is a zero weight that is stored like a survivor, and its gaps are differences of
positions. Here a gap is the number of zeros skipped, and the largest number that fits is reserved for the filler: it
stands for zeros only, needs no weight, and the gaps alone say where the survivors are.

| paper            | code                                                             | range             |
|------------------|------------------------------------------------------------------|-------------------|
| index difference | an entry of `gaps` that is not a filler, plus 1                  | 0 … 2^bits − 2    |
| filler zero      | an entry of `gaps`: that many zeros, and no survivor             | 2^bits − 1        |
| 8 bits (5 bits)  | `bits` for each entry                                            | 1 or more         |
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from featherweight.errors import InputError

__all__ = ["from_relative_indices", "relative_indices"]

MOST = 2**28
"""Places of a mask that is given back unless told otherwise: a byte each."""


def relative_indices(mask: Tensor, bits: int) -> list[int]:
    """Where the survivors are: for each, how many zeros lie between it and the survivor before.

    The mask is read row by row. Gaps are counted from 0: a survivor right after another, or at
    the very start, has gap 0. An entry must fit into `bits` bits, and the largest number that
    does, 2^bits − 1, is kept for the filler. A filler says: so many zeros, and no survivor yet.
    A gap of 2^bits − 1 zeros or more becomes as many fillers as fit into it, and then the rest,
    which may be 0. Zeros after the last survivor are not written down.

    Two bits, for example: entries 0 to 2 are gaps and 3 is the filler. 0 1 0 0 0 0 1 1 0 becomes
    [1, 3, 1, 0].

    mask: bool, any shape, True where a weight survives. bits: 1 or more.
    Returns a list of whole numbers, 0 to 2^bits − 1.
    """
    filler, gaps, zeros = 2**bits - 1, [], 0
    for survives in mask.flatten().tolist():
        if survives:
            gaps += [filler] * (zeros // filler) + [zeros % filler]
        zeros = 0 if survives else zeros + 1
    return gaps


def from_relative_indices(gaps: Sequence[int], bits: int, length: int, most: int = MOST) -> Tensor:
    """The mask back from its gaps, as one row.

    gaps, bits: as `relative_indices` has them. length: of the mask, 0 to `most`.
    Returns (length,), bool. Raises InputError for an entry that has more bits, for a survivor beyond the length, for
    fillers that no survivor follows, and for too great a length.
    """
    if not 0 <= length <= most:
        raise InputError(f"A mask of {length:,} places is too long; at most {most:,} are decoded.")
    filler, places, place = 2**bits - 1, [], -1
    for number, gap in enumerate(gaps):
        if not 0 <= gap <= filler:
            raise InputError(f"Gap {number} is {gap}; wanted 0 to {filler}, which is what {bits} bits hold.")
        place += gap + (gap != filler)
        if gap != filler:
            places.append(place)
        if place >= length:
            raise InputError(
                f"Gap {number} leads to place {place:,} of {length:,}. The gaps or the length are damaged."
            )
    if gaps and gaps[-1] == filler:
        raise InputError("The gaps end in a filler; wanted a survivor after it. They are damaged.")
    mask = torch.zeros(length, dtype=torch.bool)
    mask[places] = True
    return mask
