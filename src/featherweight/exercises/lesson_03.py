"""The exercises of lesson 3: momentum, a rate for every weight, both at once, and the chapter's Adam to mend."""

from featherweight.exercises.adam_03 import adam_step
from featherweight.exercises.adamw_03 import adamw_step
from featherweight.exercises.mended_03 import mended_adam_step
from featherweight.exercises.momentum_03 import momentum_step
from featherweight.exercises.squares_03 import adagrad_step, rmsprop_step

__all__ = ["EXERCISES"]

EXERCISES = (momentum_step, adagrad_step, rmsprop_step, adam_step, adamw_step, mended_adam_step)
