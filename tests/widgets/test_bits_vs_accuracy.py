"""The card shows the results it is given, and its answer is true of the shipped ones."""

from dataclasses import replace
from importlib import import_module
from statistics import fmean

from featherweight.lab.low_bit_layers import FORMS
from featherweight.lab.low_bit_runs import load

module = import_module("featherweight.widgets.bits_vs_accuracy")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_results():
    found = load()
    assert abs(fmean(found.rows["2 bits, largest"].rounded) / 1000 - 4 / 5) < 0.02
    assert abs(fmean(found.rows["2 bits, learned"].retrained) - 1000 / 16) < 6
    assert module.QUESTION.choices[module.QUESTION.answer].startswith("About 1 in 16")


def test_summary_says_errors_values_and_zeros():
    said = module.bits_vs_accuracy_frame("2 bits, largest", "rounded after training", load()).summary
    assert "3 values in layer 1, 99.3% of its weights are 0; 32 bits" in said
    said = module.bits_vs_accuracy_frame("1 bit", "retrained while rounding", load()).summary
    assert said.startswith("1 bit, retrained while rounding: ") and "2 values in layer 1, none of them 0" in said


def test_every_form_has_a_place_and_the_mark_stands_on_its_mean():
    for form in FORMS:
        frame = module.bits_vs_accuracy_frame(form, "rounding from the start", load())
        (mark,) = frame.marks
        assert mark.x == module.PLACES[FORMS[form].bits] and mark.y == fmean(load().rows[form].scratch)


def test_your_own_results_are_shown():
    rows = load().rows | {"1 bit": replace(load().rows["1 bit"], rounded=(500,) * 10)}
    card = module.bits_vs_accuracy(replace(load(), rows=rows), ask=None)
    card.form = "1 bit"
    assert "500 (500 to 500) errors" in card.summary
