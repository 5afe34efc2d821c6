"""The exercise of lesson 11 on the sequence that a teacher hands down."""

from featherweight.compression import sequences
from featherweight.exercises import cases_11 as cases
from featherweight.exercises import wrong_11_beams as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["sequence_level_targets"]

sequence_level_targets = Exercise(
    name="sequence_level_targets",
    lesson=11,
    points=3,
    minutes=12,
    difficulty=3,
    reference=sequences.sequence_level_targets,
    cases=cases.writers,
    compare=exact(),
    returns="the sequence found, (length,), int64",
    oracle="all sequences tried where width spares none, a greedy loop where it is 1",
    misconceptions=(
        Misconception(
            "greedy",
            wrong.keeps_one,
            "You keep one sequence, whatever width is. A good beginning that looks second best is lost.",
        ),
        Misconception(
            "all sequences",
            wrong.searches_everything,
            "You find the best of all sequences (with a Markov chain one can; it is called Viterbi). A beam of this "
            "width does not always find it, and the beam's answer is asked for.",
        ),
        Misconception(
            "one beginning",
            wrong.begins_with_one,
            "You start from the best first symbol alone. The ranking begins with the width best.",
        ),
        Misconception(
            "each continues alone",
            wrong.keeps_the_best_of_each,
            "Each kept sequence takes its own best next symbol: that makes several greedy searches side by side. "
            "*All* continuations compete for the width places, and one beginning may win several.",
        ),
        Misconception(
            "width for each",
            wrong.keeps_width_for_each,
            "You keep width continuations of each sequence, so that the ranking grows. It has width places in all.",
        ),
        Misconception(
            "the last step alone",
            wrong.forgets_what_came_before,
            "You rank by the last transition. The score is that of the whole sequence so far.",
        ),
        Misconception(
            "logs multiplied",
            wrong.multiplies_the_logs,
            "You multiply log-probabilities. Probabilities multiply; their logs add up.",
        ),
        Misconception(
            "probabilities added",
            wrong.adds_up_probabilities,
            "You add up probabilities. They multiply, and that is what adding the logs does.",
        ),
        Misconception(
            "start forgotten",
            wrong.forgets_the_start,
            "start is not counted: all first symbols are equally good in yours.",
        ),
        Misconception(
            "rows and columns swapped",
            wrong.reads_the_columns,
            "You read transitions by its columns. A row is the symbol before, a column the one that follows.",
        ),
        Misconception(
            "always after the first symbol",
            wrong.continues_the_first_symbol,
            "Every step looks up what follows the first symbol. It is the last one that is continued.",
        ),
        Misconception(
            "the worst kept",
            wrong.keeps_the_worst,
            "You keep the lowest scores. Log-probabilities are negative, and the best is the nearest to 0.",
        ),
        Misconception(
            "one symbol too many",
            wrong.writes_one_too_many,
            "You take length steps after the first symbol. The first one counts: there are length − 1.",
        ),
        Misconception(
            "the last of the ranking",
            wrong.hands_down_the_last,
            "You hand down the last of the ranking, the worst that was kept. The first is the best.",
        ),
        Misconception(
            "backwards",
            wrong.hands_down_backwards,
            "The sequence is right, and reversed.",
        ),
        Misconception(
            "the whole ranking",
            wrong.hands_down_all,
            "You return all kept sequences. One is handed down.",
        ),
        Misconception(
            "the score",
            wrong.hands_down_the_score,
            "You return the score of the best sequence. Wanted is the sequence.",
        ),
        Misconception(
            "equal scores, higher symbol",
            wrong.prefers_high_symbols,
            "Among equal scores you take what comes later. First goes what stood earlier in the ranking, then the "
            "lower symbol.",
            "the cases with equal scores",
        ),
        Misconception(
            "equal scores, by the symbols from the first",
            wrong.prefers_low_sequences,
            "Among equal scores you compare the sequences symbol by symbol. First goes the one whose beginning stood "
            "earlier in the ranking, which may be the higher symbol.",
            "the cases with equal scores",
        ),
        Misconception(
            "symbol by symbol",
            wrong.goes_word_by_word,
            "For each place you take the symbol that is likeliest there, over all sequences. That is word-level "
            "distillation; put side by side they need not make a likely sequence.",
        ),
        Misconception(
            "more than there is",
            wrong.asks_for_more_than_there_is,
            "topk raises an error where width is larger than the number of continuations. Keep what there is.",
            "the cases of one symbol, and of a width that spares none",
        ),
        Misconception(
            "equal scores left to topk",
            wrong.leaves_equals_to_topk,
            "topk promises no order among equal scores. sort(descending=True, stable=True) leaves them as they came.",
            "the cases with equal scores",
        ),
        Misconception(
            "the beginning lost",
            wrong.forgets_whose_beginning,
            "You append the new symbols to the old ranking, row by row. The winners bring their own beginnings: "
            "reorder those too.",
        ),
    ),
    hints=(
        "Write down the nine sequences of two symbols of the first case with their scores. Which does a ranking of two "
        "lose?",
        "Keep two things in step, scores and sequences. One row per kept sequence and one column per symbol makes a "
        "table; rank its entries.",
        "Flatten the table and sort it, descending and stable; // and % by the number of symbols tell whose it is.",
    ),
)
