import pytest
import torch

from featherweight.lab import distillation_runs, plots_distillation
from featherweight.lab.palette import METHODS

DRAWN = {
    "answer": lambda: plots_distillation.answer(torch.rand(784), torch.randn(10), (1, 4), "a digit and its answer"),
    "epoch_curves": lambda: plots_distillation.epoch_curves(distillation_runs.load(), "errors over epochs"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000


def test_every_way_has_a_name_and_a_look():
    assert set(plots_distillation.SAID) == set(distillation_runs.FULL) <= set(METHODS)
