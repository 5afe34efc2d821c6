"""The exercise of lesson 8 on an optimizer's state: one byte a number, one scale a block."""

from featherweight.compression import state
from featherweight.exercises import cases_08 as cases
from featherweight.exercises import wrong_08_states as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["quantize_state"]

quantize_state = Exercise(
    name="quantize_state",
    lesson=8,
    points=4,
    minutes=15,
    difficulty=4,
    reference=state.quantize_state,
    cases=cases.states,
    compare=close(float32=1e-6, atol=0.0, parts=("indices", "absmax")),
    returns="(indices, absmax): uint8 in the shape of the tensor, float32 of shape (blocks,)",
    oracle="bitsandbytes' quantize_blockwise, and all distances in float64",
    misconceptions=(
        Misconception(
            "one scale for all",
            wrong.has_one_scale,
            "You divide the whole tensor by its largest value. One large number then squeezes all others together: "
            "each block has a scale of its own.",
            also=(wrong.repeats_one_scale,),
        ),
        Misconception(
            "a scale for each row",
            wrong.scales_rows,
            "Your blocks are the rows. Blocks have `block` numbers, wherever a row ends.",
            "the number of scales",
        ),
        Misconception(
            "blocks that start anew in each row",
            wrong.starts_anew_in_each_row,
            "You cut every row by itself, so each may end in a short block. The tensor is one long list first.",
            "the cases with several rows",
        ),
        Misconception(
            "column by column",
            wrong.reads_columns,
            "You read the tensor down its columns. flatten() reads it row by row.",
            "the cases with several rows",
        ),
        Misconception(
            "blocks counted for numbers",
            wrong.makes_that_many_blocks,
            "You make `block` blocks. It is how many numbers one of them holds: split, not chunk.",
        ),
        Misconception(
            "the last block dropped",
            wrong.drops_the_rest,
            "What does not fill a block is lost. The last block may be shorter.",
            "tensors whose size is no multiple of block",
        ),
        Misconception(
            "whole blocks only",
            wrong.wants_whole_blocks,
            "view(−1, block) wants whole blocks. Fill the last one up with zeros, and take them off again.",
            "tensors whose size is no multiple of block",
        ),
        Misconception(
            "one block too many",
            wrong.always_pads,
            "Where the blocks come out even you add one of zeros. −len % block is what is missing.",
            "tensors whose size is a multiple of block",
        ),
        Misconception(
            "signs not taken off",
            wrong.forgets_signs_of_sizes,
            "You divide by the largest value. A negative one may be larger: take absolute values first.",
        ),
        Misconception(
            "an average size",
            wrong.averages_sizes,
            "You divide by an average, so that quotients leave [−1, 1] and end at the last entry. Divide by the "
            "largest.",
        ),
        Misconception(
            "the length of a block",
            wrong.takes_the_norm,
            "You divide by the 2-norm of a block. No number in it is that large, so the entries near 1 go unused.",
        ),
        Misconception(
            "no scale",
            wrong.forgets_the_scale,
            "You look the numbers up as they are. The map reaches to 1: divide by the block's largest first.",
        ),
        Misconception(
            "zeros divided by zero",
            wrong.divides_zeros_by_zero,
            "In a block of zeros you divide 0 by 0, and NaN is looked up. Divide by 1 there.",
            "the case with a block of zeros",
            also=(wrong.sorts_zeros_by_zero,),
        ),
        Misconception(
            "scale 1 for a block of zeros",
            wrong.gives_scales_of_one,
            "Dividing zeros by 1 is right, and the scale that you return is still 0.",
            "the case with a block of zeros",
        ),
        Misconception(
            "the entry above",
            wrong.takes_the_entry_above,
            "searchsorted finds the next entry above. The one below may be nearer: compare with the middles between "
            "entries.",
        ),
        Misconception(
            "the entry below",
            wrong.takes_the_entry_below,
            "You always take the entry below. The one above may be nearer.",
        ),
        Misconception(
            "halfway up",
            wrong.goes_up_from_halfway,
            "A quotient halfway between two entries gets the upper one in yours. The lower index is asked for.",
            "quotients halfway between two entries",
        ),
        Misconception(
            "entries spread evenly",
            wrong.spreads_evenly,
            "You work the index out as if entries were evenly spaced. Where they are is what `code` says.",
            also=(wrong.knows_signed_bytes_only,),
        ),
        Misconception(
            "distances with signs",
            wrong.forgets_sizes_of_distances,
            "The smallest difference is the most negative one, which is always that to the last entry. Take its size.",
        ),
        Misconception(
            "signs lost",
            wrong.loses_signs,
            "You look up absolute values, so that all numbers come back positive.",
        ),
        Misconception(
            "entries for indices",
            wrong.gives_entries,
            "You return the entries themselves, four bytes each. What is kept is their index, one byte.",
        ),
        Misconception(
            "eight bytes for an index",
            wrong.gives_longs_in_shape,
            "The indices are right, in int64: eight bytes each, twice what the state had before. uint8.",
            "the dtype",
        ),
        Misconception(
            "a byte with a sign",
            wrong.gives_signed_bytes,
            "int8 ends at 127, and indices go up to 255. uint8.",
            "the dtype",
        ),
        Misconception(
            "indices in another shape",
            wrong.stays_flat,
            "The indices are in one long row. They come in the shape of the tensor.",
            "the shape",
            also=(wrong.gives_longs,),
        ),
        Misconception(
            "scales in a column",
            wrong.keeps_scales_in_a_column,
            "Your scales have the shape (blocks, 1), which is handy for dividing. (blocks,) is asked for.",
            "the shape of absmax",
        ),
    ),
    hints=(
        "Five numbers, block = 2: which numbers are in the third block, and how many scales are there?",
        "One long row, filled up with zeros to whole blocks; a largest size for each; quotients; the nearest entry; "
        "then the added zeros off again, and back into shape.",
        "F.pad(…, (0, −len(…) % block)) fills up; torch.bucketize with the middles between entries finds the "
        "nearest; torch.where keeps zeros from dividing.",
    ),
)
