"""Radius 0 is gradient descent, sharpness is what it says, and each preset ends as its name tells."""

from importlib import import_module

import numpy as np
import pytest
import torch
from torch.autograd.functional import hessian

from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.sam import sam_gradient

module = import_module("featherweight.widgets.sharpness")  # the package exports the function under this name

NARROW, WIDE = (torch.tensor(point, dtype=torch.float64) for point in ((-1.0241, 0.0), (0.9743, 0.0)))


@pytest.mark.parametrize("rate", module.RATES)
def test_radius_zero_is_gradient_descent_exactly(rate):
    start = torch.tensor(module.START, dtype=torch.float64)
    assert torch.equal(module._grid()[0.0, rate], gradient_descent(module.slope_at, start, rate, module.STEPS))
    assert not torch.equal(module._grid()[0.02, rate], module._grid()[0.0, rate])


@pytest.mark.parametrize(("radius", "rate"), [(0.2, 0.15), (0.5, 0.05), (1.0, 0.1)])
def test_batched_walk_is_sam_one_by_one(radius, rate):
    point = torch.tensor(module.START, dtype=torch.float64)
    for expected in module._grid()[radius, rate][:20]:
        torch.testing.assert_close(point, expected, rtol=1e-9, atol=1e-12)
        point = point - rate * sam_gradient(module.slope_at, point, radius)


def test_slope_is_the_gradient_of_the_loss():
    draw = torch.Generator().manual_seed(0)
    for point in torch.randn(20, 2, generator=draw, dtype=torch.float64):
        point.requires_grad_()
        (expected,) = torch.autograd.grad(module.loss_at(point), point)
        torch.testing.assert_close(module.slope_at(point.detach()), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("bottom", [NARROW, WIDE], ids=["narrow", "wide"])
def test_both_valleys_have_a_minimum(bottom):
    assert module.slope_at(bottom).norm() < 1e-3
    assert (torch.linalg.eigvalsh(hessian(module.loss_at, bottom)) > 0).all()


def test_the_narrow_valley_is_deeper_and_ten_times_as_sharp():
    assert module.loss_at(NARROW) < module.loss_at(WIDE)
    assert module.sharpness_at(NARROW) > 9 * module.sharpness_at(WIDE)


@pytest.mark.parametrize("point", [NARROW, WIDE, torch.tensor([0.3, 0.4], dtype=torch.float64)])
def test_sharpness_is_the_largest_rise_nearby(point):
    """Oracle: 20,000 random places in the disk; five circles of 72 may miss a little of the largest."""
    draw = torch.Generator().manual_seed(0)
    angle, share = torch.rand(2, 20_000, generator=draw, dtype=torch.float64)
    away = module.NEAR * share.sqrt() * torch.stack([(2 * np.pi * angle).cos(), (2 * np.pi * angle).sin()])
    largest = float((module.loss_at(point + away.T) - module.loss_at(point)).max())
    assert float(module.sharpness_at(point)) == pytest.approx(largest, rel=0.01)
    assert float(module.sharpness_at(point)) != pytest.approx(largest / 2, rel=0.01)


@pytest.mark.parametrize(
    ("preset", "says"),
    [
        (
            "plain descent",
            "descent ends in the narrow valley, loss 0.000, sharpness 0.48, and so does SAM of radius 0.",
        ),
        ("SAM", "radius 0.2: ends in the wide valley, loss 0.040, sharpness 0.05."),
        ("parked in between", "radius 0.5: ends in between"),
        ("never settles", "radius 1: never settles, ± 0.1"),
        ("a bold rate alone", "descent ends in the wide valley"),
    ],
)
def test_presets_end_as_they_say(preset, says):
    assert says in module.sharpness_frame(**module.PRESETS[preset]).summary


def test_answer_holds_for_other_starts():
    starts = [(-1.2, 0.2), (-1.4, 0.2), (-1.1, 0.4), (-0.9, 0.3)]
    radii = torch.tensor([0.0, 0.2], dtype=torch.float64).repeat_interleave(len(starts))
    walks = module.walks_of(radii, torch.full_like(radii, 0.15), 2 * starts).unbind(1)
    fates = [module.fate_of(walk) for walk in walks]
    assert fates == 4 * ["ends in the narrow valley"] + 4 * ["ends in the wide valley"]
    assert "wide" in module.QUESTION.choices[module.QUESTION.answer] and module.QUESTION.shows["radius"] == 0.2


def test_the_reason_is_true():
    """Up on the walls the slope along the valley leads to the wide side more than on its floor, everywhere."""
    along = torch.linspace(-1.5, 1.2, 55, dtype=torch.float64)
    floor, wall = (module.slope_at(torch.stack([along, torch.full_like(along, y)], dim=-1)) for y in (0.0, 0.2))
    assert (wall[:, 0] < floor[:, 0]).all()
    assert floor[:, 0].max() > 0  # on the floor the ridge turns a walk back


def test_where_sam_parks_the_loss_still_falls():
    end = module._grid()[0.5, 0.05][-1]
    floor = torch.stack([end[0], torch.zeros_like(end[0])])
    assert module.slope_at(floor)[0] < -0.05
    assert module.fate_of(module._grid()[0.5, 0.05]) == "ends in between"


def test_a_bold_rate_leaves_the_narrow_valley_because_its_edge_is_smaller():
    across = {"narrow": NARROW, "wide": WIDE}
    edges = {name: 2 / float(hessian(module.loss_at, point)[1, 1]) for name, point in across.items()}
    assert 0.15 < edges["narrow"] < 0.2 < 0.25 < edges["wide"]


def test_divergence_is_flagged_where_it_happens_and_nowhere_else():
    for (radius, rate), walk in module._grid().items():
        losses = module.loss_at(walk).numpy()
        with np.errstate(invalid="ignore"):
            left = ~(losses <= module.HOPELESS * losses[0])
        says = module._outcome(walk)
        assert ("diverged" in says) == left.any(), (radius, rate)
        assert not left.any() or says == f"diverged at step {np.argmax(left)}"


@pytest.mark.parametrize("rate", module.RATES)
def test_only_the_largest_radii_diverge_and_are_left_out_of_the_curve(rate):
    stays = [module._gone_at(module._grid()[radius, rate]) is None for radius in module.RADII]
    assert stays == sorted(stays, reverse=True)
    assert module._ends(rate).x.tolist() == list(module.RADII[: sum(stays)])


def test_fate_of_a_still_and_of_a_restless_walk():
    still = WIDE.expand(50, 2)
    swing = torch.stack([torch.zeros(50), 0.1 * (-1.0) ** torch.arange(50)], dim=1)
    assert module.fate_of(still) == "ends in the wide valley"
    assert module.fate_of(still + swing) == "never settles, ± 0.10 in the wide valley"
    assert module.fate_of(still + 0.5 * swing) == "ends in the wide valley"
