"""The opening card shows the shipped times, and its answer is true of them."""

from dataclasses import replace
from importlib import import_module

from featherweight.lab.sparse_speed import load

module = import_module("featherweight.widgets.which_zeros")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_times():
    found = module.milliseconds(load())
    ask = module.which_zeros().ask
    assert min(found, key=found.get) == "deleted" and ask["choices"][ask["answer"]] == "Half the neurons deleted"
    assert abs(found["masked"] / found["dense"] - 1) < 0.1 and found["csr"] > found["dense"]
    assert f"{found['csr'] / found['dense']:.1f} times as long" in ask["because"]


def test_the_answer_stays_covered():
    card = module.which_zeros()
    assert not card.controls and card.ask["veils"] == ("times",)
    assert {line.panel for line in module.which_zeros_frame(load()).lines} == {"times"}


def test_every_way_has_its_time_and_the_machine_is_named():
    frame = module.which_zeros_frame(replace(load(), machine="A machine (avx)"))
    assert frame.summary.endswith("A machine (avx), one thread.")
    found = module.milliseconds(load())
    assert [mark.x for mark in frame.marks] == list(found.values())
    assert max(found.values()) < module.MOST
