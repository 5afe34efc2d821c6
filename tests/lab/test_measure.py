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


class Recurrent(nn.Module):
    """A recurrent layer alone, without its last states."""

    def __init__(self, kind, **options):
        super().__init__()
        self.layer = kind(6, 5, **options)

    def forward(self, x):
        return self.layer(x)[0]


@pytest.mark.parametrize(("kind", "gates"), [(nn.RNN, 1), (nn.GRU, 3), (nn.LSTM, 4)])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_macs_of_recurrent_layers_are_counted_by_hand(kind, gates, both, first):
    """7 steps; each has for every gate of 5 units a product with its input and one with its state.

    The second layer reads 5 states, or 10 in both directions.
    """
    ways = 1 + both
    by_hand = 7 * ways * gates * (5 * (6 + 5) + 5 * (5 * ways + 5))
    network = Recurrent(kind, num_layers=2, batch_first=first, bidirectional=both).eval()
    if first:
        assert measure.macs(network, torch.randn(3, 7, 6)) == by_hand
    else:  # the steps come first, and `macs` divides by their number
        assert measure.macs(network, torch.randn(7, 3, 6)) * 7 == by_hand * 3


def test_without_its_formula_a_fused_layer_counts_as_nothing(monkeypatch):
    """Planted: what torch's counter alone says."""
    network, x = Recurrent(nn.LSTM, batch_first=True).eval(), torch.randn(3, 7, 6)
    assert measure.macs(network, x) == 7 * 4 * 5 * (6 + 5)
    monkeypatch.setattr(measure, "FORMULAS", {})
    assert measure.macs(network, x) == 0


def test_macs_of_a_cell_and_of_a_bilinear_layer_are_counted_by_hand():
    assert measure.macs(Recurrent(nn.LSTMCell).eval(), torch.randn(3, 6)) == 4 * 5 * (6 + 5)
    assert measure.macs(Twice(nn.Bilinear(4, 5, 6)), torch.randn(3, 5)) == 6 * 4 * 5


class Twice(nn.Module):
    """A bilinear layer that reads four numbers, then all five."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x[:, :4], x)


def test_macs_of_a_fused_layer_on_a_gpu_are_those_on_the_cpu():
    """The shapes that cuDNN's call gets: four tensors for a layer, two matrices and two biases."""
    weights = [(20, 6), (20, 5), (20,), (20,), (20, 5), (20, 5), (20,), (20,)]
    assert measure._fused_recurrent((7, 3, 6), weights, 4, None) == 2 * 7 * 3 * 4 * (5 * (6 + 5) + 5 * (5 + 5))
