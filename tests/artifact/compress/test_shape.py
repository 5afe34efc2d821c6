"""Folding and deleting change no prediction, and happen only where they are right."""

import copy

import pytest
import torch
from torch import nn

from featherweight.artifact.compress import shape
from featherweight.artifact.compress.models import logits
from featherweight.artifact.compress.shape import folded, narrowed, without_dead


def normalized(kind):
    """A network whose batch normalization has seen something."""
    torch.manual_seed(0)
    network = kind()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            for tensor in (module.running_mean, module.bias.data):
                tensor.normal_()
            for tensor in (module.running_var, module.weight.data):
                tensor.uniform_(0.5, 2)
    return network.eval().requires_grad_(False)


def norms(network):
    return sum(isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) for module in network.modules())


@pytest.mark.parametrize("kind", ["Attentive", "Depthwise", "Plain"])
def test_batch_normalization_is_folded(kind, own):
    network, inputs = normalized(getattr(own, kind)), torch.randn(16, 64)
    smaller = folded(network, inputs)
    assert norms(network) > 0
    assert norms(smaller) == 0
    torch.testing.assert_close(logits(smaller, inputs), logits(network, inputs), rtol=1e-3, atol=1e-4)


class Twice(nn.Module):
    """One layer before two batch normalizations."""

    def __init__(self):
        super().__init__()
        self.layer, self.one, self.other = nn.Linear(64, 10), nn.BatchNorm1d(10), nn.BatchNorm1d(10)

    def forward(self, x):
        return self.one(self.layer(x)) + self.other(self.layer(x / 2))


class Forked(Twice):
    """What the layer says is also used without normalization."""

    def forward(self, x):
        x = self.layer(x)
        return x + self.one(x)


class Alone(Twice):
    """Normalization of the inputs, which no layer precedes."""

    def __init__(self):
        super().__init__()
        self.first = nn.BatchNorm1d(64)

    def forward(self, x):
        return self.layer(self.first(x))


@pytest.mark.parametrize("kind", [Twice, Forked, Alone])
def test_batch_normalization_that_cannot_be_folded_stays(kind):
    network = normalized(kind)
    assert folded(network, torch.randn(16, 64)) is network


def test_a_wrong_fold_is_undone(own, monkeypatch):
    """Planted: a fusion that forgets the mean."""
    right = shape.fuse_conv_bn_eval

    def forgetful(layer, norm):
        layer = right(layer, norm)
        layer.bias.data += 1
        return layer

    monkeypatch.setattr(shape, "fuse_conv_bn_eval", forgetful)
    network = normalized(own.Plain)
    assert folded(network, torch.randn(16, 64)) is network


def test_dead_channels_are_deleted(own):
    network = folded(normalized(own.Plain), torch.randn(16, 64))
    network = copy.deepcopy(network)
    network[1].weight.data[[0, 5]] = 0  # says a constant, which the next bias can take over
    network[5].weight.data[[1, 2, 3]] = 0
    network[7].weight.data[:, 4] = 0  # nobody reads it
    inputs = torch.randn(16, 64)
    smaller = without_dead(network, inputs)
    assert [len(smaller[place].weight) for place in (1, 5, 7)] == [10, 44, 10]
    torch.testing.assert_close(logits(smaller, inputs), logits(network, inputs), rtol=1e-3, atol=1e-4)


class Padded(nn.Sequential):
    """A residual stream: a channel without weights still says its bias to every reader."""

    def __init__(self):
        super().__init__(nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 8, 3, padding=1), nn.ReLU())
        self.extend([nn.Conv2d(8, 6, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(384, 10)])


def test_where_a_constant_cannot_move_only_the_unheard_are_deleted():
    torch.manual_seed(0)
    network, inputs = Padded().eval(), torch.randn(16, 64)
    network[1].weight.data[0] = 0
    network[1].bias.data[0] = 3.0  # loud, and seen less along the border
    network[3].weight.data[:, 5] = 0
    smaller = without_dead(network, inputs)
    assert len(smaller[1].weight) == 7
    torch.testing.assert_close(logits(smaller, inputs), logits(network, inputs), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("kind", ["Attentive", "Residual", "Recurrent", "Depthwise"])
def test_what_is_not_understood_stays(kind, own):
    network = getattr(own, kind)().eval()
    assert without_dead(network, torch.randn(8, 64)) is network
    assert narrowed(network, torch.randn(8, 64), 0.5) is None


def test_a_narrower_network(own):
    smaller = narrowed(own.Plain().eval(), torch.randn(8, 64), 0.25)
    assert [len(smaller[place].weight) for place in (1, 5, 7)] == [3, 12, 10]
