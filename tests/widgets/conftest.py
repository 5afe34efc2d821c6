"""Small parts to build cards from, and every widget of the book made once."""

from functools import cache

import numpy as np
import pytest

import featherweight.widgets as widgets
from featherweight.widgets import Control, Frame, Line, Mark, Question

WIDGETS = (
    "adam_by_hand",
    "after_adam",
    "bits_and_clipping",
    "bits_vs_accuracy",
    "byte_ledger",
    "byte_map",
    "channel_errors",
    "first_steps",
    "format_zoo",
    "gone_deaf",
    "how_light",
    "heavy_part",
    "latency_vs_sparsity",
    "lucky_start",
    "neuron_surgery",
    "no_threes",
    "noise_ball",
    "noisy_steps",
    "one_rate_each",
    "pareto",
    "pruning_cliff",
    "rank_slider",
    "ravine",
    "rotated_valley",
    "saddle_race",
    "schedule_drawer",
    "sensitivity_map",
    "sharpness",
    "singular_values",
    "ste_steps",
    "subgradient_cone",
    "temperature",
    "ticket_curve",
    "two_decays",
    "two_or_one",
    "unseen_digit",
    "where_bits",
    "which_zeros",
)


QUICK = ("first_steps", "ravine")
"""What holds for every card is tried on these two in the fast run, on all in the slow one."""


@cache
def made(name):
    return getattr(widgets, name)()


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] * (name not in QUICK)) for name in WIDGETS])
def widget(request):
    """Each card of the book, at its start."""
    found = made(request.param)
    for name, value in found.start.items():
        setattr(found, name, value)
    return found


@pytest.fixture
def scene():
    def draw(figure):
        axes = figure.subplots()
        axes.set(xlim=(0, 10), ylim=(0, 10))
        return {"only": axes}

    return draw


@pytest.fixture
def frame():
    def slope(rise=1.0, shape="line"):
        x = np.linspace(0, 10, 21)
        y = rise * x if shape == "line" else rise * x**2 / 10
        return Frame((Line("only", x, y),), (Mark("only", 10, y[-1], "end"),), f"{shape} rises to {y[-1]:g}.")

    return slope


@pytest.fixture
def controls():
    return (
        Control("rise", "Rise", (0.5, 1.0, 2.0), start=1.0),
        Control("shape", "Shape", ("line", "bow"), start="line"),
    )


@pytest.fixture
def question():
    return Question("slope", "How high at 10?", ("5", "10", "20"), answer=1, because="Rise 1.", shows={"rise": 1.0})
