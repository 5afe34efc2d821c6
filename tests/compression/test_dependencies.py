import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.compression.dependencies import Reader, groups
from featherweight.errors import InputError
from featherweight.lab import networks

EXAMPLE = torch.zeros(2, 784)


class Functional(nn.Module):
    def __init__(self, between):
        super().__init__()
        self.first, self.last, self.between = nn.Linear(3, 4), nn.Linear(4, 2), between

    def forward(self, x):
        return self.last(self.between(self.first(x)))


def test_a_chain_is_one_group_for_each_hidden_layer():
    found = groups(networks.lenet_300_100(), EXAMPLE)
    assert {name: group.size for name, group in found.items()} == {"0": 300, "2": 100}
    assert found["0"].readers == [Reader("2", 1, ("1",))]


def test_flattened_channels_own_many_columns():
    found = groups(networks.lenet_5(), EXAMPLE)
    assert [group.size for group in found.values()] == [6, 16, 120, 84]
    assert found["4"].readers == [Reader("8", 25, ("5", "6"))]


def test_an_addition_ties_everything_that_writes_to_the_stream():
    stream, *inner = groups(networks.residual(), EXAMPLE).values()
    assert stream.writers == ["1", "4.inside.3", "5.inside.3"]
    assert stream.norms == ["2", "4.inside.4", "5.inside.4"]
    assert [reader.name for reader in stream.readers] == ["4.inside.0", "5.inside.0", "8"]
    assert [group.size for group in inner] == [32, 32]


def test_the_walk_leaves_the_network_as_it_was():
    network = networks.residual()
    groups(network, torch.ones(2, 784))
    assert network.training and not network[2].running_mean.any()


def test_a_function_is_followed_but_is_no_straight_way():
    (group,) = groups(Functional(F.relu), torch.zeros(1, 3)).values()
    assert group.readers == [Reader("last", 1, None)]


@pytest.mark.parametrize(
    "between", [torch.sin, nn.Softmax(1), lambda x: torch.cat([x[:, :2], x[:, 2:]], 1)], ids=["sin", "softmax", "cat"]
)
def test_what_is_not_understood_is_refused(between):
    with pytest.raises(
        InputError, match=r"^The walk met .*; wanted linear layers, .*: write the network with these\.$"
    ):
        groups(Functional(between), torch.zeros(1, 3))


def test_a_convolution_in_groups_is_refused():
    network = nn.Sequential(nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 3, groups=4))
    with pytest.raises(InputError, match="convolutions without groups"):
        groups(network, torch.zeros(1, 4, 5, 5))
