"""A network that rounds is what its codes say, and folding leaves what a network computes."""

import pytest
import torch
from torch import nn

from featherweight.lab.coded_layers import CodedLayer, Rounded, codes, folded, rounded


@pytest.fixture
def network():
    torch.manual_seed(0)
    layers = nn.Unflatten(1, (1, 6, 6)), nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU()
    network = nn.Sequential(*layers, nn.Conv2d(4, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 5))
    for _ in range(3):
        network(torch.randn(50, 36))  # so that the running averages are not 0 and 1
    return network.eval()


def test_folding_leaves_the_predictions(network):
    inputs = torch.randn(20, 36)
    flat = folded(network)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in flat) and not flat.training
    torch.testing.assert_close(flat(inputs), network(inputs), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_values_are_codes_times_the_step(bits):
    torch.manual_seed(1)
    latent = torch.randn(9, 7)
    rule = Rounded(latent, bits)
    found, step = rule.codes(latent)
    assert found.dtype == torch.int64 and found.abs().max() <= 2 ** (bits - 1) - 1
    assert step == float(torch.tensor(step).half())
    torch.testing.assert_close(found * step, rule(latent).detach(), atol=1e-6, rtol=1e-3)  # float16 has 11 bits


def test_pruned_weights_stay_pruned():
    rule = Rounded(torch.tensor([0.0, 0.4, -0.9]), 3)
    assert rule(torch.tensor([0.0, 0.0, -0.9]))[:2].tolist() == [0.0, 0.0]


def test_gradients_reach_weights_biases_and_steps(network):
    small = rounded(folded(network), 3, 6)
    small(torch.randn(8, 36)).square().sum().backward()
    gradients = {name: each.grad for name, each in small.named_parameters()}
    assert all(each is not None and each.abs().sum() > 0 for each in gradients.values())
    assert sum(name.endswith("step") for name in gradients) == 6


def test_what_is_stored_predicts_the_same(network):
    inputs = torch.randn(20, 36)
    small = rounded(folded(network), 4, 7).eval()
    plain, stored = codes(small)
    assert not any(isinstance(module, CodedLayer) for module in plain)
    assert set(stored) == set(plain.state_dict())
    torch.testing.assert_close(plain(inputs), small(inputs).detach(), atol=2e-3, rtol=2e-3)
    for name, (whole, step) in stored.items():
        assert torch.equal(plain.state_dict()[name], whole.float() * step)


def test_a_copy_is_rounded(network):
    flat = folded(network)
    before = {name: each.clone() for name, each in flat.state_dict().items()}
    small = rounded(flat, 3, 6)
    with torch.no_grad():
        for each in small.parameters():
            each.add_(1.0)
    codes(small)
    assert all(torch.equal(each, before[name]) for name, each in flat.state_dict().items())


def test_survivors_have_room():
    """In a tensor of which 9 in 10 are zero, the plain start cuts the others off; the one for survivors does not."""
    torch.manual_seed(2)
    layer = nn.Linear(100, 100)
    with torch.no_grad():
        layer.weight.mul_(torch.rand(100, 100) > 0.9)
    largest = layer.weight.detach().abs().max()
    room = {each: rounded(nn.Sequential(layer), 4, 5, each)[0].rules["weight"].step * 7 for each in (False, True)}
    assert room[False] < 0.5 * largest and room[True] > 0.9 * largest
