import pytest
import torch
import torch.nn.functional as F

from featherweight.compression.dependencies import groups
from featherweight.errors import InputError
from featherweight.lab import networks
from featherweight.lab.data import Split
from featherweight.lab.neuron_training import (
    BATCH,
    alone,
    batch_gradients,
    best,
    group_weights,
    linear_stack,
    scores,
    shrunk,
)


@pytest.fixture
def data():
    generator = torch.Generator().manual_seed(0)
    inputs, labels = torch.rand(256, 784, generator=generator), torch.randint(10, (256,), generator=generator)
    return Split(inputs, labels, inputs[:10], labels[:10], inputs[:10], labels[:10])


def test_gradients_are_those_of_single_batches(data):
    network = networks.lenet_300_100()
    found = batch_gradients(network, "2", data, batches=3)
    assert found.shape == (3, 100, 300)
    F.cross_entropy(network(data.train_inputs[BATCH : 2 * BATCH]), data.train_labels[BATCH : 2 * BATCH]).backward()
    assert torch.equal(found[1], network[2].weight.grad)


@pytest.mark.parametrize(("share", "kept"), [(0.5, [1, 3]), (0.01, [3]), (1.0, [0, 1, 2, 3])])
def test_the_best_stay_and_never_none(share, kept):
    assert best(torch.tensor([0.1, 0.5, 0.2, 0.9]), share).nonzero().flatten().tolist() == kept


@pytest.mark.parametrize("way", ["random", "magnitude", "taylor"])
def test_every_way_shrinks_both_layers(way, data):
    smaller = shrunk(networks.lenet_300_100(), 0.1, way, data)
    assert [tuple(p.shape) for p in smaller.parameters() if p.dim() > 1] == [(30, 784), (10, 30), (10, 10)]


def test_the_readers_own_score_is_used(data):
    network = networks.lenet_300_100()
    assert scores(network, "2", "taylor", data, taylor=lambda weight, gradients: gradients[0, :, 0]).shape == (100,)


def test_an_unknown_way_is_one_line(data):
    with pytest.raises(InputError, match=r"^There is no score 'luck'; wanted one of random, magnitude, taylor\.$"):
        scores(networks.lenet_300_100(), "2", "luck", data)


def test_each_neuron_goes_alone_and_comes_back(data):
    network = linear_stack([(torch.eye(10, 784), torch.zeros(10)), (torch.eye(10), torch.zeros(10))])
    before = network[0].weight.clone()
    rises = alone(network, "0", data.train_inputs, data.train_labels)
    assert torch.equal(network[0].weight, before) and rises.shape == (10,)
    with torch.no_grad():
        whole = F.cross_entropy(network(data.train_inputs), data.train_labels)
        network[0].weight[3] = 0.0
        assert rises[3] == F.cross_entropy(network(data.train_inputs), data.train_labels) - whole


def test_a_stack_computes_what_its_layers_did():
    network = networks.lenet_300_100()
    again = linear_stack([(network[i].weight.detach(), network[i].bias.detach()) for i in (0, 2, 4)])
    inputs = torch.rand(3, 784)
    assert torch.equal(network(inputs), again(inputs))
    again[0].weight.data.zero_()
    assert network[0].weight.any()


def test_weights_of_a_residual_stream():
    network = networks.residual()
    stream = groups(network, torch.zeros(1, 784))["1"]
    writers, readers = group_weights(network, stream)
    assert [len(writer) for writer in writers] == [reader.shape[1] for reader in readers] == [16, 16, 16]
