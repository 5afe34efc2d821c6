"""Newton–Schulz and Muon against torch.optim.Muon, as far as its bfloat16 goes, and against singular values."""

import pytest
import torch
from torch.optim._muon import _zeropower_via_newtonschulz

from featherweight.optimizers.muon import muon_step, newton_schulz

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
SHAPES = [(4, 4), (3, 8), (8, 3), (1, 5), (16, 16)]


def matrix(shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("steps", [1, 5])
def test_equals_torch_to_what_bfloat16_allows(shape, steps):
    theirs = _zeropower_via_newtonschulz(matrix(shape).float().clone(), COEFFICIENTS, steps, 1e-7).double()
    error = (newton_schulz(matrix(shape), steps) - theirs).norm() / theirs.norm()
    assert error < steps * 2**-6  # each round of the iteration rounds to 8 bits several times


@pytest.mark.parametrize("shape", SHAPES)
def test_acts_on_singular_values_alone(shape):
    u, s, v = torch.linalg.svd(matrix(shape), full_matrices=False)
    s = s / s.norm()
    for _ in range(5):
        s = COEFFICIENTS[0] * s + COEFFICIENTS[1] * s**3 + COEFFICIENTS[2] * s**5
    torch.testing.assert_close(newton_schulz(matrix(shape), 5), u @ torch.diag(s) @ v, rtol=1e-10, atol=1e-10)


def test_singular_values_land_near_one():
    tiny = torch.linspace(0.0015, 1, 2000, dtype=torch.float64)
    s = tiny.clone()
    for _ in range(5):
        s = COEFFICIENTS[0] * s + COEFFICIENTS[1] * s**3 + COEFFICIENTS[2] * s**5
    assert 0.67 < s.min() < s.max() < 1.21


@pytest.mark.parametrize("shape", [(6, 4), (4, 6)])
def test_a_step_equals_torch_to_what_bfloat16_allows(shape):
    weight = torch.nn.Parameter(matrix(shape).float())
    optimizer = torch.optim.Muon([weight], lr=0.02, weight_decay=0.1, momentum=0.9)
    mine, moment = matrix(shape), torch.zeros(shape, dtype=torch.float64)
    for seed in range(1, 21):
        weight.grad = matrix(shape, seed).float()
        optimizer.step()
        mine, moment = muon_step(mine, matrix(shape, seed), moment, 0.02, 0.9, 0.1)
    assert (mine - weight.detach()).norm() / mine.norm() < 0.01
