"""The exercises of lesson 5: which weights to prune, and how to keep them pruned."""

from featherweight.compression import pruning
from featherweight.exercises import cases_05 as cases
from featherweight.exercises import wrong_05_masks as wrong
from featherweight.exercises.compare import exact, prop
from featherweight.exercises.exercise import Exercise, Misconception, switched
from featherweight.exercises.steps_05 import cubic_sparsity, masked_step, wanda_scores

__all__ = ["EXERCISES"]

magnitude_mask = Exercise(
    name="magnitude_mask",
    lesson=5,
    points=3,
    minutes=12,
    difficulty=2,
    reference=pruning.magnitude_mask,
    cases=cases.networks,
    compare=prop(cases.prunes_the_smallest),
    returns="a list of masks, one per tensor and of its shape, True where a weight is kept",
    oracle="torch.nn.utils.prune.global_unstructured, bit for bit",
    misconceptions=(
        Misconception(
            "a quota for every layer",
            wrong.prunes_each_layer,
            "You prune the same share of each tensor. Here all weights stand in one ranking: "
            "a layer of small weights loses more than a layer of large ones.",
            "a case with two tensors: how many does each lose?",
        ),
        Misconception(
            "signed values",
            wrong.ranks_signed_values,
            "You rank by value, so that −5 goes before 0.1. How far a weight is from zero counts: take absolute values.",
            "the most negative weights: yours are gone",
        ),
        Misconception(
            "the largest pruned",
            wrong.prunes_the_largest,
            "You prune the right number of weights from the wrong end: the large ones carry the network, the small go.",
        ),
        Misconception(
            "True for pruned",
            wrong.marks_the_pruned,
            "Your mask is the right one turned over: True is to mean kept, so that weight · mask is the pruned network.",
        ),
        Misconception(
            "the share kept for the share pruned",
            wrong.keeps_the_fraction,
            "You keep `sparsity` of the weights. Sparsity is the share that is gone: at 0.9 one in ten stays.",
            "sparsity 0: nothing should be pruned",
        ),
        Misconception(
            "a count rounded down",
            wrong.rounds_the_count_down,
            "int() cuts off what follows the point. Of 18 weights 0.6 is 10.8: round() prunes 11 of them, int() only 10.",
            "sparsity · N in the case shown",
        ),
        Misconception(
            "one weight too few pruned",
            wrong.keeps_what_equals_the_last_pruned,
            "Your threshold is the size of the last weight to go, and ≥ keeps that one. It should go too.",
        ),
        Misconception(
            "all equals pruned together",
            wrong.prunes_every_equal,
            "A threshold cannot split weights of equal size: it takes all of them, more than were asked for. "
            "Choose by position (topk, argsort), not by value.",
            "the last cases, where many weights are equal",
        ),
        Misconception(
            "a quantile",
            wrong.cuts_at_a_quantile,
            "torch.quantile interpolates between neighbours, and zeros or equal weights land on it together, "
            "so the count is off. Count the weights instead.",
        ),
        Misconception(
            "zeros left out of the count",
            wrong.counts_only_nonzeros,
            "You take the share of the nonzero weights and add the zeros to it. "
            "Sparsity is a share of all N entries, and those that are zero already are the first to count.",
            "the case whose tensor holds zeros",
        ),
        Misconception(
            "weights for masks",
            wrong.returns_pruned_weights,
            "You return the pruned weights. The mask itself is wanted: the network needs it again after every step.",
        ),
    ),
    hints=(
        "Two layers: [1, −6] and [2, 3, −9, 0.5]. Sparsity 0.5 prunes three of the six. Which?",
        "Put all absolute values into one long vector, choose positions in it, then cut it up again. torch.cat, split.",
        "topk(round(sparsity · N), largest=False).indices are the positions to set False; `view` gives the shapes back.",
    ),
)

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
            "You keep the two smallest of every four, or mark the pruned with True. True is kept, and the large are kept.",
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
    ),
    hints=(
        "[0.1, −5, 3, 2 | 1, 1.5, −2, 0]: which four of the eight stay?",
        "After reshape(−1, 4) every group is a row, and topk works along dim=1.",
        "Start from all False; scatter True to topk(2, dim=1).indices; give the shape back.",
    ),
)

mended_prune_further = Exercise(
    name="mended_prune_further",
    lesson=5,
    points=3,
    minutes=12,
    difficulty=3,
    reference=pruning.prune_further,
    cases=cases.pruned_before,
    compare=exact(),
    returns="the new mask",
    oracle="torch.nn.utils.prune.l1_unstructured, applied twice",
    starts_from=wrong.handed_over,
    misconceptions=(
        *switched(
            wrong.prune_further_with,
            {
                "of_survivors": (
                    "a share of the survivors",
                    "The count is a share of what is left, so each round asks for less than it should. It is a share of all N.",
                ),
                "revives": (
                    "pruned weights come back",
                    "The new mask starts from all True, so what an earlier round pruned can return. Start from the old mask.",
                ),
                "by_old_size": (
                    "old values in the ranking",
                    "The ranking still sees the numbers under the mask, so a pruned weight takes the place of a survivor. "
                    "The pruned must rank first, whatever number stands there.",
                ),
            },
        ),
        Misconception(
            "a sparsity that compounds",
            wrong.compounds,
            "You prune a share of the survivors on top of what is gone: 80 % and 80 % again makes 96 %. "
            "`sparsity` is the total.",
        ),
        Misconception(
            "the total pruned on top",
            wrong.prunes_as_many_again,
            "You prune round(sparsity · N) more, on top of what is gone. The earlier rounds count towards the total.",
        ),
        Misconception(
            "signed values",
            wrong.prunes_the_signed_least,
            "The mending lost the absolute value: the most negative survivors go first.",
        ),
    ),
    hints=(
        "Take 10 weights, 5 of them pruned, and ask for 0.8. How many should be pruned in the end? How many does it prune, and which?",
        "Three lines each hold one fault: the count, the start of the new mask, and the ranking.",
        "count from weight.numel(); kept from a copy of mask; sizes where the mask is True, −1 where it is False, so the pruned come first.",
    ),
)

EXERCISES = (magnitude_mask, masked_step, cubic_sparsity, two_four_mask, wanda_scores, mended_prune_further)
