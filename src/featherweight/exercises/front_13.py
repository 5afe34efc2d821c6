"""The exercise of lesson 13 on networks that nothing beats."""

from featherweight.compression import choosing
from featherweight.exercises import cases_13 as cases
from featherweight.exercises import wrong_13_front as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["pareto_front"]

pareto_front = Exercise(
    name="pareto_front",
    lesson=13,
    points=3,
    minutes=12,
    difficulty=3,
    reference=choosing.pareto_front,
    cases=cases.fronts,
    compare=exact(),
    returns="the numbers of the networks that nothing beats, int64, by rising size",
    oracle="every pair compared in Python",
    misconceptions=(
        Misconception(
            "strictly better in both",
            wrong.strictly_in_both,
            "A network that is as large and makes more errors stays on your front. At most as large, at most as many "
            "errors, and one of the two strictly: that is enough to beat it.",
        ),
        Misconception(
            "strictly smaller only",
            wrong.strictly_in_size,
            "Of two networks of one size you keep the worse one as well. Fewer errors at the same size beat it.",
        ),
        Misconception(
            "strictly fewer errors only",
            wrong.strictly_in_errors,
            "Of two networks with as many errors you keep the larger one as well. The smaller one beats it.",
        ),
        Misconception(
            "equals beat each other",
            wrong.equals_beat_each_other,
            "Two networks that are equal in both beat each other in yours, and both are gone. One of the two numbers "
            "has to be strictly better.",
            "two entries that are the same",
        ),
        Misconception(
            "the first of equals",
            wrong.keeps_the_first_of_equals,
            "Of two equal networks you keep the first. Neither beats the other: both stay.",
            "two entries that are the same",
        ),
        Misconception(
            "better in one is enough",
            wrong.one_is_enough,
            "You throw out whatever another network beats in size or in errors. It has to be beaten in one and at "
            "least matched in the other.",
        ),
        Misconception(
            "errors taken for accuracy",
            wrong.errors_are_good,
            "You keep networks with many errors. Errors are bad: fewer is better.",
        ),
        Misconception(
            "bytes taken for good",
            wrong.large_is_good,
            "You keep the large networks. Fewer bytes are better.",
        ),
        Misconception(
            "in the given order",
            wrong.in_the_given_order,
            "These are the right networks, in the order in which they were given. Wanted is rising size.",
        ),
        Misconception(
            "the largest first",
            wrong.largest_first,
            "These are the right networks, the largest first, which is by rising errors. Wanted is rising size.",
        ),
        Misconception(
            "sizes returned",
            wrong.gives_sizes,
            "You return the sizes of the front. Wanted is which networks they belong to: their places.",
        ),
        Misconception(
            "a mask returned",
            wrong.gives_a_mask,
            "You return True and False for each network. Wanted are the places of the True ones, by size.",
        ),
        Misconception(
            "the beaten ones",
            wrong.gives_the_beaten,
            "You return the networks that are beaten. Wanted are the others.",
        ),
        Misconception(
            "only the neighbour",
            wrong.looks_at_the_neighbour_only,
            "By rising size you compare each network with the one before it. It may be beaten by one further back: "
            "keep the fewest errors seen so far.",
        ),
        Misconception(
            "as many errors as before",
            wrong.sweeps_and_keeps_ties,
            "By rising size you keep a network that has as many errors as a smaller one. It has to have fewer, unless "
            "it is equal in size too.",
        ),
        Misconception(
            "ties of size in any order",
            wrong.sweeps_by_size_alone,
            "You go by rising size alone. Of two networks of one size the worse may come first, and stays: sort by "
            "size and then by errors. And two equal ones both stay.",
        ),
        Misconception(
            "one winner",
            wrong.names_one_winner,
            "You weigh size and errors into one number and name the best. A front has no weights: whatever nothing "
            "beats stays on it.",
        ),
        Misconception(
            "the two ends",
            wrong.names_the_two_ends,
            "You name the smallest and the best. What lies between them and is not beaten is on the front, too.",
        ),
        Misconception(
            "the convex hull",
            wrong.takes_the_hull,
            "You leave out networks that lie above the line between two others. No network beats them: a mixture of "
            "two networks is none that one could take.",
        ),
    ),
    hints=(
        "Take three networks on paper: (10 kB, 9 errors), (10 kB, 7 errors), (20 kB, 7 errors). Who beats whom?",
        "Compare all pairs at once: sizes[:, None] <= sizes gives a square of True and False, and so do the others. "
        "Row i, column j: does i beat j?",
        "Three squares: no larger, no more errors, strictly better in one. A network is beaten where its column holds "
        "a True. Sort the places of the rest by their sizes, with stable=True.",
    ),
)
