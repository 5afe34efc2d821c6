"""Every figure of lesson 10 is drawn, and says in words what it shows."""

import pytest
import torch

from featherweight.lab import plots_transformers, transformer_runs

DRAWN = {
    "missed_curves": lambda: plots_transformers.missed_curves(transformer_runs.load(), "misses rise"),
    "sorted_channels": lambda: plots_transformers.sorted_channels(
        {"before": torch.tensor([[1.0, -9.0, 0.0]]), "after": torch.ones(2, 3)}, "two falling lines"
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000
