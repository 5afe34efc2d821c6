"""A racer is its technique and nothing else, and a learner's step in its place cannot break the race."""

import runpy
from functools import partial
from pathlib import Path

import pytest
import torch

from featherweight.errors import InputError
from featherweight.lab.methods import walk
from featherweight.optimizers.adaptive import adam_step, momentum_step
from featherweight.widgets.racers import BETA2, EPSILON, RACERS, learners_walk, named

LEARNERS = runpy.run_path(str(Path(__file__).with_name("learners.py")))
STYLES, WRONG, called = LEARNERS["STYLES"], LEARNERS["WRONG"], LEARNERS["called"]
START = torch.tensor([1.0, -0.5], dtype=torch.float64)
CURVATURES = torch.tensor([1.0, 3.0], dtype=torch.float64)
TORCH = {
    "sgd_step": torch.optim.SGD,
    "momentum_step": partial(torch.optim.SGD, momentum=0.9),
    "adagrad_step": partial(torch.optim.Adagrad, eps=EPSILON),
    "rmsprop_step": partial(torch.optim.RMSprop, alpha=BETA2, eps=EPSILON),
    "adam_step": partial(torch.optim.Adam, betas=(0.9, 0.999), eps=EPSILON),
}


def slope(points):
    return CURVATURES * points


def torchs_walk(name, rate, steps):
    """The same walk by torch.optim: the oracle."""
    weight = START.clone().requires_grad_()
    optimizer, points = TORCH[name]([weight], lr=rate), [START]
    for _ in range(steps):
        weight.grad = slope(weight.detach())
        optimizer.step()
        points.append(weight.detach().clone())
    return torch.stack(points)


@pytest.mark.parametrize("name", RACERS)
def test_racer_walks_as_torch_does(name):
    ours = walk(RACERS[name].rule, slope, START, 0.05, 50)
    torch.testing.assert_close(ours, torchs_walk(name, 0.05, 50), rtol=1e-12, atol=1e-12)
    assert not torch.allclose(ours, torchs_walk(name, 0.051, 50), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", RACERS)
def test_many_at_once_are_many_walks(name):
    rates = torch.tensor([[0.01], [0.1]], dtype=torch.float64)
    both = walk(RACERS[name].rule, slope, START.expand(2, 2), rates, 20)
    for place, rate in enumerate((0.01, 0.1)):
        torch.testing.assert_close(
            both[:, place], walk(RACERS[name].rule, slope, START, rate, 20), rtol=1e-12, atol=1e-12
        )


@pytest.mark.parametrize("name", STYLES)
def test_other_styles_walk_the_same(name):
    found, problem = learners_walk(RACERS[name], called(name, STYLES[name]), slope, START, 0.05, 50)
    assert not problem
    torch.testing.assert_close(found, walk(RACERS[name].rule, slope, START, 0.05, 50), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_walked_on_is_said_in_a_line(wrong, said):
    found = learners_walk(RACERS["adam_step"], called("adam_step", wrong), slope, START, 0.1, 5)
    assert found == (None, said)


def test_single_precision_is_taken_as_it_comes():
    def half(*arguments):
        return [part.float() for part in adam_step(*arguments)]

    found, problem = learners_walk(RACERS["adam_step"], called("adam_step", half), slope, START, 0.1, 5)
    assert not problem and found.dtype == torch.float64


def test_what_is_not_a_number_goes_through():
    def lost(parameter, gradient, velocity, *_):
        return parameter * torch.nan, velocity

    found, problem = learners_walk(RACERS["momentum_step"], called("momentum_step", lost), slope, START, 0.1, 3)
    assert not problem and found[1:].isnan().all()


def test_a_step_cannot_change_the_points_behind_it():
    def moves_and_returns_another(parameter, gradient, velocity, *_):
        parameter.zero_()
        return parameter + 1, velocity

    step = called("momentum_step", moves_and_returns_another)
    found, _ = learners_walk(RACERS["momentum_step"], step, slope, START, 0.1, 3)
    assert torch.equal(found[0], START) and (found[1:] == 1).all()


@pytest.mark.parametrize("order", [1, -1])
def test_functions_are_known_by_their_names(order):
    pair = (momentum_step, adam_step)[::order]
    found = named(pair, ("momentum_step", "adagrad_step", "adam_step"))
    assert list(found.items()) == [("momentum_step", momentum_step), ("adam_step", adam_step)]
    assert named((), ("adam_step",)) == {}


ALLOWED = ("momentum_step", "adam_step")
ASK = "wanted momentum_step or adam_step: pass your own function under that name, uncalled"


@pytest.mark.parametrize(
    ("functions", "said"),
    [
        ((slope,), f"Got a function named 'slope'; {ASK}."),
        ((lambda: None,), f"Got a function named '<lambda>'; {ASK}."),
        ((partial(adam_step),), f"Got a partial, which has no name; {ASK}."),
        (("adam_step",), f"Got a str; {ASK}."),
        ((None,), f"Got None; {ASK}."),
        ((adam_step, adam_step), "Got adam_step twice; wanted each function once: leave one out."),
    ],
    ids=["unknown", "lambda", "partial", "text", "None", "twice"],
)
def test_anything_else_is_turned_away(functions, said):
    with pytest.raises(InputError) as caught:
        named(functions, ALLOWED)
    assert str(caught.value) == said
