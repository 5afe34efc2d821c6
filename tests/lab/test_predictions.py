"""Guesses become forecasts: the first of a question counts, and a word is read as the book says."""

import json
from importlib import resources

import pytest
import torch

from featherweight.exercises.records import PredictionRecord
from featherweight.lab.predictions import SURE, replayed


def guess(key, confidence, correct, at="2026-01-01"):
    return PredictionRecord(key, "one", confidence, correct, at)


def test_words_are_read_as_probabilities():
    found = replayed([guess("a", "a guess", False), guess("b", "fairly sure", True), guess("c", "certain", True)])
    assert found.stated.tolist() == pytest.approx([1 / 3, 0.6, 0.9])
    assert found.right.tolist() == [False, True, True] and found.keys == ("a", "b", "c")
    assert found.stated.dtype == torch.float64 and found.right.dtype == torch.bool


def test_the_first_guess_at_a_question_counts():
    found = replayed([guess("a", "certain", False), guess("a", "a guess", True)])
    assert found.stated.tolist() == [0.9] and found.right.tolist() == [False]


@pytest.mark.parametrize("record", [guess("a", "certain", None), guess("a", None, True), guess("a", "quite", True)])
def test_what_was_not_judged_or_not_said_is_left_out(record):
    assert replayed([record, guess("b", "certain", True)]).keys == ("b",)


def test_an_unhashable_confidence_does_not_exist():
    assert replayed([guess("a", 0.6, True)]).keys == ()


def test_a_card_knows_these_words_and_no_others():
    script = resources.files("featherweight.widgets").joinpath("card.js").read_text(encoding="utf-8")
    (line,) = [line for line in script.splitlines() if line.startswith("const SURE = ")]
    assert json.loads(line.removeprefix("const SURE = ").rstrip(";")) == list(SURE)


def test_the_line_that_is_printed():
    assert str(replayed([])).startswith("No prediction is recorded here: commit to some on the cards")
    two = replayed([guess("a", "certain", True), guess("b", "fairly sure", False)])
    assert str(two) == "2 predictions, 1 right; stated on average: 75%."
