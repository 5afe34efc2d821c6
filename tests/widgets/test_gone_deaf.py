"""The opening card shows the shipped measurements, and its answer is true of them."""

from importlib import import_module
from statistics import fmean

from featherweight.lab.speech_runs import load

module = import_module("featherweight.widgets.gone_deaf")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_results():
    found, ask = load(), module.gone_deaf().ask
    assert fmean(found.rows["per tensor 8"].f1) < 0.1 and len(found.spans["per tensor 8"]) <= 1
    assert len(found.spans["float32"]) >= 6 and ask["choices"][ask["answer"]] == "Next to nothing"
    largest = sorted(found.largest["encoder.3.weight"])
    assert f"{largest[-1] / largest[len(largest) // 2 - 1]:.0f} times" in ask["because"]


def test_the_answer_stays_covered():
    card = module.gone_deaf()
    assert not card.controls and card.ask["veils"] == ("heard",)


def test_each_stretch_is_a_bar_at_its_seconds():
    found, frame = load(), module.gone_deaf_frame(load())
    bars = [line for line in frame.lines if line.panel == "heard"]
    assert len(bars) == sum(len(found.spans[name]) for name in module.NETWORKS)
    first, last = found.spans["float32"][0]
    assert (bars[0].x.min(), bars[0].x.max()) == (first * 0.032, (last + 1) * 0.032)
    assert f"{len(found.spans['float32'])} stretches" in frame.summary
