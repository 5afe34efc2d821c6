import pytest
import torch
from torch import nn

from featherweight.lab.eight_bits import RoundInputs, in_eight_bits
from featherweight.lab.networks import lenet_5

INPUTS = torch.rand(20, 784, generator=torch.Generator().manual_seed(0))


def test_inputs_are_rounded_to_steps_inside_the_range():
    rounded = RoundInputs(0.5, 2)(torch.tensor([-9.0, -0.3, 0.0, 0.3, 900.0]))
    assert rounded.tolist() == [-1.0, -0.5, 0.0, 0.5, 126.5]


@pytest.mark.parametrize("per_channel", [True, False])
def test_a_copy_that_is_near(per_channel):
    network = lenet_5(0)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    made = in_eight_bits(network, INPUTS, per_channel)
    assert sum(isinstance(layer, RoundInputs) for layer in made) == 5
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    wanted = network(INPUTS)
    assert 0 < (made(INPUTS) - wanted).norm() < 0.05 * wanted.norm()


def test_weights_have_at_most_255_values():
    made = in_eight_bits(nn.Sequential(nn.Linear(784, 30)), INPUTS, per_channel=False)
    assert len(made[1].weight.unique()) <= 255
