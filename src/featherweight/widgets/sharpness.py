"""Sharpness: two valleys of nearly one depth, one narrow, one wide. Which does a walk choose that looks uphill first?

f(x) = H(x₁² − 1)² + T(x₁ + 1) + ½a·x₂² with a = A·exp(−S·x₁): a narrow, slightly deeper valley at x₁ ≈ −1, where
a ≈ 10, a wide one at x₁ ≈ +1, where a ≈ 0.9. Sharpness of a point: how much the loss can grow within NEAR of it.
SAM also hovers across the valley, and the slope it takes from there leads to where the valley is wider.
Source of the method and of sharpness: Foret et al., arXiv:2010.01412, section 2.

| paper | code     | meaning                            |
|-------|----------|------------------------------------|
| ρ     | `radius` | how far uphill, in the units of x  |
| η     | `rate`   | learning rate                      |
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.optimizers.sam import sam_gradient
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = [
    "PRESETS",
    "RADII",
    "RATES",
    "fate_of",
    "loss_at",
    "sharpness",
    "sharpness_at",
    "sharpness_frame",
    "sharpness_scene",
    "slope_at",
    "walks_of",
]

HILL, TILT, CURVATURE, FALL = 0.1, 0.02, 3.0, 1.2  # H, T, A and S
START, STEPS, LAST = (-1.2, 0.3), 250, 20
NEAR = 0.3  # the radius of every sharpness shown, whatever SAM's own
RESTLESS = 0.08  # a walk whose last steps reach this far from their middle has not settled
LIMITS = (0.02, 5)  # of the axes of sharpness
HOPELESS = 100.0  # diverged: the loss is this many times the first
RADII = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
RATES = (0.05, 0.1, 0.15, 0.2, 0.25)
PRESETS = {
    "plain descent": {"radius": 0.0, "rate": 0.15},
    "SAM": {"radius": 0.2, "rate": 0.15},
    "parked in between": {"radius": 0.5, "rate": 0.05},
    "never settles": {"radius": 1.0, "rate": 0.1},
    "a bold rate alone": {"radius": 0.0, "rate": 0.25},
}
QUESTION = Question(
    key="sharpness-sam",
    text="Descent ends in the narrow, deeper valley. SAM starts at the same point, radius 0.2, same rate. And ends?",
    choices=("In the narrow valley", "On the ridge between them", "In the wide, shallower one"),
    answer=2,
    because="SAM reads its slope up on the walls, and the walls get lower towards the wide valley.",
    shows={"radius": 0.2, "rate": 0.15},
    veils=("ends",),
)


def loss_at(points: Tensor) -> Tensor:
    """f of points of shape (…, 2)."""
    x, y = points.unbind(-1)
    return HILL * (x**2 - 1) ** 2 + TILT * (x + 1) + 0.5 * CURVATURE * torch.exp(-FALL * x) * y**2


def slope_at(point: Tensor) -> Tensor:
    """Gradient of f, shape (2,)."""
    x, y = point.unbind(-1)
    across = CURVATURE * torch.exp(-FALL * x)
    along = 4 * HILL * x * (x**2 - 1) + TILT - 0.5 * FALL * across * y**2
    return torch.stack([along, across * y], dim=-1)


def sharpness_at(points: Tensor) -> Tensor:
    """The largest loss within NEAR of points (…, 2), less the loss there, from 5 circles of 72 places each."""
    angle = torch.linspace(0, 2 * torch.pi, 73, dtype=torch.float64)[:-1]
    circle = torch.stack([angle.cos(), angle.sin()], dim=-1)
    disk = torch.cat([NEAR * share * circle for share in (0.2, 0.4, 0.6, 0.8, 1.0)])
    return loss_at(points[..., None, :] + disk).amax(-1) - loss_at(points)


def walks_of(radii: Tensor, rates: Tensor, start=START) -> Tensor:
    """SAM at n settings, from one start or one each: (STEPS + 1, n, 2). Radius 0 is gradient descent."""
    slopes = torch.func.vmap(lambda point, radius: sam_gradient(slope_at, point, radius))
    points = [torch.tensor(start, dtype=torch.float64).expand(len(radii), 2)]
    for _ in range(STEPS):
        points.append(points[-1] - rates[:, None] * slopes(points[-1], radii))
    return torch.stack(points)


def fate_of(walk: Tensor) -> str:
    """Where a walk (n, 2) is at last, in words."""
    gone = _gone_at(walk)
    if gone is not None:
        return f"diverged at step {gone}"
    last = walk[-LAST:]
    middle, reach = last.mean(0), (last.amax(0) - last.amin(0)).max() / 2
    place = "in the narrow valley" if middle[0] < -0.6 else "in the wide valley" if middle[0] > 0.75 else "in between"
    return f"never settles, ± {reach:.2f} {place}" if reach > RESTLESS else f"ends {place}"


def sharpness_scene(figure) -> dict:
    """The loss from above, and two axes of sharpness."""
    valleys, steps, ends = figure.subplots(1, 3, width_ratios=(1.5, 1, 1))
    x, y = np.meshgrid(np.linspace(-1.8, 1.8, 91), np.linspace(-1, 1, 51))
    heights = loss_at(torch.tensor(np.stack([x, y], axis=-1))).numpy()
    valleys.contour(x, y, heights, levels=np.geomspace(0.02, 8, 9), norm="log", cmap=palette.SURFACE, linewidths=0.8)
    valleys.set(title="Two valleys, seen from above", xlabel="x₁ (along)", ylabel="x₂ (across)", ylim=(-1, 1))
    valleys.grid(False)
    steps.set(title="Sharpness, log scale", xlabel="step", xlim=(0, STEPS))
    ends.set(title="Sharpness at the end", xlabel="radius ρ", xlim=(-0.02, 1.05))
    for axes in (steps, ends):
        axes.set(yscale="log", ylim=LIMITS)
        axes.minorticks_off()
    return {"valleys": valleys, "steps": steps, "ends": ends}


def sharpness_frame(radius: float, rate: float) -> Frame:
    """SAM at one radius beside gradient descent, at one rate."""
    plain, walk = _grid()[0.0, rate], _grid()[radius, rate]
    lines = [*_lines(plain, "gradient descent"), *(_lines(walk, "sam") if radius else ())]
    lines.append(_ends(rate))
    stays = _gone_at(walk) is None
    here = Mark("ends", radius, float(_end_of(walk)) if stays else LIMITS[1], "" if stays else "diverged", "sam")
    summary = f"Rate {rate:.2g}: descent {_outcome(plain)}"
    summary += f"; SAM, radius {radius:.2g}: {_outcome(walk)}." if radius else ", and so does SAM of radius 0."
    return Frame(tuple(lines), (*_names(plain, walk, radius), here), summary)


def sharpness(ask: Question | None = QUESTION) -> Card:
    """The card of lesson 4 on SAM."""
    return card(
        sharpness_frame,
        sharpness_scene,
        title="Sharpness: a walk that looks uphill first",
        controls=(Control("radius", "Radius ρ", RADII, start=0.0), Control("rate", "Learning rate", RATES, start=0.15)),
        presets=PRESETS,
        ask=ask,
    )


@cache
def _grid() -> dict[tuple[float, float], Tensor]:
    """The walk of every state, (STEPS + 1, 2), from one batched run."""
    states = list(product(RADII, RATES))
    walks = walks_of(*torch.tensor(states, dtype=torch.float64).T)
    return dict(zip(states, walks.unbind(1), strict=True))


@cache
def _ends(rate: float) -> Line:
    """The sharpness that each radius ends with; those that diverge are left out."""
    ends = {radius: float(_end_of(_grid()[radius, rate])) for radius in RADII}
    there = np.array([[radius, end] for radius, end in ends.items() if np.isfinite(end)])
    return Line("ends", *there.T, "sam", width=1.5, markers=1, ghost=False)


def _gone_at(walk: Tensor) -> int | None:
    """The first step whose loss is not finite or HOPELESS times the first one; None for a walk that stays."""
    losses = loss_at(walk)
    gone = ~(losses <= HOPELESS * losses[0])
    return int(gone.nonzero()[0]) if gone.any() else None


def _end_of(walk: Tensor) -> Tensor:
    """Mean sharpness of the last steps; NaN for a walk that diverged."""
    return sharpness_at(walk[-LAST:]).mean() if _gone_at(walk) is None else torch.tensor(torch.nan)


def _lines(walk: Tensor, method: str) -> list[Line]:
    """The walk and its sharpness, up to where it has left. Descent is in ink: its own colour is also SAM's."""
    kept = walk[: (_gone_at(walk) or STEPS) + 1]
    look = {"colour": palette.INK, "width": 1.5, "ghost": False} if method == "gradient descent" else {}
    return [
        Line("valleys", *kept.T.numpy(), method, markers=1, **look),
        Line("steps", np.arange(len(kept)), sharpness_at(kept).numpy(), method, **look),
    ]


def _names(plain: Tensor, walk: Tensor, radius: float) -> list[Mark]:
    """Whose end is whose."""
    if _gone_at(walk) is not None:
        return [Mark("valleys", *plain[-1].tolist(), "descent", "gradient descent")]
    if radius == 0 or (walk[-1] - plain[-1]).norm() < 0.5:
        return [Mark("valleys", *walk[-1].tolist(), "both" if radius else "descent", "sam")]
    ends = {"descent": (plain, "gradient descent"), "SAM": (walk, "sam")}
    return [Mark("valleys", *points[-1].tolist(), text, method) for text, (points, method) in ends.items()]


def _outcome(walk: Tensor) -> str:
    if _gone_at(walk) is not None:
        return fate_of(walk)
    loss = round(float(loss_at(walk[-LAST:]).mean()), 3) + 0.0
    return f"{fate_of(walk)}, loss {loss:.3f}, sharpness {float(_end_of(walk)):.2f}"
