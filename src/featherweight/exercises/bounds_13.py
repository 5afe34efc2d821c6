"""The exercises of lesson 13 on what may be claimed: a bound of the loss, and how sure one may be."""

from featherweight.compression import choosing
from featherweight.exercises import cases_13 as cases
from featherweight.exercises import wrong_13_bounds as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["calibration_curve", "paired_upper_bound"]

paired_upper_bound = Exercise(
    name="paired_upper_bound",
    lesson=13,
    points=3,
    minutes=12,
    difficulty=3,
    reference=choosing.paired_upper_bound,
    cases=cases.pairs,
    compare=close(),
    returns="the bound, (), float64",
    oracle="statistics.fmean and statistics.stdev over Python's numbers",
    misconceptions=(
        Misconception(
            "the wrong way round",
            wrong.turned_around,
            "You subtract the dense network's answers from the small one's: that is a gain. Lost is dense − small.",
        ),
        Misconception(
            "the lower bound",
            wrong.is_the_lower_bound,
            "You subtract the margin. How much may be lost at most is asked: add it.",
        ),
        Misconception(
            "unpaired",
            wrong.forgets_the_pairs,
            "You add the variances of both, as if they had answered different examples. They share most of their "
            "errors: take the deviation of the differences.",
        ),
        Misconception(
            "sizes of differences",
            wrong.takes_sizes,
            "You take |dense − small|. Where the small network alone is right, something is won: the sign counts.",
        ),
        Misconception(
            "losses alone",
            wrong.only_counts_losses,
            "Where the small network alone is right you count 0. It is −1: gains make up for losses.",
        ),
        Misconception(
            "no root of n",
            wrong.forgets_the_root_of_n,
            "You add the deviation of one example. A mean of n examples deviates √n times less.",
        ),
        Misconception(
            "n instead of its root",
            wrong.divides_by_n,
            "You divide the deviation by n. The standard error of a mean falls with √n.",
        ),
        Misconception(
            "√(n − 1)",
            wrong.divides_by_one_less,
            "You divide by √(n − 1). The n − 1 belongs in the variance, where std() has it already.",
        ),
        Misconception(
            "the variance",
            wrong.takes_the_variance,
            "You add the variance. The standard error is its root, divided by √n.",
        ),
        Misconception(
            "a variance over n",
            wrong.takes_the_biased_deviation,
            "Your variance divides by n. The unbiased one divides by n − 1, as std() does unless told otherwise.",
        ),
        Misconception(
            "z forgotten",
            wrong.takes_one_standard_error,
            "You add one standard error. Add z of them.",
        ),
        Misconception(
            "always 1.96",
            wrong.always_two_sided,
            "You take 1.96, whatever z is. That is for two sides; here one side is asked about, and z is given.",
        ),
        Misconception(
            "the mean alone",
            wrong.gives_the_mean_alone,
            "You return the mean loss. With other examples it would have been another one: add the margin.",
        ),
        Misconception(
            "the margin alone",
            wrong.gives_the_half_width,
            "You return z standard errors. The bound is the mean loss plus that.",
        ),
        Misconception(
            "only where they differ",
            wrong.leaves_out_the_agreed,
            "You leave out the examples on which both agree. Their difference is 0, and they count.",
        ),
        Misconception(
            "a share of the dense accuracy",
            wrong.measures_against_the_dense,
            "You divide by the dense network's accuracy. Lost points are asked for, not which part of it is lost.",
        ),
        Misconception(
            "in per cent",
            wrong.in_per_cent,
            "You return per cent. A share is asked for: one point is 0.01.",
        ),
    ),
    hints=(
        "Write down 1, 0 or −1 for each example: who was right where the other was not? What are mean and standard "
        "deviation of these?",
        "Convert both to float64 before you subtract: torch does not subtract bools. Then mean, std, and the number of "
        "examples.",
        "The standard error of a mean is std / √n. The bound lies z of them above the mean.",
    ),
)

calibration_curve = Exercise(
    name="calibration_curve",
    lesson=13,
    points=2,
    minutes=10,
    difficulty=2,
    reference=choosing.calibration_curve,
    cases=cases.guesses,
    compare=close(parts=("levels", "shares", "counts")),
    returns="(levels, shares, counts)",
    oracle="a dictionary of lists in Python",
    misconceptions=(
        Misconception(
            "hits, not shares",
            wrong.counts_the_hits,
            "You return how many were right. Divide by how many there were at that level.",
        ),
        Misconception(
            "shares of all",
            wrong.shares_of_all,
            "You divide by the number of all predictions. Divide by those of the same level.",
        ),
        Misconception(
            "shares of the hits",
            wrong.shares_of_hits,
            "You divide by all that were right: which part of the hits lies here. Wanted is which part of the "
            "predictions here was a hit.",
        ),
        Misconception(
            "shares of the wrong",
            wrong.shares_of_the_wrong,
            "These are the shares of wrong predictions. Wanted are the right ones.",
        ),
        Misconception(
            "how much too sure",
            wrong.surplus_of_sureness,
            "You return stated minus right. That is the gap to the diagonal; the curve is the share itself.",
        ),
        Misconception(
            "up to the level",
            wrong.up_to_the_level,
            "You count all predictions up to each level. Each level stands for itself.",
        ),
        Misconception(
            "levels without a hit dropped",
            wrong.drops_levels_without_a_hit,
            "A level at which nothing was right is missing. Its share is 0, and that is the most telling point of all.",
        ),
        Misconception(
            "single predictions dropped",
            wrong.drops_lonely_levels,
            "You leave out levels with one prediction. They are little evidence, which is what the counts are for.",
        ),
        Misconception(
            "the surest first",
            wrong.surest_first,
            "Your levels fall. Wanted is rising order.",
        ),
        Misconception(
            "in order of appearance",
            wrong.in_order_of_appearance,
            "Your levels come in the order in which they were first said. Wanted is rising order.",
        ),
        Misconception(
            "counts of the right",
            wrong.counts_only_the_right,
            "Your counts are those of the right predictions. Wanted are all at that level.",
        ),
        Misconception(
            "bins of a tenth",
            wrong.bins_by_tenths,
            "You put the stated values into bins. Here each different value is a level of its own.",
        ),
        Misconception(
            "one point for all",
            wrong.averages_everything,
            "You average over all predictions. That one number can be perfect while every level is off.",
        ),
        Misconception(
            "a point for each prediction",
            wrong.a_point_for_each_prediction,
            "You return every prediction by itself. Predictions of one level belong together.",
        ),
        Misconception(
            "no counts",
            wrong.forgets_the_counts,
            "Levels and shares are there, the counts are missing: return all three.",
        ),
        Misconception(
            "counts as floats",
            wrong.counts_as_floats,
            "The counts are right, and floats. They count: int64.",
        ),
    ),
    hints=(
        "stated = [0.9, 0.5, 0.9], right = [True, True, False]. Which levels are there, how many at each, and how many "
        "of those were right?",
        "unique(return_inverse=True) gives the levels and, for each prediction, the number of its level.",
        "Count the numbers with bincount, add up `right` at the same numbers with index_add, and divide.",
    ),
)
