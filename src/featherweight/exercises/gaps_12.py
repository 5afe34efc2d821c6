"""The exercise of lesson 12 on where the survivors are."""

from featherweight.compression import sparse_indices
from featherweight.exercises import cases_12 as cases
from featherweight.exercises import wrong_12_gaps as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["relative_indices"]

relative_indices = Exercise(
    name="relative_indices",
    lesson=12,
    points=2,
    minutes=10,
    difficulty=3,
    reference=sparse_indices.relative_indices,
    cases=cases.masks,
    compare=exact(),
    returns="the gaps and fillers, a list of whole numbers",
    oracle="runs of zeros in a text of 0 and 1, found and cut by regular expressions",
    misconceptions=(
        Misconception(
            "gaps longer than their bits",
            wrong.writes_long_gaps,
            "You write long gaps down as they are, and they do not fit into bits bits. Cut them up by fillers.",
        ),
        Misconception(
            "differences of places",
            wrong.counts_from_one,
            "Your gaps are differences of positions: one too many. A survivor right after another has gap 0.",
        ),
        Misconception(
            "long gaps clipped",
            wrong.clips_long_gaps,
            "You clip long gaps to the largest number, and the survivor moves. Fillers carry the rest.",
        ),
        Misconception(
            "long gaps wrapped around",
            wrong.wraps_long_gaps,
            "You keep the low bits of a long gap. Fillers carry what is above.",
        ),
        Misconception(
            "as the paper's figure has it",
            wrong.counts_from_one_and_fills_like_the_paper,
            "In Deep Compression's figure gaps count from 1, up to 2^bits, and a filler holds a place. Here gaps are "
            "zeros skipped, and a filler is 2^bits − 1 of them.",
        ),
        Misconception(
            "a filler that holds a place",
            wrong.fills_with_a_place,
            "Your fillers stand for 2^bits zeros, the last of them a weight that is stored. Here a filler is 2^bits − "
            "1 zeros and no weight.",
        ),
        Misconception(
            "the filler taken for a gap",
            wrong.uses_the_filler_as_a_gap,
            "A gap of exactly 2^bits − 1 is written as one entry, which reads as a filler without a survivor. It is a "
            "filler and then 0.",
        ),
        Misconception(
            "one filler at most",
            wrong.fills_once,
            "You write one filler, and what is left may still be too long. As many fillers as fit.",
        ),
        Misconception(
            "fillers after the rest",
            wrong.fills_afterwards,
            "Your fillers come after the rest of the gap. A reader puts the survivor where the rest ends: fillers "
            "first.",
        ),
        Misconception(
            "fillers of 0",
            wrong.fills_with_zeros,
            "You write 0 for a filler, which is the gap of a survivor right after another. A filler is 2^bits − 1.",
        ),
        Misconception(
            "bits for the largest number",
            wrong.takes_bits_for_the_largest,
            "You cut gaps at bits. The largest number of so many bits is 2^bits − 1.",
        ),
        Misconception(
            "columns first",
            wrong.reads_columns,
            "You read the mask column by column. It is read row by row.",
        ),
        Misconception(
            "zeros for survivors",
            wrong.counts_the_survivors,
            "You write where the zeros are, with the survivors between them counted. It is the other way round.",
        ),
        Misconception(
            "a new start in each row",
            wrong.starts_anew_in_each_row,
            "You count from 0 in each row. The mask is one long row: a gap may reach over its end.",
        ),
        Misconception(
            "zeros never reset",
            wrong.never_starts_anew,
            "You count all zeros from the start. After a survivor the count starts again at 0.",
        ),
        Misconception(
            "positions",
            wrong.writes_places,
            "You write the positions themselves. They need many bits; the gaps between them need few.",
        ),
        Misconception(
            "the first survivor left out",
            wrong.leaves_out_the_first,
            "You take gaps between survivors, and the zeros before the first one are lost, and it with them.",
        ),
        Misconception(
            "the first gap whole",
            wrong.writes_the_first_place_whole,
            "You write the first position as it is. It is a gap like others and may need fillers.",
        ),
        Misconception(
            "a survivor at place 0",
            wrong.starts_at_place_zero,
            "You count as if a survivor stood at place 0: the first gap is one too short. Before the start stands −1.",
        ),
        Misconception(
            "an entry for what comes after",
            wrong.writes_trailing_zeros,
            "You write an entry for the zeros after the last survivor. A reader would put one there.",
        ),
        Misconception(
            "fillers at the end",
            wrong.writes_trailing_fillers,
            "You write fillers as you go, also after the last survivor, where nothing needs them.",
        ),
    ),
    hints=(
        "Write 0 0 0 1 0 0 0 0 1 down with two bits an entry. Which numbers may a gap be, and which one is the filler?",
        "Go through the mask and count zeros. At a survivor write down what the count is worth, and start again.",
        "A count of zeros holds so many whole fillers of 2^bits − 1, and the remainder of that division is the gap.",
    ),
)
