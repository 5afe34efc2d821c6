import pytest

from featherweight.lab import low_bit_runs, plots_low_bits

DRAWN = {
    "bit_curves": lambda: plots_low_bits.bit_curves(low_bit_runs.load(), "errors over bits"),
    "over_scale": lambda: plots_low_bits.over_scale(
        [0.5, 1, 4], [90, 60, 900], {"mean size": 1.0, "largest weight": 3.5}, "a valley"
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_with_a_text(name):
    made = DRAWN[name]()
    assert made.data.startswith(b"\x89PNG") and made.alt
    assert len(made.data) < 200_000
