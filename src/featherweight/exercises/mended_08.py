"""The bug hunt of lesson 8: a map of what a byte stands for, with which Adam diverges."""

from featherweight.compression import state
from featherweight.exercises import cases_08 as cases
from featherweight.exercises import wrong_08_maps as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["mended_dynamic_map"]

mended_dynamic_map = Exercise(
    name="mended_dynamic_map",
    lesson=8,
    points=4,
    minutes=12,
    difficulty=4,
    reference=state.dynamic_map,
    cases=cases.maps,
    compare=close(float32=1e-6, atol=0.0),
    returns="2**bits numbers in rising order, float32",
    oracle="bitsandbytes' create_dynamic_map",
    starts_from=wrong.handed_over,
    misconceptions=(
        Misconception(
            "evenly spaced entries",
            wrong.spaces_evenly,
            "All entries are equally far apart. With 8 bits the smallest is some thousandths of the block's largest, "
            "so many second moments become 0, and Adam divides by ε. Each power of ten needs entries of its own.",
            also=(wrong.draws_a_line,),
        ),
        Misconception(
            "squares of even entries",
            wrong.squares_a_line,
            "Squares are denser near 0, and not dense enough: the smallest of 8 bits is 1.5e-5. Each power of ten "
            "needs entries of its own.",
        ),
        Misconception(
            "octaves for decades",
            wrong.halves_each_time,
            "Each of your intervals is half of the next one, so seven of them span a factor of 128. Decades span 10 "
            "million.",
            also=(wrong.shrinks_by_two,),
        ),
        Misconception(
            "the lower ends of parts",
            wrong.takes_lower_ends,
            "Your entries are the lower ends of the parts. A middle is at most half a part away from anything in it.",
        ),
        Misconception(
            "the upper ends of parts",
            wrong.takes_upper_ends,
            "Your entries are the upper ends of the parts, and 1 is there twice. Take the middles.",
        ),
        Misconception(
            "decades that start at 0",
            wrong.starts_decades_at_zero,
            "You cut from 0 to 1, so that decades overlap. A decade is the interval from 0.1 to 1.",
        ),
        Misconception(
            "parts of equal ratio",
            wrong.cuts_by_ratio,
            "Within a decade you cut by ratio. The parts are of equal length.",
        ),
        Misconception(
            "the smallest cut finest",
            wrong.cuts_the_smallest_finest,
            "You cut the smallest decade into the most parts, or shrink the later ones. The largest values matter "
            "most: the last decade, 0.1 to 1, is cut finest.",
        ),
        Misconception(
            "decades cut alike",
            wrong.cuts_all_alike,
            "You cut every decade into as many parts as the others, or nearly. From one to the next their number "
            "doubles.",
            also=(wrong.cuts_one_more_each_time,),
        ),
        Misconception(
            "half of a map",
            wrong.forgets_the_spare_bit,
            "Without signs a bit is to spare, and you leave it: half as many entries as a byte can tell apart.",
            "the maps without signs",
        ),
        Misconception(
            "too many entries",
            wrong.doubles_both,
            "With signs every middle counts twice, so each decade has half as many parts: 2**k.",
            "the maps with signs",
        ),
        Misconception(
            "a decade too far down",
            wrong.goes_a_decade_down,
            "Your last decade ends at 0.1, and nothing is between that and 1.",
        ),
        Misconception(
            "−1 as an entry",
            wrong.adds_minus_one,
            "With −1 there is one entry too many for the bits. The map ends at 1 and begins at the lowest middle.",
            "the maps with signs",
        ),
        Misconception(
            "−1 for 0",
            wrong.takes_minus_one_for_zero,
            "You have −1 and lack 0. A block of zeros must come back as zeros.",
            "the maps with signs",
        ),
        Misconception("no 0", wrong.forgets_zero, "0 is missing. A moment that is 0 must come back as 0."),
        Misconception(
            "no 1",
            wrong.forgets_one,
            "1 is missing. It is the quotient of every block's largest number.",
        ),
        Misconception(
            "entries in the order of making",
            wrong.leaves_them_unsorted,
            "The entries are right, and do not rise. Whoever searches them needs them in rising order.",
            also=(wrong.sorts_by_size,),
        ),
        Misconception(
            "never a sign",
            wrong.never_goes_below_zero,
            "You make no negative entries. A first moment has both signs.",
            "the maps with signs",
        ),
        Misconception(
            "always a sign",
            wrong.always_has_signs,
            "You make negative entries even where signed is False. A second moment is never negative: half the map "
            "is wasted.",
            "the maps without signs",
        ),
        Misconception(
            "8 bits always",
            wrong.knows_eight_bits_only,
            "You make 7 decades, whatever `bits` is.",
            "the maps of fewer bits",
        ),
    ),
    hints=(
        "A block's largest second moment is 1, another one 1e-5. Which entry does that get, and what does Adam "
        "divide by?",
        "Two loops: over decades, then over the parts of one. What is right about this map are 0, 1, the signs, the "
        "order.",
        "With three bits there are two decades, from 0.01 to 0.1 and from 0.1 to 1. With signs the first is one "
        "part, whose middle is 0.055; the second is two, and the middle of part p is 0.1 + 0.9 · (p + ½) / 2.",
    ),
)
