"""The exercises of lesson 8: rounding to eight bits, layers in whole numbers, and an optimizer's state in bytes."""

from featherweight.exercises.layers_08 import integer_linear
from featherweight.exercises.mended_08 import mended_dynamic_map
from featherweight.exercises.ranges_08 import per_channel_scale, scale_and_zero_point
from featherweight.exercises.rounding_08 import quantize
from featherweight.exercises.states_08 import quantize_state

__all__ = ["EXERCISES"]

EXERCISES = (
    quantize,
    scale_and_zero_point,
    per_channel_scale,
    integer_linear,
    quantize_state,
    mended_dynamic_map,
)
