"""Adam, the exercise of lesson 3 that joins the others."""

from featherweight.exercises import cases_03, probes, walks_03
from featherweight.exercises import wrong_03_adam as wrong
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.squares_03 import CLIMBS, FIRST, INSIDE, ONE_RATE, SIGNED, ZEROS
from featherweight.optimizers import adaptive

__all__ = ["adam_step"]

STATES = "first_moment", "second_moment"

correction = (
    Misconception(
        "no bias correction",
        wrong.not_corrected,
        "Your moments are right, and you use them as they are. They start at zero and are too small for long: divide "
        "them by 1 − beta1**step and 1 − beta2**step before you move.",
        FIRST,
    ),
    Misconception(
        "only the first moment corrected",
        wrong.first_corrected,
        "The second moment starts at zero as well. Uncorrected it is too small, and your first steps are too long: "
        "divide it by 1 − beta2**step.",
        FIRST,
    ),
    Misconception(
        "only the second moment corrected",
        wrong.second_corrected,
        "The first moment starts at zero as well. Uncorrected it is too small, and so are your first steps: "
        "divide it by 1 − beta1**step.",
        FIRST,
    ),
    Misconception(
        "correction with step − 1",
        wrong.counts_from_zero,
        "Your correction is a step late. `step` counts from 1; at step 1 you divide by 1 − beta**0, which is 0.",
        FIRST,
        also=(wrong.counts_from_zero_in_python,),
    ),
    Misconception(
        "correction with step + 1",
        wrong.counts_from_two,
        "Your correction is a step early. `step` counts from 1 already.",
        FIRST,
    ),
    Misconception(
        "a correction without its power",
        wrong.corrects_by_one_share,
        "1 − beta is right for step 1 only. After more steps the shares add up to 1 − beta**step.",
        "the parameter after step 2",
    ),
    Misconception(
        "the power of 1 − β",
        wrong.corrects_by_the_power_of_the_rest,
        "You take (1 − beta)**step. It is beta that is raised to a power, and the result is taken from 1.",
        "the parameter after step 2",
    ),
    Misconception(
        "a correction without brackets",
        wrong.corrects_without_brackets,
        "Division binds before subtraction: you divide by 1 and then subtract beta**step. That can leave a negative "
        "number, whose root is nan. Put 1 − beta**step in brackets.",
        FIRST,
    ),
    Misconception(
        "a product in place of a power",
        wrong.corrects_by_products,
        "You take beta · step. What is left of the start after so many steps is a power, beta**step.",
        "the parameter after step 2",
    ),
    Misconception(
        "multiplied by the correction",
        wrong.multiplies_the_correction,
        "You multiply by 1 − beta**step, and what was too small becomes smaller. Divide by it.",
        FIRST,
    ),
    Misconception(
        "a correction outside the root",
        wrong.corrects_outside_the_root,
        "You divide the root of the second moment by 1 − beta2**step. It is the moment that is corrected; "
        "take the root afterwards.",
        FIRST,
    ),
    Misconception(
        "corrections crosswise",
        wrong.corrects_crosswise,
        "Your moments are right, but the first is corrected with beta2 and the second with beta1.",
        FIRST,
    ),
    Misconception(
        "the corrected moment stored back",
        wrong.stores_the_corrected,
        "What you return is corrected, and the next step corrects it again. Correct copies for the step, and return "
        "the moments as they were.",
        "the moments after step 1",
        also=(wrong.stores_the_first_corrected, wrong.stores_the_second_corrected),
    ),
)

moments = (
    Misconception(
        "β1 and β2 swapped",
        wrong.swaps_the_betas,
        "beta1 is the first moment's share and beta2 the second's. In yours they have changed places.",
        "the moments after step 1",
        also=(wrong.swaps_the_betas_of_the_moments,),
    ),
    Misconception(
        "shares swapped",
        wrong.swaps_the_shares,
        "You keep 1 − beta of each old moment and give beta to what is new. It is the other way round: at 0.9 nine "
        "tenths stay.",
        "the moments after step 1",
        also=(wrong.swaps_the_shares_throughout,),
    ),
    Misconception(
        "a first moment without its (1 − β1)",
        wrong.first_without_share,
        "The gradient comes in whole, as in `momentum_step`. Adam averages: the gradient has the share 1 − beta1.",
        "the first moment after step 1",
    ),
    Misconception(
        "a second moment without its (1 − β2)",
        wrong.second_without_share,
        "The squared gradient comes in whole. Its share is 1 − beta2.",
        "the second moment after step 1",
    ),
    Misconception(
        "both moments without their (1 − β)",
        wrong.both_without_share,
        "Gradient and square come in whole. Their shares are 1 − beta1 and 1 − beta2.",
        "the moments after step 1",
    ),
    Misconception(
        "a first moment that never forgets",
        wrong.first_never_forgets,
        "The old first moment stays whole and only ever has gradients added. It keeps the share beta1.",
        "the first moment after step 2",
    ),
    Misconception(
        "a second moment that never forgets",
        wrong.second_never_forgets,
        "The old second moment stays whole, so yours only grows. It keeps the share beta2.",
        "the second moment after step 2",
        also=(wrong.second_sums,),
    ),
    Misconception(
        "a second moment of g, not g²",
        wrong.second_of_gradients,
        f"Your second moment averages gradients. {SIGNED}",
        "the second moment after step 1",
    ),
    Misconception(
        "a second moment of |g|",
        wrong.second_of_sizes,
        "Your second moment averages sizes |g| where squares are wanted.",
        "the second moment after step 1",
        also=(wrong.second_of_sizes_without_root,),
    ),
    Misconception(
        "a second moment of m, not g",
        wrong.second_of_the_first,
        "You square the first moment. It is the gradient's square that is averaged.",
        "the second moment after step 1",
    ),
    Misconception(
        "a second moment that never falls",
        wrong.second_largest,
        "You keep the larger of the old second moment and the new one. That is close to AMSGrad, which keeps the "
        "largest beside the average; Adam has the average alone.",
        "the second moment, where it should fall",
    ),
    Misconception(
        "the root stored back",
        wrong.stores_the_root,
        "You return the root of the second moment, and the next step averages it with a square. "
        "The root is for the division.",
        "the second moment after step 1",
    ),
    Misconception(
        "the moments swapped",
        wrong.swaps_the_moments,
        "You return the second moment before the first.",
        "the return line",
    ),
)

moves = (
    Misconception("ε inside the root", wrong.epsilon_inside, INSIDE, "the parameter: the moments are right"),
    Misconception(
        "ε added before the correction",
        wrong.epsilon_before_correction,
        "You add epsilon to the uncorrected root and correct both, so at first epsilon counts for more than it says. "
        "Correct the second moment, take its root, then add epsilon.",
        FIRST,
    ),
    Misconception(
        "no ε",
        wrong.no_epsilon,
        "Nothing is added to the root. Where all gradients so far are zero you divide 0 by 0, which is nan; elsewhere "
        "the step is a little too long.",
        ZEROS,
    ),
    Misconception(
        "a missing pair of brackets",
        wrong.no_brackets,
        "Division binds before addition: you divide by the root alone and then add epsilon to the parameter. Where all "
        "gradients so far are zero that is 0/0, which is nan. Put root and epsilon in brackets.",
        ZEROS,
    ),
    Misconception(
        "no root",
        wrong.no_root,
        "You divide by the second moment itself. Its root has the gradient's units.",
        FIRST,
    ),
    Misconception(
        "along the gradient",
        wrong.along_the_gradient,
        "You divide the gradient, not the first moment, so your first moment is never used: that is RMSprop.",
        "the parameter after step 2",
    ),
    Misconception(
        "no division",
        wrong.along_the_mean_alone,
        "You step along the corrected first moment and divide by nothing, so your second moment is never used.",
        FIRST,
    ),
    Misconception(
        "a step behind",
        wrong.a_step_behind,
        "You move with the moments that you were handed; this step's gradient is not in them yet. "
        "Update first, then move.",
        FIRST,
    ),
    Misconception("one rate for all entries", wrong.one_rate, ONE_RATE, also=(wrong.one_square, wrong.one_norm)),
    Misconception("climbing", wrong.climbs, CLIMBS),
    Misconception(
        "numbers in single precision",
        wrong.rounds_the_betas,
        "Your step is Adam's to about seven digits: beta or epsilon went through a float32 tensor (torch.tensor(0.9) "
        "is 0.89999998). Plain Python numbers keep all their digits.",
        "the last digits of the parameter",
        also=(wrong.rounds_epsilon,),
    ),
)

adam_step = Exercise(
    name="adam_step",
    lesson=3,
    points=3,
    minutes=15,
    difficulty=3,
    reference=adaptive.adam_step,
    cases=cases_03.adam_walks,
    probe=probes.take_turns,
    compare=walks_03.compared(*STATES),
    returns="(parameter, first_moment, second_moment), new tensors",
    oracle="torch.optim.Adam",
    picture=walks_03.drawn(*STATES),
    forbids_in_place=True,
    misconceptions=(*correction, *moments, *moves, *walks_03.common(adaptive.adam_step, *STATES)),
    hints=(
        "With beta1 = 0.9, the first moment after one step is a tenth of the gradient. By what do you divide it to "
        "have the gradient back? And after two steps of the same gradient?",
        "Three parts: both moments as averages that forget; corrected copies of them; the step. Only the copies are "
        "corrected, and the moments are returned as they were.",
        "mean = first_moment / (1 − beta1**step), square = second_moment / (1 − beta2**step); the parameter loses "
        "learning_rate · mean / (square.sqrt() + epsilon).",
    ),
)
