import pytest

from featherweight.lab import plots_noise


@pytest.mark.parametrize("log", [False, True], ids=["straight", "logarithmic"])
def test_lines_make_a_picture_that_says_what_it_shows(log):
    made = plots_noise.lines([1, 10, 100], {"a": [1, 2, 3], "limit": [3, 2, 1]}, "x", "y", "two lines", log)
    assert made.data.startswith(b"\x89PNG")
    assert made.alt == "two lines"


def test_a_logarithmic_picture_is_another_one():
    series = {"a": [1, 2, 3]}
    straight, curved = (plots_noise.lines([1, 10, 100], series, "x", "y", "one", log) for log in (False, True))
    assert straight.data != curved.data
