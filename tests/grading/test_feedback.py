"""What a student is told: sentences known beforehand, and not a word of what a case held."""

import pytest

from featherweight.grading.feedback import KINDS, SENTENCES, number, sentence, tell
from featherweight.grading.score import VERDICTS
from featherweight.grading.standing import Scored


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_sentence(made_up, verdict):
    assert sentence(made_up.result("double", verdict)) == SENTENCES[verdict]


@pytest.mark.parametrize(
    ("verdict", "found", "told"),
    [
        ("wrong", "values differ at step 4711", KINDS["values"]),
        ("wrong", "shape: yours shape (4711,), expected shape (2,)", KINDS["shape"]),
        ("wrong", "dtype: yours dtype float64, expected dtype float32", KINDS["dtype"]),
        ("wrong", "type: yours 4711, expected a tensor", KINDS["type"]),
        ("wrong", "4711", SENTENCES["wrong"]),
        ("error", "ValueError: 4711 at line 4711", "It stops with a ValueError."),
        ("error", "IndexError: 4711", "It stops with an IndexError."),
        ("error", "Hidden4711: x", SENTENCES["error"]),
        ("error", "print: x", SENTENCES["error"]),
        ("strange", "4711", "It was not judged."),
    ],
)
def test_the_sentence_holds_nothing_of_the_case(made_up, verdict, found, told):
    assert sentence(made_up.result("double", verdict, found)) == told
    assert "4711" not in told


def test_the_book_says_the_rest(made_up):
    wrong = Scored(made_up.result("double", "wrong", "values differ", "no *doubling*"), 0, 0)
    [told] = tell([wrong], {one.name: one for one in made_up.BOOK})
    assert told.hints == made_up.BOOK[0].hints
    assert told.text == (
        "It runs, and its answer has the right form; its values differ. "
        "This looks like: no *doubling*. You give back x < 2x as it is. Where to look: the factor."
    )


def test_no_hints_for_what_is_right_and_no_book_needed(made_up):
    right = Scored(made_up.result("double"), 3, 3, "well done", True)
    [told] = tell([right], {one.name: one for one in made_up.BOOK})
    assert told.hints == () and told.text.endswith("Points given by hand: well done")
    [unknown] = tell([Scored(made_up.result("double", "wrong", "", "gone since"), 0, 0)], {})
    assert (unknown.misconception, unknown.says, unknown.hints) == ("gone since", "", ())


@pytest.mark.parametrize(("points", "text"), [(3, "3"), (2.5, "2.5"), (12345.67, "12345.67"), (0.0, "0"), (10, "10")])
def test_number(points, text):
    assert number(points) == text
