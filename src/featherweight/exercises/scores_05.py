"""The exercises of lesson 5 that give numbers: the schedule and Wanda's scores."""

from featherweight.compression import pruning
from featherweight.exercises import cases_05 as cases
from featherweight.exercises import wrong_05_ramps as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.steps_05 import SINGLE

__all__ = ["cubic_sparsity", "wanda_scores"]

cubic_sparsity = Exercise(
    name="cubic_sparsity",
    lesson=5,
    points=2,
    minutes=8,
    difficulty=2,
    reference=pruning.cubic_sparsity,
    cases=cases.ramps,
    compare=close(float64=SINGLE, atol=1e-7),
    returns="the share of entries to be zero at this step, a number",
    oracle="torch.optim.lr_scheduler.PolynomialLR of power 3",
    misconceptions=(
        Misconception(
            "a square for the cube",
            wrong.squares_the_time_left,
            "You take the time that is left to the power 2. The power is 3.",
        ),
        Misconception("a straight ramp", wrong.ramps_linearly, "You prune at a constant speed: the cube is missing."),
        Misconception(
            "the time gone, cubed",
            wrong.cubes_the_time_gone,
            "progress³ starts slowly and ends in a rush, when every weight left is needed. "
            "Cube the time that is left, 1 − progress.",
            "a quarter of the way: more than half should be done",
        ),
        Misconception(
            "no beginning",
            wrong.ignores_the_beginning,
            "Before begin_step your progress is negative, and the sparsity falls below its initial value.",
            "a step before begin_step",
        ),
        Misconception(
            "past the end",
            wrong.runs_past_the_end,
            "After end_step your 1 − progress is negative, its cube too, and the sparsity climbs past its final value.",
            "a step after end_step",
        ),
        Misconception(
            "no limits",
            wrong.never_clamps,
            "Nothing holds progress between 0 and 1: the curve is right between begin_step and end_step only.",
        ),
        Misconception(
            "density for sparsity",
            wrong.returns_density,
            "You return the share that is kept. Sparsity is the share that is zero.",
        ),
        Misconception(
            "initial and final swapped",
            wrong.swaps_the_ends,
            "Your schedule starts full of zeros and fills up: initial and final have changed places.",
        ),
        Misconception(
            "an end that is never reached",
            wrong.never_arrives,
            "You count one step too many in the ramp: at end_step the sparsity should be exactly the final one.",
            "step = end_step",
        ),
        Misconception(
            "time counted from zero",
            wrong.counts_time_from_zero,
            "You count progress from step 0, so that the ramp starts with a jump. It starts at begin_step.",
        ),
        Misconception(
            "nothing before the beginning",
            wrong.returns_zero_before_the_beginning,
            "You return 0 before begin_step. The network may be sparse already: it is initial_sparsity until then.",
            "a step before begin_step",
        ),
        Misconception(
            "final on top of initial",
            wrong.adds_final_to_initial,
            "You climb by the whole final_sparsity from the initial one and end above it. Climb by their difference.",
            "step = end_step",
        ),
        Misconception(
            "whole-number division",
            wrong.divides_whole,
            "// drops what follows the point, so progress is 0 until it jumps to 1. Divide with /.",
        ),
        Misconception(
            "an initial sparsity of zero",
            wrong.starts_from_nothing,
            "You start from 0 whatever initial_sparsity says.",
        ),
    ),
    hints=(
        "Halfway, half the time is left. ½³ = ⅛: how much of the way from initial to final is done?",
        "progress = (step − begin)/(end − begin), held between 0 and 1.",
        "final + (initial − final) · (1 − progress)³ with that progress.",
    ),
)

wanda_scores = Exercise(
    name="wanda_scores",
    lesson=5,
    points=2,
    minutes=8,
    difficulty=2,
    reference=pruning.wanda_scores,
    cases=cases.layers,
    compare=close(float32=1e-5, float64=1e-10, atol=1e-15),
    returns="one score per weight, in the weight's shape",
    oracle="the change of the layer's output when one weight is zeroed",
    misconceptions=(
        Misconception(
            "inputs ignored",
            wrong.scores_without_inputs,
            "That is plain magnitude. A large weight on an input that is always near zero does nothing.",
        ),
        Misconception(
            "the sum of sizes",
            wrong.sums_absolute_inputs,
            "You add up |x|. The change of the output is measured in ‖·‖₂: the root of the sum of squares.",
        ),
        Misconception(
            "the norm squared",
            wrong.squares_the_norm,
            "You forgot the root: |w| times the squared norm gives inputs too much say.",
        ),
        Misconception(
            "everything squared",
            wrong.squares_both,
            "You return the square of the score. The ranking is the same; the score asked for is its root.",
        ),
        Misconception(
            "averaged over examples",
            wrong.averages_over_examples,
            "You take the root of the mean square. The ranking is the same; the norm is a sum over the examples.",
        ),
        Misconception(
            "inputs that cancel",
            wrong.adds_before_the_size,
            "You add the inputs up before taking the size, so +3 and −3 cancel. Square first, then add.",
        ),
        Misconception(
            "signed scores",
            wrong.keeps_the_sign,
            "Importance has no sign: a weight of −5 matters as much as one of 5.",
        ),
        Misconception(
            "the size of examples",
            wrong.measures_examples,
            "You measure each example over its inputs. Wanted is each input over the examples: the norm along dim 0.",
        ),
        Misconception(
            "outputs scaled",
            wrong.scales_the_rows,
            "You multiply the rows of the weight. Column j of the weight reads input j: scale the columns.",
        ),
        Misconception(
            "one norm for all",
            wrong.takes_one_norm_for_all,
            "norm() without dim is one number for the whole matrix, and changes no ranking. One per input is wanted.",
        ),
    ),
    hints=(
        "Zero one weight w[i, j]. By how much does output i change for an example x?",
        "For one example by |w[i, j] · x[j]|; over all examples take the 2-norm of that. What can be pulled out?",
        "|weight| times activations.norm(dim=0): a row of one number per input, which broadcasts over the outputs.",
    ),
)
