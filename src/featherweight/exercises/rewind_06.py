"""The exercise of lesson 6 on going back to the start."""

from featherweight.compression import lottery
from featherweight.exercises import cases_06 as cases
from featherweight.exercises import probes, readings
from featherweight.exercises import wrong_06_rewind as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["rewind"]

rewind = Exercise(
    name="rewind",
    lesson=6,
    points=2,
    minutes=8,
    difficulty=2,
    reference=lottery.rewind,
    cases=cases.rewinds,
    probe=probes.rewind_twice,
    reading=readings.rewound,
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
            wrong.returns_new_tensors,
            "You build the right tensors and hand them back, but the layers of the network still hold the old ones. "
            "Write into the given ones: weight.copy_(…) or weight[:] = ….",
        ),
        Misconception(
            "new tensors in the list",
            wrong.fills_the_list,
            "You put new tensors into the list. The list is not the network: its layers still hold the old tensors. "
            "Write into these: weight.copy_(…).",
        ),
        Misconception(
            "`.data` replaced",
            wrong.replaces_the_data,
            "You give this one handle on the weights other memory (weight.data = …, set_); the layers keep reading the "
            "old. Write into it: weight.copy_(…).",
        ),
        Misconception(
            "`initial` pruned instead",
            wrong.prunes_the_initial,
            "weight = start makes one name more for the initial values, and mul_ then zeroes part of them. The network "
            "has not changed, and the start is lost. weight.copy_(…) writes into the network.",
        ),
        Misconception(
            "a name bound anew",
            wrong.rebinds_the_name,
            "Nothing reaches the network: an assignment to a name makes that name stand for another tensor. "
            "Write into the one it stands for: weight.copy_(…).",
        ),
        Misconception(
            "trained values kept",
            wrong.keeps_the_trained,
            "You prune, but the survivors keep their trained values: that is fine-tuning, not wrong. "
            "They go back to `initial`.",
        ),
        Misconception(
            "the mask forgotten",
            wrong.forgets_the_mask,
            "You bring back the whole network, the pruned weights too. Those stay at zero.",
        ),
        Misconception(
            "the mask rewound",
            wrong.rewinds_the_mask,
            "You set the mask back to all True. Only the values go back to the start: what was found out about which "
            "weights to keep is the point of it all.",
        ),
        Misconception(
            "the mask turned over",
            wrong.turns_the_mask_over,
            "You rewind the pruned weights and zero the survivors. True means kept.",
        ),
        Misconception(
            "`initial` masked in place",
            wrong.masks_the_initial,
            "The weights are right, but you also write zeros into `initial`. It is your only record of the start: "
            "leave it alone, start * mask is a new tensor.",
        ),
        Misconception(
            "fresh weights",
            wrong.draws_afresh,
            "You draw new random weights. That is the control experiment; a ticket is the mask *with* its own first "
            "weights.",
        ),
        Misconception(
            "added to the trained",
            wrong.adds_the_initial,
            "add_ leaves the trained values in the sum. They are to be replaced: copy_.",
        ),
        Misconception(
            "pruned weights left as they were",
            wrong.leaves_the_pruned,
            "You write only where the mask is True. Where it is False the trained values stand as before: "
            "they are to be zero.",
        ),
        Misconception(
            "everything at zero",
            wrong.only_zeroes,
            "You zero all weights. The survivors go back to their initial values.",
        ),
        Misconception(
            "copied the other way",
            wrong.copies_the_other_way,
            "target.copy_(source): you overwrite `initial` with the trained weights, and the start is lost.",
        ),
    ),
    hints=(
        "Two weights, trained to [5, 0.1], started at [2, −1], mask [True, False]. What should stand there now?",
        "The network holds these very tensors. Which methods of a tensor write into it? Their names end in _.",
        "For each layer: torch.where builds what should stand there, from mask and start; copy_ brings it there.",
    ),
)
