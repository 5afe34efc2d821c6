import pytest
import torch

from featherweight.lab import neuron_runs, plots_neurons
from featherweight.lab.sparse_speed import Times

TIMES = Times(1.0, 0.5, (0.1, 0.6, 2.0), (1.0, 1.0, 1.0))
DRAWN = {
    "kept_curves": lambda: plots_neurons.kept_curves(neuron_runs.load(), "errors rise"),
    "speed_curves": lambda: plots_neurons.speed_curves({"one": TIMES, "many": TIMES}, (0.01, 0.1, 1.0), "times"),
    "against_truth": lambda: plots_neurons.against_truth(
        {"magnitude": torch.tensor([1.0, 0.0, 3.0]), "taylor": torch.ones(3)}, torch.tensor([0.1, -0.2, 0.3]), "points"
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000
