"""The exercises of lesson 12 on Huffman's code and on reading codes that follow each other."""

from featherweight.compression import coding
from featherweight.exercises import cases_12 as cases
from featherweight.exercises import readings
from featherweight.exercises import wrong_12_bits as wrong_bits
from featherweight.exercises import wrong_12_codes as wrong
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["decode_bits", "huffman_code"]

huffman_code = Exercise(
    name="huffman_code",
    lesson=12,
    points=3,
    minutes=15,
    difficulty=4,
    reference=coding.huffman_code,
    cases=cases.counts,
    reading=readings.coded,
    compare=exact(parts=("the code", "its codes", "bits of the message")),
    returns="a text of 0 and 1 for each symbol; any code that is as short is right",
    oracle="the sum of all joined counts, by a heap",
    misconceptions=(
        Misconception(
            "one symbol, no bits",
            wrong.gives_one_symbol_nothing,
            "Where one symbol occurs alone there is nothing to join, and it gets no bit. Give it '0'.",
        ),
        Misconception(
            "bits put behind",
            wrong.puts_bits_behind,
            "The first pair joined hangs deepest in the tree: its bit is a code's last. Later bits go in front.",
        ),
        Misconception(
            "the most frequent joined",
            wrong.joins_the_most_frequent,
            "You join the two most frequent, so that they get the longest codes. Join the two rarest.",
        ),
        Misconception(
            "sorted once",
            wrong.sorts_once,
            "You put a joined pair at the end of the line. It has its place among the others, by its count: sort "
            "again.",
        ),
        Misconception(
            "too small a count for a pair",
            wrong.takes_the_larger_count,
            "A joined pair occurs as often as both of its groups together: its count is their sum. Yours is smaller.",
        ),
        Misconception(
            "counts multiplied",
            wrong.multiplies_the_counts,
            "You multiply the counts of a pair. It occurs as often as both together: add.",
        ),
        Misconception(
            "sorted by symbol",
            wrong.compares_symbols,
            "Your line is sorted by symbols, not by counts.",
        ),
        Misconception(
            "never sorted",
            wrong.never_sorts,
            "You join the last two in the line, whatever they count. Join the two rarest.",
        ),
        Misconception(
            "the same bit twice",
            wrong.gives_both_the_same_bit,
            "Both sides of a pair get a 0. One gets 0 and the other 1.",
        ),
        Misconception(
            "the last pair not joined",
            wrong.loses_the_first_bit,
            "You stop with two groups left, and codes of the one begin codes of the other. Join until one is left.",
        ),
        Misconception(
            "codes for what never occurs",
            wrong.codes_what_never_occurs,
            "Symbols with count 0 get codes, and make the others longer. Theirs is the empty text.",
        ),
        Misconception(
            "an alphabet of none",
            wrong.needs_a_symbol,
            "Where no symbol occurs your function fails. There every code is the empty text.",
            "the cases of counts that are all 0, and of no counts",
        ),
        Misconception(
            "codes in another order",
            wrong.keeps_the_order_of_counts,
            "Your codes are sorted by length. Code i belongs to symbol i.",
        ),
        Misconception(
            "symbols left out",
            wrong.leaves_out_what_never_occurs,
            "Symbols that never occur are missing from your list, and those after them move up. Give them ''.",
        ),
        Misconception(
            "lengths",
            wrong.returns_lengths,
            "You return the lengths of the codes. The codes themselves are asked for.",
        ),
        Misconception(
            "a dict",
            wrong.returns_a_dict,
            "You return a dict. A list is asked for, code i for symbol i, '' for one that never occurs.",
        ),
        Misconception(
            "split from the top",
            wrong.splits_from_the_top,
            "You split the symbols into halves of about equal counts, again and again: the code of Shannon and Fano. "
            "It may be longer; Huffman builds from the rarest up.",
        ),
        Misconception(
            "each length rounded up",
            wrong.rounds_each_length_up,
            "You give a symbol −log₂ of its share in bits, rounded up. Such a code exists and is longer.",
        ),
        Misconception(
            "one length for all",
            wrong.gives_all_the_same_length,
            "All your codes have one length. Frequent symbols are to get shorter ones.",
        ),
        Misconception(
            "counting in ones",
            wrong.counts_up_in_ones,
            "Your codes are 0, 10, 110 and so on, whatever the counts. That fits only counts that halve.",
        ),
        Misconception(
            "the shortest texts",
            wrong.gives_the_shortest_texts,
            "0, 1, 00, 01: short, but nobody can tell 0 0 from 00. No code may begin another one.",
        ),
    ),
    hints=(
        "Counts 5, 2, 1, 1. Which two symbols can best afford a long code, and how often do the two occur together?",
        "Keep a line of groups of symbols with their counts. Join the two rarest, a 0 for the one and a 1 for the "
        "other, until one group is left.",
        "Joining puts one more bit in *front* of the codes of all symbols in both groups; the new group counts their "
        "sum.",
    ),
)

decode_bits = Exercise(
    name="decode_bits",
    lesson=12,
    points=1,
    minutes=7,
    difficulty=2,
    reference=coding.decode_bits,
    cases=cases.code_rows,
    compare=exact(),
    returns="the symbols, a list of count whole numbers",
    oracle="the symbols that were written",
    misconceptions=(
        Misconception(
            "padding decoded",
            wrong_bits.reads_padding,
            "You read to the last bit. Those that only fill up the last byte may look like codes: stop after count "
            "symbols.",
        ),
        Misconception(
            "padding by its look",
            wrong_bits.strips_padding_by_its_look,
            "You cut zeros off at the end. Codes may end in zeros too; only the count says where they end.",
        ),
        Misconception(
            "one too many",
            wrong_bits.reads_one_more,
            "You read one symbol more than the count, if the padding has one.",
        ),
        Misconception(
            "one too few",
            wrong_bits.reads_one_less,
            "You stop one symbol before the count.",
        ),
        Misconception(
            "bits put in front",
            wrong_bits.reads_backwards,
            "You put each bit in front of those read before. A code is read from its first bit.",
        ),
        Misconception(
            "0 for 1",
            wrong_bits.swaps_the_bits,
            "You take 0 for 1 and 1 for 0.",
        ),
        Misconception(
            "codes for symbols",
            wrong_bits.returns_the_codes,
            "You return the codes. The symbol is a code's place in the list.",
        ),
        Misconception(
            "lengths for symbols",
            wrong_bits.returns_their_lengths,
            "You return how long the codes are. The symbol is a code's place in the list.",
        ),
        Misconception(
            "symbols as texts",
            wrong_bits.returns_texts,
            "Your symbols are texts. Whole numbers are asked for.",
        ),
        Misconception(
            "symbols from 1",
            wrong_bits.numbers_from_one,
            "You number the symbols from 1. The first code in the list is symbol 0's.",
        ),
        Misconception(
            "nothing emptied",
            wrong_bits.never_empties_what_it_read,
            "After a symbol you go on with its bits still in hand. Start the next code from nothing.",
        ),
        Misconception(
            "symbols renumbered",
            wrong_bits.renumbers_the_symbols,
            "You leave out symbols without a code and number the rest anew. They keep their numbers.",
        ),
        Misconception(
            "so many bits",
            wrong_bits.stops_after_so_many_bits,
            "You stop after count bits. count is a number of symbols.",
        ),
        Misconception(
            "an empty code that fits",
            wrong_bits.matches_empty_codes,
            "Every text starts with '', so that you find a symbol that never occurs. Skip empty codes.",
        ),
        Misconception(
            "pieces of one length",
            wrong_bits.reads_pieces_of_one_length,
            "You cut the bits into pieces of one length. Codes have different lengths.",
        ),
        Misconception(
            "codes taken for numbers",
            wrong_bits.takes_codes_for_numbers,
            "As numbers 0, 00 and 000 are one. Leading zeros belong to a code: compare texts.",
        ),
        Misconception(
            "a new start in each byte",
            wrong_bits.starts_anew_in_each_byte,
            "You start a new code with every byte. Codes go on across bytes.",
        ),
        Misconception(
            "from the end",
            wrong_bits.starts_from_the_end,
            "You read from the last bit. Read from the first.",
        ),
    ),
    hints=(
        "Codes 0, 10, 11 and bits 1101 0000, three symbols. Read them by hand. What tells you to stop?",
        "Collect bit after bit. As soon as what you have is a code, it is that symbol, and you start again from "
        "nothing.",
        "A dict from code to symbol, without the empty ones; break when you have count symbols.",
    ),
)
