import pytest
import torch

from featherweight.compression.state import dynamic_map
from featherweight.lab import plots_eight, speech_runs
from featherweight.lab.small_state import linear_map

FRAMES = torch.tensor([False, True, True, False])
MAPS = {"dynamic map": dynamic_map(False), "even map": linear_map(False)}
DRAWN = {
    "number_line": lambda: plots_eight.number_line(torch.tensor([-0.3, 0.0, 0.6]), 0.25, 2, 0, 7, "codes"),
    "sounds": lambda: plots_eight.sounds(
        torch.zeros(2100), {"one": FRAMES, "other": ~FRAMES}, "waves", ("dense", "per channel")
    ),
    "readings": lambda: plots_eight.readings(
        torch.rand(2, 28, 28), {"a": torch.tensor([1, 2]), "b": torch.tensor([1, 3])}
    ),
    "f1_curves": lambda: plots_eight.f1_curves(speech_runs.load(), "curves"),
    "code_map": lambda: plots_eight.code_map(torch.rand(1000).square(), MAPS, 256, "a histogram"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000


def test_readings_count_what_is_read_alike():
    assert DRAWN["readings"]().alt == "2 digits, read as by the first network: a 2, b 1"
