"""The card shows the networks it is given; its front is that of every pair compared; its answer is true."""

from importlib import import_module

import pytest

from featherweight.artifact.field import FAMILIES, Fighter, field

module = import_module("featherweight.widgets.pareto")  # the package exports the function under this name
ANY, EVERYTHING = module.ANY, module.EVERYTHING
BY_NAME = {one.name: one for one in field()}


def test_the_answer_is_true_of_the_shipped_entries():
    light, whole = BY_NAME["featherweight"], BY_NAME["LeNet-300-100"]
    assert whole.size / light.size > 60 and 8 < light.macs / whole.macs < 12.5
    assert module.QUESTION.choices[module.QUESTION.answer] == "about 10 times more"


@pytest.mark.parametrize("cost", module.COSTS)
def test_the_front_is_what_nothing_beats(cost):
    read = module.COSTS[cost]
    pairs = [(read(one), one.interval.estimate) for one in field()]
    alone = [one for one in pairs if not any(a <= one[0] and b <= one[1] and (a, b) != one for a, b in pairs)]
    frame = module.pareto_frame(cost, EVERYTHING, ANY, field())
    assert frame.summary.endswith(f"By {cost} nothing beats {len(alone)} of {len(field())}.")
    (stairs,) = [line for line in frame.lines if line.colour == module.palette.INK]
    assert sorted(set(stairs.y.tolist())) == pytest.approx(sorted({errors for _, errors in alone}))


def test_a_limit_leaves_out_what_is_heavier():
    frame = module.pareto_frame("bytes on disk", EVERYTHING, "flyweight", field())
    light = [one for one in field() if one.size <= 4000]
    best = min(light, key=lambda one: one.interval.estimate)
    assert frame.marks[0].text.startswith(f"{best.name}: ") and f"of {len(light)}." in frame.summary


def test_where_nothing_is_small_enough():
    frame = module.pareto_frame("bytes on disk", FAMILIES["deleted"], "strawweight", field())
    assert not frame.marks and frame.summary.endswith("no network of the book is so small.")


def test_all_points_lie_on_the_axes():
    for one in field():
        assert all(module.LEFT < read(one) < module.RIGHT for read in module.COSTS.values())
        assert module.FEWEST < one.interval.estimate < module.MOST


def test_your_own_networks_are_shown():
    mine = Fighter("mine", "entries", 2000.0, (30, 32), 900, 10_000)
    others = field()
    card = module.pareto([*others, mine], ask=None)
    card.limit = "strawweight"
    fit = 1 + sum(one.size <= 2953 for one in others)
    assert "strawweight" in card.summary and card.summary.endswith(f"of {fit}.")
