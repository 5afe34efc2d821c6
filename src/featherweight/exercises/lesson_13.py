"""The exercises of lesson 13: which networks nothing beats, and what may be claimed of them."""

from featherweight.exercises.bounds_13 import calibration_curve, paired_upper_bound
from featherweight.exercises.front_13 import pareto_front
from featherweight.exercises.mended_13 import mended_choice

__all__ = ["EXERCISES"]

EXERCISES = (pareto_front, paired_upper_bound, calibration_curve, mended_choice)
