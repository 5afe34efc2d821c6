"""Every method walks as its torch.optim namesake does, at the same settings: 1e-12 in float64."""

from dataclasses import replace

import pytest
import torch

from featherweight.lab.methods import METHODS, walk

NAMESAKES = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
    "amsgrad": (torch.optim.Adam, {"amsgrad": True}),
}
START = torch.tensor([1.0, -2.0], dtype=torch.float64)


def slope(x):
    return torch.tensor([1.0, 30.0], dtype=torch.float64) * x


def theirs(name, rate, steps):
    optimizer, settings = NAMESAKES[name]
    weight = torch.nn.Parameter(START.clone())
    running = optimizer([weight], lr=rate, **settings)
    for _ in range(steps):
        weight.grad = slope(weight.detach())
        running.step()
    return weight.detach()


@pytest.mark.parametrize("name", METHODS)
def test_walks_as_its_namesake_with_default_settings(name):
    points = walk(METHODS[name], slope, START, 0.01, 20)
    assert points.shape == (21, 2)
    assert torch.equal(points[0], START)
    torch.testing.assert_close(points[-1], theirs(name, 0.01, 20), rtol=1e-12, atol=1e-12)


def test_a_wrong_setting_is_seen():
    other = replace(METHODS["adam"], settings=(0.9, 0.99, 1e-8))
    with pytest.raises(AssertionError, match="not close"):
        torch.testing.assert_close(walk(other, slope, START, 0.01, 20)[-1], theirs("adam", 0.01, 20))


def test_a_rate_may_follow_the_number_of_the_step():
    points = walk(METHODS["sgd"], torch.ones_like, START, lambda step: 1 / step, 3)
    assert (points[:-1] - points[1:])[:, 0].tolist() == pytest.approx([1, 1 / 2, 1 / 3])
