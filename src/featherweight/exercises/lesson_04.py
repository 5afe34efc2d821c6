"""The exercises of lesson 4: what changed after Adam."""

from featherweight.exercises.averages_04 import schedule_free_step
from featherweight.exercises.climbs_04 import mended_accumulated_steps, sam_gradient
from featherweight.exercises.matrices_04 import newton_schulz
from featherweight.exercises.signs_04 import lion_step

__all__ = ["EXERCISES"]

EXERCISES = (newton_schulz, lion_step, schedule_free_step, sam_gradient, mended_accumulated_steps)
