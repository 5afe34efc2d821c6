import time

import pytest
import torch
from torch import nn

from featherweight.lab import measure
from featherweight.lab.networks import lenet_5, lenet_300_100


def test_counts():
    network = nn.Linear(3, 2)
    with torch.no_grad():
        network.weight.copy_(torch.tensor([[0.0, 1.0, -2.0], [0.0, 0.0, -0.0]]))
        network.bias.copy_(torch.tensor([0.0, 5.0]))
    assert (measure.parameters(network), measure.nonzeros(network)) == (8, 3)


def test_bytes_are_those_of_a_file(tmp_path):
    network = lenet_300_100()
    torch.save(network.state_dict(), tmp_path / "network.pt")
    on_disk = (tmp_path / "network.pt").stat().st_size
    assert measure.bytes_on_disk(network) == pytest.approx(on_disk, abs=400)  # only the names inside the zip differ
    assert measure.bytes_on_disk(network) > 4 * 266_610


def test_a_view_is_saved_without_the_storage_behind_it():
    assert measure.bytes_on_disk({"view": torch.zeros(1_000_000)[:10]}) < 2_000


def test_zeros_cost_as_much_as_numbers_until_packed():
    network = lenet_300_100()
    before, packed = measure.bytes_on_disk(network), measure.bytes_on_disk(network, packed=True)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    assert measure.bytes_on_disk(network) == before
    assert measure.bytes_on_disk(network, packed=True) < packed / 100


@pytest.mark.parametrize(
    ("network", "count"),
    [
        (lenet_300_100(), 784 * 300 + 300 * 100 + 100 * 10),
        (lenet_5(), 28 * 28 * 6 * 25 + 10 * 10 * 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10),
    ],
    ids=["300-100", "5"],
)
def test_macs_by_hand(network, count):
    assert measure.macs(network, torch.zeros(4, 784)) == count


def test_latency_sees_a_sleep():
    spread = measure.latency(lambda: time.sleep(0.002), repeats=10, warmup=1)
    assert 2 <= spread.low <= spread.estimate <= spread.high < 50


@pytest.mark.parametrize(("alive", "expected"), [(1, 4000), (3, 12000)])
def test_peak_memory_counts_what_lives_together(alive, expected, capfd):
    assert measure.peak_memory(lambda: [torch.empty(1000) for _ in range(alive)]) == expected
    assert capfd.readouterr() == ("", "")


def test_peak_memory_forgets_what_was_freed():
    def one_after_another():
        for _ in range(5):
            torch.empty(1000)

    assert measure.peak_memory(one_after_another) == 4000


def test_errors_in_evaluation_mode():
    network = nn.Sequential(nn.Identity(), nn.Dropout(0.9))
    inputs = torch.eye(3).repeat(20, 1)
    labels = torch.arange(3).repeat(20)
    assert measure.errors(network, inputs, labels) == 0
    assert measure.errors(network, inputs, (labels + 1) % 3) == 60
    assert network.training
    assert measure.correct(network, inputs, labels).dtype == torch.bool


@pytest.mark.parametrize("training", [True, False])
def test_macs_of_attention_are_counted_by_hand(training):
    """32 places of 16 numbers, 4 heads: three projections and one, and two products of 32 × 32 × 4 for each head."""

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.inside = nn.MultiheadAttention(16, 4, batch_first=True)

        def forward(self, x):
            return self.inside(x, x, x, need_weights=False)[0]

    fused = torch.backends.mha.get_fastpath_enabled()
    by_hand = 32 * 16 * 48 + 32 * 16 * 16 + 2 * 4 * 32 * 32 * 4
    assert measure.macs(Attention().train(training), torch.randn(2, 32, 16)) == by_hand
    assert torch.backends.mha.get_fastpath_enabled() == fused
