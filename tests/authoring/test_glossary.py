"""The glossary: each term stands in the lesson that it names, in order and once; no key term is left out."""

import re
import tomllib
from pathlib import Path

import pytest

from featherweight.authoring import build
from featherweight.authoring.glossary import SOURCE, Term, page, prose, read, stands_in, symbols
from featherweight.errors import FileProblem, LessonError

ROOT = Path(__file__).parents[2]
LESSONS = build.load(ROOT)
TERMS = read(ROOT)
PROSE = {one.number: prose(one) for one in LESSONS}
EMPHASIS = {
    *("10,000", "12 times smaller", "a", "add", "after", "all", "alone", "and", "and 0.0", "any", "around", "as good"),
    *("at", "averages", "away from zero", "axis", "before", "began", "below", "beside", "best", "between", "bias"),
    *("both", "bytes", "certain", "change by training", "changes nothing", "clock", "code × scale", "column", "cube"),
    *("dequantize, multiply, quantize", "differences", "direction", "disagree", "distance", "dynamic"),
    *("dynamic gradient descent", "ends", "errors", "every", "exactly", "fairly sure", "fast", "for infinity"),
    *("for this model", "four", "fresh", "half", "higher", "holds", "input", "inputs", "is", "it is impatient"),
    *("it takes", "itself", "keeps", "largest", "linear 1", "linear 2", "list", "logarithm", "longer", "made"),
    *("milliseconds", "missed", "more", "multiplied", "nan", "never rewinding", "next to nothing", "no help", "not"),
    *("nothing", "of the outputs", "old", "on the edge", "one", "operations", "optimization", "our own entries"),
    *("outputs", "pixels of 0…1", "pixels of 0…255", "predict", "rounded", "row", "septante", "share done"),
    *("sharing and coding", "shortest", "sign", "signs", "six", "size", "soixante-dix", "someone", "sooner", "speech"),
    *("text", "that", "the prediction ledger", "the trap", "the traps", "there", "third", "this", "tiny slopes"),
    *("too few", "trained", "translation", "turned", "two", "uncorrected", "uneven", "untrained", "use", "was"),
    *("weights", "where", "which", "while", "whole", "with its sign", "without training", "worse", "you need", "your"),
    "yours",
}
"""Words that lessons set in bold or italics to stress them, not to introduce them."""
SPAN = re.compile(r"(?<![*\w])(\*\*?)(?![\s*])([^*\n]+?)(?<!\s)\1(?![*\w])")
MOST_WORDS = 3


def emphasized(one) -> list[str]:
    """The phrases of a lesson in bold or italics, in lower case; those of its references are titles."""
    found, part = [], ""
    for cell in one.cells:
        part = next((tag for tag in cell.tags if tag.startswith("part-")), part)
        if cell.kind == "markdown" and part != "part-references":
            found += [match[2].strip(" .,:;?!").lower() for match in SPAN.finditer(cell.source)]
    return found


def forgotten(phrases: list[str], terms: list[Term]) -> list[str]:
    """Short emphasized phrases that are neither terms nor plain emphasis."""
    words = {word.lower() for term in terms for word in (term.name, *term.also, *term.written)}
    short = {phrase for phrase in phrases if len(phrase.split()) <= MOST_WORDS}
    return sorted(phrase for phrase in short - EMPHASIS if not {phrase, phrase.removesuffix("s")} & words)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_stands_in_its_lesson(term):
    assert stands_in(term, PROSE[term.lesson])


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (Term("walk", 1, ""), True),
        (Term("walker", 1, ""), False),
        (Term("alk", 1, ""), False),
        (Term("stroll", 1, "", also=("walk",)), True),
        (Term("stroll", 1, "", written=("the walks",)), True),
    ],
    ids=["plural", "longer", "part of a word", "other words", "written otherwise"],
)
def test_a_term_that_does_not_stand_there_is_told(term, found):
    assert stands_in(term, "she goes for the walks.") is found


@pytest.mark.parametrize("one", LESSONS, ids=lambda one: one.name)
def test_no_emphasized_term_is_left_out(one):
    left_out = forgotten(emphasized(one), TERMS)
    assert left_out == [], f"add them to {SOURCE}, or to EMPHASIS above if they introduce nothing"


def test_a_term_that_is_left_out_is_caught():
    cell = "Here **magnitude pruning** meets *dark matter*, and *not* one of `a*b*c`."
    phrases = [match[2].lower() for match in SPAN.finditer(cell)]
    assert forgotten(phrases, TERMS) == ["dark matter"]


def test_terms_are_in_order_in_file_and_page():
    in_file = list(tomllib.loads((ROOT / SOURCE).read_text(encoding="utf-8")))
    assert in_file == [term.name for term in TERMS]
    on_page = re.findall(r"^- \*\*(.+?)\*\*[,:]", page(LESSONS, TERMS), re.MULTILINE)
    assert on_page == in_file


def test_no_term_comes_twice_under_any_of_its_words():
    words = [word.lower() for term in TERMS for word in (term.name, *term.also)]
    assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_definition_is_short_and_does_not_begin_with_its_term(term):
    assert len(term.means.split()) <= 40
    assert term.means[0] not in " a" and term.means.endswith(".")
    assert not term.means.lower().startswith(f"{term.name.lower()} is")
    assert term.symbol.count("$") % 2 == term.means.count("$") % 2 == 0


def test_every_symbol_of_every_lesson_is_on_the_page():
    text = page(LESSONS, TERMS)
    for one in LESSONS:
        rows = list(symbols(one))
        assert len(rows) >= 5 and all(symbol and variable for symbol, variable, _ in rows)
        for row in rows:
            assert f"| {' | '.join(row)} | [lesson {one.number}](notebooks/{one.name}.ipynb) |" in text


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("[a", FileProblem, r"solutions/glossary\.toml cannot be read \(.*\); wanted one table for each term\."),
        ("[a]\n[a]", FileProblem, "cannot be read"),
        ("[a]\nlesson = 1", LessonError, r"'a' has lesson; wanted lesson, means, perhaps symbol, also, written\."),
        ("a = 1", LessonError, "'a' has nothing; wanted"),
        ('[a]\nlesson = 1\nmeans = "A."\nsign = "x"', LessonError, "'a' has lesson, means, sign; wanted"),
        ('[a]\nlesson = "1"\nmeans = "A."', LessonError, "lesson of 'a' is '1'; wanted int"),
    ],
    ids=["no TOML", "twice", "no meaning", "no table", "misspelt", "wrong type"],
)
def test_a_wrong_source_is_one_line(tmp_path, text, error, says):
    (tmp_path / "solutions").mkdir()
    (tmp_path / SOURCE).write_text(text)
    with pytest.raises(error, match=says):
        read(tmp_path)


def test_a_term_of_no_lesson_is_refused():
    with pytest.raises(LessonError, match=r"'moon' is of lesson 14, which has no source\."):
        page(LESSONS, [Term("moon", 14, "It is.")])
