"""Tickets against PyTorch's own pruning, called again and again, and against plain loops."""

import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from featherweight.compression import lottery

SHAPES = [(4, 3), (2, 4), (5,)]


def layers(seed, shapes=SHAPES, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=dtype) for shape in shapes]


def all_kept(tensors):
    return [torch.ones_like(tensor, dtype=torch.bool) for tensor in tensors]


def some_kept(seed, shapes=SHAPES):
    return [tensor > -0.4 for tensor in layers(seed, shapes)]


def test_rewinding_writes_into_the_given_tensors():
    trained, initial, masks = layers(0), layers(1), some_kept(2)
    held = [tensor.data_ptr() for tensor in trained]
    assert lottery.rewind(trained, initial, masks) is None
    assert [tensor.data_ptr() for tensor in trained] == held
    for weight, start, mask in zip(trained, initial, masks, strict=True):
        wanted = [s if m else 0.0 for s, m in zip(start.flatten().tolist(), mask.flatten().tolist(), strict=True)]
        assert weight.flatten().tolist() == wanted


def test_training_on_leaves_the_initial_values_alone():
    trained, initial, masks = layers(0), layers(1), some_kept(2)
    before = [tensor.clone() for tensor in initial]
    lottery.rewind(trained, initial, masks)
    for weight in trained:
        weight.add_(1.0)
    assert all(map(torch.equal, initial, before))


@pytest.mark.parametrize("fraction", [0.2, 0.5, 0.37])
def test_rounds_are_pytorchs_global_pruning_repeated(fraction):
    """torch.nn.utils.prune.global_unstructured counts its amount on what earlier calls have left; bit for bit."""
    modules = [nn.Linear(6, 5), nn.Linear(5, 3)]
    named = [(module, "weight") for module in modules]
    initial = [module.weight.detach().clone() for module in modules]
    masks = all_kept(initial)
    for number in range(4):
        trained = layers(number, [weight.shape for weight in initial], torch.float32)
        masks, ticket = lottery.imp_round(trained, initial, masks, fraction)
        prune.global_unstructured(named, prune.L1Unstructured, dict(zip(named, trained, strict=True)), amount=fraction)
        assert all(torch.equal(m.weight_mask.bool(), mask) for m, mask in zip(modules, masks, strict=True))
        assert all(map(torch.equal, ticket, [start * mask for start, mask in zip(initial, masks, strict=True)]))


def test_a_round_leaves_what_it_was_handed_alone():
    handed = [*layers(0), *layers(1), *some_kept(2)]
    before = [tensor.clone() for tensor in handed]
    masks, ticket = lottery.imp_round(handed[:3], handed[3:6], handed[6:], 0.5)
    for tensor in (*masks, *ticket):
        tensor.zero_()
    assert all(map(torch.equal, handed, before))


@pytest.mark.parametrize(("fraction", "left"), [(0.0, 25), (1.0, 0)])
def test_nothing_and_everything(fraction, left):
    masks, _ = lottery.imp_round(layers(0), layers(1), all_kept(layers(0)), fraction)
    assert sum(int(mask.sum()) for mask in masks) == left


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.77, 1.0])
def test_a_supermask_is_pytorchs_pruning_by_scores(keep):
    """prune.l1_unstructured ranks the sizes of its scores, so they are shifted above zero; float64 to 1e-12."""
    weights, scores = layers(3, [(5, 7), (6, 5), (3, 6)]), layers(4, [(5, 7), (6, 5), (3, 6)])
    inputs = layers(5, [(9, 7)])[0]
    linear = []
    for weight, score in zip(weights, scores, strict=True):
        layer = nn.Linear(*weight.T.shape, bias=False, dtype=torch.float64)
        layer.weight.data = weight
        prune.l1_unstructured(layer, "weight", round((1 - keep) * weight.numel()), importance_scores=score + 10)
        linear.append(layer)
    network = nn.Sequential(linear[0], nn.ReLU(), linear[1], nn.ReLU(), linear[2])
    found = lottery.supermask_forward(inputs, weights, scores, keep)
    torch.testing.assert_close(found, network(inputs).detach(), rtol=1e-12, atol=1e-12)


def toward(minimum, rate=0.1, steps=3, decay=0.95):
    """Training with momentum towards `minimum`, in place."""

    def train(weight, mask, velocity):
        for _ in range(steps):
            velocity.mul_(decay).add_(weight - minimum).mul_(mask)
            weight.sub_(rate * velocity)

    return train


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_loop_is_its_rounds_one_by_one(rounds):
    (weight,), (minimum,) = layers(0, [(30,)]), layers(1, [(30,)])
    initial, masks, train = [weight.clone()], [torch.ones(30, dtype=torch.bool)], toward(minimum)
    again = [weight.clone()]
    for _ in range(rounds):
        train(again[0], masks[0], torch.zeros(30, dtype=torch.float64))
        masks, ticket = lottery.imp_round(again, initial, masks, 0.25)
        lottery.rewind(again, initial, masks)
    found, mask = lottery.find_ticket(weight, train, 0.25, rounds)
    assert torch.equal(mask, masks[0]) and torch.equal(found, ticket[0]) and torch.equal(found, again[0])


def test_an_optimizer_that_remembers_finds_another_ticket():
    """The planted failure: a velocity kept from round to round moves the survivors, and other ones are the smallest."""
    (weight,), (minimum,) = layers(0, [(30,)]), layers(1, [(30,)])
    kept, train = torch.zeros(30, dtype=torch.float64), toward(minimum)

    def remembers(weight, mask, velocity):
        train(weight, mask, kept)

    one = lottery.find_ticket(weight.clone(), train, 0.25, 3)
    other = lottery.find_ticket(weight.clone(), remembers, 0.25, 3)
    assert not torch.equal(one[1], other[1])
