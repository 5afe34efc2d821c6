"""Plans have equally many epochs, prune as much as they say, and round where they say."""

import pytest
import torch

from featherweight.lab import champion_lenet as lenet
from featherweight.lab.champion_lenet import PLANS, Stage, follow
from featherweight.lab.coded_layers import CodedLayer, codes
from featherweight.lab.data import Split

SHORT = {
    "prune, then quantize": (Stage(6, "slowly"), Stage(2, bits=4)),
    "quantize, then prune": (Stage(2, bits=4), Stage(6, "slowly")),
    "both at once": (Stage(6, "slowly", 4),),
    "both without training": (Stage(2), Stage(0, "at once", 4)),
}


@pytest.fixture(scope="module")
def data():
    torch.manual_seed(0)
    inputs, labels = torch.rand(256, 784), torch.arange(256) % 10
    return Split(inputs, labels, inputs[:50], labels[:50], inputs[:50], labels[:50])


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_has_all_epochs_and_rounds(name):
    assert sum(stage.epochs for stage in PLANS[name]) == lenet.EPOCHS
    assert [stage.bits for stage in PLANS[name] if stage.bits] == [lenet.BITS]


@pytest.mark.parametrize("name", SHORT)
@pytest.mark.parametrize("sparsity", [0.9, 0.98])
def test_what_is_pruned_is_zero_in_the_end(name, sparsity, data):
    network = follow(SHORT[name], sparsity, data, 0)
    latent = torch.cat([module.layer.weight.flatten() for module in network if isinstance(module, CodedLayer)])
    assert int((latent == 0).sum()) == pytest.approx(sparsity * 266_200, abs=5)
    _, stored = codes(network)
    left = sum(int((each != 0).sum()) for key, (each, _) in stored.items() if key.endswith("weight"))
    assert 0 < left <= (1 - sparsity) * 266_200 + 5  # rounding makes more zeros, and none fewer


def test_nothing_is_pruned_where_no_stage_prunes(data):
    network = follow((Stage(1), Stage(1, bits=4)), 0.98, data, 0)
    assert not any((module.layer.weight == 0).any() for module in network if isinstance(module, CodedLayer))


def test_the_seed_decides(data):
    one, same, other = (follow(SHORT["both at once"], 0.9, data, seed)[0].layer.weight for seed in (0, 0, 1))
    assert torch.equal(one, same) and not torch.equal(one, other)


def test_the_dense_network_has_all_its_weights(data, monkeypatch):
    monkeypatch.setattr(lenet, "EPOCHS", 1)
    assert not any((each == 0).any() for each in lenet.dense(data, 0).parameters())
