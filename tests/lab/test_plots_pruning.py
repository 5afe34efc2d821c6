import pytest
import torch

from featherweight.errors import InputError
from featherweight.lab import plots_pruning

MATRIX = torch.tensor([[0.5, 0.0], [-1.5, 2.0]])
DRAWN = {
    "grids": lambda: plots_pruning.grids({"before": MATRIX, "after": MATRIX * (MATRIX > 1)}, "two matrices"),
    "grids of two decimals": lambda: plots_pruning.grids(
        {"W": torch.tensor([[0.5, -0.2]]), "rounded": torch.tensor([[0.5, 0.0]])}, "two matrices", decimals=2
    ),
    "error_strip": lambda: plots_pruning.error_strip({"dense": [60, 50, 58]}, "three marks", ["dense"]),
    "pixel_map": lambda: plots_pruning.pixel_map(torch.ones(5, 4).bool(), torch.rand(4), "a map", side=2),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000


def test_an_unknown_method_has_no_look():
    with pytest.raises(InputError, match="No style for 'pruned'"):
        plots_pruning.error_strip({"dense": [60, 50]}, "", ["pruned"])
