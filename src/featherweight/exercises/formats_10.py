"""The exercises of lesson 10 that write formats: GGUF's blocks byte for byte, and codes from a table."""

from featherweight.compression import codebooks, formats
from featherweight.exercises import cases_10 as cases
from featherweight.exercises import wrong_10_codes as codes
from featherweight.exercises import wrong_10_formats as wrong
from featherweight.exercises.compare import close, exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["nf4_codes", "pack_q4_0", "pack_q8_0"]

pack_q8_0 = Exercise(
    name="pack_q8_0",
    lesson=10,
    points=3,
    minutes=12,
    difficulty=2,
    reference=formats.pack_q8_0,
    cases=cases.q8_blocks,
    compare=exact(axes=("block", "byte")),
    returns="bytes, uint8 of shape (blocks, 34)",
    oracle="gguf-py, byte for byte",
    misconceptions=(
        Misconception(
            "halves to even",
            wrong.q8_rounds_to_even,
            "torch.round takes 2.5 to 2, as ONNX does in lesson 8. This format rounds halves away from zero: to 3.",
            "the block of halves",
        ),
        Misconception(
            "halves up",
            wrong.q8_rounds_up,
            "floor(x + ½) takes −2.5 to −2. Away from zero it is −3: round the size, then give back the sign.",
            "negative halves",
        ),
        Misconception(
            "cut off",
            wrong.q8_cuts_off,
            "You cut off after the point, so that every weight shrinks. Round to the nearest.",
        ),
        Misconception(
            "rounded down",
            wrong.q8_rounds_down,
            "floor moves every weight down by half a step on average. Round to the nearest.",
        ),
        Misconception(
            "128 for 127",
            wrong.q8_divides_by_128,
            "You divide by 128. Then the largest gets code 128, which int8 does not have.",
        ),
        Misconception(
            "255 steps for 127",
            wrong.q8_divides_by_255,
            "You divide the largest size by 255. The codes run from −127 to 127, so the size has 127 steps.",
        ),
        Misconception(
            "the maximum for the largest size",
            wrong.q8_takes_the_maximum,
            "max() misses a block whose largest weight is negative. Take the largest |x|.",
        ),
        Misconception(
            "the range for the largest size",
            wrong.q8_takes_the_range,
            "You spread the codes over max − min, as with a zero point. This format has none: d = largest |x| / 127.",
        ),
        Misconception(
            "one scale for the tensor",
            wrong.q8_scales_the_tensor,
            "All your blocks have the same scale. Each block of 32 has its own: that is what blocks are for.",
            "cases with several blocks",
        ),
        Misconception(
            "the first weight for the largest",
            wrong.q8_takes_the_first,
            "Your scale comes from the first weight of a block. Take the largest of all 32.",
        ),
        Misconception(
            "codes from the stored scale",
            wrong.q8_codes_from_the_stored_scale,
            "You round the scale to float16 first and divide by that. The file's codes come from the scale in float32.",
            "codes near 127, and scales that float16 rounds to 0",
        ),
        Misconception(
            "the scale last",
            wrong.q8_writes_the_scale_last,
            "The bytes are right, in another order: a block begins with its scale.",
        ),
        Misconception(
            "the scale's bytes turned round",
            wrong.q8_turns_the_bytes,
            "You write the more significant byte first. The file has the other one first, as most memories do.",
        ),
        Misconception(
            "a scale of four bytes",
            wrong.q8_writes_float32,
            "Your scale is float32 and takes 4 bytes: 9 bits per weight. The format stores float16.",
            "the shape",
        ),
        Misconception(
            "bfloat16 for float16",
            wrong.q8_writes_bfloat16,
            "Both have 16 bits, cut otherwise. The format stores IEEE half precision, torch.float16.",
        ),
        Misconception(
            "codes without sign",
            wrong.q8_adds_128,
            "You add 128 to every code. The bytes are those of int8, where −1 is 255.",
        ),
        Misconception(
            "the inverse stored",
            wrong.q8_writes_the_inverse,
            "You store 1/d. The reader multiplies codes by what it finds: store d.",
        ),
        Misconception(
            "no scale stored",
            wrong.q8_writes_no_scale,
            "Only codes are left. Without its scale nobody can read a block.",
            "the shape",
        ),
        Misconception(
            "numbers for bytes",
            wrong.q8_writes_numbers,
            "You join scales and codes as floating-point numbers. Wanted are bytes: .half() and .to(torch.int8), each "
            "seen through .view(torch.uint8).",
        ),
        Misconception(
            "columns for blocks",
            wrong.q8_takes_columns,
            "Your blocks gather weights that lie far apart. A block is 32 neighbours: reshape(-1, 32).",
        ),
        Misconception(
            "blocks of 64",
            wrong.q8_takes_blocks_of_64,
            "Your blocks hold 64 weights. In this format they hold 32.",
        ),
        Misconception(
            "rows for blocks",
            wrong.q8_takes_rows_for_blocks,
            "You give one scale to each row of the tensor. A block is 32 weights, whatever the shape.",
            "shapes of which a row is not 32 long",
        ),
    ),
    hints=(
        "Pack one block of 127, 2.5, −2.5 and zeros by hand: d is 1. Which 34 bytes?",
        "torch has no rounding away from zero. Build it: cut off, then look at what was cut off, doubled.",
        "t.half().view(torch.uint8) shows the bytes of a float16 tensor; an int8 tensor has a view as well. "
        "Where d is 0, so is its inverse.",
    ),
)

pack_q4_0 = Exercise(
    name="pack_q4_0",
    lesson=10,
    points=4,
    minutes=15,
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

nf4_codes = Exercise(
    name="nf4_codes",
    lesson=10,
    points=3,
    minutes=12,
    difficulty=2,
    reference=codebooks.nf4_codes,
    cases=cases.looked_up,
    compare=close(float32=1e-6, atol=0.0, parts=("codes", "absmax")),
    returns="codes, uint8, one per value; absmax, one per block",
    oracle="bitsandbytes on the CPU",
    misconceptions=(
        Misconception(
            "the entry below",
            codes.takes_the_entry_below,
            "You take the last entry that is not larger. The nearest is wanted: the borders are the middles between "
            "entries.",
        ),
        Misconception(
            "the entry above",
            codes.takes_the_entry_above,
            "You take the first entry that is not smaller. The nearest is wanted: the borders are the middles between "
            "entries.",
        ),
        Misconception(
            "the upper of two",
            codes.takes_the_upper_in_the_middle,
            "Exactly in the middle you take the upper entry; the lower one is wanted.",
            "the case of middles",
        ),
        Misconception(
            "an even spacing",
            codes.spaces_evenly,
            "You number the codes as if the table were evenly spaced. Look into it: its entries crowd around 0.",
        ),
        Misconception(
            "the size looked up",
            codes.looks_up_the_size,
            "You look up |x|. The table has negative entries.",
        ),
        Misconception(
            "entries for codes",
            codes.returns_entries,
            "You return the table's entries. Wanted are their numbers, which fit in four bits.",
        ),
        Misconception(
            "codes of eight bytes",
            codes.returns_long_codes,
            "The codes are right and int64: sixteen times what they need. Return uint8.",
        ),
        Misconception(
            "packed at once",
            codes.packs_at_once,
            "You pack two codes into a byte. That comes later; here each value has its own.",
        ),
        Misconception(
            "counted from one",
            codes.counts_from_one,
            "Your codes begin at 1. table[0] has code 0.",
        ),
        Misconception(
            "the maximum for the largest size",
            codes.takes_the_maximum,
            "max() misses a block whose largest value is negative. Take the largest |x|.",
        ),
        Misconception(
            "a deviation for the largest size",
            codes.takes_the_deviation,
            "You scale by the root mean square, and the largest values leave the table. Scale by the largest |x|.",
        ),
        Misconception(
            "a mean for the largest size",
            codes.takes_the_mean_size,
            "You scale by the mean |x|, and the largest values leave the table. Scale by the largest |x|.",
        ),
        Misconception(
            "one scale for the tensor",
            codes.takes_one_scale,
            "All your blocks have the same scale. Each has its own.",
        ),
        Misconception(
            "nothing scaled",
            codes.scales_nothing,
            "You look up the values as they are. The table runs from −1 to 1: scale each block by its absmax first.",
        ),
        Misconception(
            "the padding kept",
            codes.keeps_the_padding,
            "You return codes for the zeros that fill the last block. One code per value.",
            "cases whose last block is short",
        ),
        Misconception(
            "the short block dropped",
            codes.drops_the_short_block,
            "You leave out the values that do not fill a block. The last block may be shorter.",
            "cases whose last block is short",
        ),
        Misconception(
            "columns for blocks",
            codes.takes_columns,
            "Your blocks gather values that lie far apart. A block is neighbours.",
        ),
        Misconception(
            "zero divided by zero",
            codes.divides_by_zero,
            "A block of zeros has absmax 0, and 0/0 is NaN, which is found anywhere in a table.",
            "the block of zeros",
            also=(codes.divides_by_zero_and_searches,),
        ),
        Misconception(
            "a scale for each value",
            codes.repeats_the_scale,
            "You return absmax once per value: 32 bits beside each 4. Once per block.",
            "the shape of absmax",
        ),
        Misconception(
            "the inverse returned",
            codes.returns_the_inverse,
            "You return 1/absmax. The reader multiplies by absmax.",
        ),
        Misconception(
            "codes alone",
            codes.forgets_the_scale,
            "You return the codes alone. Without absmax nobody can read them.",
        ),
    ),
    hints=(
        "For the table (−1, 0, 1): from where to where does a value get code 1?",
        "The borders between codes are the middles of neighbouring entries. Between which borders does a value lie?",
        "F.pad fills the last block; torch.bucketize counts how many borders are below a value. Cut the padding off "
        "again.",
    ),
)
