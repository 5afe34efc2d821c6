"""The opening card shows the shipped results, and its answer is true of them."""

from importlib import import_module
from statistics import fmean

from featherweight.artifact import encode
from featherweight.artifact.lenet_runs import difference, load
from featherweight.lab.networks import lenet_300_100

module = import_module("featherweight.widgets.how_light")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_results():
    found = load()
    times = module.DENSE_FILE / fmean(found.entry.size)
    ask = module.how_light().ask
    assert times > 100 and ask["choices"][ask["answer"]].startswith("More than 100")
    assert f"{times:.0f} times" in ask["because"]


def test_less_than_a_point_is_lost_to_the_end_of_the_interval():
    assert -difference(load().entry, load().dense).low < 1
    assert max(high for _, _, _, high in module.rows(load()).values()) < 1.6


def test_the_dense_file_is_written():
    assert len(encode(lenet_300_100(1))) == module.DENSE_FILE


def test_the_sizes_stay_covered():
    card = module.how_light()
    assert not card.controls and card.ask["veils"] == ("sizes",)
    assert {line.panel for line in module.how_light_frame(load()).lines} == {"lost", "sizes"}
