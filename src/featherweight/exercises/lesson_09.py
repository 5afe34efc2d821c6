"""The exercises of lesson 9: round and still learn, learn the step, three values, and bits that are really packed."""

from featherweight.exercises.learned_09 import lsq_gradient
from featherweight.exercises.mended_09 import mended_binary_step
from featherweight.exercises.packing_09 import pack_nibbles, unpack_nibbles
from featherweight.exercises.popcount_09 import pack_signs, xnor_popcount_matmul
from featherweight.exercises.straight_09 import straight_through
from featherweight.exercises.ternary_09 import ternary_absmean

__all__ = ["EXERCISES"]

EXERCISES = (
    straight_through,
    lsq_gradient,
    ternary_absmean,
    pack_nibbles,
    unpack_nibbles,
    pack_signs,
    xnor_popcount_matmul,
    mended_binary_step,
)
