"""The exercise of lesson 10 that packs bytes: 32 weights in 34, as GGUF files hold them."""

from featherweight.compression import formats
from featherweight.exercises import cases_10 as cases
from featherweight.exercises import wrong_10_formats as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["pack_q8_0"]

pack_q8_0 = Exercise(
    name="pack_q8_0",
    lesson=10,
    points=3,
    minutes=10,
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
