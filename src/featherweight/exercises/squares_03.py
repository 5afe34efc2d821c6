"""The exercises of lesson 3 that remember squares: Adagrad, which adds them up, and RMSprop, which averages them."""

from featherweight.exercises import cases_03, probes, walks_03
from featherweight.exercises import wrong_03_squares as wrong
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.optimizers import adaptive

__all__ = ["adagrad_step", "rmsprop_step"]

INSIDE = (
    "Under the root, epsilon counts as √ε: 1e-8 becomes 1e-4, and that much outweighs a small gradient. "
    "Add it to the root."
)
BRACKETS = (
    "Division binds before addition: you divide by the root alone and then add epsilon to the parameter. Where all "
    "gradients so far are zero that is 0/0, which is nan. Put root and epsilon in brackets."
)
WITHOUT = (
    "Nothing is added to the root. Where all gradients so far are zero you divide 0 by 0, which is nan; elsewhere a "
    "small root makes the step too long."
)
SIGNED = (
    "Gradients of both signs cancel and can leave a negative number, whose root is nan. "
    "Square each gradient before you remember it."
)
BEHIND = (
    "You divide by what was handed to you, and this step's gradient is not in it: the first step divides by "
    "epsilon alone. Update first, then move."
)
CLIMBS = "You add the step, and the gradient points uphill: subtract it."
SQUARED = "You step along gradient², which has lost its sign. The square belongs in the memory alone."
LEFT_OUT = "You subtract the rate divided by the root. That is what multiplies the gradient."
FIRST = "the parameter after step 1"
ZEROS = "entries whose gradient has been zero so far"
ONE_RATE = (
    "All entries of the tensor share one root. Each has a rate of its own here, from its own gradients: nothing is "
    "summed or averaged over entries."
)

adagrad_step = Exercise(
    name="adagrad_step",
    lesson=3,
    points=2,
    minutes=8,
    difficulty=2,
    reference=adaptive.adagrad_step,
    cases=cases_03.adagrad_walks,
    probe=probes.take_turns,
    compare=walks_03.compared("squares"),
    returns="(parameter, squares), new tensors",
    oracle="torch.optim.Adagrad",
    picture=walks_03.drawn("squares"),
    forbids_in_place=True,
    misconceptions=(
        Misconception(
            "epsilon inside the root",
            wrong.adagrad_with_epsilon_inside,
            INSIDE,
            "the parameter: what you remember is right",
        ),
        Misconception(
            "epsilon squared inside the root",
            wrong.adagrad_with_epsilon_squared_inside,
            "√(s + ε²) is ε where s is zero and less than √s + ε elsewhere. Add epsilon to the root.",
        ),
        Misconception("no epsilon", wrong.adagrad_without_epsilon, WITHOUT, ZEROS),
        Misconception("a missing pair of brackets", wrong.adagrad_without_brackets, BRACKETS, ZEROS),
        Misconception(
            "epsilon remembered",
            wrong.adagrad_with_epsilon_remembered,
            "You add epsilon to the squares that you keep, once more at every step. It belongs in the division.",
        ),
        Misconception(
            "no root",
            wrong.adagrad_without_root,
            "You divide by the sum of squares itself. Its root has the gradient's units, "
            "so that the step depends on the rate and not on the size of the gradient.",
        ),
        Misconception(
            "multiplying",
            wrong.adagrad_times_root,
            "You multiply by the root, so steep weights move further still. Divide by it.",
        ),
        Misconception(
            "Adagrad that decays",
            wrong.adagrad_that_decays,
            "Your squares lose a share at every step: that is RMSprop, and comes next. Adagrad forgets nothing.",
            "the squares: they never shrink",
            also=(wrong.adagrad_that_decays_slowly, wrong.adagrad_that_forgets),
        ),
        Misconception(
            "the mean of old and new",
            wrong.adagrad_by_halves,
            "You take the mean of the squares so far and the new one. Adagrad takes the sum.",
        ),
        Misconception(
            "gradients, not their squares",
            wrong.adagrad_with_gradients,
            f"You add up gradients. {SIGNED}",
        ),
        Misconception(
            "sizes, not squares",
            wrong.adagrad_with_sizes,
            "You add up sizes |g| where squares are wanted.",
            also=(wrong.adagrad_with_sizes_alone,),
        ),
        Misconception(
            "the largest square",
            wrong.adagrad_with_largest,
            "You keep the largest square so far. Adagrad adds them all up.",
            "the squares after step 2",
        ),
        Misconception(
            "no memory",
            wrong.adagrad_without_memory,
            "Your squares are those of this step alone, so what is left of the gradient is about its sign. "
            "Add to what you are handed.",
        ),
        Misconception("a step behind", wrong.adagrad_a_step_behind, BEHIND, FIRST),
        Misconception(
            "one rate for all entries",
            wrong.adagrad_with_one_rate,
            ONE_RATE,
            also=(wrong.adagrad_with_one_square, wrong.adagrad_with_mean_rate),
        ),
        Misconception(
            "the root stored back",
            wrong.adagrad_that_stores_the_root,
            "You return the root of the squares, and the next step adds a square to a root. "
            "The root is for the division; keep the sum.",
        ),
        Misconception("climbing", wrong.adagrad_that_climbs, CLIMBS),
        Misconception("along the square", wrong.adagrad_along_squares, SQUARED),
        Misconception(
            "the gradient left out",
            wrong.adagrad_without_gradient,
            LEFT_OUT,
        ),
        *walks_03.common(adaptive.adagrad_step, "squares"),
    ),
    hints=(
        "Two weights: one has had gradients 3 and 4, the other 0 and 0.1. By what is each one's rate divided?",
        "Add the new square to `squares` first; then take the root, entry by entry.",
        "The parameter loses learning_rate · gradient / (root of the new squares + epsilon).",
    ),
)

rmsprop_step = Exercise(
    name="rmsprop_step",
    lesson=3,
    points=2,
    minutes=6,
    difficulty=2,
    reference=adaptive.rmsprop_step,
    cases=cases_03.rmsprop_walks,
    probe=probes.take_turns,
    compare=walks_03.compared("second_moment"),
    returns="(parameter, second_moment), new tensors",
    oracle="torch.optim.RMSprop",
    picture=walks_03.drawn("second_moment"),
    forbids_in_place=True,
    misconceptions=(
        Misconception(
            "RMSprop that sums",
            wrong.rmsprop_that_sums,
            "You add up squares and forget none: that is Adagrad. RMSprop averages them.",
        ),
        Misconception(
            "a square without its share",
            wrong.rmsprop_without_share,
            "The old average keeps the share beta2 and the new square comes in whole, so the shares add up to more "
            "than 1. It gets 1 − beta2.",
        ),
        Misconception(
            "an average that never forgets",
            wrong.rmsprop_that_never_forgets,
            "The old average stays whole, so yours only grows. It keeps the share beta2.",
        ),
        Misconception(
            "shares swapped",
            wrong.rmsprop_with_shares_swapped,
            "You keep 1 − beta2 of the old average and give beta2 to the new square. It is the other way round.",
        ),
        Misconception(
            "epsilon inside the root",
            wrong.rmsprop_with_epsilon_inside,
            INSIDE,
            "the parameter: what you remember is right",
        ),
        Misconception("no epsilon", wrong.rmsprop_without_epsilon, WITHOUT, ZEROS),
        Misconception("a missing pair of brackets", wrong.rmsprop_without_brackets, BRACKETS, ZEROS),
        Misconception(
            "no root",
            wrong.rmsprop_without_root,
            "You divide by the mean square itself. RMS stands for root mean square: take the root first.",
        ),
        Misconception("gradients, not their squares", wrong.rmsprop_with_gradients, f"You average gradients. {SIGNED}"),
        Misconception(
            "sizes, not squares",
            wrong.rmsprop_with_sizes,
            "You average sizes |g| where squares are wanted.",
            also=(wrong.rmsprop_with_sizes_alone,),
        ),
        Misconception(
            "the share squared as well",
            wrong.rmsprop_with_squared_share,
            "You square (1 − beta2) · g as a whole. Only the gradient is squared.",
        ),
        Misconception(
            "the average squared",
            wrong.rmsprop_that_squares_the_average,
            "You average first and square the result. Square the gradient, then average.",
        ),
        Misconception("the gradient left out", wrong.rmsprop_without_gradient, LEFT_OUT),
        Misconception(
            "centred",
            wrong.rmsprop_centred,
            "You subtract the mean over the tensor's entries before you square. The entries have nothing to do with "
            "each other: square the gradient as it is.",
        ),
        Misconception(
            "one rate for all entries",
            wrong.rmsprop_with_one_rate,
            ONE_RATE,
            also=(wrong.rmsprop_with_one_square, wrong.rmsprop_with_norm),
        ),
        Misconception("a step behind", wrong.rmsprop_a_step_behind, BEHIND, FIRST),
        Misconception(
            "a moment that never falls",
            wrong.rmsprop_with_largest,
            "You keep the larger of the old average and the new one, so a weight's rate never recovers "
            "(AMSGrad's idea). RMSprop takes the new average.",
        ),
        Misconception(
            "the root stored back",
            wrong.rmsprop_that_stores_the_root,
            "You return the root, and the next step averages it with a square. The root is for the division.",
        ),
        Misconception(
            "a correction",
            wrong.rmsprop_that_corrects,
            "You divide the average by 1 − beta2. RMSprop corrects nothing (Adam will, by the number of the step).",
        ),
        Misconception("climbing", wrong.rmsprop_that_climbs, CLIMBS),
        Misconception(
            "no memory",
            wrong.rmsprop_without_memory,
            "Your second moment is this step's square alone, so what is left of the gradient is about its sign.",
        ),
        Misconception("along the square", wrong.rmsprop_along_squares, SQUARED),
        *walks_03.common(adaptive.rmsprop_step, "second_moment"),
    ),
    hints=(
        "Adagrad's sum never falls, so its rate never recovers. What kind of memory of squares would recover?",
        "An average that forgets, as in lesson 2, of gradient²; not corrected here. Everything else is Adagrad.",
        "The new moment is beta2 times the old one plus (1 − beta2) · gradient²; then divide by its root plus epsilon.",
    ),
)
