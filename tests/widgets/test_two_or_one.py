"""The opening card shows the shipped results, and its answer is true of them."""

from importlib import import_module
from statistics import fmean

from featherweight.lab.low_bit_runs import load

module = import_module("featherweight.widgets.two_or_one")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_results():
    three, two = (load().rows[form].rounded for form in module.FORMS_SHOWN)
    ask = module.two_or_one().ask
    assert max(two) < min(three) and ask["choices"][ask["answer"]].startswith("Two values")
    assert f"{fmean(two):.0f} errors against {fmean(three):.0f}" in ask["because"]


def test_the_values_are_as_many_as_the_card_says():
    for form, (name, _) in module.FORMS_SHOWN.items():
        count = len(load().spreads[form]["rounded"].values)
        assert name == {3: "three values", 2: "two values"}[count]


def test_the_answer_stays_covered():
    card = module.two_or_one()
    assert not card.controls and card.ask["veils"] == ("errors",)
    assert {line.panel for line in module.two_or_one_frame(load()).lines} == {"errors"}
