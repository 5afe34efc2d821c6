"""What becomes of the weight is what theory says."""

from importlib import import_module

import numpy as np
import pytest

module = import_module("featherweight.widgets.ste_steps")  # the package exports the function under this name
walk_of, TRUE, THROUGH, CLIPPED = module.walk_of, module.TRUE, module.THROUGH, module.CLIPPED


@pytest.mark.parametrize("target", module.TARGETS)
@pytest.mark.parametrize("start", module.STARTS)
def test_the_true_slope_never_moves_a_weight(target, start):
    walk = walk_of(target, TRUE, start)
    assert np.ptp(walk.latent) == 0 and walk.fate == "it never moves"


@pytest.mark.parametrize("target", [-2.0, -1.0, 0.0, 1.0])
@pytest.mark.parametrize("back", [THROUGH, CLIPPED])
def test_a_target_on_the_grid_is_reached_and_kept(target, back):
    walk = walk_of(target, back, 0.3)
    assert walk.codes[-1] == target and walk.fate in ("it rests", "it never moves")


@pytest.mark.parametrize("target", [-1.75, -0.5, 0.25, 0.75])
def test_between_two_codes_their_average_is_the_target(target):
    late = walk_of(target, CLIPPED, 0.3).codes[-module.LAST :]
    assert late.mean() == pytest.approx(target, abs=1.001 / module.LAST * 2)
    assert set(late) == {np.floor(target), np.ceil(target)}


def test_off_the_grid_only_the_clip_stops_the_weight():
    away, kept = (walk_of(2.0, back, 0.3) for back in (THROUGH, CLIPPED))
    assert away.latent[-1] > 5 and "runs away" in away.fate
    assert module.HIGH < kept.latent[-1] < module.HIGH + 0.1 and kept.codes[-1] == module.HIGH


def test_born_outside_the_clip_keeps_it_there():
    assert walk_of(0.0, CLIPPED, 1.8).fate == "it never moves"
    assert walk_of(0.0, THROUGH, 1.8).codes[-1] == 0


def test_the_answer_is_true():
    late = walk_of(**{"target": 0.25, "back": CLIPPED, "begin": 0.3}).codes[-module.LAST :]
    assert late.mean() == 0.25 and "a quarter of the steps" in module.QUESTION.choices[module.QUESTION.answer]


def test_summary():
    assert module.ste_steps_frame(1.0, CLIPPED, 0.3).summary == (
        "Target 1, start 0.3, slope 1 inside the grid: after 80 steps of rate 0.1 the latent weight is 0.60, "
        "its code 1: it rests."
    )
