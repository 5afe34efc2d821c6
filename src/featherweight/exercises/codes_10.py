"""The exercise of lesson 10 that looks up: the nearest of sixteen numbers, and a scale per block."""

from featherweight.compression import codebooks
from featherweight.exercises import cases_10 as cases
from featherweight.exercises import wrong_10_codes as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["nf4_codes"]

nf4_codes = Exercise(
    name="nf4_codes",
    lesson=10,
    points=3,
    minutes=8,
    difficulty=2,
    reference=codebooks.nf4_codes,
    cases=cases.looked_up,
    compare=close(float32=1e-6, atol=0.0, parts=("codes", "absmax")),
    returns="codes, uint8, one per value; absmax, one per block",
    oracle="bitsandbytes on the CPU",
    misconceptions=(
        Misconception(
            "the entry below",
            wrong.takes_the_entry_below,
            "You take the last entry that is not larger. The nearest is wanted: the borders are the middles between "
            "entries.",
        ),
        Misconception(
            "the entry above",
            wrong.takes_the_entry_above,
            "You take the first entry that is not smaller. The nearest is wanted: the borders are the middles between "
            "entries.",
        ),
        Misconception(
            "the upper of two",
            wrong.takes_the_upper_in_the_middle,
            "Exactly in the middle you take the upper entry; the lower one is wanted.",
            "the case of middles",
        ),
        Misconception(
            "an even spacing",
            wrong.spaces_evenly,
            "You number the codes as if the table were evenly spaced. Look into it: its entries crowd around 0.",
        ),
        Misconception(
            "the size looked up",
            wrong.looks_up_the_size,
            "You look up |x|. The table has negative entries.",
        ),
        Misconception(
            "entries for codes",
            wrong.returns_entries,
            "You return the table's entries. Wanted are their numbers, which fit in four bits.",
        ),
        Misconception(
            "codes of eight bytes",
            wrong.returns_long_codes,
            "The codes are right and int64: sixteen times what they need. Return uint8.",
        ),
        Misconception(
            "packed at once",
            wrong.packs_at_once,
            "You pack two codes into a byte. That comes later; here each value has its own.",
        ),
        Misconception(
            "counted from one",
            wrong.counts_from_one,
            "Your codes begin at 1. table[0] has code 0.",
        ),
        Misconception(
            "the maximum for the largest size",
            wrong.takes_the_maximum,
            "max() misses a block whose largest value is negative. Take the largest |x|.",
        ),
        Misconception(
            "a deviation for the largest size",
            wrong.takes_the_deviation,
            "You scale by the root mean square, and the largest values leave the table. Scale by the largest |x|.",
        ),
        Misconception(
            "a mean for the largest size",
            wrong.takes_the_mean_size,
            "You scale by the mean |x|, and the largest values leave the table. Scale by the largest |x|.",
        ),
        Misconception(
            "one scale for the tensor",
            wrong.takes_one_scale,
            "All your blocks have the same scale. Each has its own.",
        ),
        Misconception(
            "nothing scaled",
            wrong.scales_nothing,
            "You look up the values as they are. The table runs from −1 to 1: scale each block by its absmax first.",
        ),
        Misconception(
            "the padding kept",
            wrong.keeps_the_padding,
            "You return codes for the zeros that fill the last block. One code per value.",
            "cases whose last block is short",
        ),
        Misconception(
            "the short block dropped",
            wrong.drops_the_short_block,
            "You leave out the values that do not fill a block. The last block may be shorter.",
            "cases whose last block is short",
        ),
        Misconception(
            "columns for blocks",
            wrong.takes_columns,
            "Your blocks gather values that lie far apart. A block is neighbours.",
        ),
        Misconception(
            "zero divided by zero",
            wrong.divides_by_zero,
            "A block of zeros has absmax 0, and 0/0 is NaN, which is found anywhere in a table.",
            "the block of zeros",
            also=(wrong.divides_by_zero_and_searches,),
        ),
        Misconception(
            "a scale for each value",
            wrong.repeats_the_scale,
            "You return absmax once per value: 32 bits beside each 4. Once per block.",
            "the shape of absmax",
        ),
        Misconception(
            "the inverse returned",
            wrong.returns_the_inverse,
            "You return 1/absmax. The reader multiplies by absmax.",
        ),
        Misconception(
            "codes alone",
            wrong.forgets_the_scale,
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
