"""The exercises of lesson 9 on 4-bit codes in bytes."""

from featherweight.compression import packing
from featherweight.exercises import cases_09 as cases
from featherweight.exercises import wrong_09_packing as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["pack_nibbles", "unpack_nibbles"]

pack_nibbles = Exercise(
    name="pack_nibbles",
    lesson=9,
    points=2,
    minutes=7,
    difficulty=2,
    reference=packing.pack_nibbles,
    cases=cases.nibbles,
    compare=exact(axes=("byte",)),
    returns="the bytes, uint8, half as many as codes, rounded up",
    oracle="Python's hexadecimal numbers; gguf-py's order within a byte",
    misconceptions=(
        Misconception(
            "the first code high",
            wrong.puts_the_first_high,
            "You put the first code of a pair into the high four bits. It goes into the low ones, the second one is "
            "shifted.",
        ),
        Misconception(
            "the first half low",
            wrong.pairs_the_halves,
            "You pair code i with the code half the length further on. gguf's Q4_0 does that within its blocks; here "
            "neighbours share a byte.",
        ),
        Misconception(
            "the odd one lost",
            wrong.loses_the_last,
            "With an odd count the last code is gone. It gets a byte of its own, the high four bits 0.",
            "the odd counts",
        ),
        Misconception(
            "an odd one that pairs with nobody",
            wrong.pairs_what_does_not_pair,
            "With an odd count codes[0::2] is one longer than codes[1::2]: torch stops, or for three codes pairs the "
            "one with both. Add a 0 at the end first.",
            "the odd counts",
        ),
        Misconception(
            "rows of two",
            wrong.views_pairs,
            "An odd count does not fit into rows of two. Add a 0 at the end first.",
            "the odd counts",
        ),
        Misconception(
            "a byte for each code",
            wrong.keeps_a_byte_each,
            "Your codes are small, and each still has a byte to itself. Two of them go into one.",
        ),
        Misconception(
            "shifted by three",
            wrong.shifts_by_three,
            "You shift by three bits, and the second code overlaps the first. Four bits are taken.",
        ),
        Misconception(
            "shifted out of the byte",
            wrong.shifts_by_eight,
            "A byte has eight bits: shifted by eight, nothing of the second code is left. Shift by four.",
        ),
        Misconception(
            "digits of ten",
            wrong.counts_in_tens,
            "You put the codes together as decimal digits. A code has 16 values, so the second one counts 16.",
        ),
        Misconception(
            "times fifteen",
            wrong.multiplies_by_fifteen,
            "The largest code is 15, but there are 16 of them: the second one counts 16.",
        ),
        Misconception(
            "and for or",
            wrong.ands_the_pair,
            "& keeps the bits that both have, and these two never share one. Put them together with |.",
        ),
        Misconception(
            "filled up with ones",
            wrong.pads_with_ones,
            "You fill the last byte with ones. Where no code is left, the high four bits are 0.",
            "the odd counts",
        ),
        Misconception(
            "filled up with the last code",
            wrong.pads_with_the_last,
            "You repeat the last code to fill the byte. Where no code is left, the high four bits are 0.",
            "the odd counts",
        ),
        Misconception(
            "filled up in front",
            wrong.pads_in_front,
            "You put the 0 before the first code, and all codes move by one place. It goes to the end.",
            "the odd counts",
        ),
        Misconception(
            "a byte too many",
            wrong.pads_always,
            "With an even count you add a byte of nothing: 2 − count % 2 is 2 there. count % 2 zeros are missing.",
            "the even counts",
        ),
        Misconception(
            "from the end",
            wrong.starts_from_the_end,
            "Your bytes run backwards. The first two codes are in the first byte.",
        ),
        Misconception(
            "bytes as int64",
            wrong.returns_wide_numbers,
            "Your numbers are right, and each takes eight bytes. Make them uint8, or nothing is saved.",
        ),
    ),
    hints=(
        "Write 3 and 10 as four bits each. Which eight bits are their byte, and which number is that?",
        "Every second code from place 0, every second one from place 1; the latter shifted. And if one is missing?",
        "Add a zero if the count is odd; x[0::2] and x[1::2] << 4 then have the same length; | joins their bits.",
    ),
)

unpack_nibbles = Exercise(
    name="unpack_nibbles",
    lesson=9,
    points=2,
    minutes=6,
    difficulty=2,
    reference=packing.unpack_nibbles,
    cases=cases.packed_nibbles,
    compare=exact(),
    returns="the codes, uint8, each 0 to 15",
    oracle="the codes that Hypothesis packed",
    misconceptions=(
        Misconception(
            "the high code first",
            wrong.takes_the_high_first,
            "You read the high four bits first. The first code of a pair is in the low ones.",
        ),
        Misconception(
            "a low half unmasked",
            wrong.forgets_the_mask,
            "You take the whole byte for the first code. Keep its low four bits: & 15.",
        ),
        Misconception(
            "a high half unshifted",
            wrong.forgets_the_shift,
            "& 240 leaves the high bits where they are: 16 times the code. Shift them down by four.",
        ),
        Misconception(
            "a sign that spreads",
            wrong.extends_the_sign,
            "You shift signed bytes. Their top bit is a sign, and >> copies it into the places that become free: "
            "code 15 "
            "becomes 255. Shift uint8.",
            also=(wrong.extends_the_sign_in_int8,),
        ),
        Misconception(
            "codes with a sign",
            wrong.takes_codes_for_signed,
            "You read codes from 8 on as negative numbers. Codes here are 0 to 15; what they stand for comes later.",
        ),
        Misconception(
            "eight taken off",
            wrong.takes_off_eight,
            "You take 8 off each code. That belongs to what a code stands for; unpacking gives back what was packed.",
        ),
        Misconception(
            "shifted by three",
            wrong.shifts_back_by_three,
            "You shift by three bits. The second code begins at the fifth: shift by four.",
        ),
        Misconception(
            "three bits kept",
            wrong.masks_three_bits,
            "7 is three ones. Four bits are kept by 15.",
        ),
        Misconception(
            "sixteen for a mask",
            wrong.masks_with_sixteen,
            "16 is a single one in the fifth place. The mask of the low four bits is 15.",
        ),
        Misconception(
            "a division rounded",
            wrong.rounds_the_division,
            "You divide by 16 and round, and a large low half makes the high code one larger. Shift, or divide by // "
            "16.",
        ),
        Misconception(
            "fifteen for sixteen",
            wrong.divides_by_fifteen,
            "% 15 and // 15: a half has 16 values. % 16 and // 16.",
        ),
        Misconception(
            "all low halves first",
            wrong.lays_the_halves_in_a_row,
            "You lay all low halves in a row and all high ones after them. They take turns, byte by byte.",
        ),
        Misconception(
            "the count forgotten",
            wrong.forgets_the_count,
            "With an odd count you return one code more: the empty half of the last byte. Keep `count` of them.",
            "the odd counts",
        ),
        Misconception(
            "pairs left as pairs",
            wrong.keeps_the_pairs_apart,
            "You return rows of two. Lay them in one row, and keep `count` of them.",
        ),
        Misconception(
            "the odd one lost",
            wrong.loses_the_odd_one,
            "With an odd count the last code is missing: it stands alone in its byte.",
            "the odd counts",
        ),
        Misconception(
            "counted from the end",
            wrong.counts_from_the_end,
            "You keep the last `count` codes. What is too much stands at the end: keep the first ones.",
            "the odd counts",
        ),
        Misconception(
            "codes as floats",
            wrong.keeps_float_codes,
            "The numbers are right, as floats. Wanted is uint8.",
        ),
        Misconception(
            "codes as int64",
            wrong.widens_the_codes,
            "The numbers are right, in eight bytes each. Wanted is uint8.",
        ),
    ),
    hints=(
        "The byte 0xA3 is 163. How do you get 3 out of it, and how 10?",
        "Two tensors of one length, the low and the high halves, have to take turns. Which way of stacking does that?",
        "torch.stack((low, high), dim=1) has rows of two; flattened they take turns. Then the first `count` of them.",
    ),
)
