"""The exercise of lesson 6 on one round of iterative magnitude pruning."""

from featherweight.compression import lottery
from featherweight.exercises import cases_06 as cases
from featherweight.exercises import wrong_06_rounds as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["imp_round"]

imp_round = Exercise(
    name="imp_round",
    lesson=6,
    points=4,
    minutes=15,
    difficulty=3,
    reference=lottery.imp_round,
    cases=cases.rounds,
    compare=exact(parts=("the masks", "the ticket")),
    returns="(new masks, ticket), two lists with one tensor per layer",
    oracle="torch.nn.utils.prune.global_unstructured, called once a round, bit for bit",
    forbids_in_place=True,
    misconceptions=(
        *switched(
            wrong.imp_round_with,
            {
                "of_all": (
                    "a share of all weights",
                    "You count the pruned weights again: the share is of what is left, "
                    "so that each round prunes fewer than the one before.",
                ),
                "by_layer": (
                    "a quota for every layer",
                    "You prune the same share of each layer. Here all survivors stand in one ranking.",
                ),
                "signed": (
                    "signed values",
                    "You rank by value, so that −5 goes before 0.1. Take absolute values.",
                ),
                "keeps_trained": (
                    "a ticket of trained values",
                    "Your ticket holds what training has made. A ticket is from before: the initial values, masked.",
                ),
            },
        ),
        Misconception(
            "the dead pruned again",
            wrong.prunes_the_dead_again,
            "Weights that are pruned already are the smallest of all: zero. They come first in your ranking and use up "
            "the count, so that few or none of the survivors go. Rank the survivors alone.",
            also=(wrong.ranks_old_values,),
        ),
        Misconception(
            "pruned weights come back",
            wrong.starts_from_all,
            "Your new masks start from all True, so what earlier rounds pruned is back. Start from the old masks.",
        ),
        Misconception(
            "the fraction as the total",
            wrong.prunes_to_the_fraction,
            "You prune until `fraction` of all weights is gone. It is the share of the survivors that goes in *this* "
            "round: three rounds of 0.2 leave 0.8³.",
        ),
        Misconception(
            "a ticket under the old masks",
            wrong.masks_the_ticket_as_before,
            "The masks are right, but the ticket was made with the old ones: what this round prunes is still in it.",
        ),
        Misconception(
            "a ticket without a mask",
            wrong.leaves_the_ticket_whole,
            "Your ticket is the whole initial network. Where a weight is pruned the ticket is zero.",
        ),
        Misconception(
            "the largest pruned",
            wrong.prunes_the_largest,
            "You prune the right number of weights from the wrong end: the large ones stay, the small go.",
        ),
        Misconception(
            "the share kept for the share pruned",
            wrong.keeps_the_fraction,
            "You keep `fraction` of the survivors; it is the share that goes.",
            "the case whose fraction is 0: none should go",
        ),
        Misconception(
            "initial values ranked",
            wrong.ranks_the_initial,
            "You rank the weights by where they started. Only training shows which of them matter: rank `trained`.",
        ),
        Misconception(
            "movement ranked",
            wrong.ranks_the_movement,
            "You rank by how far training has moved a weight. That is another method; here its trained size counts.",
        ),
        Misconception(
            "ticket and masks swapped",
            wrong.gives_the_ticket_first,
            "Both are right, in the other order: the masks come first.",
        ),
        Misconception(
            "True for pruned",
            wrong.marks_the_pruned,
            "The ticket is right, but your masks are turned over: True is to mean kept.",
        ),
        Misconception(
            "numbers for True and False",
            wrong.masks_with_numbers,
            "The right entries, as numbers. A mask is a tensor of bool.",
        ),
        Misconception(
            "a count rounded down",
            wrong.rounds_down,
            "int() cuts off what follows the point. round() goes to the nearest whole number.",
            "fraction times the number of survivors",
        ),
        Misconception(
            "a quantile",
            wrong.cuts_at_a_quantile,
            "torch.quantile interpolates between neighbours, so the count is off by one here and there. Count instead.",
        ),
        Misconception(
            "one weight too few pruned",
            wrong.keeps_the_last_pruned,
            "Your threshold is the size of the last weight to go, and ≥ keeps that one. It should go too.",
        ),
        Misconception(
            "the old masks forgotten",
            wrong.forgets_the_old_masks,
            "The threshold is right, but you hold it against the pruned weights, too: where a large old value stands "
            "under the mask, a pruned weight comes back. Join the new masks with the old: &.",
        ),
        Misconception(
            "position −1",
            wrong.reads_position_minus_one,
            "Where none is to go your position is −1, which is the last: the largest survivor becomes the threshold, "
            "and all go.",
            "the case whose fraction is 0",
        ),
        Misconception(
            "a position past the end",
            wrong.reads_past_the_end,
            "Where all survivors go, or none are left, there is none whose size could be the threshold. "
            "Choose positions (topk, argsort), not a threshold.",
            "the case whose fraction is 1",
        ),
        Misconception(
            "a share of the largest",
            wrong.cuts_at_a_share_of_the_largest,
            "You cut below `fraction` times the largest size. How many that prunes depends on the weights; "
            "`fraction` says how many.",
        ),
        Misconception(
            "`fraction` as a threshold",
            wrong.cuts_at_the_fraction,
            "You compare sizes with `fraction`. It is no size but a share: of how many survivors go.",
        ),
        Misconception(
            "something changed in place",
            wrong.changes_what_it_was_handed,
            "The answer is right, but you write into what you were handed, and the next experiment finds it changed. "
            "Make new tensors: mask.clone(), start * mask.",
        ),
        Misconception(
            "masks alone",
            wrong.gives_the_masks_alone,
            "The masks are right, but the ticket is missing: return both.",
        ),
    ),
    hints=(
        "Ten weights, four of them pruned, fraction 0.5. How many go in this round? How many are left?",
        "Put sizes and masks into one long vector each. The pruned must not come up in the ranking: what number could "
        "stand for them there?",
        "sizes = torch.where(alive, |trained|, inf); topk(round(fraction · alive.sum()), largest=False).indices are "
        "the places to set False in a clone of alive; split, view; ticket = initial · new mask.",
    ),
)
