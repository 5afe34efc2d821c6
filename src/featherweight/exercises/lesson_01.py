"""The exercises of lesson 1: gradient descent, its stability limit, and schedules."""

from featherweight.exercises import cases_01, probes
from featherweight.exercises import wrong_01 as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched
from featherweight.exercises.rates_01 import exponential_rate, largest_stable_rate
from featherweight.exercises.waves_01 import cosine_rate
from featherweight.lab import plots
from featherweight.optimizers import descent

__all__ = ["EXERCISES"]


def _walk(axes, inputs, yours, expected) -> None:
    plots.yours_over_expected(axes, yours, expected, xlabel="step")


gradient_descent = Exercise(
    name="gradient_descent",
    lesson=1,
    points=3,
    minutes=10,
    difficulty=1,
    reference=descent.gradient_descent,
    cases=cases_01.descents,
    probe=probes.descend,
    compare=close(float32=1e-5, float64=1e-12, axes=("step",)),
    returns="every point of the walk, shape (steps + 1, d)",
    oracle="closed form (I − ηH)ᵏ on random quadratics",
    picture=_walk,
    misconceptions=(
        Misconception(
            "climbing",
            wrong.climbs,
            "You add the gradient, and the gradient points uphill: descent subtracts it.",
            "the first step: it goes the opposite way",
        ),
        Misconception(
            "one tensor in every row",
            wrong.updates_in_place,
            "You change one tensor in place and store it again and again, so that every row is the same, last, point. "
            "Store a new tensor for each point.",
            "row 0: it should still be the start",
            also=(wrong.updates_in_place_and_goes_on,),
        ),
        Misconception(
            "overwriting the start",
            wrong.overwrites_start,
            "Your first row is the same tensor that the in-place update changes, so it shows a later point. "
            "Put a copy of the start into the list.",
            "row 0, and only row 0",
        ),
        Misconception(
            "one row short",
            wrong.forgets_last_point,
            "Each point is stored before the step that follows it, so the last one is never stored: "
            "`steps` moves make `steps + 1` points.",
        ),
        Misconception(
            "forgetting the start",
            wrong.forgets_start,
            "The first row should be the start itself. Yours begins after the first step.",
        ),
        Misconception(
            "one step too many",
            wrong.one_step_too_many,
            "You take `steps + 1` steps; there are `steps + 1` points because the start counts as one.",
        ),
        Misconception(
            "the start's gradient reused",
            wrong.reuses_gradient,
            "You compute the gradient once, at the start, and walk straight on with it. Ask for it again wherever you stand.",
            "the second step: yours repeats the first",
        ),
        Misconception(
            "a normalized gradient",
            wrong.normalizes,
            "You divide the gradient by its length, so every step is equally long and the walk never settles. "
            "The length matters: it shrinks as the slope does.",
            "the distance between points: yours never gets smaller",
        ),
        Misconception(
            "one coordinate at a time",
            wrong.one_coordinate_at_a_time,
            "You update the coordinates in turn, and the later ones already see the earlier ones moved. "
            "Take the whole gradient at one point, then move all coordinates at once.",
        ),
        Misconception(
            "a table of another dtype",
            wrong.forgets_dtype,
            "torch.zeros and torch.empty make float32 unless told otherwise, and half of your digits are gone. "
            "Ask for dtype=start.dtype, or stack the points instead.",
            "cases whose start is float64",
        ),
        Misconception(
            "the rate left out",
            wrong.leaves_out_the_rate,
            "You subtract the whole gradient. How far to go is learning_rate times the gradient.",
        ),
        Misconception(
            "every step taken from the start",
            wrong.steps_from_the_start,
            "You ask for the gradient in the right place, but subtract it from the start each time. "
            "Subtract it from the point where you stand.",
            "the second step: it begins at the start again",
        ),
        Misconception(
            "the last row left empty",
            wrong.leaves_the_last_row_empty,
            "Your table has a row for the last point, and the loop ends one step before it. "
            "range(1, steps) stops at steps − 1; the rows go from 1 to steps.",
            "the last row: it holds zeros",
        ),
        Misconception(
            "points as columns",
            wrong.stands_points_in_columns,
            "Your points stand side by side, one column each. Wanted is one row each: torch.stack(points), without dim=1.",
        ),
        Misconception(
            "points end to end",
            wrong.joins_points_end_to_end,
            "torch.cat joins the points into one long row of numbers. torch.stack gives each point a row of its own.",
        ),
        Misconception(
            "a return inside the loop",
            wrong.returns_inside_the_loop,
            "Your return is indented into the loop, so the function ends after the first step. Move it to the left.",
        ),
        Misconception(
            "a step that is always taken",
            wrong.always_takes_a_step,
            "The walk itself is right. But your first step stands before the loop and is taken even where steps is 0; "
            "then the start alone is wanted.",
            "steps in the case shown",
        ),
        Misconception(
            "only the last point",
            wrong.returns_last_only,
            "You return where the walk ends. The whole walk is wanted, one row per point.",
        ),
    ),
    hints=(
        "On paper, with one number: the loss is x²/2, the gradient is x, the rate is 0.5, you stand at 8. Where are you after one step, after two?",
        "Keep a list that begins with the start. Each turn of the loop adds one new point, made from the last one.",
        "new = last − learning_rate · gradient(last), a new tensor each time; torch.stack turns the list into rows.",
    ),
)

mended_descent = Exercise(
    name="mended_descent",
    lesson=1,
    points=3,
    minutes=12,
    difficulty=3,
    reference=descent.dynamic_gradient_descent,
    cases=cases_01.decayed_descents,
    probe=probes.descend_with_decay,
    compare=close(float32=1e-5, float64=1e-12, axes=("step",)),
    returns="every point of the walk, shape (steps + 1, d)",
    oracle="torch.optim.SGD with ExponentialLR",
    starts_from=wrong.chapters_dynamic_descent,
    picture=_walk,
    misconceptions=(
        *switched(
            wrong.dynamic_descent_with,
            {
                "early": (
                    "decay before the first update",
                    "The rate is multiplied before the update that it is for, so no update ever uses the full rate.",
                ),
                "compounded": (
                    "decay compounded twice",
                    "A rate that already carries the earlier factors is multiplied by a power again: "
                    "the exponent grows like 1 + 2 + 3 … and the walk freezes.",
                ),
            },
        ),
        Misconception(
            "the start's gradient reused",
            wrong.decays_and_reuses_gradient,
            "The gradient is computed once, before the loop; it must be asked for at each new point.",
        ),
        Misconception(
            "no decay", wrong.never_decays, "The rate stays as it was: the decay is gone along with the bug."
        ),
        Misconception(
            "one decay for the whole walk",
            wrong.decays_once_for_all,
            "The rate is multiplied once, before the loop, and stays there. It shrinks from each update to the next.",
        ),
        Misconception(
            "the share that is lost",
            wrong.loses_the_decay,
            "You multiply the rate by 1 − decay. `decay` is the factor itself: at 0.9 the rate keeps nine tenths.",
        ),
        Misconception(
            "rows counted from zero",
            wrong.counts_rows_from_zero,
            "The rates are right. But in a loop from 0 the first round writes over row 0, the start, "
            "and reads walk[−1], which is the last row. Move both indices up by one.",
            "row 0: it should still be the start",
        ),
    ),
    hints=(
        "Print the rate that each of the first four updates uses, with learning_rate 1 and decay ½. It should read 1, ½, ¼, ⅛.",
        "Two things are wrong, and each hides the other. Look at when the rate changes, and by how much.",
        "Move first with the rate as it is; afterwards multiply it by decay, once.",
    ),
)

EXERCISES = (gradient_descent, largest_stable_rate, exponential_rate, cosine_rate, mended_descent)
