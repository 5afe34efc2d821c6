"""Recipes have the shapes they state, training is repeatable, a teacher teaches, and doubts are counted."""

import dataclasses

import pytest
import torch
from torch import nn

from featherweight.lab.champions import RECIPES, TEMPERATURE, Recipe, convolutional, doubtful, fit, learned, squeezed
from featherweight.lab.coded_layers import CodedLayer, codes
from featherweight.lab.data import Split
from featherweight.lab.measure import parameters

TINY = Recipe((2, 3, 3, 3), pooled=True, epochs=1, more=1)


@pytest.fixture(scope="module")
def data():
    """96 digits of which half are labelled 0, for machinery alone."""
    torch.manual_seed(0)
    inputs, labels = torch.rand(96, 784), torch.arange(96) % 2
    return Split(inputs, labels, inputs[:40], labels[:40], inputs[:10], labels[:10])


def expected(recipe):
    """Parameters when folded: kernels and biases, counted from the widths."""
    one, two, three, four = recipe.widths
    kernels = 25 * one + 9 * (one * two + two * three + three * four)
    return kernels + sum(recipe.widths) + 10 * four * (1 if recipe.pooled else 9) + 10


@pytest.mark.parametrize("name", RECIPES)
def test_shapes_are_those_of_the_recipe(name):
    recipe = RECIPES[name]
    network = convolutional(recipe, 0)
    assert network.eval()(torch.rand(2, 784)).shape == (2, 10)
    assert parameters(network) == expected(recipe) + sum(recipe.widths)  # two numbers of normalization, no bias


def test_the_seed_decides(data):
    one, same, other = (learned(TINY, data, seed) for seed in (0, 0, 1))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), same.parameters(), strict=True))
    assert not torch.equal(one[1].weight, other[1].weight)
    assert parameters(one) == expected(TINY)


def test_squeezing_leaves_the_network_alone_and_few_values(data):
    whole = learned(TINY, data, 0)
    before = [each.clone() for each in whole.parameters()]
    small = squeezed(TINY, whole, data, 0, whole)
    assert all(torch.equal(a, b) for a, b in zip(before, whole.parameters(), strict=True))
    _, stored = codes(small)
    assert all(each.abs().max() <= 3 for name, (each, _) in stored.items() if name.endswith("weight"))
    assert not torch.equal(small[1].layer.weight, whole[1].weight)


def test_a_teacher_teaches(data):
    """With nothing but its teacher's say a student learns what no label says: here that everything is a 7."""
    teacher = nn.Sequential(nn.Linear(784, 10)).eval()
    with torch.no_grad():
        teacher[0].weight.zero_()
        teacher[0].bias.copy_(8 * torch.eye(10)[7] * TEMPERATURE)
    for share, wanted in ((1.0, 7), (0.0, None)):
        student = nn.Sequential(nn.Linear(784, 10))
        fit(student, data, 30, 1e-2, 0, teacher, share)
        said = student(data.train_inputs).argmax(1)
        assert (said == 7).all() if wanted else (said < 2).all()


def test_steps_of_rounding_move_slower_and_the_rate_ends_at_zero(data, monkeypatch):
    rates = []

    class Watched(torch.optim.Adam):
        def step(self, closure=None):
            rates.append([group["lr"] for group in self.param_groups])
            return super().step(closure)

    monkeypatch.setattr(torch.optim, "Adam", Watched)
    layer = nn.Sequential(CodedLayer(nn.Linear(784, 10), 3, 5))
    fit(layer, data, 10, 0.5, 0)
    weights, steps = zip(*rates, strict=True)
    assert len(rates) == 20 and weights.index(max(weights)) == 1 and max(weights) == pytest.approx(0.5)
    assert weights[-1] == pytest.approx(0, abs=1e-9) and steps == pytest.approx([0.1 * each for each in weights])


def test_doubts_are_errors_on_all_copies(data):
    always = nn.Sequential(nn.Linear(784, 10))
    with torch.no_grad():
        always[0].weight.zero_()
        always[0].bias.copy_(torch.eye(10)[0])
    assert doubtful(always, data) == 8 * 20


def test_recipes_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        RECIPES["flyweight"].bits = 1
