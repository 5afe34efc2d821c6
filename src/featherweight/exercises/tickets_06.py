"""The exercises of lesson 6 on finding a ticket: going back to the start, and one round of pruning."""

from featherweight.compression import lottery
from featherweight.exercises import cases_06 as cases
from featherweight.exercises import probes_06 as probes
from featherweight.exercises import wrong_06_rewind as rewinding
from featherweight.exercises import wrong_06_rounds as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["imp_round", "rewind"]

rewind = Exercise(
    name="rewind",
    lesson=6,
    points=2,
    minutes=8,
    difficulty=2,
    reference=lottery.rewind,
    cases=cases.rewinds,
    probe=probes.rewind_twice,
    compare=exact(
        parts=(
            "what was changed",
            "the survivors",
            "the pruned",
            "`initial` afterwards",
            "`masks` afterwards",
            "rewound again after more training",
        )
    ),
    returns="nothing; the given weights are written into",
    oracle="a loop over plain numbers, and the addresses of the tensors",
    misconceptions=(
        Misconception(
            "new tensors returned",
            rewinding.returns_new_tensors,
            "You build the right tensors and hand them back, but the layers of the network still hold the old ones. "
            "Write into the given ones: weight.copy_(…) or weight[:] = ….",
        ),
        Misconception(
            "new tensors in the list",
            rewinding.fills_the_list,
            "You put new tensors into the list. The list is not the network: its layers still hold the old tensors. "
            "Write into these: weight.copy_(…).",
        ),
        Misconception(
            "`.data` replaced",
            rewinding.replaces_the_data,
            "weight.data = … gives this one handle on the weights other memory; the layers keep reading the old. "
            "Write into it: weight.copy_(…).",
        ),
        Misconception(
            "a name bound anew",
            rewinding.rebinds_the_name,
            "Nothing reaches the network: an assignment to a name makes that name stand for another tensor. "
            "Write into the one it stands for: weight.copy_(…).",
        ),
        Misconception(
            "trained values kept",
            rewinding.keeps_the_trained,
            "You prune, but the survivors keep their trained values: that is fine-tuning, not rewinding. "
            "They go back to `initial`.",
        ),
        Misconception(
            "the mask forgotten",
            rewinding.forgets_the_mask,
            "You bring back the whole network, the pruned weights too. Those stay at zero.",
        ),
        Misconception(
            "the mask rewound",
            rewinding.rewinds_the_mask,
            "You set the mask back to all True. Only the values go back to the start: what was found out about which "
            "weights to keep is the point of it all.",
        ),
        Misconception(
            "the mask turned over",
            rewinding.turns_the_mask_over,
            "You rewind the pruned weights and zero the survivors. True means kept.",
        ),
        Misconception(
            "`initial` masked in place",
            rewinding.masks_the_initial,
            "The weights are right, but you also write zeros into `initial`. It is your only record of the start: "
            "leave it alone, start * mask is a new tensor.",
        ),
        Misconception(
            "fresh weights",
            rewinding.draws_afresh,
            "You draw new random weights. That is the control experiment; a ticket is the mask *with* its own first "
            "weights.",
        ),
        Misconception(
            "added to the trained",
            rewinding.adds_the_initial,
            "add_ leaves the trained values in the sum. They are to be replaced: copy_.",
        ),
        Misconception(
            "pruned weights left as they were",
            rewinding.leaves_the_pruned,
            "You write only where the mask is True. Where it is False the trained values stand as before: "
            "they are to be zero.",
        ),
        Misconception(
            "everything at zero",
            rewinding.only_zeroes,
            "You zero all weights. The survivors go back to their initial values.",
        ),
        Misconception(
            "copied the other way",
            rewinding.copies_the_other_way,
            "target.copy_(source): you overwrite `initial` with the trained weights, and the start is lost.",
        ),
    ),
    hints=(
        "Two weights, trained to [5, 0.1], started at [2, −1], mask [True, False]. What should stand there now?",
        "The network holds these very tensors. Which methods of a tensor write into it? Their names end in _.",
        "For each layer: weight.copy_(torch.where(mask, start, 0.0)). What `where` makes is new: `initial` stays.",
    ),
)

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
