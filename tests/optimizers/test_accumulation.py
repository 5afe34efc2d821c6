"""Gradients added up in pieces against one backward pass over the large batch."""

import pytest
import torch
import torch.nn.functional as F

from featherweight.optimizers.accumulation import accumulated_steps


@pytest.mark.parametrize(
    ("sizes", "every"),
    [([4, 4, 4, 4], 2), ([5, 3, 5, 1, 2], 2), ([7], 3), ([2, 9, 1, 4, 3, 6, 1], 3), ([3, 1], 1)],
    ids=["equal", "unequal", "one piece", "a rest", "no accumulation"],
)
def test_equals_sgd_on_the_large_batches(sizes, every):
    g = torch.Generator().manual_seed(0)
    inputs = torch.randn(sum(sizes), 3, generator=g, dtype=torch.float64)
    labels = torch.randint(3, (sum(sizes),), generator=g)
    pieces = list(zip(inputs.split(sizes), labels.split(sizes), strict=True))

    def gradient(point, k):
        xs, ys = pieces[k]
        point = point.clone().requires_grad_()
        return torch.autograd.grad(F.cross_entropy(xs @ point.view(3, 3), ys), point)[0]

    weight = torch.nn.Parameter(torch.zeros(9, dtype=torch.float64))
    optimizer, theirs = torch.optim.SGD([weight], lr=0.3), [weight.detach().clone()]
    for first in range(0, len(sizes), every):
        xs, ys = (torch.cat(part) for part in zip(*pieces[first : first + every], strict=True))
        optimizer.zero_grad()
        F.cross_entropy(xs @ weight.view(3, 3), ys).backward()
        optimizer.step()
        theirs.append(weight.detach().clone())
    mine = accumulated_steps(gradient, torch.zeros(9, dtype=torch.float64), sizes, every, 0.3)
    torch.testing.assert_close(mine, torch.stack(theirs), rtol=1e-12, atol=1e-12)
