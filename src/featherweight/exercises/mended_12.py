"""The bug hunt of lesson 12: a count of bytes that takes tables, codebooks and indices for free."""

from featherweight.compression import layer_bytes
from featherweight.exercises import cases_12 as cases
from featherweight.exercises import wrong_12_mended as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["mended_stored_bytes"]

mended_stored_bytes = Exercise(
    name="mended_stored_bytes",
    lesson=12,
    points=2,
    minutes=10,
    difficulty=3,
    reference=layer_bytes.stored_bytes,
    cases=cases.layers,
    compare=exact(),
    returns="bytes, a whole number",
    oracle="a file written part by part with Python's struct and the coders",
    starts_from=wrong.handed_over,
    misconceptions=(
        *switched(
            wrong.bytes_with,
            {
                "no_positions": (
                    "positions for free",
                    "You count no gaps: nobody could tell which of the weights were kept.",
                ),
                "no_table": (
                    "the code for free",
                    "You count no table of the code: nobody could build the code that reads the bits.",
                ),
                "no_codebook": (
                    "the codebook for free",
                    "You count no centroids: nobody could tell which numbers the indices stand for.",
                ),
            },
        ),
        Misconception(
            "the counts for free",
            wrong.counts_no_counts,
            "You leave out the two counts. Without them a decoder cannot tell codes from padding.",
        ),
        Misconception(
            "rounded once",
            wrong.rounds_all_together,
            "You add up the bits of gaps and codes, and round once. Each part begins with a new byte.",
        ),
        Misconception(
            "rounded down",
            wrong.rounds_down,
            "You drop the bits that do not fill a byte. A file has whole bytes: round up.",
        ),
        Misconception(
            "a byte for each code",
            wrong.rounds_each_code,
            "You round each code up to whole bytes. Codes follow each other bit by bit; round their sum.",
        ),
        Misconception(
            "bits for bytes",
            wrong.takes_bits_for_bytes,
            "You add bits to bytes. Eight bits are one byte.",
        ),
        Misconception(
            "fillers for free",
            wrong.leaves_out_fillers,
            "You count a gap for each weight. Fillers are entries too: count the gaps.",
        ),
        Misconception(
            "gaps of four bytes",
            wrong.takes_positions_whole,
            "You count four bytes for each gap. It has gap_bits bits.",
        ),
        Misconception(
            "indices of one length",
            wrong.forgets_the_code,
            "You count log₂ of the codebook's size for each index. Each has the length of its own code.",
        ),
        Misconception(
            "the mean of the lengths",
            wrong.takes_the_mean_length,
            "You take the mean length of the codes. Frequent ones are shorter: add up those that are written.",
        ),
        Misconception(
            "the entropy",
            wrong.takes_the_entropy,
            "You count the entropy, which is what no code can beat. Count the bits of this code.",
        ),
        Misconception(
            "the codes as a table",
            wrong.writes_the_codes_for_a_table,
            "Your table holds the codes' own bits, and nobody could tell where one ends. It holds a byte for each: "
            "its length.",
        ),
        Misconception(
            "unused symbols left out",
            wrong.leaves_unused_symbols_out,
            "You leave symbols without a code out of the table. Their length, 0, is in it too.",
        ),
        Misconception(
            "four bytes for each centroid",
            wrong.takes_four_bytes_each,
            "You count four bytes for each centroid. In float16 it has two: ask element_size().",
        ),
        Misconception(
            "a byte for each centroid",
            wrong.counts_entries_of_the_codebook,
            "You count the centroids, not their bytes.",
        ),
        Misconception(
            "used centroids only",
            wrong.stores_used_centroids_only,
            "You leave out centroids that no index uses. The codebook is stored as it is.",
        ),
        Misconception(
            "a fraction of a byte",
            wrong.gives_a_fraction,
            "Your result is no whole number. Files have whole bytes: round each part up.",
        ),
        Misconception(
            "indices for free",
            wrong.stores_no_weight_at_all,
            "You count no indices: they are the weights.",
        ),
    ),
    hints=(
        "You get the file and nothing else. Which weight comes first, where does it stand, which number is it?",
        "Three of the five parts are counted as free. Read the list in the docstring and tick off what the code "
        "counts.",
        "Gaps in whole bytes, rounded up like the codes; a byte for each symbol; numel() times element_size().",
    ),
)
