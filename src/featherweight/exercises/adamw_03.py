"""AdamW, the exercise of lesson 3 in which the decay and the division are kept apart."""

from featherweight.exercises import cases_03, probes, walks_03
from featherweight.exercises import wrong_03_adam as adam
from featherweight.exercises import wrong_03_adamw as wrong
from featherweight.exercises.adam_03 import STATES, correction, moments, moves
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.optimizers import adaptive

__all__ = ["adamw_step"]

AGAIN = (
    adam.not_corrected,
    adam.first_corrected,
    adam.counts_from_zero,
    adam.stores_the_corrected,
    adam.swaps_the_betas,
    adam.first_without_share,
    adam.second_of_gradients,
    adam.epsilon_inside,
    adam.epsilon_before_correction,
    adam.climbs,
)
"""Mistakes of Adam that come up again around a right decay."""

again = tuple(
    Misconception(m.name, wrong.decayed(m.wrong), f"The decay is right; Adam's step is not. {m.says}", m.look)
    for m in (*correction, *moments, *moves)
    if m.wrong in AGAIN
)

adamw_step = Exercise(
    name="adamw_step",
    lesson=3,
    points=2,
    minutes=8,
    difficulty=2,
    reference=adaptive.adamw_step,
    cases=cases_03.adamw_walks,
    probe=probes.take_turns,
    compare=walks_03.compared(*STATES),
    returns="(parameter, first_moment, second_moment), new tensors",
    oracle="torch.optim.AdamW",
    picture=walks_03.drawn(*STATES),
    forbids_in_place=True,
    misconceptions=(
        Misconception(
            "decay coupled to the gradient",
            wrong.couples,
            "You add decay · parameter to the gradient: L2, as in Adam's own weight_decay. It enters both moments and "
            "is divided by the root, so weights with large gradients hardly decay. Take it off the parameter itself.",
            "the first moment: it should know nothing of the decay",
        ),
        Misconception(
            "decay after the step",
            wrong.decays_afterwards,
            "You step first and shrink the result, so the step shrinks as well. Shrink what you were handed.",
            "the order of the two lines on the parameter",
        ),
        Misconception(
            "decay scaled by the adaptive rate",
            wrong.divides_the_decay,
            "Your moments are right, but decay · parameter stands in the numerator and is divided by the root: each "
            "weight decays at its own rate. The decay is outside Adam's division.",
            "the parameter after step 1",
            also=(wrong.corrects_the_decay,),
        ),
        Misconception(
            "decay inside the first moment",
            wrong.remembers_the_decay,
            "You add decay · parameter to the first moment, which remembers it and is divided by the root. "
            "The moments know nothing of the decay.",
            "the first moment after step 1",
        ),
        Misconception(
            "decay not scaled by the rate",
            wrong.decays_by_the_whole,
            "Your weights lose the share `decay` of themselves at each step. They lose learning_rate · decay.",
            "the parameter after step 1",
        ),
        Misconception(
            "decay after the step and not scaled by the rate",
            wrong.decays_by_the_whole_afterwards,
            "You step first and then take the share `decay` off the result. What you were handed loses "
            "learning_rate · decay of itself; the step is left whole.",
        ),
        Misconception("no decay", wrong.never_decays, "That is Adam: `decay` is not used.", "the parameter"),
        Misconception(
            "weights that grow", wrong.grows, "You add the decay's share, and the weights grow by it. Subtract it."
        ),
        Misconception(
            "the share that is lost",
            wrong.keeps_the_decay,
            "You keep the share learning_rate · decay of the parameter. That share is lost; 1 minus it is kept.",
            also=(wrong.keeps_the_whole_decay,),
        ),
        Misconception(
            "decay paid twice, once by the gradient",
            wrong.pays_twice,
            "The parameter decays as it should, and the gradient carries decay · parameter on top. "
            "The gradient knows nothing of the decay.",
            "the first moment after step 1",
        ),
        Misconception(
            "decay before and after the step",
            wrong.decays_twice,
            "The parameter is shrunk before the step and again after it. Before is right.",
        ),
        Misconception(
            "a fixed amount",
            wrong.loses_a_fixed_amount,
            "Every weight loses the same amount, learning_rate · decay, whatever its size (an L1 decay). "
            "It loses a share of itself.",
        ),
        Misconception(
            "a size in place of the weight",
            wrong.loses_sizes,
            "You subtract a share of |parameter|, so negative weights grow more negative. Without abs they shrink.",
            "negative weights",
        ),
        Misconception(
            "a number in place of a share",
            wrong.subtracts_the_number,
            "You subtract learning_rate · decay itself. It is a share: multiply it by the parameter.",
        ),
        Misconception(
            "the rate squared",
            wrong.squares_the_rate,
            "Your decay carries the rate twice. Once is right: learning_rate · decay.",
        ),
        Misconception(
            "the gradient decayed",
            wrong.decays_the_gradient,
            "You shrink the gradient, and Adam's division undoes most of that. It is the parameter that shrinks.",
            "the first moment after step 1",
        ),
        Misconception(
            "the step decayed",
            wrong.shrinks_the_step_too,
            "You shrink the rate of the step. It is the parameter that shrinks; the step keeps its rate.",
        ),
        *again,
        *walks_03.common(adaptive.adamw_step, *STATES),
    ),
    hints=(
        "A weight whose gradients are all zero: what does Adam do to it, and what should a decay of 0.1 at rate ½ do?",
        "Two parts that do not see each other: shrink the parameter, then take Adam's step with the gradient as it is.",
        "parameter − learning_rate · decay · parameter first; the rest is your adam_step on what is left.",
    ),
)
