"""The fast form equals the clear one."""

import pytest
import torch

from featherweight.optimizers import flat
from featherweight.optimizers.adaptive import adam_step
from featherweight.optimizers.flat import FlatAdam


@pytest.mark.parametrize("block", [flat.BLOCK, 4, 1], ids=["one block", "a tensor across blocks", "single numbers"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 2e-6), (torch.float64, 1e-12)])
def test_equals_the_clear_form(dtype, tolerance, block, monkeypatch):
    monkeypatch.setattr(flat, "BLOCK", block)
    g = torch.Generator().manual_seed(0)
    starts = [torch.randn(shape, generator=g, dtype=dtype) for shape in ((3, 4), (5,), (1,))]
    fast = [torch.nn.Parameter(start.clone()) for start in starts]
    clear, moments = list(starts), [[torch.zeros_like(start)] * 2 for start in starts]
    optimizer = FlatAdam(fast, 0.01, (0.9, 0.99), 1e-8)
    for step in range(1, 101):
        optimizer.zero_grad()
        for index, parameter in enumerate(fast):
            gradient = torch.randn(parameter.shape, generator=g, dtype=dtype)
            (parameter * gradient).sum().backward()
            answer = adam_step(clear[index], gradient, *moments[index], step, 0.01, 0.9, 0.99, 1e-8)
            clear[index], *moments[index] = answer
        optimizer.step()
    for mine, right in zip(fast, clear, strict=True):
        torch.testing.assert_close(mine.detach(), right, rtol=tolerance, atol=tolerance)


def test_a_backward_pass_fills_the_buffer():
    network = torch.nn.Linear(3, 2)
    optimizer = FlatAdam(network.parameters())
    network(torch.ones(1, 3)).sum().backward()
    assert optimizer.gradients.abs().sum() == 8
    optimizer.zero_grad()
    assert network.weight.grad.abs().sum() == 0
