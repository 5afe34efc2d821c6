"""Number words are right where they are hard, all different, and whole after coding."""

import pytest
import torch

from featherweight.errors import InputError
from featherweight.lab.number_words import END, LARGEST, MANNERS, PAD, START, english, french, pieces, vocabularies

# Written by hand, from grammars: number, English, French of France.
HARD = [
    (0, "zero", "zéro"),
    (1, "one", "un"),
    (11, "eleven", "onze"),
    (16, "sixteen", "seize"),
    (17, "seventeen", "dix-sept"),
    (21, "twenty-one", "vingt et un"),
    (22, "twenty-two", "vingt-deux"),
    (40, "forty", "quarante"),
    (61, "sixty-one", "soixante et un"),
    (70, "seventy", "soixante-dix"),
    (71, "seventy-one", "soixante et onze"),
    (77, "seventy-seven", "soixante-dix-sept"),
    (80, "eighty", "quatre-vingts"),
    (81, "eighty-one", "quatre-vingt-un"),
    (90, "ninety", "quatre-vingt-dix"),
    (91, "ninety-one", "quatre-vingt-onze"),
    (99, "ninety-nine", "quatre-vingt-dix-neuf"),
    (100, "one hundred", "cent"),
    (101, "one hundred and one", "cent un"),
    (121, "one hundred and twenty-one", "cent vingt et un"),
    (180, "one hundred and eighty", "cent quatre-vingts"),
    (200, "two hundred", "deux cents"),
    (201, "two hundred and one", "deux cent un"),
    (780, "seven hundred and eighty", "sept cent quatre-vingts"),
    (1000, "one thousand", "mille"),
    (1001, "one thousand and one", "mille un"),
    (1100, "one thousand one hundred", "mille cent"),
    (1999, "one thousand nine hundred and ninety-nine", "mille neuf cent quatre-vingt-dix-neuf"),
    (2000, "two thousand", "deux mille"),
    (2100, "two thousand one hundred", "deux mille cent"),
    (4200, "four thousand two hundred", "quatre mille deux cents"),
    (9999, "nine thousand nine hundred and ninety-nine", "neuf mille neuf cent quatre-vingt-dix-neuf"),
]
ELSEWHERE = [
    ("belgium", 71, "septante et un"),
    ("belgium", 80, "quatre-vingts"),
    ("belgium", 85, "quatre-vingt-cinq"),
    ("belgium", 199, "cent nonante-neuf"),
    ("switzerland", 75, "septante-cinq"),
    ("switzerland", 80, "huitante"),
    ("switzerland", 280, "deux cent huitante"),
    ("switzerland", 1999, "mille neuf cent nonante-neuf"),
    ("reform", 21, "vingt-et-un"),
    ("reform", 201, "deux-cent-un"),
    ("reform", 4071, "quatre-mille-soixante-et-onze"),
    ("reform", 3000, "trois-mille"),
]


@pytest.mark.parametrize(("number", "in_english", "in_french"), HARD, ids=str)
def test_hard_numbers(number, in_english, in_french):
    assert english(number) == in_english and french(number) == in_french


@pytest.mark.parametrize(("manner", "number", "text"), ELSEWHERE)
def test_other_manners(manner, number, text):
    assert french(number, manner) == text


@pytest.mark.parametrize("write", [english, *(lambda n, m=m: french(n, m) for m in MANNERS)], ids=["english", *MANNERS])
def test_no_two_numbers_have_one_text(write):
    assert len({write(number) for number in range(LARGEST + 1)}) == LARGEST + 1


def test_no_two_numbers_share_a_text_in_any_manners():
    """Else a wrong translation could count as right."""
    owners: dict = {}
    for number in range(LARGEST + 1):
        for manner in MANNERS:
            assert owners.setdefault(french(number, manner), number) == number


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
@pytest.mark.parametrize("write", [english, french])
def test_a_number_outside_is_one_line(write, number):
    with pytest.raises(InputError, match=rf"^Got the number {number}; wanted a whole number from 0 to 9,999\.$"):
        write(number)


def test_another_manner_is_one_line():
    with pytest.raises(InputError, match=r"^Got the manner 'quebec'; wanted one of france, belgium, "):
        french(1, "quebec")


def test_pieces_are_the_text():
    assert pieces("quatre-vingt et un") == ["quatre", "-vingt", " et", " un"] and pieces("") == []


def test_languages_code_and_decode():
    read, written = vocabularies()
    texts = [french(number, manner) for number in (0, 71, 1999, 9999) for manner in MANNERS]
    codes = written.encode(texts)
    assert written.decode(codes) == texts and codes.dtype == torch.int64
    assert (codes[:, 0] == START).all() and ((codes == END).sum(1) == 1).all()
    assert codes[0].tolist()[3:] == [PAD] * (codes.shape[1] - 3)
    assert read.decode(read.encode([english(9999)])) == [english(9999)] and read.encode([]).numel() == 0


def test_what_follows_the_end_says_nothing():
    written = vocabularies()[1]
    codes = torch.cat([written.encode(["cent"]), torch.tensor([[5, 6]])], 1)
    assert written.decode(codes) == ["cent"]


def test_an_unknown_piece_is_one_line():
    with pytest.raises(InputError, match=r"^Got the piece ' million'; wanted number words from 0 to 9,999\.$"):
        vocabularies()[0].encode(["one million"])
