"""The pull is the loss's own gradient, the errors are those that were shipped, and the answer is true of them."""

from dataclasses import replace
from importlib import import_module
from statistics import fmean

import numpy as np
import pytest
import torch

from featherweight.compression.distillation import distillation_loss
from featherweight.lab.distillation_runs import TEMPERATURES, load

module = import_module("featherweight.widgets.temperature")  # the package exports the function under this name


@pytest.mark.parametrize("degrees", TEMPERATURES)
@pytest.mark.parametrize("weight", module.WEIGHTS_SHOWN)
def test_pull_is_the_gradient_of_the_loss(degrees, weight):
    """Oracle: autograd through the book's own loss, on a student whose outputs are all 0."""
    for said in load().said:
        z = torch.zeros(1, 10, dtype=torch.float64, requires_grad=True)
        v, label = torch.tensor([said.logits], dtype=torch.float64), torch.tensor([said.label])
        distillation_loss(z, v, label, degrees, weight).backward()
        np.testing.assert_allclose(module.pull(said, degrees, weight), -z.grad[0].numpy(), atol=1e-12)


def test_probabilities_are_the_softmax():
    logits = load().said[4].logits
    wanted = (torch.tensor(logits, dtype=torch.float64) / 4).softmax(0)
    np.testing.assert_allclose(module.softened(logits, 4), wanted.numpy(), atol=1e-12)


def test_everything_lies_inside_the_axes():
    found = load()
    pulls = [module.pull(s, t, w) for s in found.said for t in TEMPERATURES for w in module.WEIGHTS_SHOWN]
    assert module.PULL[0] < np.min(pulls) and np.max(pulls) < module.PULL[1]
    for counts in (*found.scarce.values(), found.labels):
        assert module.ERRORS[0] < fmean(counts) < module.ERRORS[1]


def test_the_answer_is_true_of_the_shipped_results():
    found = load()
    assert f"makes {fmean(found.labels):.0f} errors" in module.QUESTION.text
    assert abs(fmean(found.scarce["4 1.0"]) - 130) < 5
    assert module.QUESTION.choices[module.QUESTION.answer] == "About 130"


def test_summary_says_both_classes_and_the_paired_gain():
    said = module.temperature_frame(3, 4, 1.0, load()).summary
    assert said.startswith("A 3 at T = 4: the teacher says 3 with ") and "fewer than with labels alone." in said
    alone = module.temperature_frame(3, 16, 0.0, load()).summary
    assert "fewer" not in alone and f"{fmean(load().labels):.0f} errors" in alone


def test_the_mark_stands_on_the_mean_and_the_picture_is_the_digits():
    frame = module.temperature_frame(7, 8, 0.5, load())
    (mark,) = frame.marks
    assert (mark.x, mark.y) == (8, fmean(load().scarce["8 0.5"]))
    drawn = sum(line.x[1] - line.x[0] for line in frame.lines if line.panel == "picture")
    assert drawn == int((module.pixels(load().said[7]) > 32).sum())


def test_your_own_results_are_shown():
    card = module.temperature(replace(load(), labels=(500,) * 5), ask=None)
    card.weight = 0.0
    assert "500 errors" in card.summary
