"""English and French number words, 0 to 9,999: a small translation task of our own making, with right answers known.

Four ways to write French: "france" (soixante-dix, quatre-vingts, quatre-vingt-dix), "belgium" (septante,
quatre-vingts, nonante) and "switzerland" (septante, huitante, nonante) put hyphens below one hundred only, and none
around "et"; "reform" has the words of France and a hyphen everywhere, the spelling of 1990.
English is British: "and" after the hundreds.
Texts are cut in front of blanks and hyphens, so that "four hundred and twenty-one" is five pieces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from featherweight.errors import InputError

__all__ = ["END", "LARGEST", "MANNERS", "PAD", "START", "Language", "english", "french", "pieces", "vocabularies"]

LARGEST = 9_999
MANNERS = ("france", "belgium", "switzerland", "reform")
PAD, START, END = 0, 1, 2
"""Codes that every language has: filling, and the marks around a text."""

# fmt: off
ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
FRENCH = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)
# fmt: on
ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
SHORT_TENS = {"france": {}, "reform": {}, "belgium": {70: "septante", 90: "nonante"}}
SHORT_TENS["switzerland"] = SHORT_TENS["belgium"] | {80: "huitante"}


def english(number: int) -> str:
    """4021 → "four thousand and twenty-one". Raises InputError outside 0 … 9,999."""
    thousands, rest = divmod(_checked(number), 1000)
    hundreds, small = divmod(rest, 100)
    words = [f"{ENGLISH[thousands]} thousand"] * bool(thousands) + [f"{ENGLISH[hundreds]} hundred"] * bool(hundreds)
    if small or not words:
        words += ["and"] * bool(words) + [_english_below_100(small)]
    return " ".join(words)


def _english_below_100(number: int) -> str:
    if number < 20:
        return ENGLISH[number]
    tens, ones = divmod(number, 10)
    return ENGLISH_TENS[tens - 2] + (f"-{ENGLISH[ones]}" if ones else "")


def french(number: int, manner: str = "france") -> str:
    """4021 → "quatre mille vingt et un". Raises InputError outside 0 … 9,999, or for another manner."""
    if manner not in MANNERS:
        raise InputError(f"Got the manner {manner!r}; wanted one of {', '.join(MANNERS)}.")
    thousands, rest = divmod(_checked(number), 1000)
    hundreds, small = divmod(rest, 100)
    words = []
    if thousands:
        words += [FRENCH[thousands]] * (thousands > 1) + ["mille"]
    if hundreds:
        words += [FRENCH[hundreds]] * (hundreds > 1) + ["cents" if hundreds > 1 and not small else "cent"]
    if small or not words:
        words.append(_french_below_100(small, FRENCH_TENS | SHORT_TENS[manner]))
    text = " ".join(words)
    return text.replace(" ", "-") if manner == "reform" else text


def _french_below_100(number: int, tens: dict[int, str]) -> str:
    """tens: the tens that have a word of their own."""
    if number < 20:
        return FRENCH[number]
    base = max(ten for ten in (*tens, 80) if ten <= number)  # 75 counts from soixante where 70 has no word
    ones, word = number - base, tens.get(base)
    if word is None:
        return "quatre-vingts" if not ones else f"quatre-vingt-{FRENCH[ones]}"
    if ones in (1, 11):
        return f"{word} et {FRENCH[ones]}"
    return f"{word}-{FRENCH[ones]}" if ones else word


def _checked(number: int) -> int:
    if not 0 <= number <= LARGEST:
        raise InputError(f"Got the number {number}; wanted a whole number from 0 to {LARGEST:,}.")
    return number


def pieces(text: str) -> list[str]:
    """ "vingt et un" → ["vingt", " et", " un"]; joined they are the text again."""
    return re.findall(r"[ -]?[^ -]+", text)


@dataclass(frozen=True)
class Language:
    """words: what each code stands for; the first three are filling, START and END."""

    words: tuple[str, ...]

    def encode(self, texts: list[str]) -> Tensor:
        """(n, longest + 2) int64: each text between START and END, filled up with 0. Raises InputError."""
        place = {word: code for code, word in enumerate(self.words)}
        try:
            rows = [[START, *(place[piece] for piece in pieces(text)), END] for text in texts]
        except KeyError as problem:
            raise InputError(f"Got the piece {problem}; wanted number words from 0 to {LARGEST:,}.") from None
        longest = max(map(len, rows), default=0)
        return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows]).reshape(len(rows), longest)

    def decode(self, codes: Tensor) -> list[str]:
        """(n, length) → the texts, each up to its first END; START and filling say nothing."""
        texts = []
        for row in codes.tolist():
            row = row[: row.index(END)] if END in row else row  # noqa: PLW2901
            texts.append("".join(self.words[code] for code in row if code > END))
        return texts


@cache
def vocabularies() -> tuple[Language, Language]:
    """English, and French in all four manners."""
    numbers = range(LARGEST + 1)
    found = {piece for n in numbers for piece in pieces(english(n))}
    wanted = {piece for n in numbers for manner in MANNERS for piece in pieces(french(n, manner))}
    return tuple(Language(("", "", "", *sorted(words))) for words in (found, wanted))
