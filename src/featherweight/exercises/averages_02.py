"""The exercises of lesson 2 that look back: the best value so far, and an average that forgets."""

from featherweight.exercises import cases_02
from featherweight.exercises import wrong_02_averages as wrong
from featherweight.exercises.compare import close, exact
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.lab import plots
from featherweight.optimizers import stochastic

__all__ = ["best_so_far", "exponential_average"]


POWER = 1e-5
"""Powers of a beta near 1 in single precision: 1 − beta**t loses that much, and is right."""


def _line(axes, inputs, yours, expected) -> None:
    plots.yours_over_expected(axes, yours, expected, xlabel="value number, from 0")


best_so_far = Exercise(
    name="best_so_far",
    lesson=2,
    points=1,
    minutes=5,
    difficulty=1,
    reference=stochastic.best_so_far,
    cases=cases_02.histories,
    compare=exact(),
    returns="the smallest value up to each place, shape (n,)",
    oracle="numpy.minimum.accumulate",
    picture=_line,
    misconceptions=(
        Misconception(
            "the best of all, everywhere",
            wrong.best_of_all,
            "Each place shows the best of the whole run. At step 3 nobody knows step 5 yet: look back only.",
        ),
        Misconception(
            "one number", wrong.one_number, "That is the best of the whole run. Wanted is one number for each place."
        ),
        Misconception(
            "the worst so far", wrong.worst_so_far, "You keep the largest value. These are losses: smaller is better."
        ),
        Misconception(
            "the better of two",
            wrong.better_of_two,
            "You compare each value with the one before it only, so the best is forgotten after two steps.",
        ),
        Misconception(
            "records alone",
            wrong.records_alone,
            "You leave out the places where nothing improved. There the best so far is the old one.",
        ),
        Misconception(
            "a step behind",
            wrong.looks_at_the_past_only,
            "Your place k knows the values before k. The value at k counts as well.",
        ),
        Misconception(
            "a start at zero",
            wrong.starts_from_zero,
            "You start from 0, and no positive loss ever beats that. Start from the first value.",
        ),
        Misconception(
            "the best still to come",
            wrong.best_still_to_come,
            "You look forward: each place shows the smallest value from there to the end.",
        ),
        Misconception(
            "places instead of values",
            wrong.places_of_the_best,
            "You return where the best was found. Wanted is how small it is.",
        ),
        Misconception(
            "values and places",
            wrong.values_and_places,
            "torch.cummin gives two tensors, the values and where they are. Take .values.",
        ),
        Misconception(
            "sorted values",
            wrong.sorts,
            "You sort the values. A bad step after a good one then vanishes from its place.",
        ),
        Misconception(
            "the smallest in size",
            wrong.smallest_in_size,
            "You compare sizes without sign: −3 is smaller than 1, whatever its size.",
        ),
        Misconception(
            "a running mean", wrong.running_mean, "That is the mean so far. The smallest value so far is asked for."
        ),
        Misconception(
            "a table of another dtype",
            wrong.forgets_the_dtype,
            "torch.zeros makes float32 unless told otherwise. Ask for dtype=values.dtype.",
        ),
    ),
    hints=(
        "Losses 5, 3, 4, 3, 1, 2: write under each the best that you have seen up to there.",
        "Each new entry is the smaller of two numbers: the entry before it, and the value at this place.",
        "torch.cummin does all of it; it returns values and indices.",
    ),
)

exponential_average = Exercise(
    name="exponential_average",
    lesson=2,
    points=2,
    minutes=10,
    difficulty=3,
    reference=stochastic.exponential_average,
    cases=cases_02.averages,
    compare=close(float32=POWER, float64=POWER, axes=("value",)),
    returns="the average after each value, shaped as values",
    oracle="the sum in its definition",
    picture=_line,
    misconceptions=(
        Misconception(
            "no correction",
            wrong.not_corrected,
            "Your average starts at 0 and takes long to forget that: the first entries are far too small. "
            "Divide by what the weights add up to, 1 − beta**t.",
            "the first entry: it should be the first value",
        ),
        Misconception(
            "a correction one step late",
            wrong.corrects_a_step_late,
            "You divide by 1 − beta**(t − 1). Values count from 1.",
            "the first entry",
        ),
        Misconception(
            "a division by zero",
            wrong.divides_by_zero,
            "You count from 0, and 1 − beta**0 is 0. Values count from 1.",
            "the first entry: it is infinite",
        ),
        Misconception(
            "shares swapped",
            wrong.swaps_the_shares,
            "You give the old average the share 1 − beta, and the new value beta. It is the other way round: at 0.9 "
            "nine tenths stay.",
            also=(wrong.swaps_the_shares_throughout,),
        ),
        Misconception(
            "the corrected average stored back",
            wrong.stores_the_corrected,
            "The correction is for looking at. The average that goes on must stay as it was, or it is corrected again.",
            "the second entry",
        ),
        Misconception(
            "a start at the first value",
            wrong.starts_at_the_first,
            "You start at the first value instead of correcting. That weighs the first value by "
            "beta**(t − 1) for long; "
            "start at zero and divide by 1 − beta**t.",
            "the second entry",
        ),
        Misconception(
            "a start at the first value, and a correction",
            wrong.starts_at_the_first_and_corrects,
            "The correction is for a start at zero; yours starts at the first value, so the weights "
            "add up to more than 1.",
            "the first entry: it is too large",
        ),
        Misconception(
            "one correction for all",
            wrong.corrects_once,
            "You divide every entry by the correction of the last one. Each has its own, 1 − beta**t.",
        ),
        Misconception(
            "a correction without its power",
            wrong.corrects_by_one_share,
            "1 − beta is right for the first value only. After t values the weights add up to 1 − beta**t.",
        ),
        Misconception(
            "a sum",
            wrong.adds_up,
            "The new value comes in whole. It has the share 1 − beta, or the weights add up to far more than 1.",
        ),
        Misconception(
            "an average that never forgets",
            wrong.never_forgets,
            "The old average stays whole. It keeps the share beta, and so it forgets.",
        ),
        Misconception(
            "a plain mean", wrong.plain_mean, "Every value counts the same in yours. The recent ones should count more."
        ),
        Misconception(
            "the last one alone", wrong.last_alone, "You return the last average. Wanted is the one after each value."
        ),
        Misconception(
            "one average for all entries",
            wrong.averages_everything,
            "You average over the entries of a value too. Each entry has its own history: the first "
            "axis alone is time.",
        ),
    ),
    hints=(
        "Values 4, 4, 4 and beta ½, started at 0, give 2, 3, 3½. What must you divide each by to get 4?",
        "Keep the uncorrected average for the next step, and put a corrected copy into the list.",
        "average = beta · average + (1 − beta) · value; the entry for value t, from 1, is average / (1 − beta**t).",
    ),
)
