"""The exercises of lesson 11: labels, probabilities, both, slopes and sequences that a teacher hands down."""

from featherweight.exercises.beams_11 import sequence_level_targets
from featherweight.exercises.mended_11 import mended_distillation_step
from featherweight.exercises.mixed_11 import distillation_loss
from featherweight.exercises.slopes_11 import jacobian_loss
from featherweight.exercises.soft_11 import soft_loss
from featherweight.exercises.targets_11 import hard_targets

__all__ = ["EXERCISES"]

EXERCISES = (
    hard_targets,
    soft_loss,
    distillation_loss,
    jacobian_loss,
    sequence_level_targets,
    mended_distillation_step,
)
