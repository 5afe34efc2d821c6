"""The order in which weights go, against the formula of the paper term by term."""

import pytest
import torch
from torch import nn

from featherweight.artifact.compress.prune import apply_masks, lamp_masks, lamp_scores, prunable


@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (4, 3, 2, 2)], ids=str)
def test_the_score_is_the_papers(shape):
    """Oracle: equation 4, one weight at a time."""
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    flat = weight.double().flatten()
    wanted = [one**2 / flat[flat.abs() >= one.abs()].square().sum() for one in flat]
    torch.testing.assert_close(lamp_scores(weight), torch.stack(wanted))


@pytest.mark.parametrize("zeros", [0.0, 0.3, 0.5, 0.99, 1.0])
def test_as_many_go_as_are_asked_for(zeros):
    weights = {"a": torch.randn(30, 20), "b": 0.001 * torch.randn(10, 30), "c": torch.ones(5, 20)}
    masks = lamp_masks(weights, zeros)
    assert sum(int((~mask).sum()) for mask in masks.values()) == round(zeros * 1000)
    assert {name: mask.shape for name, mask in masks.items()} == {name: one.shape for name, one in weights.items()}


def test_a_layer_of_small_weights_is_not_emptied():
    weights = {"large": torch.randn(40, 40), "small": 1e-4 * torch.randn(40, 40)}
    masks = lamp_masks(weights, 0.9)
    assert masks["small"].sum() == pytest.approx(160, abs=60)
    assert torch.cat([one.abs().flatten() for one in weights.values()]).topk(320).values.min() > 1e-3  # by size, it is


def test_pruned_ones_go_first():
    weight = torch.tensor([[0.0, 3.0, 0.0, -1.0], [2.0, 0.0, 0.0, 0.5]])
    assert torch.equal(lamp_masks({"w": weight}, 0.5)["w"], weight != 0)


def test_what_is_pruned_and_what_not():
    network = nn.ModuleDict({"a": nn.Linear(8, 8), "b": nn.LayerNorm(64), "c": nn.Linear(3, 3), "d": nn.Linear(8, 8)})
    network["d"].weight = network["a"].weight
    assert list(prunable(network)) == ["a.weight"]
    keep = torch.eye(8, dtype=torch.bool)
    apply_masks(network, {"a.weight": keep})
    assert torch.equal(network["d"].weight != 0, keep)
