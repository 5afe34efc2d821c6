"""The bug hunt of lesson 13: a choice that looks at the test set."""

from featherweight.compression import choosing
from featherweight.exercises import cases_13 as cases
from featherweight.exercises import wrong_13_mended as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["FAULTS", "mended_choice"]

FAULTS = {
    "peeks": (
        "chosen on the test set",
        "The recipe is chosen by its test errors, so the test set has become part of the training: what it says "
        "afterwards is too good. Choose by validation errors.",
    ),
    "lucky": (
        "the luckiest seed decides",
        "Each recipe is judged by its best seed. The recipe that varies most wins, not the one that is best: take the "
        "mean over seeds.",
    ),
    "boasts": (
        "the best seed reported",
        "The reported errors are those of the best seed. Whoever repeats it gets the mean.",
    ),
    "overspends": (
        "the budget forgotten",
        "The chosen recipe may be larger than the budget.",
    ),
}
"""Switch → the fault's name, and what is said of it."""

mended_choice = Exercise(
    name="mended_choice",
    lesson=13,
    points=4,
    minutes=15,
    difficulty=3,
    reference=choosing.chosen_within,
    cases=cases.recipes,
    compare=close(parts=("the number", "the errors")),
    returns="(number, errors): a whole number and a float",
    oracle="min() over Python's tuples (mean validation errors, size, number)",
    starts_from=wrong.handed_over,
    misconceptions=(
        *switched(wrong.choice_with, FAULTS),
        Misconception(
            "below the budget only",
            wrong.strictly_below,
            "A recipe of exactly the budget is left out. At most the budget is asked for.",
        ),
        Misconception(
            "the largest of equals",
            wrong.the_largest_of_equals,
            "Of recipes with equal mean errors you take the largest. The smallest is asked for.",
        ),
        Misconception(
            "the first of equals",
            wrong.the_first_of_equals,
            "Of recipes with equal mean errors you take the first. The smallest comes before the first.",
        ),
        Misconception(
            "the median of the seeds",
            wrong.by_the_median,
            "You choose by the median over seeds. The mean is asked for.",
        ),
        Misconception(
            "the worst seed decides",
            wrong.by_the_worst_seed,
            "You choose by the worst seed. That is careful, and as noisy as the best one: the mean is asked for.",
        ),
        Misconception(
            "the first seed decides",
            wrong.by_the_first_seed,
            "You choose by the first seed. There are others, and the mean over them is less noisy.",
        ),
        Misconception(
            "validation errors reported",
            wrong.tells_validation,
            "You report the validation errors. They were used to choose, so they are too good: report test errors.",
        ),
        Misconception(
            "a sum reported",
            wrong.tells_the_sum,
            "You report the sum over the seeds. The mean is asked for.",
        ),
        Misconception(
            "the median reported",
            wrong.tells_the_median,
            "You report the median over the seeds. The mean is asked for.",
        ),
        Misconception(
            "a number among those that fit",
            wrong.numbers_those_that_fit,
            "Your number counts only the recipes within budget. Wanted is the place among all of them.",
        ),
        Misconception(
            "the smallest",
            wrong.takes_the_smallest,
            "You take the smallest recipe. Within the budget, errors decide.",
        ),
        Misconception(
            "the largest that fits",
            wrong.takes_the_largest_that_fits,
            "You take the largest recipe within the budget. More bytes are not always better: errors decide.",
        ),
        Misconception(
            "a mean over the recipes",
            wrong.averages_over_recipes,
            "You report the mean test errors of all recipes. Those of the chosen one are asked for.",
        ),
        Misconception(
            "the errors first",
            wrong.gives_the_errors_first,
            "Both are right, in the other order: the number first.",
        ),
    ),
    hints=(
        "Give it two recipes: one with errors 10, 10, 10, one with 2, 40, 40. Which would you take, and what would you "
        "expect of it?",
        "Four questions to every line: which set, which statistic over the seeds, who fits, and what is reported.",
        "Means of validation errors over dim 1; infinity for those beyond the budget; of those that equal the least, "
        "the smallest size. What is reported is a mean as well.",
    ),
)
