"""The bug hunt of lesson 3: Adam as the chapter lists it."""

from featherweight.exercises import cases_03, probes, walks_03
from featherweight.exercises import wrong_03_adam as adam
from featherweight.exercises import wrong_03_mended as wrong
from featherweight.exercises.adam_03 import STATES, correction, moments, moves
from featherweight.exercises.exercise import Exercise, Misconception, switched
from featherweight.optimizers import adaptive

__all__ = ["FAULTS", "HIDDEN", "mended_adam_step"]

FAULTS = {
    "hoards": (
        "a first moment that never forgets",
        "The old first moment stays whole and only ever has gradients added: it should keep the share beta1.",
    ),
    "unsquared": (
        "v follows g, not g²",
        "The second moment follows the gradient and not its square; where it falls below zero, its root is nan.",
    ),
    "swapped": (
        "β's role swapped in v",
        "The second moment moves towards what is new by the share beta, so that it keeps 1 − beta of itself: "
        "it should keep beta and move by 1 − beta.",
    ),
    "one_decay": (
        "one decay for both moments",
        "beta1 serves both moments, and beta2 is never used: the second moment has a share of its own.",
    ),
    "uncorrected": (
        "no bias correction",
        "Both moments start at zero and are used as they are, so the number of the step makes no difference: divide "
        "them by 1 − beta1**step and 1 − beta2**step for the step.",
    ),
    "frozen": (
        "a step counter set back to 1",
        "The number of the step is overwritten, so every step is corrected as if it were the first.",
    ),
}
"""Switch → the fault's name, and what is said of it."""

HIDDEN = {"frozen": "uncorrected"}
"""A fault that cannot be seen while another one is there."""


def _seen():
    """The subsets of the faults that differ from each other: those without a hidden one."""
    pairs = [(FAULTS[fault][0], FAULTS[by][0]) for fault, by in HIDDEN.items()]
    everything = switched(wrong.adam_with, FAULTS)
    return tuple(m for m in everything if not any(fault in m.name and by in m.name for fault, by in pairs))


LEFT = (
    adam.first_corrected,
    adam.second_corrected,
    adam.counts_from_zero,
    adam.counts_from_two,
    adam.corrects_by_the_power_of_the_rest,
    adam.corrects_without_brackets,
    adam.stores_the_corrected,
    adam.first_without_share,
    adam.second_of_sizes,
    adam.epsilon_inside,
    adam.epsilon_before_correction,
)
"""What a mending may leave or bring in, beside the faults."""

mended_adam_step = Exercise(
    name="mended_adam_step",
    lesson=3,
    points=4,
    minutes=15,
    difficulty=4,
    reference=adaptive.adam_step,
    cases=cases_03.mended_walks,
    probe=probes.take_turns,
    compare=walks_03.compared(*STATES),
    returns="(parameter, first_moment, second_moment), new tensors",
    oracle="torch.optim.Adam",
    starts_from=wrong.handed_over,
    picture=walks_03.drawn(*STATES),
    forbids_in_place=True,
    misconceptions=(
        *_seen(),
        Misconception(
            "the difference squared",
            wrong.squares_the_difference,
            "The second moment moves by (g − v)², which can only raise it. It moves towards g²: by g² − v.",
            "the second moment after step 2",
        ),
        *(m for m in (*correction, *moments, *moves) if m.wrong in LEFT),
        *walks_03.common(adaptive.adam_step, *STATES),
    ),
    hints=(
        "Hand it a gradient of 1 ten times with beta1 = beta2 = ½ and print both moments. Where should each end, and "
        "what should the very first step be, whatever beta?",
        "Compare line by line with the symbols: which share each moment keeps, what the second one is an average of, "
        "which beta is whose, and what `step` is for.",
        "first_moment = beta1 · first_moment + (1 − beta1) · gradient, second_moment likewise with beta2 and gradient²"
        "; then corrected copies by the step that you are handed. Nothing assigns to step.",
    ),
)
