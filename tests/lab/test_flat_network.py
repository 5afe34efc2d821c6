import pytest
import torch
from torch import nn

from featherweight.lab import flat_network
from featherweight.lab.data import Split


@pytest.fixture
def few():
    draw = torch.Generator().manual_seed(3)
    inputs, labels = torch.rand(200, 64, generator=draw), torch.randint(10, (200,), generator=draw)
    return Split(inputs, labels, inputs, labels, inputs, labels)


def test_outputs_are_those_of_the_same_network_in_torch(few):
    weight = flat_network.first_weights()
    network = nn.Sequential(nn.Linear(64, 32, bias=False), nn.ReLU(), nn.Linear(32, 10, bias=False))
    nn.utils.vector_to_parameters(weight, network.parameters())
    found = flat_network.outputs(weight, few.test_inputs)
    torch.testing.assert_close(found, network(few.test_inputs).detach())
    assert flat_network.wrong(weight, few) == int((found.argmax(1) != few.test_labels).sum())


def test_training_is_torchs_momentum(few):
    weight = flat_network.first_weights()
    network = nn.Sequential(nn.Linear(64, 32, bias=False), nn.ReLU(), nn.Linear(32, 10, bias=False))
    nn.utils.vector_to_parameters(weight.clone(), network.parameters())
    optimizer = torch.optim.SGD(network.parameters(), 0.1, momentum=0.9)
    order = torch.Generator().manual_seed(0)
    for batch in torch.randperm(200, generator=order).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(few.train_inputs[batch]), few.train_labels[batch]).backward()
        optimizer.step()
    flat_network.trainer(few, epochs=1)(weight, torch.ones_like(weight), torch.zeros_like(weight))
    torch.testing.assert_close(weight, nn.utils.parameters_to_vector(network.parameters()).detach())


def test_pruned_weights_stay_at_zero(few):
    mask = flat_network.first_weights(1) > 0
    weight = flat_network.first_weights() * mask
    flat_network.trainer(few, epochs=1)(weight, mask, torch.zeros_like(weight))
    assert not weight[~mask].any() and weight[mask].all()
