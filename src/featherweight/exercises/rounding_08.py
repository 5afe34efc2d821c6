"""The exercise of lesson 8 that rounds: numbers to codes."""

from featherweight.compression import quantization
from featherweight.exercises import cases_08 as cases
from featherweight.exercises import wrong_08_rounding as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["quantize"]

quantize = Exercise(
    name="quantize",
    lesson=8,
    points=3,
    minutes=10,
    difficulty=2,
    reference=quantization.quantize,
    cases=cases.roundings,
    compare=exact(),
    returns="int32 codes in the shape of the tensor",
    oracle="ONNX Runtime's QuantizeLinear, bit for bit",
    misconceptions=(
        Misconception(
            "cut off instead of rounded",
            wrong.cuts_off,
            "You cut off what follows the point: 2.9 becomes 2, and the error is up to a whole step. Round to the "
            "nearest.",
            also=(wrong.cuts_off_last,),
        ),
        Misconception(
            "always rounded down",
            wrong.rounds_down,
            "floor goes down, for negative numbers away from 0, and every number loses half a step on average. Round "
            "to the nearest.",
        ),
        Misconception(
            "halfway up",
            wrong.rounds_half_up,
            "Numbers halfway between two codes all go up in yours. Halfway goes to the even number, so that errors "
            "have no favourite side: torch.round does that.",
            "a number halfway between two codes",
        ),
        Misconception(
            "halfway away from zero",
            wrong.rounds_half_away,
            "Halfway goes away from zero in yours, as at school. Here it goes to the even number: 0.5 to 0, 2.5 to 2.",
            "a number halfway between two codes",
        ),
        Misconception(
            "the zero point before rounding",
            wrong.rounds_last,
            "You add the zero point before you round. With an odd one every tie then goes the other way. Round the "
            "steps first.",
            "a number halfway between two codes, with an odd zero point",
        ),
        Misconception(
            "clipped before the zero point",
            wrong.clips_first,
            "You clip the steps and then move them, so that codes leave low … high again, or whole regions are cut "
            "off. Clip last.",
        ),
        Misconception(
            "numbers clipped for codes",
            wrong.clips_numbers,
            "low and high are codes. You clip the tensor with them before it has been divided by the scale.",
            also=(wrong.clips_numbers_as_well,),
        ),
        Misconception(
            "the scale multiplied",
            wrong.multiplies,
            "You multiply by the scale. It is the size of one step: how many fit into a number is a quotient.",
        ),
        Misconception(
            "the scale forgotten",
            wrong.forgets_the_scale,
            "You round the numbers themselves. They are counted in steps of `scale`: divide first.",
        ),
        Misconception(
            "the zero point subtracted",
            wrong.subtracts,
            "You subtract the zero point. It is the code of 0.0, so 0 steps must become zero_point: add. Going back "
            "is where it is subtracted.",
        ),
        Misconception(
            "the zero point forgotten",
            wrong.forgets_the_zero_point,
            "0.0 must get the code zero_point, and gets 0 in yours.",
        ),
        Misconception(
            "numbers moved by the zero point",
            wrong.shifts_numbers,
            "You move the tensor itself by the zero point. That is a code, counted in steps: divide and round first.",
            also=(wrong.shifts_numbers_down,),
        ),
        Misconception(
            "no clipping",
            wrong.forgets_to_clip,
            "Numbers beyond the range get codes beyond low … high, which fit in no byte. They take the nearer end.",
        ),
        Misconception(
            "clipped at one end",
            wrong.clips_above_only,
            "You clip at one end only. There are numbers beyond both.",
            also=(wrong.clips_below_only,),
        ),
        Misconception(
            "codes that wrap around",
            wrong.wraps,
            "Beyond the last code yours starts again at the first: the largest number becomes one of the smallest. "
            "Clip before a byte can overflow.",
            also=(wrong.wraps_a_byte,),
        ),
        Misconception(
            "the last code left out",
            wrong.leaves_the_last_out,
            "You clip at high − 1. `high` is itself a code.",
        ),
        Misconception(
            "unsigned codes only",
            wrong.clips_to_bytes,
            "You clip to 0 … 255, whatever is asked. Use low and high.",
        ),
        Misconception(
            "signed codes only",
            wrong.clips_to_signed_bytes,
            "You clip to −128 … 127, whatever is asked. Use low and high.",
        ),
        Misconception(
            "a range of your own",
            wrong.stretches_to_fit,
            "You stretch the tensor from low to high by its own smallest and largest number. How it is rounded is "
            "given: by scale and zero_point, which come from other data.",
        ),
        Misconception(
            "all the way back",
            wrong.goes_all_the_way_back,
            "You turn the codes back into numbers. That is `dequantize`; here the codes themselves are asked for.",
        ),
        Misconception(
            "codes left as floats",
            wrong.leaves_floats,
            "The codes are right, and still float numbers. int32 is asked for.",
            "the dtype",
        ),
        Misconception(
            "codes in another whole dtype",
            wrong.gives_longs,
            "You return another dtype than int32. Eight bits would do for some of these codes, but not for the "
            "unsigned, the signed and those of 4 bits alike.",
            "the dtype",
            also=(wrong.gives_bytes, wrong.gives_signed_bytes),
        ),
    ),
    hints=(
        "Let scale be 0.5 and zero_point 3. Which codes do 0.0, 1.0 and −2.0 get? And which 0.25, which is half a "
        "step?",
        "Four things in this order: how many steps, to the nearest whole number, moved by the zero point, kept in "
        "range.",
        "torch.round already sends halves to the even number, clamp takes low and high, .to(torch.int32) comes last.",
    ),
)
