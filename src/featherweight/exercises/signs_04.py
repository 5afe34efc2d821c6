"""The exercise of lesson 4 on signs: Lion."""

from featherweight.exercises import cases_04
from featherweight.exercises import wrong_04_signs as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.optimizers import lion

__all__ = ["lion_step"]

lion_step = Exercise(
    name="lion_step",
    lesson=4,
    points=2,
    minutes=10,
    difficulty=2,
    reference=lion.lion_step,
    cases=cases_04.signed_steps,
    compare=close(float32=1e-5, float64=1e-12, parts=("the parameter", "the moment")),
    returns="(parameter, first_moment)",
    oracle="program 1 of arXiv:2302.06675, one number at a time",
    misconceptions=(
        Misconception(
            "signs taken before the mix",
            wrong.signs_before_mixing,
            "You take signs first and mix them afterwards. Mix first: a large gradient must be able to outvote "
            "a small moment.",
            "entries where moment and gradient disagree",
            also=(wrong.signs_the_gradient_before_mixing,),
        ),
        Misconception(
            "the mix kept as the moment",
            wrong.keeps_the_mix,
            "The moment that you keep is the one mixed by beta1. That mix decides the step and is thrown away; "
            "what is kept is mixed by beta2.",
            "the moment: the parameter is right",
        ),
        Misconception(
            "the moment updated first",
            wrong.updates_first,
            "You update the moment, and mix the gradient into the new one: it counts twice. Mix it into the "
            "old moment.",
        ),
        Misconception(
            "a step along the kept moment",
            wrong.moves_by_the_kept_moment,
            "You move by the sign of the moment that you keep. The step has a mix of its own, by beta1, in which the "
            "gradient counts for more.",
        ),
        Misconception(
            "a step along the old moment",
            wrong.moves_by_the_old_moment,
            "You move by the sign of the old moment, so the gradient has no say until the next step.",
        ),
        Misconception(
            "mixed twice",
            wrong.mixes_again,
            "You mix the gradient into the mix. Both mixes start from the old moment.",
            "the moment: the parameter is right",
        ),
        Misconception(
            "no sign",
            wrong.forgets_the_sign,
            "Your step is as long as the mix. Lion takes its sign, so that every weight moves by the same amount.",
        ),
        Misconception(
            "a unit vector",
            wrong.normalizes,
            "You divide the whole mix by its norm. Lion takes the sign of every entry.",
        ),
        Misconception(
            "no decay",
            wrong.forgets_the_decay,
            "The decay is missing: the weights also lose learning_rate · decay of themselves.",
        ),
        Misconception(
            "decay inside the sign",
            wrong.decays_inside_the_sign,
            "You add the decay before taking the sign, where it can only turn a step around. Outside it "
            "shrinks the weights.",
        ),
        Misconception(
            "decay in the gradient",
            wrong.couples_the_decay,
            "You add the decay to the gradient, so it passes through moment and sign. It belongs beside the "
            "sign, as in AdamW.",
        ),
        Misconception(
            "decay without the rate",
            wrong.decays_without_the_rate,
            "Your weights lose `decay` of themselves. They should lose learning_rate · decay.",
        ),
        Misconception(
            "decay after the step",
            wrong.decays_afterwards,
            "You shrink the weights that have moved already, so the step shrinks too. Both are taken from the "
            "old weights.",
        ),
        Misconception("growth", wrong.grows, "Your decay has the wrong sign: it makes the weights grow."),
        Misconception(
            "betas swapped",
            wrong.swaps_the_betas,
            "beta1 is for the mix that decides the step, beta2 for the moment that is kept. You have them the "
            "other way round.",
        ),
        Misconception(
            "shares swapped",
            wrong.swaps_the_shares,
            "You give the old moment the share 1 − beta, and the gradient beta. It is the other way round.",
        ),
        Misconception(
            "the gradient whole",
            wrong.adds_the_gradient_whole,
            "You add the whole gradient. Its share is 1 − beta1 in the mix, and 1 − beta2 in the moment.",
        ),
        Misconception(
            "no memory",
            wrong.signs_the_gradient_alone,
            "You move by the sign of the gradient alone. The moment has a say, too.",
            "entries where moment and gradient disagree",
        ),
        Misconception(
            "a moment of signs",
            wrong.keeps_signs,
            "You mix the sign into the moment. The moment keeps gradients, with their size.",
            "the moment: the parameter is right",
        ),
        Misconception(
            "the moment left as it was",
            wrong.leaves_the_moment,
            "You return the old moment. The next step needs the new one.",
            "the moment: the parameter is right",
        ),
        Misconception(
            "the parameter alone",
            wrong.returns_the_weights_alone,
            "You return the parameter. The moment is the caller's to keep: return both.",
        ),
        Misconception(
            "the moment first",
            wrong.returns_the_moment_first,
            "You return (moment, parameter). The parameter goes first.",
        ),
        Misconception("climbing", wrong.climbs, "You add the direction, and it points uphill: descent subtracts it."),
        Misconception(
            "a sign for zero",
            wrong.gives_zero_a_sign,
            "Where the mix is exactly 0 you move all the same. sign(0) is 0.",
            "entries where the mix is 0",
        ),
    ),
    hints=(
        "Moment −1, gradient 4, beta1 ½. Which way does the mix point? Which way would the signs, mixed?",
        "Two mixes, both of the old moment and the gradient: one by beta1 for the direction, one by beta2 to keep.",
        "direction = sign(beta1·m + (1 − beta1)·g); parameter − learning_rate·(direction + decay·parameter); "
        "m = beta2·m + (1 − beta2)·g.",
    ),
)
