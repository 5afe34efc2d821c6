import pytest
import torch

from featherweight.lab import coding_runs, plots_coding
from featherweight.lab.coding_files import PARTS
from featherweight.lab.palette import METHODS

VALUES = torch.linspace(-1, 1, 50)
DRAWN = {
    "spectra": lambda: plots_coding.spectra({"one": torch.eye(4), "other": torch.ones(4, 6)}, "two spectra"),
    "rank_curves": lambda: plots_coding.rank_curves(coding_runs.load(), "errors over numbers"),
    "sharing_curves": lambda: plots_coding.sharing_curves(coding_runs.load(), "errors over bits"),
    "centroid_rows": lambda: plots_coding.centroid_rows(
        VALUES, {"evenly spaced": (VALUES[::10], VALUES[5::10])}, "where centroids go"
    ),
    "part_bars": lambda: plots_coding.part_bars({"a file": {"places": 1200, "values": 800}}, "bytes"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000


def test_every_part_has_a_colour_of_its_own():
    assert tuple(plots_coding.PART_COLOURS) == PARTS
    assert len(set(plots_coding.PART_COLOURS.values())) == len(PARTS)


def test_no_two_methods_of_the_lesson_share_a_colour():
    looks = {*plots_coding.KEPT_LOOKS.values(), *plots_coding.RANK_LOOKS.values(), "centroid"}
    assert len({METHODS[look].colour for look in looks}) == len(looks)
