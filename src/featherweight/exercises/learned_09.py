"""The exercise of lesson 9 on a step that learns its own size."""

from featherweight.compression import low_bit
from featherweight.exercises import cases_09 as cases
from featherweight.exercises import wrong_09_learned as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["lsq_gradient"]

lsq_gradient = Exercise(
    name="lsq_gradient",
    lesson=9,
    points=3,
    minutes=12,
    difficulty=3,
    reference=low_bit.lsq_gradient,
    cases=cases.steps,
    compare=close(float32=1e-5, float64=1e-10),
    returns="a tensor of shape ()",
    oracle="autograd through the definition of x̂ with a straight-through rounding, in float64",
    misconceptions=(
        Misconception(
            "no gradient scale",
            wrong.forgets_the_share,
            "The sum is right, and as large as thousands of weights make it: the step would jump. Divide by "
            "√(entries · high).",
        ),
        Misconception(
            "the codes not counted",
            wrong.divides_by_the_root_of_the_count,
            "You divide by √entries. The number of codes counts as well: √(entries · high).",
        ),
        Misconception(
            "the entries not counted",
            wrong.divides_by_the_root_of_the_code,
            "You divide by √high. The number of weights counts as well: √(entries · high).",
        ),
        Misconception(
            "no root",
            wrong.forgets_the_root,
            "You divide by entries · high. Of that the root is asked for.",
        ),
        Misconception(
            "a mean",
            wrong.takes_the_mean,
            "You average over the entries. They add up, and the sum is divided by √(entries · high).",
        ),
        Misconception(
            "the low code for the high one",
            wrong.takes_the_low_code,
            "You take −low under the root. It is high.",
        ),
        Misconception(
            "the difference turned over",
            wrong.turns_the_difference_over,
            "Inside you have x / scale − round. It is the other way round: round(x / scale) − x / scale.",
        ),
        Misconception(
            "the wrong sign",
            wrong.turns_everything_over,
            "All is right but the sign: this is the way down, and the gradient points up.",
        ),
        Misconception(
            "the fraction forgotten",
            wrong.forgets_the_fraction,
            "Your slope is the code. scale stands twice in x̂: in front, and below x. The second one brings − x / "
            "scale.",
        ),
        Misconception(
            "the code forgotten",
            wrong.forgets_the_rounding,
            "Inside your slope is −x / scale. scale stands twice in x̂: the one in front brings the code itself.",
        ),
        Misconception(
            "clipped weights left out",
            wrong.lets_nothing_outside_count,
            "You leave out what is clipped. It pulls hardest: its value is scale · high, which grows with scale.",
        ),
        Misconception(
            "clipped weights alone",
            wrong.lets_only_the_outside_count,
            "Only what is clipped counts in yours: that is how PACT learns its bound. In LSQ the inside pulls as "
            "well, by "
            "its rounding error.",
        ),
        Misconception(
            "no range",
            wrong.never_leaves_the_range,
            "low and high are used for nothing but the root. Beyond them the slope is the outermost code.",
        ),
        Misconception(
            "x / scale taken off outside",
            wrong.subtracts_outside_as_well,
            "You take x / scale off everywhere. Where it is clipped x̂ does not depend on x / scale any more: the "
            "slope is "
            "the code alone.",
        ),
        Misconception(
            "codes without their sign",
            wrong.takes_sizes_outside,
            "Below low your slope is |low|. It is low, a negative number: there x̂ falls as scale grows.",
        ),
        Misconception(
            "upstream forgotten",
            wrong.forgets_upstream,
            "You add up the slopes of x̂. The loss's gradient in x̂ multiplies each of them.",
        ),
        Misconception(
            "a product of sums",
            wrong.multiplies_the_sums,
            "You add up the slopes, add up upstream, and multiply. Each slope has its own entry of upstream: multiply "
            "first.",
        ),
        Misconception(
            "a gradient for each weight",
            wrong.keeps_an_entry_for_each,
            "You return one number per weight. There is one scale for all: add them up.",
        ),
        Misconception(
            "in units of x",
            wrong.subtracts_in_units_of_x,
            "Inside you take x̂ − x. The slope is that divided by scale: round(x / scale) − x / scale.",
        ),
        Misconception(
            "multiplied by the scale",
            wrong.multiplies_by_the_scale,
            "You look at x · scale. How many steps x is away from 0 is x / scale.",
        ),
    ),
    hints=(
        "One weight: x = 2.3, scale = 1, codes −2 to 1. What is x̂? And if scale were 1.1? Then x = 0.3, the same way.",
        "One slope for each entry, of three kinds, chosen by x / scale; then times upstream, summed, divided.",
        "torch.where(inside, code − level, code), where code is level rounded and clipped: outside it is low or high.",
    ),
)
