import pytest
import torch
from torch import nn

from featherweight.lab.data import Split
from featherweight.lab.low_bit_layers import FORMS, LowBitLinear, Pact
from featherweight.lab.low_bit_training import all_signs, few_activations, plain, retrained, rounded, run_packed, spread
from featherweight.lab.networks import mlp


@pytest.fixture
def data():
    generator = torch.Generator().manual_seed(0)
    inputs, labels = torch.rand(256, 784, generator=generator), torch.randint(10, (256,), generator=generator)
    return Split(inputs, labels, inputs[:10], labels[:10], inputs[:10], labels[:10])


def test_every_layer_is_rounded_and_the_network_stays():
    network = mlp()
    low = rounded(network, "ternary")
    assert [len(spread(layer)[0]) for layer in low if isinstance(layer, LowBitLinear)] == [3, 3, 3]
    assert all(type(layer) in (nn.Linear, nn.ReLU) for layer in network)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_kept_computes_the_same(form, data):
    low = rounded(mlp(), form)
    kept = plain(low)
    assert torch.equal(kept(data.test_inputs), low(data.test_inputs))
    assert not any(isinstance(layer, LowBitLinear) for layer in kept)


def test_retraining_leaves_the_rounded_network_alone(data):
    low = rounded(mlp(), "2 bits, learned")
    before = {name: tensor.clone() for name, tensor in low.state_dict().items()}
    after = retrained(low, data, 1)
    assert all(torch.equal(tensor, before[name]) for name, tensor in low.state_dict().items())
    assert all(not torch.equal(tensor, before[name]) for name, tensor in after.state_dict().items())
    assert len(spread(after[0])[0]) <= 4


def test_a_spread_counts_every_weight():
    values, counts = spread(rounded(mlp(), "2 bits, largest")[0])
    assert values == sorted(values) and sum(counts) == 784 * 128


def test_few_activations_take_the_place_of_every_relu():
    low = few_activations(mlp(), "4 bits, learned", 4)
    assert [type(layer) for layer in low] == [LowBitLinear, Pact, LowBitLinear, Pact, LowBitLinear]
    assert len(low[:2](torch.rand(50, 784)).unique()) <= 16


def test_packed_bits_give_what_floats_give(data):
    low = all_signs(mlp(3))
    found, wanted = run_packed(low, data.train_inputs), low(data.train_inputs)
    torch.testing.assert_close(found, wanted.detach(), rtol=1e-4, atol=1e-4)


def test_the_readers_own_product_is_used(data):
    found = run_packed(all_signs(mlp()), data.test_inputs, multiply=lambda a, b, count: torch.zeros(len(a), len(b)))
    assert torch.equal(found, all_signs(mlp())[-1].bias.detach().expand(10, 10))
