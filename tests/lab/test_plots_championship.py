from dataclasses import dataclass

import pytest
import torch

from featherweight.lab import plots_championship
from featherweight.lab.statistics import Interval


@dataclass
class Point:
    name: str
    family: str
    size: float
    interval: Interval


POINTS = [
    Point("a", "dense", 1e6, Interval(55, 50, 60)),
    Point("b", "entries", 3000, Interval(20, 18, 22)),
    Point("c", "pipeline", 9000, Interval(56, 50, 70)),
]
FAMILIES = {"dense": "all", "entries": "ours", "pipeline": "pruned", "few bits": "none of these"}
DRAWN = {
    "pareto": lambda: plots_championship.pareto(POINTS, [1], FAMILIES, "errors over bytes"),
    "order_rows": lambda: plots_championship.order_rows(
        {"one": (9000, Interval(-0.2, -0.8, 0.4)), "two": (9100, Interval(-20, -22, -18))}, 1.0, "two plans"
    ),
    "calibration": lambda: plots_championship.calibration([0.6, 0.9], [0.5, 1.0], [4, 2], "two levels"),
    "calibration, empty": lambda: plots_championship.calibration([], [], [], "none"),
    "read_digits": lambda: plots_championship.read_digits(torch.rand(3, 784), [1, 2, 3], [1, 2, 8], "three digits"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000
