"""The exercise of lesson 9 on three values for all weights."""

from featherweight.compression import low_bit
from featherweight.exercises import cases_09 as cases
from featherweight.exercises import wrong_09_ternary as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["ternary_absmean"]

ternary_absmean = Exercise(
    name="ternary_absmean",
    lesson=9,
    points=2,
    minutes=6,
    difficulty=2,
    reference=low_bit.ternary_absmean,
    cases=cases.weights,
    compare=close(float32=1e-6, float64=1e-12, parts=("codes", "scale")),
    returns="(codes, scale)",
    oracle="equations 1 to 3 of arXiv:2402.17764 on Python numbers",
    misconceptions=(
        Misconception(
            "the largest for the scale",
            wrong.takes_the_largest,
            "You divide by the largest |weight|, and all but a few codes become 0: one outlier decides for all. The "
            "mean "
            "of |weight| is asked for.",
        ),
        Misconception(
            "the deviation for the scale",
            wrong.takes_the_deviation,
            "You divide by the standard deviation. The mean of |weight| is smaller, and needs no mean to be taken off.",
        ),
        Misconception(
            "the root mean square for the scale",
            wrong.takes_the_root_mean_square,
            "You divide by √(mean of the squares), in which large weights count more. The mean of |weight| is asked "
            "for.",
        ),
        Misconception(
            "the median for the scale",
            wrong.takes_the_median,
            "You divide by the median of |weight|. The mean is asked for.",
        ),
        Misconception(
            "a mean with signs",
            wrong.averages_with_signs,
            "You average the weights with their signs, which cancel. First abs(), then the mean.",
        ),
        Misconception(
            "a scale for each row",
            wrong.averages_each_row,
            "You take a mean for each row. Here one scale serves the whole tensor.",
        ),
        Misconception(
            "two values",
            wrong.knows_no_zero,
            "Your codes are −1 and 1: that is binary. What is below half the scale becomes 0.",
        ),
        Misconception(
            "the sign of everything",
            wrong.takes_the_sign,
            "You take the sign, and only an exact 0 stays 0. What is below half the scale becomes 0.",
        ),
        Misconception(
            "the fraction cut off",
            wrong.cuts_at_the_mean,
            "You cut off the fraction, so that everything below the mean becomes 0. Round to the nearest.",
        ),
        Misconception(
            "always down",
            wrong.rounds_down,
            "You round down: every small negative weight becomes −1. Round to the nearest.",
        ),
        Misconception(
            "halves away from zero",
            wrong.rounds_halves_away,
            "A weight of exactly half the scale becomes ±1 in yours. A half goes to the even neighbour, which is 0.",
        ),
        Misconception(
            "no clip",
            wrong.forgets_to_clip,
            "Large weights get codes of 2, 3 and more. There are three codes: clip to −1 and 1.",
        ),
        Misconception(
            "clipped before the division",
            wrong.clips_before_it_divides,
            "You clip the weights to [−1, 1] and divide afterwards. The *codes* are clipped: divide, round, clip.",
        ),
        Misconception(
            "zero by zero",
            wrong.divides_zero_by_zero,
            "Where all weights are zero you divide 0 by 0. The scale is 0 and so are the codes.",
            "the case of all zeros",
        ),
        Misconception(
            "codes times the scale",
            wrong.scales_the_codes,
            "You multiply the codes by the scale already. The codes alone are stored: −1, 0 and 1, as int8.",
        ),
        Misconception(
            "codes as floats",
            wrong.keeps_float_codes,
            "The codes are right, and floats: four bytes each. Make them int8.",
        ),
        Misconception(
            "one over the scale",
            wrong.gives_the_inverse,
            "You return what you multiply the weights by. Wanted is what the codes are multiplied by.",
        ),
        Misconception(
            "the scale first",
            wrong.gives_the_scale_first,
            "Both are right, in the other order: codes first.",
        ),
        Misconception(
            "a mean of the survivors",
            wrong.averages_the_survivors,
            "The codes are right, and the scale is the mean of those that are not 0. That is the scale of least "
            "squares, "
            "from another paper; here it is the mean of all.",
        ),
        Misconception(
            "a threshold of 0.7",
            wrong.cuts_at_seven_tenths,
            "You cut at 0.7 of the mean and average the survivors: ternary weight networks (arXiv:1605.04711) do "
            "that. Here "
            "rounding cuts at half the mean.",
        ),
    ),
    hints=(
        "Weights 4, −1 and 1. What is the mean of their sizes? Measured in it, what are they, and what do they round "
        "to?",
        "Four steps: the scale, the weights in units of it, rounded, clipped. Zeros must not be divided by zero.",
        "abs().mean(); then divide, .round(), .clamp(−1, 1), .to(torch.int8). Where the scale is 0, divide by 1.",
    ),
)
