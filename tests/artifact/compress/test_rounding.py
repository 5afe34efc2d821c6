"""Grids and what goes into a file: codes, scales exact in 16 bits, the rest in as few bits as do no harm."""

import pytest
import torch
from torch import nn

from featherweight.artifact import Codes, Plain, encode
from featherweight.artifact.compress import rounding
from featherweight.artifact.compress.rounding import estimate, grid, on_grid, stored
from featherweight.artifact.stored import value_of


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("share", [1 / 16, 1 / 4, 1.0])
def test_no_weight_is_off_by_more_than_half_a_step(share):
    weight = normal(20, 30)
    step = grid(weight, share)
    assert step.shape == (1,)
    assert float(step) == pytest.approx(share * float(weight.square().mean().sqrt()), rel=1e-2)
    assert (on_grid(weight, step) * step - weight).abs().max() <= step / 2 * 1.0001


def test_zeros_do_not_shrink_the_step_and_stay_zeros():
    weight = normal(20, 30)
    sparse = torch.where(weight.abs() > 1.5, weight, 0.0)
    kept = sparse[sparse != 0]
    assert float(grid(sparse, 0.5)) == pytest.approx(0.5 * float(kept.square().mean().sqrt()), rel=1e-2)
    assert (on_grid(sparse, grid(sparse, 0.5))[sparse == 0] == 0).all()


def test_rows_of_different_size_have_steps_of_their_own():
    weight = normal(6, 1, 3, 3) * torch.logspace(-3, 1, 6).view(-1, 1, 1, 1)
    weight[2] = 0
    step = grid(weight, 0.25)
    assert step.shape == (6,)
    codes = on_grid(weight, step)
    assert (codes[[0, 1, 3, 4, 5]].abs().amax((1, 2, 3)) >= 4).all()  # one step for all would leave zeros in the first


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1.0, 3e4])
def test_steps_are_exact_in_16_bits_at_any_size(scale):
    step = grid(scale * normal(10, 10), 0.25)
    assert step > 0
    assert torch.equal(step.half().float(), step) or torch.equal(step.bfloat16().float(), step)


def test_an_empty_weight_has_a_step():
    assert torch.equal(grid(torch.zeros(4, 9), 0.25), torch.ones(1))


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.norm = nn.Linear(30, 40), nn.BatchNorm1d(40)
        self.norm.running_var = torch.logspace(-9, 3, 40)

    def forward(self, x):
        return self.norm(self.layer(x))


NAMES = {"layer.weight", "layer.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"}


@pytest.mark.parametrize("share", [None, 1 / 16, 1 / 2])
def test_what_goes_into_a_file(share):
    network = Mixed()
    found = stored(network, NAMES, share)
    assert set(found) == NAMES
    assert isinstance(found["layer.weight"], Plain if share is None else Codes)
    assert isinstance(found["layer.bias"], Codes if share == 1 / 2 else Plain)
    assert isinstance(found["norm.running_var"], Plain)  # whatever the grid: it is divided by
    torch.testing.assert_close(value_of(found["norm.running_var"]), network.norm.running_var, rtol=1e-2, atol=0)
    for name in ("layer.bias", "norm.weight"):
        torch.testing.assert_close(value_of(found[name]), network.state_dict()[name], rtol=1e-2, atol=2e-3)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("share", [None, 1 / 16, 1 / 4, 1.0])
@pytest.mark.parametrize("zeros", [0.0, 0.9])
def test_the_estimate_is_near_the_file(share, zeros, many, monkeypatch):
    """Oracle: the bytes of the file, to 15% and 200 bytes: it only decides what is worth writing."""
    monkeypatch.setattr(rounding, "ADAPTIVE", 0 if many else 10**9)
    network = nn.Sequential(nn.Linear(100, 120), nn.ReLU(), nn.Linear(120, 10))
    for parameter in network.parameters():
        parameter.data = normal(*parameter.shape) * (torch.rand_like(parameter) >= zeros)
    found = stored(network, set(network.state_dict()), share)
    quick = {one.coding for name, one in found.items() if isinstance(one, Codes) and name.endswith("0.weight")}
    assert quick == ({("relative" if zeros else "raw") if many else "adaptive"} if share else set())
    assert len(encode(network, found)) == pytest.approx(estimate(found), rel=0.15, abs=200)
