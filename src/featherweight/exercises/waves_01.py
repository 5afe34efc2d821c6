"""The exercise of lesson 1 on the cosine schedule."""

from featherweight.exercises import cases_01
from featherweight.exercises import wrong_01_waves as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.rates_01 import SINGLE
from featherweight.optimizers import schedules

__all__ = ["cosine_rate"]

cosine_rate = Exercise(
    name="cosine_rate",
    lesson=1,
    points=2,
    minutes=10,
    difficulty=3,
    reference=schedules.cosine_rate,
    cases=cases_01.cosines,
    compare=close(float64=SINGLE, atol=1e-9),
    returns="the learning rate of one update, a number",
    oracle="torch.optim.lr_scheduler.LinearLR, then CosineAnnealingLR",
    misconceptions=(
        Misconception(
            "degrees for radians",
            wrong.cosine_in_degrees,
            "math.cos wants radians: half a turn is π, not 180.",
            "the middle of the schedule: yours jumps about",
        ),
        Misconception(
            "a last step that is never reached",
            wrong.cosine_never_arrives,
            "Your curve would reach final_rate one update after the last. The last update, number "
            "total_steps, uses it.",
            "step = total_steps",
        ),
        Misconception(
            "a warm-up that starts at zero",
            wrong.cosine_warms_from_zero,
            "Your first update has rate 0 and does not move. Steps count from 1: update k uses "
            "k/warmup_steps of the peak.",
            "step 1",
        ),
        Misconception(
            "no warm-up",
            wrong.cosine_without_warmup,
            "You ignore warmup_steps: the first updates should climb to the peak, and the wave starts there.",
            also=(wrong.cosine_of_all_steps_without_warmup,),
        ),
        Misconception(
            "a peak before the first update",
            wrong.cosine_peaks_before_the_first,
            "With a warm-up you are right. With warmup_steps = 0 your peak lies at an update 0 that nobody makes: "
            "the first update should use base_rate itself, as with warmup_steps = 1.",
            "warmup_steps in the case shown",
        ),
        Misconception(
            "a peak used twice",
            wrong.cosine_peaks_twice,
            "Your climb is right. But the update after the peak uses base_rate again: "
            "share done is 0 at update warmup_steps, not one later.",
            "step = warmup_steps + 1",
        ),
        Misconception(
            "a warm-up from the floor",
            wrong.cosine_warms_from_the_floor,
            "Your climb starts at final_rate. Update k of the warm-up uses k/warmup_steps of the peak, "
            "whatever the floor is.",
            "step 1",
        ),
        Misconception(
            "the wave counted from step 1",
            wrong.cosine_ignores_warmup,
            "Your cosine starts at the first step and is already on its way down when the warm-up ends. "
            "It starts at the peak and has the remaining updates to itself.",
            also=(wrong.cosine_of_all_steps,),
        ),
        Misconception(
            "a wave as long as all updates",
            wrong.cosine_as_long_as_all_steps,
            "You count from the peak, but divide by total_steps. "
            "From the peak to the last update there are fewer: those after the peak.",
            "step = total_steps",
        ),
        Misconception(
            "a wave that climbs",
            wrong.cosine_climbs,
            "Your wave starts at final_rate and ends at base_rate. 1 + cos goes down; 1 − cos, or "
            "swapped ends, goes up.",
        ),
        Misconception(
            "a straight line",
            wrong.cosine_as_a_line,
            "You go down in a straight line. The ends are right; between them half a cosine wave is wanted.",
        ),
        Misconception(
            "a quarter of a wave",
            wrong.cosine_quarter_wave,
            "cos from 0 to π/2 is a quarter of a wave: it is steepest where it ends. (1 + cos)/2 from 0 "
            "to π levels out.",
        ),
        Misconception(
            "a wave without π",
            wrong.cosine_without_pi,
            "Half a turn is π. Your angle ends at 1, a third of the way.",
        ),
        Misconception(
            "whole-number division",
            wrong.cosine_divides_whole,
            "// drops what follows the point, so share done is 0 until it jumps to 1. Divide with /.",
        ),
        Misconception(
            "a floor added on top",
            wrong.cosine_adds_floor,
            "You add final_rate to a wave that already starts at base_rate, so that the peak is too high. "
            "The wave spans the difference of the two.",
            "the peak",
        ),
        Misconception(
            "a whole wave",
            wrong.cosine_whole_wave,
            "You run through a whole turn, 2π, and come back to the peak. Half a turn goes from the peak to the floor.",
        ),
        Misconception(
            "a wave without its half",
            wrong.cosine_without_half,
            "1 + cos runs from 2 to 0. Without the factor ½ the peak is too high.",
        ),
        Misconception(
            "no floor",
            wrong.cosine_to_zero,
            "Your wave ends at 0; it should end at final_rate.",
            "step = total_steps",
        ),
    ),
    hints=(
        "What share of the way from the peak to the last update is done at the peak itself? At the last update?",
        "(1 + cos(π · share))/2 goes from 1 to 0 as share goes from 0 to 1.",
        "share = (step − peak)/(total_steps − peak) with peak = max(warmup_steps, 1); final + (base − "
        "final) · (1 + cos(π · share))/2.",
    ),
)
