import pytest
import torch
from torch import nn

from featherweight.compression import pruning
from featherweight.lab.data import Split
from featherweight.lab.measure import errors, nonzeros
from featherweight.lab.sparse_training import apply_masks, layer_inputs, prune_gradually, retrain, train_dense, weights


@pytest.fixture
def problem():
    """A network that has learned which of three numbers is largest among six."""
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(640, 6, generator=generator)
    labels = inputs[:, :3].argmax(1)
    data = Split(inputs, labels, inputs[:100], labels[:100], inputs[:200], labels[:200])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = nn.Sequential(nn.Linear(6, 20), nn.ReLU(), nn.Linear(20, 3))
    train_dense(network, data, 8)
    return network, data


def test_weights_are_the_matrices(problem):
    network, _ = problem
    assert [tuple(weight.shape) for weight in weights(network)] == [(20, 6), (3, 20)]
    weights(network)[0].zero_()
    assert torch.count_nonzero(network[0].weight) == 0


def test_layer_inputs_are_what_the_layers_read(problem):
    network, data = problem
    first, second = layer_inputs(network, data.test_inputs)
    assert torch.equal(first, data.test_inputs)
    torch.testing.assert_close(network[2](second), network(data.test_inputs))
    assert second.min() == 0


def test_retraining_wins_back_what_the_cut_has_cost(problem):
    network, data = problem
    masks = pruning.magnitude_mask(weights(network), 0.7)
    apply_masks(network, masks)
    cut = errors(network, data.test_inputs, data.test_labels)
    retrain(network, masks, data, 8)
    assert errors(network, data.test_inputs, data.test_labels) < cut
    assert nonzeros(network) == 54 + 23  # 30% of 180 weights, and every bias


def test_a_gradual_run_ends_at_the_sparsity_asked_for(problem):
    network, data = problem
    seen = []

    def schedule(step, *rest):
        seen.append(step)
        return pruning.cubic_sparsity(step, *rest)

    masks = prune_gradually(network, 0.8, data, 6, schedule=schedule)
    assert sum(int(mask.sum()) for mask in masks) == 36 == nonzeros(network) - 23
    assert seen == [10, 20, 30, 40]
    for weight, mask in zip(weights(network), masks, strict=True):
        assert torch.count_nonzero(weight[~mask]) == 0


def test_the_given_step_is_the_one_that_runs(problem):
    network, data = problem
    masks = [torch.ones_like(weight, dtype=torch.bool) for weight in weights(network)]
    before = [weight.clone() for weight in weights(network)]
    retrain(network, masks, data, 1, step=lambda weight, gradient, mask, m, v, *rest: (weight, m, v))
    assert all(map(torch.equal, before, weights(network)))
