"""The exercise of lesson 4 on averages: schedule-free SGD."""

from featherweight.exercises import cases_04, probes
from featherweight.exercises import wrong_04_averages as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.optimizers import schedule_free

__all__ = ["schedule_free_step"]

schedule_free_step = Exercise(
    name="schedule_free_step",
    lesson=4,
    points=3,
    minutes=15,
    difficulty=3,
    reference=schedule_free.schedule_free_step,
    cases=cases_04.averages,
    probe=probes.average_as_you_go,
    compare=close(float32=1e-5, float64=1e-11, parts=("the average", "the iterate")),
    returns="(average, iterate)",
    oracle="the authors' package, schedulefree.SGDScheduleFree",
    forbids_in_place=True,
    misconceptions=(
        Misconception(
            "the gradient at the average",
            wrong.asks_at_the_average,
            "You ask for the gradient at the average. It is taken between average and iterate.",
        ),
        Misconception(
            "the gradient at the iterate",
            wrong.asks_at_the_iterate,
            "You ask for the gradient at the iterate, which is plain averaging of a plain walk. It is taken between "
            "average and iterate.",
        ),
        Misconception(
            "beta the wrong way round",
            wrong.turns_beta_round,
            "You take the gradient at beta of the iterate. beta is the share of the average.",
        ),
        Misconception(
            "the wrong sequence averaged",
            wrong.averages_the_places_between,
            "You average the places where gradients are taken. The average is that of the iterates.",
            "the average: the iterate is right",
        ),
        Misconception(
            "the old iterate averaged",
            wrong.averages_the_old_iterate,
            "You average the iterate that you came with. The new one is meant: step first, average afterwards.",
            "the average: the iterate is right",
        ),
        Misconception(
            "a step from between",
            wrong.steps_from_between,
            "You step from the place where you take the gradient. The iterate steps from where it stands itself.",
        ),
        Misconception(
            "the average steps",
            wrong.moves_the_average,
            "You step with the average and average into the iterate. It is the other way round.",
        ),
        Misconception(
            "counted from zero",
            wrong.counts_one_too_many,
            "You weigh the new iterate by 1/(step + 1). Steps count from 1, so it is 1/step: after step 1 the "
            "average "
            "is the first iterate.",
            "the average: the iterate is right",
        ),
        Misconception(
            "an average that forgets",
            wrong.forgets_geometrically,
            "You keep beta of the average. That is an exponential average; wanted is the plain mean, in which "
            "the new "
            "iterate weighs 1/step.",
            "the average: the iterate is right",
        ),
        Misconception(
            "weights of the mean swapped",
            wrong.swaps_the_weights_of_the_mean,
            "You give the average the weight 1/step, and the new iterate the rest. It is the other way round.",
            "the average: the iterate is right",
        ),
        Misconception(
            "the average kept whole",
            wrong.keeps_the_average_whole,
            "You add a share of the iterate and take nothing away. The average must give up 1/step of itself.",
            "the average: the iterate is right",
        ),
        Misconception(
            "a schedule",
            wrong.lowers_the_rate,
            "You divide the rate by `step`. Doing without that is the whole point: the average calms the walk.",
        ),
        Misconception(
            "climbing", wrong.climbs_and_averages, "You add the gradient, and it points uphill: descent subtracts it."
        ),
        Misconception(
            "the iterate first",
            wrong.returns_the_iterate_first,
            "You return (iterate, average). The average is the answer and goes first.",
        ),
        Misconception(
            "the average alone",
            wrong.returns_the_average_alone,
            "You return the average. The iterate walks on from where it is: return both.",
        ),
        Misconception(
            "the place between returned",
            wrong.returns_the_place_between,
            "You return the place where the gradient was taken. It is made anew in every step; return the average.",
            "the average: the iterate is right",
        ),
        Misconception(
            "a tensor overwritten",
            wrong.overwrites_the_iterate,
            "You change a tensor that you were given. Average and iterate start as one and the same tensor, so "
            "to change "
            "one is to change both. Make new ones.",
            "-=, += and functions that end in _",
        ),
    ),
    hints=(
        "The iterates were 6, 4, 2, and their mean is 4. The next iterate is 0. How far does the mean move, "
        "and what is "
        "that as a share of the gap?",
        "Three lines: where to ask, where the iterate goes, where the average goes. Each uses what the line "
        "before made.",
        "between = (1 − beta)·iterate + beta·average; iterate − learning_rate·gradient(between); "
        "average + (iterate − average)/step.",
    ),
)
