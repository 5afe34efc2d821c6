"""Retraining: what is pruned stays zero, grids are felt and left, time ends it, and it helps."""

import copy
import time

import pytest
import torch
from torch import nn

from featherweight.artifact.compress.data import Examples
from featherweight.artifact.compress.models import logits
from featherweight.artifact.compress.prune import apply_masks, lamp_masks, prunable
from featherweight.artifact.compress.retrain import Clock, Course, retrain
from featherweight.artifact.compress.rounding import grid, on_grid


@pytest.fixture
def course(quick):
    network, data = quick
    some = Examples(data["inputs"][:600], data["labels"][:600])
    return Course(some, logits(network, some.inputs), 32, 0)


def loss(network, course):
    with torch.no_grad():
        return float(nn.functional.cross_entropy(network(course.examples.inputs), course.examples.labels))


def pruned(quick, zeros):
    network = copy.deepcopy(quick[0])
    masks = lamp_masks(prunable(network), zeros)
    apply_masks(network, masks)
    return network, masks


def test_it_wins_back_what_pruning_cost(quick, course):
    network, masks = pruned(quick, 0.9)
    before = loss(network, course)
    assert retrain(network, course, 60, Clock(60), masks) == 60
    assert loss(network, course) < 0.5 * before
    assert all(not one[~masks[name]].any() for name, one in prunable(network).items())
    assert not network.training


def test_the_teacher_is_followed(quick, course):
    """Where every label is wrong, it still stays nearer to what it said when it was whole."""
    wrong = Course(Examples(course.examples.inputs, (course.examples.labels + 1) % 10), 0 * course.teacher, 32, 0)
    told = Course(wrong.examples, course.teacher, 32, 0)
    losses = []
    for one in (told, wrong):
        network, masks = pruned(quick, 0.9)
        retrain(network, one, 60, Clock(60), masks)
        losses.append(loss(network, course))
    assert losses[0] < 0.7 * losses[1]


def test_a_grid_is_felt_in_training_and_left_after_it(quick, course):
    """On the grid, the network that was trained on it is better than one rounded to it at the end."""
    losses = []
    for felt in (True, False):
        network = copy.deepcopy(quick[0])
        grids = {name: grid(one, 1.5) for name, one in prunable(network).items()}
        retrain(network, course, 60, Clock(60), None, grids if felt else None)
        codes = {name: on_grid(one, grids[name]) for name, one in prunable(network).items()}
        assert any(not torch.equal(codes[name] * grids[name], one) for name, one in prunable(network).items())
        with torch.no_grad():
            for name, one in prunable(network).items():
                one.copy_(codes[name] * grids[name])
        losses.append(loss(network, course))
    assert losses[0] < losses[1]


def test_time_ends_it(quick, course):
    network, started = copy.deepcopy(quick[0]), time.process_time()
    assert retrain(network, course, 10**6, Clock(0.2)) < 10**6
    assert time.process_time() - started < 5
    weight = network[1].weight.detach().clone()
    assert retrain(network, course, 10, Clock(0)) == 0
    assert torch.equal(network[1].weight, weight)


def test_a_rest_of_one_example_is_left_out(quick, course):
    """33 examples in batches of 32 leave one, which batch normalization cannot use."""
    few = Course(course.examples[torch.arange(33)], course.teacher[:33], 32, 0)
    assert retrain(copy.deepcopy(quick[0]), few, 4, Clock(60)) == 4


def test_a_loss_that_is_no_number_ends_it(quick, course):
    network = copy.deepcopy(quick[0])
    broken = Course(course.examples, course.teacher * float("nan"), 32, 0)
    retrain(network, broken, 10, Clock(60))
    assert all(torch.isfinite(one).all() for one in network.parameters())
