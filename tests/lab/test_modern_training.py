"""Walkers against torch.optim on the same batches, and what they keep."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.lab import modern_training as training
from featherweight.optimizers.schedule_free import schedule_free_step

INPUTS = torch.rand(100, 6, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(100) % 3


def small(seed=1):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3))


def weights_after(make, epochs=3, rate=0.05):
    network = small()
    training.fit(make(network), INPUTS, LABELS, epochs, 7, lambda step, total: rate * step / total)
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


@pytest.mark.parametrize(
    ("make", "theirs"),
    [
        (training.momentum, lambda parameters: torch.optim.SGD(parameters, momentum=0.9)),
        (training.adamw, torch.optim.AdamW),
    ],
    ids=["momentum", "adamw"],
)
def test_equals_torch_on_the_same_batches(make, theirs):
    library = weights_after(lambda network: training.Library(network, theirs))
    torch.testing.assert_close(weights_after(make), library, rtol=1e-4, atol=1e-5)


def test_sam_of_radius_zero_is_momentum_and_another_radius_is_not():
    plain = weights_after(training.momentum)
    torch.testing.assert_close(weights_after(lambda network: training.sam(network, 0.0)), plain, rtol=1e-5, atol=1e-6)
    assert not torch.allclose(weights_after(lambda network: training.sam(network, 0.3)), plain, rtol=1e-3)


def test_schedule_free_leaves_the_average_in_the_network():
    network = small()
    walker = training.schedule_free(network)
    training.fit(walker, INPUTS, LABELS, 2, 7, lambda step, total: 0.5)
    held = torch.cat([parameter.detach().flatten() for parameter in network.parameters()])
    torch.testing.assert_close(held, walker.weights)
    assert not torch.allclose(walker.weights, walker.second)


def test_the_readers_function_is_the_one_that_walks():
    called = []

    def noted(*arguments):
        called.append(arguments)
        return schedule_free_step(*arguments)

    weights_after(lambda network: training.schedule_free(network, noted), epochs=1)
    assert [arguments[3] for arguments in called] == [1, 2]


def test_muon_takes_the_hidden_matrices_and_leaves_the_last_and_the_biases_to_adamw():
    walker = training.muon(small())
    assert [len(moments) for moments in walker.moments] == [1, 2, 1, 2, 2, 2]


def test_epochs_are_told_and_every_example_is_seen_once_in_each():
    seen, told = [], []

    class Watcher:
        def step(self, inputs, labels, rate):
            seen.append((inputs, rate))

    training.fit(Watcher(), INPUTS, LABELS, 2, 0, lambda step, total: step / total, told.append)
    assert told == [1, 2]
    assert [rate for _, rate in seen] == [0.25, 0.5, 0.75, 1.0]
    for first in (0, 2):
        rows = torch.cat([inputs for inputs, _ in seen[first : first + 2]])
        assert torch.equal(rows.sort(0).values, INPUTS.sort(0).values)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (training.momentum, 4),
        (training.lion, 4),
        (training.adamw, 8),
        (training.schedule_free, 4),
        (training.sam, 4),
        (lambda network: training.Library(network, lambda p: torch.optim.SGD(p, momentum=0.9)), 4),
        (lambda network: training.Library(network, torch.optim.SGD), 0),
    ],
    ids=["momentum", "lion", "adamw", "schedule-free", "sam", "library", "nothing"],
)
def test_bytes_of_state_per_weight(make, expected):
    walker = make(small())
    walker.step(INPUTS, LABELS, 0.01)
    assert training.state_bytes(walker) == expected


def test_bfloat16_changes_the_walk_a_little():
    exact = weights_after(lambda network: training.Library(network, torch.optim.AdamW))
    half = weights_after(lambda network: training.Library(network, torch.optim.AdamW, bfloat16=True))
    assert 0 < (half - exact).abs().max() < 0.1


def test_a_walk_lowers_the_loss():
    network = small()
    before = F.cross_entropy(network(INPUTS), LABELS).item()
    training.fit(training.muon(network), INPUTS, LABELS, 10, 0, lambda step, total: 0.02)
    assert F.cross_entropy(network(INPUTS), LABELS).item() < before
