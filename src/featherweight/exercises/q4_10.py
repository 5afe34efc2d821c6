"""The exercise of lesson 10 that packs nibbles: 32 weights in 18 bytes, as GGUF files hold them."""

from featherweight.compression import formats
from featherweight.exercises import cases_10 as cases
from featherweight.exercises import wrong_10_formats as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["pack_q4_0"]

pack_q4_0 = Exercise(
    name="pack_q4_0",
    lesson=10,
    points=4,
    minutes=12,
    difficulty=3,
    reference=formats.pack_q4_0,
    cases=cases.q4_blocks,
    compare=exact(axes=("block", "byte")),
    returns="bytes, uint8 of shape (blocks, 18)",
    oracle="gguf-py, byte for byte",
    misconceptions=(
        Misconception(
            "the size for the signed value",
            wrong.q4_takes_the_size,
            "Your d comes from the largest |x|. It must come from that value with its sign, so that the value itself "
            "gets code 0, the only one of size 8.",
            "blocks whose largest weight is negative",
        ),
        Misconception(
            "the size over 8",
            wrong.q4_takes_the_size_over_plus_8,
            "Your d is never negative. With the sign of the largest weight, over −8, all 16 codes can be used.",
        ),
        Misconception(
            "the maximum for the largest size",
            wrong.q4_takes_the_maximum,
            "You take the maximum. Where the largest |x| is negative that misses it.",
        ),
        Misconception(
            "the minimum for the largest size",
            wrong.q4_takes_the_minimum,
            "You take the minimum. Where the largest |x| is positive that misses it.",
        ),
        Misconception(
            "over plus 8",
            wrong.q4_divides_by_plus_8,
            "You divide by 8, so the largest weight wants code 16 and is clipped. Over −8 it gets code 0.",
        ),
        Misconception(
            "seven steps",
            wrong.q4_divides_by_7,
            "Largest |x| over 7 is a symmetric grid, and code 0 is never used. This format divides by −8.",
        ),
        Misconception(
            "minus seven",
            wrong.q4_divides_by_minus_7,
            "You divide by −7. The code furthest from the middle, 0, stands for −8.",
        ),
        Misconception(
            "one scale for the tensor",
            wrong.q4_scales_the_tensor,
            "All your blocks have the same scale. Each block of 32 has its own.",
            "cases with several blocks",
        ),
        Misconception(
            "of two equals the negative one",
            wrong.q4_prefers_the_negative,
            "Where +a and −a are both the largest, you always take −a. The first one in the block decides.",
            "the block with two largest values",
        ),
        Misconception(
            "of two equals the positive one",
            wrong.q4_prefers_the_positive,
            "Where +a and −a are both the largest, you always take +a. The first one in the block decides.",
            "the block with two largest values",
        ),
        Misconception(
            "8 for 8.5",
            wrong.q4_adds_8,
            "You add 8 and cut off: that rounds down. The half is what makes cutting off round to nearest.",
        ),
        Misconception(
            "rounded after adding 8.5",
            wrong.q4_rounds_after_adding_8_5,
            "You add 8.5 and round as well, so every code is half a step too high. After 8.5, cut off.",
        ),
        Misconception(
            "halves to even",
            wrong.q4_rounds_to_even,
            "You round, halves to even, and add 8. Adding 8.5 and cutting off takes every half up.",
            "the block of halves",
        ),
        Misconception(
            "halves away from zero",
            wrong.q4_rounds_away,
            "You round as in Q8_0. This format adds 8.5 and cuts off, which takes −½ to 0, not to −1.",
            "the block of halves",
        ),
        Misconception(
            "a code of 16",
            wrong.q4_leaves_16,
            "A code of 16 needs a fifth bit, and it falls into the neighbour's. Clip it to 15.",
        ),
        Misconception(
            "signed nibbles",
            wrong.q4_keeps_the_sign,
            "You store the codes as −8 … 7 in two's complement. The format stores them with 8 added.",
        ),
        Misconception(
            "fifteen steps from end to end",
            wrong.q4_spreads_over_15,
            "You stretch 0 … 15 over −8 … 8. The step is d, and 8d itself has no code.",
        ),
        Misconception(
            "the halves swapped",
            wrong.q4_swaps_the_halves,
            "The first 16 codes belong in the low four bits; you put them in the high ones.",
        ),
        Misconception(
            "neighbours in one byte",
            wrong.q4_pairs_neighbours,
            "You pair codes 0 and 1. This format pairs codes 0 and 16: masks and shifts then give two runs.",
            also=(wrong.q4_pairs_neighbours_high,),
        ),
        Misconception(
            "a byte for each code",
            wrong.q4_packs_nothing,
            "Each code has a byte of its own, of which four bits are empty. Pack two into one.",
            "the shape",
        ),
        Misconception(
            "a scale of four bytes",
            wrong.q4_writes_float32,
            "Your scale is float32 and takes 4 bytes: 5 bits per weight. The format stores float16.",
            "the shape",
        ),
        Misconception(
            "the scale last",
            wrong.q4_writes_the_scale_last,
            "The bytes are right, in another order: a block begins with its scale.",
        ),
        Misconception(
            "the scale's bytes turned round",
            wrong.q4_turns_the_bytes,
            "You write the more significant byte of the scale first. The file has the other one first.",
        ),
        Misconception(
            "the scale without its sign",
            wrong.q4_writes_the_size_of_the_scale,
            "The codes are right, and you store |d|. Half of all blocks then come back with the wrong sign.",
        ),
        Misconception(
            "codes from the stored scale",
            wrong.q4_codes_from_the_stored_scale,
            "You round the scale to float16 first and divide by that. The file's codes come from the scale in float32.",
        ),
    ),
    hints=(
        "Write down what codes 0, 8 and 15 stand for. Which of the two ends reaches further from zero?",
        "argmax finds *where* the largest size is; gather fetches what stands there, with its sign.",
        "Two codes share a byte by a shift of 4 and an |. Which two is in the docstring: not neighbours.",
    ),
)
