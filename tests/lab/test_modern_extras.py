import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.lab import modern_extras as extras
from featherweight.lab import modern_training as training
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.networks import mlp


def few(count=200):
    return Split(*(tensor[:count] for tensor in vars(mnist5k()).values()))


@pytest.mark.slow
def test_times_are_multiples_of_adamws(monkeypatch):
    monkeypatch.setattr(extras, "ROUNDS", 2)
    monkeypatch.setattr(extras, "STEPS", 2)
    monkeypatch.setattr(extras, "LARGE", 128)
    times = extras.step_times({"adamw": training.adamw, "muon": training.muon, "sgd": training.momentum}, few())
    assert set(times) == {"adamw", "muon", "sgd", "muon, batch 128"}
    assert times["adamw"] == (1.0, 1.0, 1.0)
    assert all(0 < low <= middle <= high for middle, low, high in times.values())


@pytest.mark.slow
def test_two_optimizers_as_one_reach_every_parameter():
    network = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    before = [parameter.detach().clone() for parameter in network.parameters()]
    walker = training.Library(network, extras.muon_and_adamw)
    walker.step(torch.rand(8, 4), torch.arange(8) % 2, 0.1)
    assert not any(map(torch.equal, before, network.parameters()))


@pytest.mark.slow
def test_lbfgs_counts_its_gradients_and_lowers_the_loss(monkeypatch):
    monkeypatch.setattr(extras, "GRADIENTS", 15)
    found = extras.lbfgs(few(), seed=0)
    gradients, losses, wrong = zip(*found, strict=True)
    assert list(gradients) == sorted(set(gradients)) and gradients[-1] >= 15
    assert losses[-1] < losses[0]
    assert all(0 <= count <= 200 for count in wrong)


@pytest.mark.slow
def test_pieces_add_up_to_the_whole_in_less_memory():
    found = extras.accumulation(few(1000), pieces=10)
    assert found["float32"] < 1e-5 and found["float64"] < 1e-13
    assert found["in pieces"] < found["at once"]


def test_the_loss_rises_with_the_radius_and_the_weights_stay():
    data, network = few(), mlp(0)
    before = [parameter.detach().clone() for parameter in network.parameters()]
    loss, near, far = extras.surroundings(network, data, (0.01, 0.1))
    assert loss == pytest.approx(F.cross_entropy(network(data.train_inputs), data.train_labels).item())
    assert 0 < near < far
    assert all(map(torch.equal, before, network.parameters()))
