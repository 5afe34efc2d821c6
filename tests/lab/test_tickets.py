import pytest
import torch

from featherweight.lab import tickets
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.sparse_training import weights


@pytest.fixture
def start():
    return tickets.copies(lenet_300_100(0).parameters())


@pytest.fixture
def masks(start):
    generator = torch.Generator().manual_seed(0)
    return [torch.rand(tensor.shape, generator=generator) < 0.1 for tensor in start if tensor.ndim > 1]


def few_digits():
    return Split(*(tensor[:192] for tensor in vars(mnist5k()).values()))


def test_a_network_from_a_start_is_its_masked_copy(start, masks):
    before = tickets.copies(start)
    network = tickets.network_from(start, masks)
    found = list(network.parameters())
    assert all(torch.equal(found[2 * i], start[2 * i] * mask) for i, mask in enumerate(masks))
    assert all(torch.equal(found[2 * i + 1], start[2 * i + 1]) for i in range(3))
    with torch.no_grad():
        found[0].add_(1.0)
    assert all(map(torch.equal, start, before))


def test_training_leaves_the_pruned_at_zero_and_gives_the_first_epoch(start, masks):
    data, network = few_digits(), tickets.network_from(start, masks)
    early = tickets.fit(network, masks, data, 1e-2, epochs=3)
    alone = tickets.network_from(start, masks)
    tickets.fit(alone, masks, data, 1e-2, epochs=1)
    assert all(map(torch.equal, early, alone.parameters()))
    assert not any(map(torch.equal, early, network.parameters()))
    assert all(not weight[~mask].any() for weight, mask in zip(weights(network), masks, strict=True))


def test_training_is_torchs_adam_where_nothing_is_masked(start):
    everything = [torch.ones_like(tensor, dtype=torch.bool) for tensor in start if tensor.ndim > 1]
    data, network = few_digits(), tickets.network_from(start, everything)
    plain = tickets.network_from(start, everything)
    tickets.fit(network, everything, data, 1e-2, epochs=2)
    optimizer = torch.optim.Adam(plain.parameters(), 1e-2, fused=True)
    tickets.train(plain, data.train_inputs, data.train_labels, optimizer, 2)
    assert all(map(torch.equal, network.parameters(), plain.parameters()))


def test_fresh_weights_are_others_and_redrawn_sizes_keep_the_signs(start):
    fresh, redrawn = tickets.fresh(0), tickets.redrawn_sizes(start, 0)
    for old, new, half in zip(start, fresh, redrawn, strict=True):
        assert not torch.equal(old, new)
        assert torch.equal(half.sign(), old.sign()) and torch.equal(half.abs(), new.abs())


def test_shuffling_keeps_the_count_of_each_layer_and_drawing_that_of_all(masks):
    counts = [[int(mask.sum()) for mask in each] for each in (masks, tickets.shuffled(masks, 0))]
    assert counts[0] == counts[1]
    drawn = [int(mask.sum()) for mask in tickets.uniform(masks, 0)]
    assert sum(drawn) == sum(counts[0]) and drawn != counts[0]
    assert not torch.equal(tickets.shuffled(masks, 0)[0], masks[0])


@pytest.mark.parametrize("count", [3000, 18000, 109000])
def test_a_narrow_network_has_about_as_many_weights(count):
    assert sum(weight.numel() for weight in weights(tickets.narrow(count, 0))) == pytest.approx(count, rel=0.1)
