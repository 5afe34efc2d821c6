"""The exercises of lesson 5: which weights to prune, and how to keep them pruned."""

from featherweight.compression import pruning
from featherweight.exercises import cases_05 as cases
from featherweight.exercises import wrong_05_masks as wrong
from featherweight.exercises.compare import exact, prop
from featherweight.exercises.exercise import Exercise, Misconception, switched
from featherweight.exercises.patterns_05 import two_four_mask
from featherweight.exercises.scores_05 import cubic_sparsity, wanda_scores
from featherweight.exercises.steps_05 import masked_step

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
        *switched(
            wrong.magnitude_mask_with,
            {
                "by_layer": (
                    "a quota for every layer",
                    "You prune the same share of each tensor. Here all weights stand in one ranking: "
                    "a layer of small weights loses more than a layer of large ones.",
                ),
                "signed": (
                    "signed values",
                    "You rank by value, so that −5 goes before 0.1. How far a weight is from zero counts: "
                    "take absolute values.",
                ),
                "rounded_down": (
                    "a count rounded down",
                    "int() cuts off what follows the point. Of 18 weights 0.6 is 10.8: round() prunes 11 of them, "
                    "int() only 10.",
                ),
            },
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
        Misconception(
            "numbers for True and False",
            wrong.masks_with_numbers,
            "The right entries, as numbers. A mask is a tensor of bool: weight[mask] and ~mask need one.",
            also=(wrong.masks_with_whole_numbers,),
        ),
        Misconception(
            "sparsity as a threshold",
            wrong.takes_sparsity_for_the_threshold,
            "You compare the weights with `sparsity`. It is no size but a share: of how many weights are to go. "
            "Which size that reaches depends on the weights.",
            also=(wrong.takes_sparsity_for_the_least_kept,),
        ),
        Misconception(
            "positions for ranks",
            wrong.takes_positions_for_ranks,
            "argsort answers where the smallest is, not how small each entry is. Its first values are the positions "
            "to set False; comparing them with a number picks entries by chance.",
        ),
        Misconception(
            "a slice from −0",
            wrong.slices_from_minus_zero,
            "Only sparsity 1 is wrong: then none is kept, and order[-0:] is order[0:], which is all of them. "
            "Count from the front: the first to go.",
            "sparsity in the case shown",
        ),
        Misconception(
            "position −1",
            wrong.reads_position_minus_one,
            "Where nothing is to be pruned your position is −1, which is the last one: the largest weight becomes the "
            "threshold, and all go. A threshold cannot split equal weights either; choose by position (topk).",
            "sparsity 0",
        ),
        Misconception(
            "no smallest to ask for",
            wrong.asks_kthvalue_for_none,
            "kthvalue counts from 1, and at sparsity 0 you ask for number 0. A threshold cannot split equal weights "
            "either; choose by position (topk).",
            "sparsity 0",
        ),
    ),
    hints=(
        "Two layers: [1, −6] and [2, 3, −9, 0.5]. Sparsity 0.5 prunes three of the six. Which?",
        "Put all absolute values into one long vector, choose positions in it, then cut it up again. torch.cat, split.",
        "topk(round(sparsity · N), largest=False).indices are the positions to set False; `view` gives the shapes back.",
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
            "You prune a share of the survivors on top of what is gone: 80% and 80% again makes 96%. "
            "`sparsity` is the total.",
        ),
        Misconception(
            "the total pruned on top",
            wrong.prunes_as_many_again,
            "You prune round(sparsity · N) more, on top of what is gone. The earlier rounds count towards the total.",
        ),
        Misconception(
            "a count below zero",
            wrong.takes_a_negative_count,
            "All is right but one thing: where more is pruned already than asked for, the count is negative, "
            "and [:−6] means all but the last six. Hold it at 0.",
            "sparsity in the case shown, and the share of False in the mask",
            also=(wrong.asks_topk_for_a_negative_count,),
        ),
        Misconception(
            "a count rounded down",
            wrong.rounds_the_total_down,
            "int() cuts off what follows the point. Of 22 weights 0.8 is 17.6: round() makes 18 of them, int() only 17.",
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
