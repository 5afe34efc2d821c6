"""The numbers on the card are those of real steps, and the answer is no accident of one seed or of the first step."""

import json
from functools import cache
from importlib import import_module

import numpy as np
import pytest
import torch
from torch import nn

from featherweight.lab.data import digits
from featherweight.optimizers.adaptive import adam_step
from featherweight.optimizers.muon import newton_schulz
from featherweight.widgets.table import encode

module = import_module("featherweight.widgets.after_adam")  # the package exports the function under this name


@pytest.fixture(autouse=True)
def digits_read_once(monkeypatch):
    monkeypatch.setattr(module, "digits", read_once)


@cache
def read_once():
    return digits()


@cache
def made():
    return module.after_adam()


@pytest.fixture
def card():
    return made()


def shares(seed=module.SEED):
    steps = module.first_steps_of(module.slope_at(*module.first_weights(seed)))
    return {name: module.weaker_half(matrix) for name, matrix in steps.items()}


def test_gradient_is_the_slope_of_the_loss():
    """Oracle: the network as torch.nn builds it, with the same weights."""
    net = nn.Sequential(nn.Linear(64, 32, bias=False), nn.ReLU(), nn.Linear(32, 10, bias=False)).double()
    net[0].weight.data, net[2].weight.data = module.first_weights()
    data = read_once()
    nn.CrossEntropyLoss()(net(data.train_inputs.double()), data.train_labels).backward()
    torch.testing.assert_close(module.slope_at(*module.first_weights()), net[0].weight.grad, rtol=1e-10, atol=1e-14)


def test_nonzero_entries_of_adams_first_step_have_one_size_and_its_signs_are_the_gradients():
    steps = module.first_steps_of(module.slope_at(*module.first_weights()))
    gradient, adam = steps["gradient descent"], steps["adam"]
    assert torch.equal(adam.sign(), gradient.sign())
    sizes = adam[gradient != 0].abs()
    assert sizes.max() <= 1 and (sizes > 0.99).double().mean() > 0.99 and sizes.min() > 0.8
    slopes = gradient[gradient != 0].abs()
    assert slopes.min() < 1e-3 * slopes.max()  # the gradient's own entries are anything but one size


def test_muons_first_step_is_newton_schulz_of_the_gradient():
    gradient = module.slope_at(*module.first_weights())
    torch.testing.assert_close(
        module.first_steps_of(gradient)["muon"], newton_schulz(gradient, 5), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize(
    ("values", "share"), [([1, 1, 1, 1], 0.5), ([2, 1, 1, 0], 1 / 6), ([1, 0, 0, 0], 0)], ids=["even", "mixed", "one"]
)
def test_weaker_half(values, share):
    turn, _ = torch.linalg.qr(torch.randn(4, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64))
    assert module.weaker_half(turn @ torch.diag(torch.tensor(values, dtype=torch.float64))) == pytest.approx(share)


@pytest.mark.parametrize("seed", range(4))
def test_answer_holds_for_any_seed(seed):
    found = shares(seed)
    assert found["gradient descent"] < 0.001 < 0.03 < found["adam"] < 0.1 < 0.25 < found["muon"] < 0.5
    assert made().ask["choices"][made().ask["answer"]] == "Less than a tenth"


def test_the_answer_is_not_true_of_a_step_of_random_signs():
    """A step of one size with no pattern in it: so it is the patterns that Adam keeps."""
    noise = torch.randn(32, 64, generator=torch.Generator().manual_seed(0), dtype=torch.float64).sign()
    assert module.weaker_half(noise) > 0.2


def test_later_steps_of_adam_are_no_more_even():
    """The same layer after 20 steps of training, the output weights as they were."""
    hidden, output = module.first_weights()
    moments = (torch.zeros_like(hidden), torch.zeros_like(hidden))
    for step in range(1, 21):
        moved, *moments = adam_step(hidden, module.slope_at(hidden, output), *moments, step, 0.01, 0.9, 0.999, 1e-8)
        hidden, change = moved, hidden - moved
    assert 0 < module.weaker_half(change) < 0.1


def test_card_says_what_was_computed(card):
    found = shares()
    assert f"Adam's step {100 * found['adam']:.2g}%" in card.summary
    assert f"{100 * found['muon']:.2g}%" in card.ask["because"] and len(card.ask["text"]) < 120
    assert f"Muon's step: {100 * found['muon']:.2g}%" in [mark.text for mark in module.after_adam_frame().marks]


def test_card_has_one_state_and_covers_the_answer(card):
    assert not card.controls and not card.presets and card.ask["veils"] == ("steps",)
    fresh = encode([module.after_adam_frame()], card._stage)
    assert (card.table, card.index) == (fresh.points, fresh.index)
    assert {line.panel for line in module.after_adam_frame().lines if line.method != "gradient descent"} == {"steps"}


def test_every_value_is_inside_the_picture(card):
    frame = module.after_adam_frame()
    values = np.concatenate([line.y for line in frame.lines])
    assert values.min() > module.LOWEST and values.max() == 1
    assert card.picture() == card.picture() and len(card.picture()) < 200_000
    assert len(card.table) + len(card.scene) + len(json.dumps(card.index)) < 1_000_000
