"""Calibration sees what layers read, in order, once, and leaves nothing behind."""

import pytest
import torch
from torch import nn

from featherweight.lab.calibration import FEW, calibrated

INPUTS = torch.randn(200, 32, generator=torch.Generator().manual_seed(0))
NETWORK = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 8)).eval().requires_grad_(False)
READ = calibrated(NETWORK, lambda network: network(INPUTS))


def test_calibration_sees_what_each_layer_reads():
    assert list(READ) == ["0", "2"]
    assert torch.equal(READ["0"], INPUTS) and torch.equal(READ["2"], torch.relu(NETWORK[0](INPUTS)))


def test_calibration_joins_batches_and_tokens_and_leaves_no_hook():
    parts = calibrated(NETWORK, lambda network: [network(INPUTS[:100].view(4, 25, 32)), network(INPUTS[100:])])
    assert torch.equal(parts["0"], INPUTS)
    assert not any(module._forward_pre_hooks for module in NETWORK.modules())


def test_layers_that_read_one_tensor_share_it():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.other, self.last = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)

        def forward(self, x):
            return self.last(self.one(x) + self.other(x))

    read = calibrated(Two(), lambda network: [network(torch.randn(3, 4)) for _ in range(2)])
    assert read["one"] is read["other"] and read["last"] is not read["one"] and len(read["one"]) == 6
    assert [len(rows) for rows in read.values()] == [6] * 3


def test_many_calls_come_in_order():
    calls = 2 * FEW + 3
    parts = calibrated(NETWORK, lambda network: [network(rows) for rows in INPUTS[:calls, None]])
    assert torch.equal(parts["0"], INPUTS[:calls])


def test_a_network_that_stops_leaves_no_hook():
    def stop(network):
        network(INPUTS)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        calibrated(NETWORK, stop)
    assert not any(module._forward_pre_hooks for module in NETWORK.modules())
