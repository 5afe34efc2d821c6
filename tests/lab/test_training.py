import copy

import pytest
import torch
from torch import nn

from featherweight.lab import training
from featherweight.lab.training import Stepper, train, watched


def problem():
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(70, 4, generator=generator)
    network = nn.Linear(4, 3)
    with torch.no_grad():
        network.weight.copy_(torch.randn(3, 4, generator=generator))
        network.bias.zero_()
    return network, inputs, inputs[:, :3].argmax(1)


def test_the_loss_falls_and_the_run_repeats():
    histories = []
    for _ in range(2):
        network, inputs, labels = problem()
        histories.append(train(network, inputs, labels, torch.optim.SGD(network.parameters(), 0.5), 5, batch_size=16))
    assert histories[0] == histories[1]
    assert histories[0][-1] < histories[0][0]


def test_every_example_once_per_epoch_in_fresh_orders():
    seen = []

    def loss(output, labels):
        seen.append(labels)
        return output.sum()

    network = nn.Linear(1, 1)
    labels = torch.arange(10)
    train(
        network, labels[:, None].float(), labels, torch.optim.SGD(network.parameters(), 0.0), 2, batch_size=4, loss=loss
    )
    assert [len(batch) for batch in seen] == [4, 4, 2] * 2
    first, second = torch.cat(seen[:3]), torch.cat(seen[3:])
    assert torch.equal(first.sort().values, labels) and torch.equal(second.sort().values, labels)
    assert not torch.equal(first, second)


def test_before_step_counts_from_one():
    steps = []
    network, inputs, labels = problem()
    train(
        network, inputs, labels, torch.optim.SGD(network.parameters(), 0.1), 2, batch_size=35, before_step=steps.append
    )
    assert steps == [1, 2, 3, 4]


def momentum(parameter, gradient, velocity, step, learning_rate, beta):
    velocity = beta * velocity + gradient
    return parameter - learning_rate * velocity, velocity


def masked(parameter, gradient, mask, step, learning_rate):
    assert step >= 1
    return ((parameter - learning_rate * gradient) * mask,)


def test_stepper_runs_a_rule_like_torch_runs_its_own():
    network, inputs, labels = problem()
    twin = copy.deepcopy(network)
    train(network, inputs, labels, Stepper(network.parameters(), momentum, 1, (0.1, 0.9)), 3)
    train(twin, inputs, labels, torch.optim.SGD(twin.parameters(), 0.1, momentum=0.9), 3)
    torch.testing.assert_close(network.weight, twin.weight)
    assert torch.count_nonzero(network.bias) == 3


def test_stepper_hands_each_parameter_its_own_mask():
    network, inputs, labels = problem()
    masks = [torch.ones(3, 4, dtype=torch.bool), torch.tensor([True, False, True])]
    train(network, inputs, labels, Stepper(network.parameters(), masked, 0, (0.1,), masks), 1)
    assert network.bias[1] == 0 and network.bias[0] != 0


@pytest.mark.parametrize(("watching", "bar"), [(True, True), (False, False)], ids=["terminal", "pipe"])
def test_one_final_line(watching, bar, capsys, monkeypatch):
    monkeypatch.setattr(training, "_someone_watches", lambda: watching)
    assert list(watched(range(3), "three runs")) == [0, 1, 2]
    said = capsys.readouterr().out
    assert ("\r" in said) is bar
    assert said.rpartition("\r")[2].startswith("three runs: 3 of 3 in ") and said.count("\n") == 1


def test_silent_without_a_title(capsys):
    assert list(watched(range(3), None)) == [0, 1, 2]
    assert capsys.readouterr().out == ""
