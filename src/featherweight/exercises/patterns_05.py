"""The exercise of lesson 5 on a pattern of zeros that hardware can use."""

from featherweight.compression import pruning
from featherweight.exercises import cases_05 as cases
from featherweight.exercises import wrong_05_groups as wrong
from featherweight.exercises.compare import prop
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["two_four_mask"]

two_four_mask = Exercise(
    name="two_four_mask",
    lesson=5,
    points=2,
    minutes=8,
    difficulty=2,
    reference=pruning.two_four_mask,
    cases=cases.grouped,
    compare=prop(cases.two_of_every_four),
    returns="a mask of the weight's shape with two True in every four neighbours of a row",
    oracle="the best of the six patterns of every group",
    misconceptions=(
        Misconception(
            "groups down the columns",
            wrong.groups_down_the_columns,
            "Your groups of four run down a column. The hardware reads a row: cut each row into fours.",
        ),
        Misconception(
            "the smallest two kept",
            wrong.keeps_the_smallest_two,
            "You keep the two smallest of every four, or mark the pruned with True. True is kept, and "
            "the large are kept.",
        ),
        Misconception(
            "signed values",
            wrong.keeps_the_largest_signed,
            "You rank by value, so a large negative weight loses to a small positive one. Take absolute values.",
        ),
        Misconception("one of four", wrong.keeps_one_of_four, "You keep one entry of every four; two stay."),
        Misconception(
            "one of each pair",
            wrong.keeps_one_of_each_pair,
            "You choose one of two, twice. Two of four is freer: both may stand side by side, as in [9, 8, 1, 0].",
        ),
        Misconception(
            "half of each row",
            wrong.keeps_half_of_each_row,
            "You keep half of each row, wherever it is. The pattern wants two in every group of four.",
        ),
        Misconception(
            "half of the matrix",
            wrong.keeps_half_of_the_matrix,
            "You keep the larger half of the whole matrix. The pattern wants two in every group of four.",
        ),
        Misconception(
            "four far apart",
            wrong.groups_far_neighbours,
            "reshape(rows, 4, −1) puts every fourth part of a row into a group. Neighbours want reshape(−1, 4).",
        ),
        Misconception(
            "the lower median",
            wrong.keeps_what_reaches_the_median,
            "torch.median of four gives the second smallest, so three entries reach it.",
        ),
        Misconception(
            "all equals kept together",
            wrong.keeps_every_equal,
            "A threshold cannot choose among equals: of four equal entries it keeps four. Choose by position (topk).",
            "the last case",
        ),
        Misconception(
            "all equals pruned together",
            wrong.keeps_more_than_the_second_smallest,
            "A threshold cannot choose among equals: of four equal entries it keeps none. Choose by position (topk).",
            "the last case",
        ),
        Misconception(
            "above the mean",
            wrong.keeps_what_is_above_the_mean,
            "One to three of four entries lie above their mean. Two are kept, whatever their sizes.",
        ),
        Misconception(
            "places for ranks",
            wrong.takes_places_for_ranks,
            "argsort answers where the smallest is, not how small each entry is. "
            "Scatter True to the places that it names, or take argsort twice.",
        ),
        Misconception(
            "whole groups marked",
            wrong.marks_whole_groups,
            "kept[indices] takes the places within a group for numbers of groups. "
            "kept.scatter_(1, indices, True) sets them inside each group.",
        ),
        Misconception(
            "numbers for True and False",
            wrong.gives_numbers,
            "The right entries, as numbers. A mask is a tensor of bool: weight[mask] and ~mask need one.",
            also=(wrong.gives_whole_numbers,),
        ),
        Misconception(
            "weights for a mask",
            wrong.gives_the_weights_left,
            "You return the weights that are left. The mask itself is wanted.",
        ),
    ),
    hints=(
        "[0.1, −5, 3, 2 | 1, 1.5, −2, 0]: which four of the eight stay?",
        "After reshape(−1, 4) every group is a row, and topk works along dim=1.",
        "Start from all False; scatter True to topk(2, dim=1).indices; give the shape back.",
    ),
)
