"""The exercises of lesson 9 on signs in bits, and on their product without a multiplication."""

from featherweight.compression import packing
from featherweight.exercises import cases_09 as cases
from featherweight.exercises import wrong_09_popcount as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["pack_signs", "xnor_popcount_matmul"]

pack_signs = Exercise(
    name="pack_signs",
    lesson=9,
    points=2,
    minutes=8,
    difficulty=3,
    reference=packing.pack_signs,
    cases=cases.code_rows,
    compare=exact(axes=("row",)),
    returns="uint8 of shape (rows, count / 8 rounded up)",
    oracle="numpy.packbits with bitorder='little'",
    misconceptions=(
        Misconception(
            "zero taken for negative",
            wrong.takes_zero_for_negative,
            "A zero gets bit 0 in yours. The rule is x ≥ 0: there is no third value, and zero counts as +1.",
            "the zeros",
        ),
        Misconception(
            "bits of the negative",
            wrong.sets_negative_bits,
            "Your bits are turned over: 1 where x < 0. It is 1 where x ≥ 0.",
        ),
        Misconception(
            "bits up to zero",
            wrong.sets_bits_up_to_zero,
            "Your bits are 1 where x ≤ 0. It is 1 where x ≥ 0.",
        ),
        Misconception(
            "a negative zero",
            wrong.reads_the_sign_bit,
            "You read the sign bit, and −0.0 has one. It is still a zero: −0.0 ≥ 0 is true.",
            "the zeros that are −0.0",
        ),
        Misconception(
            "bits of what is not zero",
            wrong.sets_bits_of_what_is_not_zero,
            "You mark what is not zero. Wanted is the sign: 1 where x ≥ 0.",
        ),
        Misconception(
            "above the mean",
            wrong.sets_bits_above_the_mean,
            "You compare with the mean. The sign compares with 0.",
        ),
        Misconception(
            "signs shifted",
            wrong.adds_up_signs,
            "You shift −1 and +1 and add them up. A bit is 0 or 1: turn x ≥ 0 into a number.",
        ),
        Misconception(
            "the highest bit first",
            wrong.starts_at_the_highest_bit,
            "You put the first entry into the highest bit, as numpy.packbits does by itself. It goes into the lowest.",
        ),
        Misconception(
            "filled up with ones",
            wrong.fills_up_with_ones,
            "The bits left over at the end of a row are 1 in yours, whether you add ones or zeros and ask for ≥ 0 "
            "afterwards. They are 0.",
            "rows that do not fill their bytes",
        ),
        Misconception(
            "filled up in front",
            wrong.pads_rows_in_front,
            "You fill up before the first entry, and all bits move. The rest belongs at the end of a row.",
            "rows that do not fill their bytes",
        ),
        Misconception(
            "the rest of a row lost",
            wrong.loses_the_rest_of_a_row,
            "What does not fill eight places is gone. It gets a byte of its own.",
            "rows that do not fill their bytes",
        ),
        Misconception(
            "rows of eight",
            wrong.views_eights,
            "A row that is no multiple of eight cannot be viewed in eights. Fill it up with zeros first.",
            "rows that do not fill their bytes",
        ),
        Misconception(
            "all rows in one",
            wrong.packs_all_rows_in_one,
            "You pack the whole matrix as one long row. Every row starts a new byte, or rows cannot be multiplied.",
        ),
        Misconception(
            "columns packed",
            wrong.packs_columns,
            "You pack down the columns. Eight neighbours of a *row* share a byte.",
        ),
        Misconception(
            "a byte too many",
            wrong.adds_a_byte_always,
            "Where a row fills its bytes you add one more: 8 − count % 8 is 8 there. −count % 8 is 0.",
            "rows of 8 and 16",
        ),
        Misconception(
            "a byte for each sign",
            wrong.keeps_a_byte_for_each_sign,
            "Your bits are right, and each has a byte to itself. Eight of them go into one.",
        ),
        Misconception(
            "ones counted",
            wrong.counts_the_bits,
            "You count the ones of each eight, and their places are lost. Place k counts 2 to the power k.",
        ),
        Misconception(
            "twice the place",
            wrong.multiplies_the_places,
            "Place k counts 2 · k in yours. It counts 2 to the power k: shift by k.",
        ),
        Misconception(
            "bytes as int64",
            wrong.packs_wide,
            "Your numbers are right, in eight bytes each: sum() widens. Make them uint8.",
        ),
    ),
    hints=(
        "A row of nine signs: + − − − − − − − +. Which two bytes?",
        "Zeros and ones; filled up to a multiple of eight; eights in an axis of their own; each place worth its "
        "power of 2.",
        "Shift bits of shape (rows, bytes, 8) by torch.arange(8) and add up over the last axis. What fills up is "
        "added to "
        "the *bits*, not to x.",
    ),
)

xnor_popcount_matmul = Exercise(
    name="xnor_popcount_matmul",
    lesson=9,
    points=3,
    minutes=12,
    difficulty=4,
    reference=packing.xnor_popcount_matmul,
    cases=cases.packed_signs,
    compare=exact(axes=("row of a",)),
    returns="int32 of shape (rows of a, rows of b)",
    oracle="torch's float product of the matrices of −1 and +1, exactly",
    misconceptions=(
        Misconception(
            "padding that agrees",
            wrong.counts_padding_as_agreement,
            "You count where bits agree, and the bits that fill the last byte agree always: 0 and 0. Mask them, or "
            "count "
            "where bits *differ*.",
            "counts that do not fill their bytes",
        ),
        Misconception(
            "bytes times eight",
            wrong.takes_bytes_for_signs,
            "You take 8 times the bytes for the number of signs. The last byte may hold fewer: that number is `count`.",
            "counts that do not fill their bytes",
        ),
        Misconception(
            "agreement counted",
            wrong.counts_agreement_only,
            "You count the places where the signs agree. Each place where they differ takes one off as well.",
        ),
        Misconception(
            "difference counted",
            wrong.counts_difference_only,
            "You count the places where the signs differ. Take them off twice from the number of all places.",
        ),
        Misconception(
            "the sign turned over",
            wrong.turns_the_sign_over,
            "XOR is 1 where signs *differ*, and these products are −1. Your result has the other sign.",
        ),
        Misconception(
            "bits multiplied",
            wrong.multiplies_bits,
            "You take the bits for 0 and 1. They stand for −1 and +1, and two −1 make +1.",
        ),
        Misconception(
            "and for xnor",
            wrong.takes_and_for_xnor,
            "& finds the places where both signs are +. Two − agree as well.",
        ),
        Misconception(
            "or for xor",
            wrong.takes_or_for_xor,
            "| is 1 as well where both are 1. Signs that differ are found by ^.",
        ),
        Misconception(
            "bytes added up",
            wrong.adds_bytes,
            "You add up the bytes as numbers. What counts is how many ones are in them.",
        ),
        Misconception(
            "bytes that differ",
            wrong.counts_bytes_that_differ,
            "You count *bytes* that differ. Eight signs are in each: count the ones of a ^ b.",
        ),
        Misconception(
            "seven bits",
            wrong.forgets_the_highest_bit,
            "You count bits 0 to 6. A byte has eight.",
        ),
        Misconception(
            "bits not masked",
            wrong.forgets_to_mask,
            "Shifted by k, a byte still holds all its higher bits. Keep the lowest one: & 1.",
        ),
        Misconception(
            "a count that overflows",
            wrong.counts_in_a_byte,
            "You add up in uint8, and 256 ones are 0. Add up in a wider type.",
            "the longest rows",
        ),
        Misconception(
            "arithmetic in a byte",
            wrong.stays_in_a_byte,
            "You compute count − 2 · ones in uint8, which knows no negative numbers. Widen first.",
        ),
        Misconception(
            "bytes multiplied",
            wrong.multiplies_bytes,
            "You multiply the bytes as numbers. Each holds eight signs: XOR them and count.",
        ),
        Misconception(
            "a row with its namesake",
            wrong.pairs_row_with_row,
            "You combine row i of a with row i of b. In a product every row meets every row.",
        ),
        Misconception(
            "rows added up",
            wrong.adds_up_the_rows,
            "You add up over the rows of b as well. Each pair of rows has a result of its own.",
        ),
        Misconception(
            "rows and columns swapped",
            wrong.transposes,
            "Your result is transposed: rows of a go down, rows of b across.",
        ),
        Misconception(
            "divided by the count",
            wrong.divides_by_the_count,
            "You divide by the number of signs. The dot product is the plain sum, a whole number.",
        ),
        Misconception(
            "another type of number",
            wrong.returns_long,
            "The numbers are right. Wanted is int32.",
            also=(wrong.returns_floats,),
        ),
    ),
    hints=(
        "Signs + − + and + + −: how many products are +1, how many −1, and what is their sum? Now only from the "
        "latter.",
        "Rows of a against rows of b: a[:, None]. XOR shows where two signs differ; what fills up never does.",
        "With d places that differ the sum is count − 2d. Count ones by eight shifts and & 1, and add up over the "
        "bytes.",
    ),
)
