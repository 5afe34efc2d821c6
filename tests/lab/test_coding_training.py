import pytest
import torch

from featherweight.lab.coding_training import MOVE, changed, moved, narrow, pruned, retrained, still_pruned
from featherweight.lab.data import Split
from featherweight.lab.measure import parameters
from featherweight.lab.networks import mlp
from featherweight.lab.sparse_training import weights


@pytest.fixture
def few():
    """A hundred made-up pictures."""
    draw = torch.Generator().manual_seed(0)
    inputs, labels = torch.rand(100, 784, generator=draw), torch.randint(10, (100,), generator=draw)
    return Split(inputs[:80], labels[:80], inputs[80:90], labels[80:90], inputs[90:], labels[90:])


def test_pruned_stays_pruned_and_trains_on(few):
    sparse = pruned(mlp(0), 0.9, few, 1)
    later = still_pruned(sparse, few, 1)
    zeros = [weight == 0 for weight in weights(sparse)]
    assert sum(int(each.sum()) for each in zeros) == round(0.9 * sum(each.numel() for each in zeros))
    for before, after, zero in zip(weights(sparse), weights(later), zeros, strict=True):
        assert torch.equal(after == 0, zero) and not torch.equal(before, after)


def test_training_on_is_a_copy(few):
    network = mlp(0)
    before = network[0].weight.clone()
    assert not torch.equal(retrained(network, few, 1)[0].weight, before) and torch.equal(network[0].weight, before)


@pytest.mark.parametrize(("size", "hidden"), [(3598, 2), (25_154, 27), (266_610, 300), (1500, 1)])
def test_narrow_networks_have_no_more_numbers_than_asked(size, hidden):
    network = narrow(size)
    assert network[0].out_features == hidden
    assert parameters(network) == 885 * hidden + 1110 <= max(size, 1995)


def test_moved_digits_are_the_same_digits(few):
    found = moved(few)
    pictures, given = found.test_inputs.view(-1, 28, 28), few.test_inputs.view(-1, 28, 28)
    assert torch.equal(pictures[:, :, MOVE:], given[:, :, :-MOVE]) and torch.equal(found.test_labels, few.test_labels)


def test_a_change_leaves_the_network_alone(few):
    network = mlp(0)
    before = network[0].weight.clone()
    tuned = changed(network, 2, few, 1)
    assert torch.equal(network[0].weight, before) and torch.equal(tuned[0].layer.weight, before)
    assert tuned[0].up.abs().sum() > 0
    assert not torch.equal(changed(network, None, few, 1)[0].weight, before)
