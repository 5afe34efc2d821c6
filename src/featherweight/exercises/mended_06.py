"""The bug hunt of lesson 6: a search for a ticket that finds one too good to be true."""

from featherweight.compression import lottery
from featherweight.exercises import cases_06 as cases
from featherweight.exercises import probes
from featherweight.exercises import wrong_06_loops as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["mended_find_ticket"]

FAULTS = {
    "aliased": (
        "an initial value that is trained",
        "`initial` holds trained values: it is the same tensor as `weight`, or a copy made after training. "
        "Keep a clone from before the first round.",
    ),
    "dead_again": (
        "the dead pruned again",
        "Pruned weights are zero, the smallest of all, and use up the count. Keep them out of the ranking.",
    ),
    "remembers": (
        "an optimizer that remembers",
        "The velocity is made once, so each round starts with the push of the one before, while the weights "
        "start afresh. Its memory has to be empty again, too.",
    ),
}
"""Switch → the fault's name, and what is said of it."""


def _seen() -> tuple[Misconception, ...]:
    """The subsets of the faults that differ from each other.

    Where only the dead are pruned again the first round's mask stays, and with it the ticket, whatever is remembered.
    """
    hidden = f"{FAULTS['dead_again'][0]} and {FAULTS['remembers'][0]}"
    return tuple(m for m in switched(wrong.find_ticket_with, FAULTS) if m.name != hidden)


mended_find_ticket = Exercise(
    name="mended_find_ticket",
    lesson=6,
    points=4,
    minutes=15,
    difficulty=4,
    reference=lottery.find_ticket,
    cases=cases.loops,
    probe=probes.find_by_momentum,
    compare=close(float64=1e-9, parts=("the ticket", "the mask")),
    returns="(ticket, mask)",
    oracle="imp_round and rewind, one round after the other",
    starts_from=wrong.handed_over,
    misconceptions=(
        *_seen(),
        Misconception(
            "a share of all weights",
            wrong.counts_all,
            "You count a share of all weights, the pruned ones again. It is a share of the survivors.",
        ),
        Misconception(
            "a count rounded down",
            wrong.rounds_down,
            "int() cuts off what follows the point. round() goes to the nearest whole number.",
        ),
        Misconception(
            "signed values",
            wrong.ranks_values,
            "The mending lost the absolute value: the most negative survivors go first.",
        ),
        Misconception(
            "initial values ranked",
            wrong.ranks_the_initial,
            "The ranking sees the weights as they were before training. Rank first, rewind afterwards.",
            also=(wrong.rewinds_before_ranking,),
        ),
        Misconception(
            "a ticket without a mask",
            wrong.forgets_to_mask_the_ticket,
            "You go back to the whole initial network: the pruned weights are to be zero.",
        ),
        Misconception(
            "pruned weights come back",
            wrong.lets_the_pruned_return,
            "Each round's mask starts from all True, so what earlier rounds pruned is back. Start from the old mask.",
        ),
        Misconception(
            "a trained ticket",
            wrong.trains_the_ticket,
            "You train once more at the end. The ticket is what comes before that.",
        ),
        Misconception(
            "all in one round",
            wrong.prunes_once_more_each_round,
            "You train once and prune everything at once. It is to be done in rounds: "
            "the network is trained again before each next cut.",
        ),
        Misconception(
            "mask and ticket swapped",
            wrong.gives_the_mask_first,
            "Both are right, in the other order: the ticket comes first.",
        ),
    ),
    hints=(
        "Print `initial` before and after the first round. Then count how many weights each round prunes.",
        "Three things have to be as they were at the start of every round, or kept from it: the weights' first values, "
        "the ranking's candidates, the optimizer's memory.",
        "initial = weight.clone(); velocity = torch.zeros_like(weight) inside the loop; "
        "torch.where(mask, weight.abs(), torch.inf).argsort().",
    ),
)
