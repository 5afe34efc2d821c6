"""Batches, subgradients, shrinkage and averages against closed forms and PyTorch."""

import pytest
import torch
import torch.nn.functional as F

from featherweight.optimizers import stochastic

G = torch.Generator().manual_seed(0)
VALUES = torch.randn(50, generator=G, dtype=torch.float64)


@pytest.mark.parametrize(("count", "size"), [(10, 3), (12, 4), (5, 9), (1, 1), (0, 2)])
def test_batches_are_a_partition_with_labels_attached(count, size):
    inputs = torch.arange(count * 2).reshape(count, 2).float()
    batches = stochastic.minibatches(inputs, inputs[:, 0].long(), size, seed=3)
    assert all(torch.equal(x[:, 0].long(), y) for x, y in batches)
    assert sorted(torch.cat([y for _, y in batches]).tolist()) == inputs[:, 0].long().tolist()
    assert [len(y) for _, y in batches[:-1]] == [size] * (len(batches) - 1)


def test_an_order_belongs_to_its_seed():
    labels = torch.arange(100)

    def order(seed):
        return torch.cat([y for _, y in stochastic.minibatches(labels, labels, 7, seed)]).tolist()

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1) != labels.tolist()


def test_a_step_on_a_sample_equals_torch():
    weight = torch.nn.Parameter(VALUES.clone())
    weight.grad = VALUES**2
    torch.optim.SGD([weight], lr=0.3).step()
    torch.testing.assert_close(stochastic.sgd_step(VALUES, VALUES**2, 0.3), weight.detach(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 2.0, 100.0])
def test_soft_threshold_equals_softshrink(threshold):
    assert torch.equal(stochastic.soft_threshold(VALUES, threshold), F.softshrink(VALUES, threshold))


@pytest.mark.parametrize("price", [0.0, 0.5, 2.0])
def test_the_subgradient_is_the_shortest_one(price):
    x = torch.tensor([-2.0, 0.0, 0.0, 0.0, 3.0], dtype=torch.float64)
    slope = torch.tensor([0.3, 0.4, -0.9, 3.0, -1.0], dtype=torch.float64)
    grid = torch.linspace(-1, 1, 20_001, dtype=torch.float64)
    choices = slope[:, None] + price * torch.where(x[:, None] == 0, grid, x.sign()[:, None])
    expected = choices.gather(1, choices.abs().argmin(1, keepdim=True))[:, 0]
    torch.testing.assert_close(stochastic.minimum_norm_subgradient(x, slope, price), expected, rtol=0, atol=1e-4)


def test_ista_is_a_descent_and_a_shrinkage():
    moved = stochastic.ista_step(VALUES, 2 * VALUES, 0.1, 0.5)
    assert torch.equal(moved, F.softshrink(VALUES - 0.1 * 2 * VALUES, 0.05))


def test_best_so_far_is_the_running_minimum():
    expected = [min(VALUES[: k + 1].tolist()) for k in range(len(VALUES))]
    assert stochastic.best_so_far(VALUES).tolist() == expected


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.99])
def test_the_average_equals_its_definition(beta):
    for t, average in enumerate(stochastic.exponential_average(VALUES, beta), start=1):
        weights = torch.tensor([(1 - beta) * beta ** (t - k) for k in range(1, t + 1)], dtype=torch.float64)
        expected = (weights @ VALUES[:t]) / weights.sum()
        torch.testing.assert_close(average, expected, rtol=1e-10, atol=1e-12)
