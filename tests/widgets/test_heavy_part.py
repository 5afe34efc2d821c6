"""The opening card shows the shipped file, and its answer is true of it."""

from importlib import import_module

from featherweight.lab.coding_runs import MAIN, load

module = import_module("featherweight.widgets.heavy_part")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_file():
    found, ask = module.part_sizes(load()), module.heavy_part().ask
    assert max(found, key=found.get) == "places" and ask["choices"][ask["answer"]] == "Where the survivors are"
    assert ask["because"].startswith(f"{found['places'] / found['values']:.1f} times")


def test_nothing_large_is_left_out():
    whole = sum(load().files[MAIN][str(load().chosen)].by_name(module.CODING).values())
    assert sum(module.part_sizes(load()).values()) > 0.99 * whole


def test_the_answer_stays_covered():
    card = module.heavy_part()
    assert not card.controls and card.ask["veils"] == ("sizes",)
    assert {line.panel for line in module.heavy_part_frame(load()).lines} == {"sizes"}
