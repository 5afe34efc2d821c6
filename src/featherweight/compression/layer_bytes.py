"""What a pruned, shared and coded layer takes on disk: the weights, and all that their decoder needs besides.

Source: Deep Compression, Han et al., arXiv:1510.00149, equation 1 for the codebook; sections 2 and 4 for the rest.
Deviations: whole bytes, as files have them, where the paper counts bits; the table of the code and the counts are in.

| paper            | code                                          | on disk                                   |
|------------------|-----------------------------------------------|-------------------------------------------|
| k · b            | `centroids`                                   | the bytes of their dtype                  |
| n log₂ k         | the codes of `indices`                        | bits of all codes, in whole bytes         |
| index difference | `gaps` of `gap_bits` each                     | bits of all gaps, in whole bytes          |
|                  | the lengths of `code`'s codes                 | a byte for each symbol                    |
|                  | how many gaps, how many indices               | 4 bytes each                              |
"""

from torch import Tensor

__all__ = ["stored_bytes"]


def stored_bytes(gaps: list[int], gap_bits: int, indices: list[int], code: list[str], centroids: Tensor) -> int:
    """The bytes on disk of a pruned, shared and coded layer: all that its decoder needs.

    The file has five parts, and each begins with a new byte:
    two counts of 4 bytes each, of gaps and of indices;
    the gaps, gap_bits bits each, one after the other;
    the codes of the indices, one after the other;
    the table of the code, from which the decoder builds it: one byte for each symbol, the length
    of its code, also for a symbol that has none;
    the codebook, the centroids in their own dtype: 4 bytes each in float32, 2 in float16.

    gaps: where the weights are, with fillers, as `relative_indices` has them. gap_bits: 1 or more.
    indices: the centroid of each weight, as many as there are survivors. code: a text of "0" and
    "1" for each centroid, as `huffman_code` has it. centroids: (k,).
    Returns bytes, a whole number.
    """
    positions = -(-len(gaps) * gap_bits // 8)
    values = -(-sum(len(code[index]) for index in indices) // 8)
    codebook = centroids.numel() * centroids.element_size()
    return 8 + positions + values + len(code) + codebook
