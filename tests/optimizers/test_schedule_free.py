"""Schedule-free SGD against the authors' package and against its definition."""

import pytest
import torch
from schedulefree import SGDScheduleFree

from featherweight.lab.surfaces import quadratic, random_quadratic
from featherweight.optimizers.schedule_free import schedule_free_step

SURFACE = quadratic(random_quadratic(5, 20, seed=0))


@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_equals_the_authors_package(beta):
    weight = torch.nn.Parameter(SURFACE.start.clone())
    optimizer = SGDScheduleFree([weight], lr=0.05, momentum=beta, foreach=False)
    optimizer.train()
    average = iterate = SURFACE.start
    for step in range(1, 101):
        weight.grad = SURFACE.gradient(weight.detach())
        optimizer.step()
        average, iterate = schedule_free_step(average, iterate, SURFACE.gradient, step, 0.05, beta)
    optimizer.eval()
    torch.testing.assert_close(average, weight.detach(), rtol=1e-12, atol=1e-12)


def test_the_average_is_the_mean_of_the_iterates():
    average = iterate = SURFACE.start
    seen = []
    for step in range(1, 30):
        average, iterate = schedule_free_step(average, iterate, SURFACE.gradient, step, 0.05, 0.9)
        seen.append(iterate)
        torch.testing.assert_close(average, torch.stack(seen).mean(0), rtol=1e-12, atol=1e-12)
