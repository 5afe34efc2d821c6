import pytest
import torch

from featherweight.errors import InputError
from featherweight.lab import plots_adaptive

RATES, RUNS = [0.01, 0.1, 1.0], [[90, 40, 300], [80, 50, 500]]


def bowl(points):
    return (points**2 @ torch.tensor([1.0, 9.0], dtype=torch.float64)) / 2


WALK = torch.tensor([[1.0, 0.5], [0.5, -0.2], [0.2, 0.1]], dtype=torch.float64)
DRAWN = {
    "early_steps": lambda: plots_adaptive.early_steps({"adam": [1, 1, 1], "without": [3, 2, 1]}, "steps", "two lines"),
    "rate_sweeps": lambda: plots_adaptive.rate_sweeps({"even": {"adam": (RATES, RUNS)}, "raw": {}}, "a sweep"),
    "tug_of_war": lambda: plots_adaptive.tug_of_war({"adam": [0, 1], "amsgrad": [0, -1]}, "two ends"),
    "valleys": lambda: plots_adaptive.valleys({"a": (bowl, {"adam": WALK}), "b": (bowl, {"sgd": -WALK})}, "walks"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000


def test_every_seed_is_in_the_picture():
    drawn = [plots_adaptive.rate_sweeps({"even": {"adam": (RATES, runs)}}, "") for runs in (RUNS, RUNS[:1])]
    assert drawn[0].data != drawn[1].data


def test_an_unknown_method_has_no_look():
    with pytest.raises(InputError, match="No style for 'adamax'"):
        plots_adaptive.rate_sweeps({"even": {"adamax": (RATES, RUNS)}}, "")
