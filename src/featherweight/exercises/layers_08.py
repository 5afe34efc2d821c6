"""The exercise of lesson 8 on a layer in whole numbers."""

from featherweight.compression import quantization
from featherweight.exercises import cases_08 as cases
from featherweight.exercises import wrong_08_layers as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["integer_linear"]

integer_linear = Exercise(
    name="integer_linear",
    lesson=8,
    points=3,
    minutes=12,
    difficulty=3,
    reference=quantization.integer_linear,
    cases=cases.layers,
    compare=exact(),
    returns="int32 sums of shape (batch, outputs)",
    oracle="numpy in int64",
    misconceptions=(
        Misconception(
            "the zero point taken off in a byte",
            wrong.centres_in_a_byte,
            "inputs − zero_point stays in the dtype of inputs: a uint8 3 − 5 is 254, an int8 100 − (−100) is −56. "
            "Make room first: int32, then subtract.",
        ),
        Misconception(
            "a sum that wraps at 8 bits",
            wrong.adds_in_int8,
            "Your sum is kept in int8, which ends at 127 and goes on at −128. A single product needs 16 bits, a sum "
            "more: int32.",
            also=(wrong.wraps_to_a_byte,),
        ),
        Misconception(
            "a sum that wraps at 16 bits",
            wrong.adds_in_int16,
            "One product fits in int16, the second may not: 255 · 127 is 32,385, and int16 ends at 32,767. Add in "
            "int32.",
        ),
        Misconception(
            "a sum in float32",
            wrong.adds_in_float32,
            "You add in float32. It holds every whole number up to 2**24 = 16,777,216 and beyond that only some: "
            "long sums come out a little off.",
            "the last two cases: their sums are above 2**24",
        ),
        Misconception(
            "bytes taken for signed ones",
            wrong.takes_bytes_for_signed,
            "You turn the inputs into int8. A uint8 above 127 becomes negative that way.",
            "the cases of uint8",
        ),
        Misconception(
            "no zero point",
            wrong.forgets_the_zero_point,
            "You multiply the codes as they are. An input code of zero_point stands for 0.0 and must add nothing.",
        ),
        Misconception(
            "the zero point added",
            wrong.adds_the_zero_point,
            "You add the zero point, to the inputs or, times Σ weight, to the sum. A code stands for code − "
            "zero_point steps.",
        ),
        Misconception(
            "a zero point for the weight",
            wrong.centres_the_weight_too,
            "You take the zero point off the weight as well. Weights are symmetric, theirs is 0.",
        ),
        Misconception(
            "the zero point off the weight",
            wrong.centres_the_weight_instead,
            "You take the zero point off the weight. It belongs to the inputs.",
        ),
        Misconception(
            "one zero point for a whole sum",
            wrong.subtracts_it_at_the_end,
            "You subtract the zero point once, from the sum. Every input carries it into the sum, times its weight.",
        ),
        Misconception(
            "zero points without weights",
            wrong.corrects_once_for_every_input,
            "You subtract the zero point once for every input. Each one went into the sum times its weight: "
            "zero_point · Σ weight, along the row.",
        ),
        Misconception(
            "a zero point for the bias",
            wrong.centres_the_bias_too,
            "You take the zero point off the bias, too. The bias is in steps of the output and has none.",
        ),
        Misconception(
            "no bias",
            wrong.forgets_the_bias,
            "The bias is missing.",
        ),
        Misconception(
            "the bias subtracted",
            wrong.subtracts_the_bias,
            "You subtract the bias. It is added.",
        ),
        Misconception(
            "a bias of 8 bits",
            wrong.narrows_the_bias,
            "You squeeze the bias into int8. It is in steps of (input scale · weight scale), far too small for 8 "
            "bits: that is why it is int32.",
        ),
        Misconception(
            "sums back in 8 bits",
            wrong.clips_to_a_byte,
            "You clip the sums to eight bits. They count much smaller steps than the next layer's codes do: "
            "rescaling comes first, and is not asked for here.",
            also=(wrong.clips_to_an_unsigned_byte,),
        ),
        Misconception(
            "a ReLU nobody asked for",
            wrong.rectifies,
            "Negative sums are 0 in yours. There is no ReLU in this layer.",
        ),
        Misconception(
            "sums in another dtype",
            wrong.gives_longs,
            "The sums are right, in another dtype. int32 is what processors add up in, and what is asked for.",
            "the dtype",
        ),
        Misconception(
            "sums as floats",
            wrong.gives_floats,
            "You return float32. The sums are whole numbers, and float32 cannot hold all of them.",
            "the dtype",
        ),
        Misconception(
            "a weight not turned",
            wrong.forgets_to_transpose,
            "A weight is (outputs, inputs). The product needs (inputs, outputs): transpose it.",
        ),
        Misconception(
            "int32 times int8",
            wrong.mixes_dtypes,
            "torch multiplies matrices of one dtype only. Widen the weight as well as the inputs.",
        ),
        Misconception(
            "outputs before the batch",
            wrong.puts_the_weight_first,
            "You multiply weight by inputs, so that outputs come first. (batch, outputs) is asked for.",
            "the shape",
        ),
    ),
    hints=(
        "What is torch.tensor([3], dtype=torch.uint8) − 5? And 100 · 100 in int8?",
        "Widen both to int32 before anything is subtracted or multiplied, take the zero point off the inputs, then "
        "sum.",
        "x.to(torch.int32) widens, x.T turns a matrix, and @ multiplies whole numbers exactly on a CPU. The bias is "
        "added.",
    ),
)
