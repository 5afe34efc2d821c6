"""The exercises of lesson 8 on steps: of a range and its code of 0, and of every channel of a layer."""

from featherweight.compression import quantization
from featherweight.exercises import cases_08 as cases
from featherweight.exercises import wrong_08_ranges as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["per_channel_scale", "scale_and_zero_point"]

scale_and_zero_point = Exercise(
    name="scale_and_zero_point",
    lesson=8,
    points=3,
    minutes=12,
    difficulty=3,
    reference=quantization.scale_and_zero_point,
    cases=cases.ranges,
    compare=close(float64=1e-5, atol=0.0, parts=("scale", "zero_point")),
    returns="(scale, zero_point): a float and an int",
    oracle="ONNX Runtime's DynamicQuantizeLinear, and cases worked by hand",
    misconceptions=(
        Misconception(
            "a range without 0",
            wrong.leaves_zero_out,
            "Your range reaches from the smallest to the largest number. Where all have one sign 0.0 is not in it, "
            "and its code is none. Stretch the range to 0.",
            "numbers that are all positive, or all negative",
        ),
        Misconception(
            "256 steps for 255",
            wrong.counts_codes,
            "You divide by the number of codes. Between 256 codes are 255 steps: high − low.",
        ),
        Misconception(
            "255 steps always",
            wrong.knows_255_only,
            "You divide by 255, whatever low and high are. There are codes of 4 bits as well.",
        ),
        Misconception(
            "high for the number of steps",
            wrong.divides_by_high,
            "You divide by high. For signed codes that is half of the steps: high − low.",
        ),
        Misconception(
            "negative numbers ignored",
            wrong.forgets_negatives,
            "Your range starts at 0, so all negative numbers are cut off.",
        ),
        Misconception(
            "a symmetric range",
            wrong.covers_both_sides,
            "Your range reaches as far below 0 as above it. After a ReLU half of the codes are then never used. Take "
            "the smallest and the largest number as they are.",
        ),
        Misconception(
            "a zero point with a fraction",
            wrong.forgets_to_round_the_place,
            "Your zero point is no whole number. Then 0.0 lies between two codes and is never given back exactly.",
        ),
        Misconception(
            "a zero point cut off",
            wrong.cuts_the_place_off,
            "int() cuts off what follows the point. Round to the nearest whole number.",
        ),
        Misconception(
            "a zero point rounded half up",
            wrong.rounds_the_place_half_up,
            "int(x + 0.5) sends every tie up. round() sends it to the even number.",
            "the cases whose zero point lies halfway",
        ),
        Misconception(
            "low added before rounding",
            wrong.rounds_with_low,
            "You round low − smallest / scale. Where low is odd that sends a tie the other way: round the quotient "
            "alone.",
            "the cases whose low is odd",
        ),
        Misconception(
            "a zero point from the upper end",
            wrong.comes_from_above,
            "You count from high downwards. It is nearly always the same, and not at a tie: count from low upwards.",
            "the cases whose zero point lies halfway",
        ),
        Misconception(
            "a zero point with the wrong sign",
            wrong.adds_the_place,
            "The smallest number is negative, so your zero point falls below low. It lies as many steps *above* low "
            "as the smallest number lies below 0.",
        ),
        Misconception(
            "low forgotten",
            wrong.forgets_low,
            "Your zero point is right where low is 0. Codes start at low: count from there.",
            "the cases of signed codes",
        ),
        Misconception(
            "a number for a code",
            wrong.rounds_the_number,
            "You round the smallest number itself. A zero point is a code, counted in steps: divide by the scale.",
        ),
        Misconception(
            "the scale multiplied",
            wrong.multiplies_the_place,
            "You multiply the smallest number by the scale. How many steps fit into it is a quotient.",
        ),
        Misconception(
            "0 as zero point",
            wrong.says_zero,
            "You say 0 for every zero point. The code of 0.0 depends on how far the range reaches below 0.",
        ),
        Misconception(
            "the scale turned over",
            wrong.turns_the_scale_over,
            "You return steps per unit. A scale is the size of a step: range divided by steps.",
            also=(wrong.turns_the_scale_over_only,),
        ),
        Misconception(
            "nothing divided by nothing",
            wrong.divides_nothing_by_nothing,
            "A tensor of zeros has a range of width 0, a scale of 0, and you divide by that. It gets scale 1.0 and "
            "the zero point low.",
            "the case of zeros",
            also=(wrong.divides_tensors_of_nothing,),
        ),
        Misconception(
            "the smallest of nothing",
            wrong.looks_into_an_empty_tensor,
            "An empty tensor has no smallest number, and torch says so. It gets scale 1.0 and the zero point low.",
            "the last case",
        ),
        Misconception(
            "zeros with the code 0",
            wrong.gives_zeros_the_code_zero,
            "For a tensor of zeros you return the zero point 0. That need not be a code, and low is asked for.",
            "the cases of zeros",
        ),
        Misconception(
            "zeros without a step",
            wrong.gives_zeros_no_step,
            "For a tensor of zeros your scale is 0. Whoever divides by it next gets NaN: return 1.0.",
            "the cases of zeros",
        ),
        Misconception(
            "the pair turned round",
            wrong.turns_the_pair_round,
            "You return (zero_point, scale). The scale comes first.",
        ),
    ),
    hints=(
        "The numbers reach from −1 to 2, the codes from 0 to 3. How long is a step, and which code is 0.0?",
        "Include 0.0 in the range; then scale = range / (high − low), and count how many steps 0.0 is above the "
        "lower end.",
        "min(0.0, …) and max(0.0, …) stretch the range; round() is Python's own; treat a range of width 0 before "
        "dividing.",
    ),
)

per_channel_scale = Exercise(
    name="per_channel_scale",
    lesson=8,
    points=2,
    minutes=8,
    difficulty=2,
    reference=quantization.per_channel_scale,
    cases=cases.weights,
    compare=close(float32=1e-5, atol=0.0, axes=("channel",)),
    returns="one scale for each output channel, shaped (outputs, 1, …)",
    oracle="the largest code of every channel, and half a step of error at most",
    misconceptions=(
        Misconception(
            "one scale for all",
            wrong.has_one_for_all,
            "You return one scale for the whole tensor. One loud channel then takes the steps of all others: each "
            "gets its own.",
            also=(wrong.repeats_one_for_all,),
        ),
        Misconception(
            "a scale for every input",
            wrong.looks_along_inputs,
            "You return a scale for each *input*. It could not be taken out of the sum over inputs: rows are "
            "outputs, axis 0.",
            "the shape",
            also=(wrong.looks_along_the_first_axis,),
        ),
        Misconception(
            "the last axis alone",
            wrong.looks_along_the_last_axis,
            "amax(−1) looks along the last axis. For a linear layer these are the inputs, for a convolution the "
            "width of its kernel. A channel owns all that is behind axis 0.",
            "the cases of a convolution",
        ),
        Misconception(
            "axis 1 alone",
            wrong.looks_along_one_axis,
            "amax(1) looks along the inputs and leaves a scale for each place of a kernel. A channel owns all that "
            "is behind axis 0.",
            "the cases of a convolution",
        ),
        Misconception(
            "signs not taken off",
            wrong.forgets_the_sign,
            "You take the largest value. A large negative weight is clipped then: take absolute values first.",
        ),
        Misconception(
            "the smallest for the largest",
            wrong.takes_the_smallest,
            "You take the smallest value, which is negative, and so is your scale.",
        ),
        Misconception(
            "an average size",
            wrong.averages_sizes,
            "You take a typical size. All weights above it would be clipped: take the largest.",
            also=(wrong.takes_the_deviation,),
        ),
        Misconception(
            "the length of a row",
            wrong.takes_the_norm,
            "You take the 2-norm of a row. No single weight is that large, so codes go unused.",
        ),
        Misconception(
            "an affine range",
            wrong.covers_the_range,
            "You work with largest − smallest. That range needs a zero point; here it is 0, and the codes reach as "
            "far below it as above.",
            also=(wrong.halves_the_range,),
        ),
        Misconception(
            "128 for 127",
            wrong.counts_half_of_all,
            "You divide by 2**(bits − 1). With eight bits the last code is 127: one less.",
        ),
        Misconception(
            "255 for 127",
            wrong.counts_all,
            "You divide by all the codes. Half of them are for negative weights: the last one is 2**(bits − 1) − 1.",
            also=(wrong.counts_all_codes,),
        ),
        Misconception(
            "bits multiplied",
            wrong.multiplies_bits,
            "2 · bits is not 2**bits. Each bit doubles the number of codes.",
        ),
        Misconception(
            "127 always",
            wrong.knows_127_only,
            "You divide by 127, whatever `bits` is.",
            "the cases of fewer bits",
        ),
        Misconception(
            "scale 0 for a channel of zeros",
            wrong.leaves_zeros,
            "A channel of zeros gets scale 0 in yours, and whoever divides by it gets NaN. It gets 1.",
            "a channel of zeros",
        ),
        Misconception(
            "a crumb for a channel of zeros",
            wrong.puts_a_crumb,
            "For a channel of zeros you take a tiny scale. It is harmless, and 1 is asked for.",
            "a channel of zeros",
            also=(wrong.adds_a_crumb,),
        ),
        Misconception(
            "a flat list of scales",
            wrong.stays_flat,
            "The scales are right, in the shape (outputs,). Divided by it, a weight is matched along its *last* "
            "axis. (outputs, 1, …) fits.",
            "the shape",
        ),
        Misconception(
            "two axes for a convolution",
            wrong.always_two_axes,
            "(outputs, 1) fits a linear layer. The scales of a convolution need as many axes as its weight has.",
            "the cases of a convolution",
        ),
        Misconception(
            "the scale turned over",
            wrong.turns_scales_over,
            "You return steps per unit. A scale is the size of a step: the largest weight divided by the last code.",
        ),
        Misconception(
            "the largest weight itself",
            wrong.gives_the_largest,
            "You return the largest weight of every channel. Divide it by the last code.",
        ),
    ),
    hints=(
        "A row holds 0.5, −2 and 1, and there are 3 bits: codes from −3 to 3. Which step makes −2 the code −3?",
        "For each index of axis 0: the largest absolute value of all that is behind it, divided by the last code.",
        "flatten(1) makes one row of a channel; weight.dim() says how many axes of size 1 to add; a scale of 0 "
        "becomes 1.",
    ),
)
