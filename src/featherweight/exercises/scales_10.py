"""The exercises of lesson 10 that scale: activations made easier to round, and weights that matter protected."""

from featherweight.compression import transformers
from featherweight.exercises import cases_10 as cases
from featherweight.exercises import wrong_10_scales as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["awq_scales", "smooth"]

smooth = Exercise(
    name="smooth",
    lesson=10,
    points=2,
    minutes=8,
    difficulty=2,
    reference=transformers.smooth,
    cases=cases.smoothed,
    compare=close(float32=1e-5, float64=1e-10, parts=("weight", "activations")),
    returns="two tensors: weight · s and activations / s",
    oracle="the layer as it was, and the paper's equation 4 channel by channel",
    misconceptions=(
        Misconception(
            "weights only",
            wrong.scales_weights_only,
            "The weights are scaled, and the activations are as they were: the layer now computes something else.",
            "the second part",
        ),
        Misconception(
            "activations only",
            wrong.scales_activations_only,
            "The activations are scaled, and the weights are as they were: the layer now computes something else.",
            "the first part",
        ),
        Misconception(
            "both multiplied",
            wrong.multiplies_both,
            "You multiply both sides by s, and the outputs by s². What one side gains the other must give.",
        ),
        Misconception(
            "both divided",
            wrong.divides_both,
            "You divide both sides by s. What one side gives the other must gain.",
        ),
        Misconception(
            "the scale upside down",
            wrong.turns_the_scale,
            "You multiply activations where you should divide: loud channels get louder.",
        ),
        Misconception(
            "the exponents swapped",
            wrong.swaps_the_exponents,
            "alpha belongs to the activations, 1 − alpha to the weights. At ½ nobody would notice.",
            "cases with another alpha than ½",
        ),
        Misconception(
            "one exponent for both",
            wrong.shares_one_exponent,
            "Both maxima have alpha as their exponent. The weights' is 1 − alpha.",
            "cases with another alpha than ½",
        ),
        Misconception(
            "a product for a quotient",
            wrong.multiplies_the_maxima,
            "You multiply by the weights' power. Divide: where weights are large already, they should grow less.",
        ),
        Misconception(
            "the weights ignored",
            wrong.ignores_the_weights,
            "s depends on the activations alone. Divide by the weights' maximum to the power 1 − alpha.",
        ),
        Misconception(
            "alpha ignored",
            wrong.ignores_alpha,
            "You always take the square root. alpha says how much of the trouble moves to the weights.",
        ),
        Misconception(
            "means for maxima",
            wrong.takes_means,
            "You take mean sizes. The range of a grid is set by the largest.",
        ),
        Misconception(
            "a mean for the largest activation",
            wrong.takes_the_mean_activation,
            "For activations you take the mean size. The largest is asked for.",
        ),
        Misconception(
            "the sign forgotten",
            wrong.forgets_the_sign,
            "max() without abs() misses a channel that is loud and negative, and a negative number has no root.",
        ),
        Misconception(
            "one loudness for all channels",
            wrong.takes_one_loudness,
            "You take the largest activation of the whole tensor. Each channel has its own.",
        ),
        Misconception(
            "one strength for all channels",
            wrong.takes_one_strength,
            "You take the largest weight of the whole layer. Each channel has its own.",
        ),
        Misconception(
            "sums for powers",
            wrong.averages_the_maxima,
            "You add alpha and 1 − alpha shares. They are exponents.",
        ),
        Misconception(
            "outputs for inputs",
            wrong.takes_outputs,
            "You take each output's largest weight, along its row. A channel is a *column* of the weight.",
            also=(wrong.takes_examples,),
        ),
        Misconception(
            "the activations first",
            wrong.gives_the_activations_first,
            "Both are right, in the other order: the weight comes first.",
        ),
        Misconception(
            "the scale alone",
            wrong.gives_the_scale,
            "You return s. Wanted are the two sides after scaling.",
        ),
        Misconception(
            "silence divided",
            wrong.divides_by_zero,
            "A channel that is always 0, or that no weight reads, gives s = 0 or ∞, and then NaN. There s is 1.",
            "the case with silent channels",
        ),
        Misconception(
            "silence kept from zero",
            wrong.keeps_from_zero,
            "You replace a maximum of 0 by a small number, and the other side of that channel is stretched far. "
            "There s is 1.",
            "the case with silent channels",
        ),
    ),
    hints=(
        "One channel: activations up to 100, weights up to 1, alpha ½. What is s, and what are both maxima afterwards?",
        "Both maxima are one number per input channel: over the examples, and over the outputs.",
        "abs().amax(0) on either. torch.where keeps a silent channel at 1.",
    ),
)

awq_scales = Exercise(
    name="awq_scales",
    lesson=10,
    points=3,
    minutes=12,
    difficulty=3,
    reference=transformers.awq_scales,
    cases=cases.loud_layers,
    compare=close(float32=1e-5, float64=1e-10),
    returns="one scale for each input channel",
    oracle="every exponent, output and example by itself, in plain Python",
    misconceptions=(
        Misconception(
            "weights compared",
            wrong.compares_weights,
            "You compare weights. Scales are there because some weights matter more: compare *outputs*, on the "
            "activations.",
        ),
        Misconception(
            "sizes added up",
            wrong.adds_up_sizes,
            "You add up absolute differences of the outputs. Squares are asked for.",
        ),
        Misconception(
            "the worst output",
            wrong.takes_the_worst_output,
            "You judge by the largest difference. The sum of all squares is asked for.",
        ),
        Misconception(
            "signed differences added up",
            wrong.adds_up_signed,
            "Your differences cancel. Square them, then add up.",
        ),
        Misconception(
            "the largest error",
            wrong.takes_the_most,
            "You return the scale with the *largest* error.",
        ),
        Misconception(
            "nothing undone",
            wrong.undoes_nothing,
            "After rounding, the weights are still scaled, and you compare them with activations that are not. "
            "Divide by s.",
        ),
        Misconception(
            "scaled down first",
            wrong.scales_down_first,
            "You divide weights by s before rounding. Those that read loud inputs should grow: a step is then small "
            "beside them.",
        ),
        Misconception(
            "the largest for the mean",
            wrong.takes_the_largest,
            "You measure a channel by its largest activation. AWQ takes the mean size.",
        ),
        Misconception(
            "a root mean square for the mean",
            wrong.takes_root_mean_squares,
            "You measure a channel by its root mean square. AWQ takes the mean size.",
        ),
        Misconception(
            "a sum for the mean",
            wrong.takes_sums,
            "You add up over the examples. Then s says how many there were; take the mean.",
        ),
        Misconception(
            "signed means",
            wrong.takes_signed_means,
            "You average with signs, so that loud channels cancel to nothing or less. Average |x|.",
        ),
        Misconception(
            "weights for activations",
            wrong.takes_the_weights,
            "Your scales come from the weights. Which weights matter is what the *activations* say.",
        ),
        Misconception(
            "sizes upside down",
            wrong.turns_the_sizes,
            "Your exponent has the wrong sign: loud channels get the smallest scales.",
        ),
        Misconception(
            "examples for channels",
            wrong.takes_means_over_inputs,
            "You average over the inputs, so that each *example* gets a scale. Average over the examples.",
            "the shape: one scale per input",
        ),
        Misconception(
            "one step for all rows",
            wrong.has_one_step_for_all,
            "Your grid is the same for all rows. Each output has its own.",
        ),
        Misconception(
            "a step per input",
            wrong.has_a_step_per_input,
            "Your steps belong to columns. A scaled column on a grid of its own is as before, and no exponent matters.",
        ),
        Misconception(
            "all codes on one side",
            wrong.counts_all_codes,
            "You divide by 2^bits − 1. Half of the codes are negative: 2^(bits−1) − 1 steps reach the largest.",
        ),
        Misconception(
            "one step too many",
            wrong.counts_one_step_more,
            "You divide by 2^(bits−1). One less: the largest then has code 2^(bits−1) − 1.",
        ),
        Misconception(
            "the old step",
            wrong.keeps_the_old_step,
            "Your step comes from the weights before scaling. Scaled ones may be larger, and cost bits: that is the "
            "price an exponent pays.",
        ),
        Misconception(
            "the exponent returned",
            wrong.returns_the_exponent,
            "You return the exponent. Wanted is the scale of every channel.",
        ),
        Misconception(
            "the rounded weights returned",
            wrong.returns_the_rounded,
            "You return the rounded weights. Wanted is the scale of every channel.",
        ),
        Misconception(
            "the last exponent",
            wrong.takes_the_last,
            "You return the last scale that was tried. Remember the best one.",
        ),
        Misconception(
            "the first exponent",
            wrong.takes_the_first,
            "You return the first scale that was tried. Go on, and remember the best one.",
        ),
        Misconception(
            "always ½",
            wrong.takes_the_middle,
            "You take the square root without looking. The grid is there to be tried.",
        ),
        Misconception(
            "silence scaled to zero",
            wrong.lets_silence_be_zero,
            "A channel that is always 0 gives s = 0, and 0/0 is NaN: no exponent ever wins. There s is 1.",
            "the cases with a silent channel",
        ),
        Misconception(
            "a middle of one",
            wrong.brings_the_middle_to_one,
            "You divide the scales by their geometric middle. No output changes, but the plain power is asked for.",
        ),
    ),
    hints=(
        "Scale the weights of one loud channel by 2 and round: by how much is the error on *that* channel smaller?",
        "For each exponent: scale, step per row, round, undo, outputs. Keep the scale whose outputs are nearest.",
        "activations.abs().mean(0), silent ones set to 1. The error needs activations @ (difference).T, squared, "
        "added up.",
    ),
)
