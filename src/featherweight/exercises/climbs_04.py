"""The exercises of lesson 4 that ask for gradients in unusual places or numbers: SAM, and the bug hunt."""

from featherweight.exercises import cases_04, probes
from featherweight.exercises import wrong_04_climbs as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched
from featherweight.optimizers import accumulation, sam

__all__ = ["mended_accumulated_steps", "sam_gradient"]

sam_gradient = Exercise(
    name="sam_gradient",
    lesson=4,
    points=2,
    minutes=10,
    difficulty=2,
    reference=sam.sam_gradient,
    cases=cases_04.climbs,
    probe=probes.at_the_steepest,
    compare=close(float32=1e-5, float64=1e-9),
    returns="a gradient, shaped as the parameter",
    oracle="closed form on random quadratics: Hw + ρ·H²w/‖Hw‖",
    forbids_in_place=True,
    misconceptions=(
        Misconception(
            "a step down",
            wrong.descends_first,
            "You go down before you take the second gradient. SAM looks for the worst place nearby: it climbs.",
        ),
        Misconception(
            "not normalized",
            wrong.forgets_to_normalize,
            "You climb by radius times the slope, so the climb is long where it is steep. Divide by the norm: it is "
            "`radius` long everywhere.",
        ),
        Misconception(
            "weights not put back",
            wrong.leaves_the_weights_on_top,
            "You move `parameter` itself and do not leave it exactly as it was. Even adding and subtracting again "
            "leaves a rounding error: work with a new tensor, parameter + radius · uphill.",
            "+=, -= and functions that end in _",
        ),
        Misconception(
            "the first gradient",
            wrong.returns_the_first,
            "You return the gradient at the weights. The one at the top of the climb is wanted.",
        ),
        Misconception(
            "both gradients added",
            wrong.adds_both,
            "You add both gradients. The first only says where to climb; the second alone is the answer.",
        ),
        Misconception(
            "both gradients averaged",
            wrong.averages_both,
            "You average both gradients. The first only says where to climb; the second alone is the answer.",
        ),
        Misconception(
            "the difference of both",
            wrong.takes_the_difference,
            "You subtract the first gradient. The second alone is the answer.",
        ),
        Misconception(
            "signs",
            wrong.takes_signs,
            "You climb by ±radius in every entry. That is the steepest corner of a box; SAM climbs in a ball, "
            "along slope/norm.",
        ),
        Misconception(
            "the squared norm",
            wrong.divides_by_the_squared_norm,
            "You divide by the sum of squares. The norm is its root.",
        ),
        Misconception(
            "the largest entry", wrong.divides_by_the_largest, "You divide by the largest entry. Divide by the norm."
        ),
        Misconception(
            "the sum of the sizes",
            wrong.divides_by_the_sum,
            "You divide by the sum of the absolute values. The norm is the root of the sum of squares.",
        ),
        Misconception(
            "row by row",
            wrong.normalizes_rows,
            "You normalize each row by itself. It is one ball around all weights: one norm.",
            "cases whose parameter is a matrix",
        ),
        Misconception(
            "nan where it is flat",
            wrong.divides_by_zero,
            "Where the slope is zero you divide zero by zero. There is nothing to climb: stay.",
            "the case without slope",
        ),
        Misconception(
            "the norm of the weights",
            wrong.divides_by_the_norm_of_the_weights,
            "You divide by the norm of the weights. The slope must become a unit vector: divide by its own norm.",
        ),
        Misconception(
            "a climb along the weights",
            wrong.climbs_along_the_weights,
            "You climb along the weights themselves. Uphill is along their gradient.",
        ),
        Misconception(
            "the offset alone",
            wrong.asks_at_the_offset,
            "You take the gradient at the offset. It is taken at the weights plus the offset.",
        ),
        Misconception(
            "a radius of one", wrong.forgets_the_radius, "You climb by 1, whatever the radius.", "radius in the case"
        ),
        Misconception(
            "the place instead of the gradient",
            wrong.returns_the_top,
            "You return where the climb ends. The gradient there is wanted.",
        ),
        Misconception(
            "the answer normalized",
            wrong.normalizes_the_answer,
            "You normalize the second gradient as well. Only the climb has a fixed length.",
        ),
    ),
    hints=(
        "Weights (3, 4) and a gradient that is the weights themselves. Which way is uphill, as a vector of length 1?",
        "Two calls of `gradient`: one to know where uphill is, one when you are there.",
        "slope = gradient(parameter); gradient(parameter + radius · slope/norm), and slope itself where the norm is 0.",
    ),
)

mended_accumulated_steps = Exercise(
    name="mended_accumulated_steps",
    lesson=4,
    points=3,
    minutes=15,
    difficulty=3,
    reference=accumulation.accumulated_steps,
    cases=cases_04.accumulations,
    probe=probes.accumulate,
    compare=close(float32=1e-4, float64=1e-11, axes=("step",)),
    returns="every point of the walk, shape (steps + 1, d)",
    oracle="torch.optim.SGD on the concatenated batches",
    starts_from=wrong.handed_over,
    misconceptions=(
        *switched(
            wrong.accumulation_with,
            {
                "alike": (
                    "pieces counted alike",
                    "Every piece counts the same, however few examples are in it. The mean over all examples "
                    "weighs each "
                    "piece by its size.",
                ),
                "carried": (
                    "a sum that is never emptied",
                    "The sum goes on after the step, so the gradients of the last batch are in the next one as well.",
                ),
                "dropped": (
                    "the rest lost",
                    "Pieces that are left over at the end never become a step.",
                ),
            },
        ),
        Misconception(
            "a rest divided by too much",
            wrong.divides_the_rest_by_every,
            "Pieces count alike, and those left over are divided by `every`, although they are fewer. "
            "Divide by the number of examples that are in the sum.",
        ),
        Misconception(
            "a sum of means",
            wrong.adds_without_dividing,
            "You add the pieces' means and divide by nothing, so the step grows with the number of pieces.",
        ),
        Misconception(
            "a sum over examples",
            wrong.adds_examples_without_dividing,
            "You add over all examples and divide by nothing. Divide by their number.",
        ),
        Misconception(
            "a count that is never emptied",
            wrong.keeps_the_count,
            "The sum is emptied after a step and the count is not, so later steps get shorter and shorter.",
        ),
        Misconception(
            "sum and count never emptied",
            wrong.keeps_count_and_sum,
            "Neither the sum nor the count is emptied: every step averages over all that came before.",
        ),
        Misconception(
            "a step after every piece",
            wrong.steps_at_every_piece,
            "You step after every piece. That is SGD in small batches; wanted is one step for `every` pieces.",
        ),
        Misconception(
            "the start's gradient",
            wrong.asks_at_the_start,
            "You ask for gradients at the start of the whole walk. They are taken where the batch begins.",
            "the second step",
        ),
        Misconception(
            "divided by all examples",
            wrong.divides_by_all,
            "You divide by the number of all examples. Divide by that of this batch.",
        ),
        Misconception(
            "examples divided by pieces",
            wrong.divides_sizes_by_pieces,
            "The sum is one over examples, and you divide it by the number of pieces. Divide it by the number "
            "of examples.",
        ),
        Misconception(
            "only the last point",
            wrong.returns_the_last_point,
            "You return where the walk ends. The whole walk is wanted, one row per point.",
        ),
    ),
    hints=(
        "Two pieces, of 1 and of 3 examples, with mean gradients 8 and 0. What is the mean over all four examples?",
        "Three things are wrong: what a piece counts, what happens to the sum after a step, what happens at the end.",
        "Add sizes[k] · gradient(x, k) and sizes[k]; after `every` pieces, and after the last one, step by their "
        "quotient and set both to zero.",
    ),
)
