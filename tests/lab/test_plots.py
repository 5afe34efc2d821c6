"""Figures: same data, same bytes; a picture carries its text."""

from html import escape

import pytest
import torch

from featherweight.errors import InputError
from featherweight.lab import plots
from featherweight.lab.statistics import Interval
from featherweight.lab.surfaces import quadratic, random_quadratic

BOWL = quadratic(random_quadratic(2, 4, seed=0))
DRAWN = {
    "curves": lambda: plots.curves(
        {"adam": [3, 2, 1.5], "rate 0.1": [3.0, 1.0, 0.1]}, "step", "loss", "falling", log=True
    ),
    "curves that diverge": lambda: plots.curves({"rate 2.1": [1.0, float("inf"), float("nan")]}, "step", "loss", "up"),
    "differences": lambda: plots.differences({"Muon": Interval(-10, -12, -8)}, ["muon"], "AdamW", "one row"),
    "paths": lambda: plots.paths(BOWL.loss, {"walk": torch.tensor([[1.0, 2.0], [0.5, 0.1]])}, 3, "a walk"),
    "rates": lambda: plots.rates({"cosine": [1.0, 0.5, 0.0]}, "falls"),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_picture_is_a_png_with_a_text_and_the_same_bytes_again(draw):
    one, two = draw(), draw()
    assert one.data.startswith(b"\x89PNG")
    assert one.data == two.data
    bundle, metadata = one._repr_mimebundle_()
    assert bundle["text/plain"] == f"Picture: {one.alt}"
    assert metadata["image/png"]["alt"] == one.alt
    assert f'alt="{escape(one.alt)}"' in bundle["text/html"] and "data:image/png;base64," in bundle["text/html"]
    assert len(one.data) < 200_000


def test_an_unknown_method_has_no_look():
    with pytest.raises(InputError, match="No style for 'adamax'"):
        plots.differences({"a": Interval(0, -1, 1)}, ["adamax"], "AdamW", "")


@pytest.mark.parametrize("shape", [(), (4,), (4, 1), (4, 2), (4, 3)])
def test_yours_over_expected_draws_any_answer(shape):
    yours, expected = torch.ones(shape), torch.zeros(shape)
    assert plots.png(lambda axes: plots.yours_over_expected(axes, yours, expected)).startswith(b"\x89PNG")
