"""The figure of the other areas is drawn, and every row looks like what its students learn from."""

import pytest

from featherweight.lab import plots_areas
from featherweight.lab.palette import METHODS

LOOKS = {
    "labels": "labels",
    "labels, longer": "labels",
    "labels and soft, T = 2": "both",
    "on-policy, all sources": "both",
    "hard, 3,000 sounds": "hard",
    "sequence": "hard",
    "word": "teacher",
    "soft, clean copies": "teacher",
}


@pytest.mark.parametrize(("row", "wanted"), LOOKS.items())
def test_looks(row, wanted):
    assert plots_areas.look(row) == wanted and wanted in METHODS


@pytest.mark.parametrize("names", [tuple(plots_areas.AREAS), ("speech",)], ids=["all", "one"])
def test_a_picture_with_a_text(names):
    made = plots_areas.areas("three panels", names)
    assert made.data.startswith(b"\x89PNG") and made.alt == "three panels" and len(made.data) < 200_000
