"""The opening card shows the shipped results, and its answer is true of them."""

from importlib import import_module
from statistics import fmean

from featherweight.lab import distillation_runs, unseen_runs

module = import_module("featherweight.widgets.no_threes")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_results():
    found, ask = unseen_runs.load(), module.no_threes().ask
    read = module.read_right(found.rows[3])
    assert read.low > 100 / 3 and read.estimate == found.rows[3].count - fmean(found.rows[3].missed[0])
    assert ask["choices"][ask["answer"]] == "More than a third" and module.read_right(found.labels).estimate < 1
    assert f"misses {100 - read.estimate:.0f} of 100" in ask["because"]


def test_none_of_the_shown_digits_looks_more_like_a_3():
    said = distillation_runs.load().said
    shares = {one.label: module.softened(one.logits, module.DEGREES)[3] for one in said if one.label != 3}
    assert max(shares, key=shares.get) == module.SHOWN


def test_the_answer_stays_covered():
    card = module.no_threes()
    assert not card.controls and card.ask["veils"] == ("right",)
    frame = module.no_threes_frame(distillation_runs.load().said[module.SHOWN], unseen_runs.load())
    assert {line.panel for line in frame.lines} == {"answer", "right"}
    assert "labels 0" in frame.summary
