"""The guide's numbers are those of the runs, and its signs are the right way round."""

import pytest

from featherweight.artifact import lenet_runs
from featherweight.artifact.field import field
from featherweight.artifact.guide import Guide, Line, guide
from featherweight.lab import low_bit_runs
from featherweight.lab.statistics import Interval

LINES = {line.technique: line for line in guide().lines}


def test_one_bit_costs_errors_and_saves_bytes():
    found, line = low_bit_runs.load(), LINES["1 bit, retrained"]
    gaps = [one - other for one, other in zip(found.rows["1 bit"].retrained, found.longer, strict=True)]
    assert line.errors.estimate == pytest.approx(sum(gaps) / len(gaps)) and line.errors.low > 0
    assert 29 < line.bytes < 32 and line.macs == 1


def test_deleting_half_of_the_neurons_halves_both():
    assert LINES["half of the neurons"].bytes == pytest.approx(LINES["half of the neurons"].macs, rel=0.01)


def test_the_pipeline_is_the_entry():
    found, line = lenet_runs.load(), LINES["pruned, rounded, coded"]
    gaps = [len(one) - len(other) for one, other in zip(found.entry.wrong, found.dense.wrong, strict=True)]
    assert line.errors.estimate == pytest.approx(sum(gaps) / len(gaps))
    assert line.errors.low < line.errors.estimate < line.errors.high


def test_what_saves_nothing_says_so():
    line = LINES["a teacher, 200 labels"]
    assert line.cells()[2:4] == ("the same", "the same") and line.errors.high < 0


def test_text_and_table():
    made = Guide((Line(1, "a < b", 2.0, 1.0, Interval(-1.0, -2.0, 0.5), "c"),))
    assert repr(made) == "1; a < b; ÷ 2.0; the same; −1.0 (−2.0 to +0.5); c"
    assert "<td>a &lt; b</td>" in made._repr_html_()


def test_the_page_is_right_about_the_order():
    found = lenet_runs.load().plans
    first = found["prune, then quantize"][0.98]
    cut = lenet_runs.difference(found["both without training"][0.98], first)
    stopped = lenet_runs.difference(found["prune, quantize without training"][0.98], first)
    assert cut.high < -20 and stopped.low < 0 < stopped.high
    for name in ("quantize, then prune", "both at once"):
        gap = lenet_runs.difference(found[name][0.98], first)
        assert abs(gap.estimate) < 1


def test_the_page_is_right_about_bytes_and_errors():
    entries = {one.name: one for one in field() if one.family == "entries"}
    straw, fly, feather = (entries[name] for name in ("strawweight", "flyweight", "featherweight"))
    assert straw.size < fly.size < feather.size
    assert straw.interval.estimate > fly.interval.estimate > feather.interval.estimate
    assert min(one.macs for one in (straw, fly, feather)) > entries["LeNet entry"].macs
