"""Layers of lesson 12 against closed forms, autograd and each other."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.errors import InputError
from featherweight.lab.coding_layers import (
    STARTS,
    Rules,
    SharedLinear,
    adapted,
    factored,
    first_centroids,
    plain,
    shared,
)
from featherweight.lab.measure import parameters
from featherweight.lab.networks import lenet_300_100, mlp
from featherweight.lab.sparse_training import apply_masks, weights


@pytest.fixture
def inputs():
    return torch.rand(6, 784, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def sparse():
    """A small network of which one weight in eight is left."""
    network, draw = mlp(0), torch.Generator().manual_seed(2)
    apply_masks(network, [torch.rand(weight.shape, generator=draw) < 1 / 8 for weight in weights(network)])
    return network


def test_a_full_rank_changes_nothing(inputs):
    """Oracle: the network itself, 1e-5; at rank 9 every layer of the small stack is factored."""
    network = nn.Sequential(nn.Linear(784, 10), nn.ReLU(), nn.Linear(10, 9))
    cut = factored(network, 4)
    assert len(cut) == 5 and cut[0].bias is None and cut[1].bias is not None
    singular = torch.linalg.svdvals(network[0].weight.detach())
    product = cut[1].weight @ cut[0].weight
    lost = (product - network[0].weight).square().sum()
    assert torch.allclose(lost, singular[4:].square().sum(), rtol=1e-4)


def test_a_layer_that_no_rank_makes_smaller_stays_whole():
    cut = factored(lenet_300_100(0), 128)
    assert [type(module).__name__ for module in cut] == ["Linear", "Linear", "ReLU", "Linear", "ReLU", "Linear"]
    assert parameters(cut) == 128 * (784 + 300) + 300 + 30_100 + 1_010


def test_a_change_begins_at_nothing_and_is_all_that_trains(inputs):
    network = mlp(0)
    tuned = adapted(network, 3)
    assert torch.equal(tuned(inputs), network(inputs))
    trained = [name for name, p in tuned.named_parameters() if p.requires_grad]
    assert {name.split(".")[1] for name in trained} == {"down", "up"}


def test_merging_gives_the_same_outputs(inputs):
    """Oracle: the unmerged layers, 1e-5 relative."""
    tuned = adapted(mlp(0), 3)
    for module in tuned[::2]:
        nn.init.normal_(module.up, std=0.05)
    merged = plain(tuned)
    assert all(isinstance(module, nn.Linear) for module in merged[::2])
    assert torch.allclose(merged(inputs), tuned(inputs), rtol=1e-5, atol=1e-5)
    wrong = plain(tuned, Rules(merge_lora=lambda weight, down, up, alpha: weight + up @ down))
    assert not torch.allclose(wrong(inputs), tuned(inputs), rtol=1e-2, atol=1e-2)


def test_shared_weights_are_few_and_zeros_stay(sparse):
    for module, given in zip(shared(sparse, 3)[::2], sparse[::2], strict=True):
        assert torch.equal(module.quantized() == 0, given.weight == 0)
        assert len(module.quantized().unique()) <= 9 and torch.equal(module.bias, given.bias)


def test_values_have_autograds_gradient(sparse, inputs):
    """Oracle: autograd through plain indexing, 1e-6."""
    module = SharedLinear(sparse[0], 2)
    module(inputs).square().sum().backward()
    book = module.codebook().detach().requires_grad_()
    F.linear(inputs, book[module.indices], module.bias).square().sum().backward()
    assert torch.allclose(module.centroids.grad, book.grad[1:], rtol=1e-5)


def test_the_readers_functions_are_called(sparse):
    calls = []

    def share(weight, centroids):
        calls.append(weight.shape)
        return torch.zeros(len(weight), dtype=torch.int64), centroids

    network = shared(sparse, 1, Rules(share_weights=share))
    assert len(calls) == 3 and len(network[0].quantized().unique()) == 2


def test_plain_holds_what_the_shared_network_computes_with(sparse, inputs):
    network = shared(sparse, 2)
    assert torch.equal(plain(network)(inputs), network(inputs))


@pytest.mark.parametrize("start", STARTS)
def test_first_centroids_ascend_within_the_weights(start):
    values = torch.randn(500, generator=torch.Generator().manual_seed(0))
    found = first_centroids(values, 8, start)
    assert len(found) == 8 and torch.equal(found, found.sort().values)
    assert values.min() <= found[0] and found[-1] <= values.max()


def test_quantiles_have_equally_many_weights_between_them():
    values = torch.arange(800.0)
    assert torch.equal(first_centroids(values, 8, "quantiles"), torch.arange(50.0, 800.0, 100.0))


def test_an_unknown_start():
    with pytest.raises(InputError, match="There is no start 'random'; wanted one of evenly spaced, quantiles, drawn"):
        first_centroids(torch.ones(3), 2, "random")


def test_given_networks_are_left_alone(sparse):
    before = copy.deepcopy(sparse.state_dict())
    shared(sparse, 1), factored(sparse, 2), adapted(sparse, 2)
    assert all(torch.equal(before[name], tensor) for name, tensor in sparse.state_dict().items())
    assert all(parameter.requires_grad for parameter in sparse.parameters())
