"""The exercises of lesson 12: thin factors, few values, short codes, gaps for positions, and every byte counted."""

from featherweight.exercises.codes_12 import decode_bits, huffman_code
from featherweight.exercises.gaps_12 import relative_indices
from featherweight.exercises.mended_12 import mended_stored_bytes
from featherweight.exercises.ranks_12 import low_rank, merge_lora
from featherweight.exercises.sharing_12 import centroid_gradient, share_weights

__all__ = ["EXERCISES"]

EXERCISES = (
    low_rank,
    merge_lora,
    share_weights,
    centroid_gradient,
    huffman_code,
    decode_bits,
    relative_indices,
    mended_stored_bytes,
)
