"""The exercises of lesson 6: find a ticket, round by round, and see what a mask can do without training."""

from featherweight.exercises.mended_06 import mended_find_ticket
from featherweight.exercises.rewind_06 import rewind
from featherweight.exercises.rounds_06 import imp_round
from featherweight.exercises.supermasks_06 import supermask_forward

__all__ = ["EXERCISES"]

EXERCISES = (rewind, imp_round, supermask_forward, mended_find_ticket)
