"""The exercise of lesson 11 on what a teacher says when it may name one class."""

from featherweight.compression import distillation
from featherweight.exercises import cases_11 as cases
from featherweight.exercises import wrong_11_hard as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["hard_targets"]

hard_targets = Exercise(
    name="hard_targets",
    lesson=11,
    points=1,
    minutes=3,
    difficulty=1,
    reference=distillation.hard_targets,
    cases=cases.logits,
    compare=exact(),
    returns="labels, (n,), int64",
    oracle="Python's max and list.index, row by row",
    misconceptions=(
        Misconception(
            "down the columns",
            wrong.looks_down_the_columns,
            "You look for the largest example of each class. Each *example* gets a class: look along dim 1.",
        ),
        Misconception(
            "one for all",
            wrong.looks_everywhere,
            "argmax() without a dim gives one place in the whole tensor. Each example gets a label.",
        ),
        Misconception(
            "the smallest",
            wrong.takes_the_smallest,
            "You take the smallest logit. The largest one is the likeliest class.",
        ),
        Misconception(
            "the value of the largest",
            wrong.takes_the_value,
            "You return how large the largest logit is. Wanted is where it stands.",
        ),
        Misconception(
            "logits without their sign",
            wrong.takes_the_largest_size,
            "You compare sizes. A logit of −5 means that the teacher is sure it is *not* this class.",
        ),
        Misconception(
            "an axis too many",
            wrong.keeps_the_axis,
            "You keep the axis of classes, with one entry. Labels have shape (n,).",
        ),
        Misconception(
            "ones and zeros",
            wrong.writes_ones_and_zeros,
            "You write each label as a row with a single 1. Wanted are the numbers of the classes.",
        ),
        Misconception(
            "probabilities",
            wrong.keeps_the_probabilities,
            "These are soft targets: all that the teacher says. A hard target is one class.",
        ),
        Misconception(
            "probabilities, rounded",
            wrong.rounds_the_probabilities,
            "You round the probabilities. Where no class has more than half, that leaves only zeros.",
        ),
        Misconception(
            "a mark at the largest",
            wrong.marks_the_largest,
            "You mark the largest logit with True, and where two are equal both. Wanted is one number.",
        ),
        Misconception(
            "the last of equals",
            wrong.takes_the_last_of_equals,
            "Where two logits are equally large you take the later class. It is the one with the lowest number.",
        ),
        Misconception(
            "all classes ranked",
            wrong.ranks_all,
            "You rank all classes. Wanted is the first of them.",
        ),
        Misconception(
            "counted from one",
            wrong.counts_from_one,
            "Your classes start at 1. They start at 0, as everything in a tensor does.",
        ),
        Misconception(
            "labels as floats",
            wrong.stays_in_float,
            "The labels are right, and floats. Labels are int64: cross_entropy takes floats for probabilities.",
        ),
        Misconception(
            "labels as int32",
            wrong.returns_short_numbers,
            "The labels are right, and int32. Labels are int64 everywhere in torch.",
        ),
        Misconception(
            "values and places",
            wrong.returns_values_too,
            "max(dim=1) returns two tensors, the values and their places. Wanted are the places alone.",
        ),
        Misconception(
            "the middle of the probabilities",
            wrong.takes_the_middle_of_the_probabilities,
            "You average the numbers of the classes. They are names: between a 1 and a 7 there is no 4.",
        ),
    ),
    hints=(
        "Logits 0.2, 3.1, −4. Which class would you say, and where does it stand?",
        "torch has a function for the place of the largest entry. Along which axis do the classes lie?",
        "argmax takes a dim, and of equal entries the first one.",
    ),
)
