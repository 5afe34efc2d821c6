"""The exercise of lesson 3 with one memory: momentum."""

from featherweight.exercises import cases_03, probes, walks_03
from featherweight.exercises import wrong_03_momentum as wrong
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.optimizers import adaptive

__all__ = ["momentum_step"]

momentum_step = Exercise(
    name="momentum_step",
    lesson=3,
    points=2,
    minutes=8,
    difficulty=1,
    reference=adaptive.momentum_step,
    cases=cases_03.momentum_walks,
    probe=probes.take_turns,
    compare=walks_03.compared("velocity"),
    returns="(parameter, velocity), new tensors",
    oracle="torch.optim.SGD with momentum",
    picture=walks_03.drawn("velocity"),
    forbids_in_place=True,
    misconceptions=(
        Misconception(
            "an average in place of a sum",
            wrong.averages,
            "You give the gradient the share 1 − momentum (dampening), which is Adam's convention: an average. "
            "Here the gradient enters whole, so a steady gradient ends up as a velocity of g/(1 − momentum).",
            "the velocity after step 1: it should be the whole first gradient",
        ),
        Misconception(
            "Nesterov's momentum",
            wrong.looks_ahead,
            "Your velocity is right, but you step along g + momentum · velocity, which looks one step ahead. "
            "A heavy ball moves along its velocity.",
        ),
        Misconception(
            "the rate inside the velocity",
            wrong.carries_the_rate,
            "You multiply by the rate before you remember. While the rate stays the same the walk is right, but the "
            "velocity is not: once the rate falls, an old gradient still moves with the old rate. "
            "Remember gradients; multiply when you move.",
            "the velocity: its size is off by the rate",
            also=(wrong.carries_the_rate_downhill,),
        ),
        Misconception(
            "the rate twice",
            wrong.pays_the_rate_twice,
            "The rate is in the velocity and again in the step. It belongs in the step alone.",
        ),
        Misconception(
            "a velocity that points downhill",
            wrong.points_downhill,
            "Your walk is right, but your velocity is the other one's mirror image: it adds up −g. "
            "Add the gradient, and subtract the velocity from the parameter.",
            "the velocity's sign",
        ),
        Misconception(
            "two minuses",
            wrong.subtracts_twice,
            "You subtract the gradient from the velocity and the velocity from the parameter. Two minuses go uphill.",
            "the signs in both lines",
        ),
        Misconception("climbing", wrong.climbs, "You add the velocity, and it points uphill: subtract it."),
        Misconception(
            "a step behind",
            wrong.moves_first,
            "You move along the velocity that you were handed; this step's gradient is not in it yet. "
            "Update the velocity first, then move.",
            "the parameter after step 1: a velocity of zero has not moved it",
        ),
        Misconception(
            "a velocity that is never used",
            wrong.ignores_velocity,
            "You keep a velocity and step along the gradient alone, which is plain descent.",
        ),
        Misconception(
            "no memory",
            wrong.forgets_the_past,
            "Your velocity is this step's gradient, and what came before is gone. Keep the share `momentum` of it.",
        ),
        Misconception(
            "the gradient counted twice",
            wrong.counts_the_gradient_twice,
            "You step along gradient plus velocity, and the gradient is in the velocity already.",
        ),
        Misconception(
            "rate and momentum swapped",
            wrong.swaps_the_numbers,
            "The velocity keeps the share `learning_rate` and the step is `momentum` long: they have changed places.",
        ),
        Misconception(
            "the share that is lost",
            wrong.loses_the_momentum,
            "Your velocity keeps 1 − momentum of itself. `momentum` is the share that is kept.",
        ),
        Misconception(
            "shares swapped",
            wrong.swaps_the_shares,
            "Your velocity keeps 1 − momentum and takes momentum · g. It keeps the share `momentum`, "
            "and the gradient enters whole.",
        ),
        Misconception(
            "momentum on the gradient",
            wrong.weighs_the_gradient,
            "You multiply the gradient by the momentum and keep the whole velocity, so it never forgets. "
            "It is the velocity that loses a share.",
        ),
        Misconception(
            "momentum on both",
            wrong.weighs_both,
            "You add first and multiply the sum. The new gradient enters whole; only the old velocity loses a share.",
        ),
        Misconception(
            "a velocity that never forgets",
            wrong.never_loses,
            "You add up all gradients and lose none: the momentum is missing.",
            "the velocity after step 2",
        ),
        Misconception(
            "no rate", wrong.forgets_the_rate, "You subtract the whole velocity. The step is learning_rate times it."
        ),
        Misconception(
            "steps of one length",
            wrong.walks_by_length,
            "You divide the velocity by its length, so every step is equally long. Nothing is divided here.",
        ),
        *walks_03.common(adaptive.momentum_step, "velocity"),
    ),
    hints=(
        "Momentum ½ and a gradient of 1, again and again, from rest: the velocity reads 1, 1½, 1¾ … Where does it end?",
        "Two lines: first what becomes of the velocity, then what it does to the parameter.",
        "The new velocity is momentum times the old one plus the whole gradient; the parameter loses learning_rate "
        "times the new velocity.",
    ),
)
