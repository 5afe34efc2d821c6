"""Ravine: how big a step is too big? Gradient descent on f(x) = ½(x₁² + κ·x₂²), whose edge is the rate 2/L with L = κ.

Three linked views: the walk over the contours, the loss of every step, and the loss after the last step for each rate.
Source of the edge and of the best rate: Polyak, "Introduction to Optimization", 1987, section 1.4.

| paper | code        | meaning                      |
|-------|-------------|------------------------------|
| η     | `rate`      | learning rate                |
| κ     | `condition` | condition number L/μ, μ = 1  |
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.optimizers.descent import gradient_descent
from featherweight.widgets.attempt import attempt
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark

__all__ = ["CONDITIONS", "PRESETS", "RATES", "ravine", "ravine_frame", "ravine_scene"]

STEPS = 60
START = (-2.6, 0.9)
BEST = 2 / 11  # 2 / (L + μ) at κ = 10
DECADE = (1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0)  # Renard's preferred numbers R10
RATES = tuple(
    sorted([*(round(m / 100, 6) for m in DECADE), *(round(m / 10, 6) for m in DECADE), BEST, 1.0, 1.25, 1.6, 2.0, 2.5])
)
CONDITIONS = (1, 2, 5, 10, 20, 50)  # 2/κ is one of RATES for each
PRESETS = {
    "too timid": {"rate": 0.01, "condition": 10},
    "best": {"rate": BEST, "condition": 10},
    "on the edge": {"rate": 0.2, "condition": 10},
    "diverges": {"rate": 0.25, "condition": 10},
}
LIMITS = {"path": ((-3.2, 3.2), (-1.6, 1.6)), "loss": ((0, STEPS), (1e-10, 1e4)), "end": ((0.009, 2.8), (1e-10, 1e4))}
HOPELESS = 100.0  # the walk has diverged when its loss is this many times the first
QUESTION = Question(
    key="ravine-edge",
    text="A valley with L = 10 across and μ = 1 along. Rate 0.1 arrives. What happens at rate 0.25?",
    choices=("It arrives in fewer steps", "It zigzags, but arrives", "It flies out of the valley"),
    answer=2,
    because="Above 2/L = 0.2 every step across the valley overshoots by more than it gained.",
    shows={"rate": 0.25},
)

LIVE_QUESTION = Question(
    key="ravine-narrower",
    text="You may choose the best rate for every valley. How many steps does κ = 50 need, compared with κ = 10?",
    choices=("About as many", "About 5 times as many", "About 25 times as many"),
    answer=1,
    because="At the best rate a step keeps (κ − 1)/(κ + 1) of the distance: steps grow in proportion to κ.",
)


def loss(points: Tensor, condition: float) -> Tensor:
    """½(x₁² + κ·x₂²) of points of shape (…, 2)."""
    return 0.5 * (points[..., 0] ** 2 + condition * points[..., 1] ** 2)


def walk(method: Callable, rate, condition: float, start: Tensor | None = None) -> Tensor:
    """The points that `method` visits: shape (STEPS + 1, 2), float64."""
    curvatures = torch.tensor([1.0, condition], dtype=torch.float64)
    begin = torch.tensor(START, dtype=torch.float64) if start is None else start
    return method(lambda x: curvatures * x, begin, rate, STEPS)


def diverged_at(losses: Tensor) -> int | None:
    """The first step whose loss is not finite or HOPELESS times the first one; None for a walk that stays."""
    gone = ~torch.isfinite(losses) | (losses > HOPELESS * losses[0])
    return int(gone.nonzero()[0]) if gone.any() else None


def ravine_scene(figure) -> dict:
    """Three panels with fixed axes."""
    axes = dict(zip(LIMITS, figure.subplots(1, 3, width_ratios=(1.2, 1, 1)), strict=True))
    for name, (x, y) in LIMITS.items():
        axes[name].set(xlim=x, ylim=y)
    axes["path"].set(title="The walk", xlabel="x₁ (flat)", ylabel="x₂ (steep)")
    axes["path"].plot(0, 0, "+", color=palette.INK, ms=7)
    axes["path"].grid(False)
    axes["loss"].set(title="Loss, log scale", xlabel="step", yscale="log")
    axes["end"].set(title=f"Loss after {STEPS} steps, both log", xlabel="learning rate", xscale="log", yscale="log")
    for name in ("loss", "end"):
        axes[name].set_ylim(*LIMITS[name][1])
        axes[name].minorticks_off()
    return axes


def ravine_frame(rate: float, condition: int, yours: Callable | None = None) -> Frame:
    """One state: our walk, and the learner's own if there is one."""
    lines, marks = [*_contours(condition), *_edge(condition)], []
    points = walk(gradient_descent, rate, condition)
    lines += _lines(points, condition, "ours")
    summary = f"Rate {rate:.3g}, κ = {condition}, 2/L = {2 / condition:.3g}: {_regime(rate, condition)}"
    summary += f", {_outcome(points, condition)}."
    if yours:
        theirs, problem = _learners(yours, rate, condition)
        if problem:
            summary += f" Yours: {problem}."
        else:
            lines += _lines(theirs, condition, "yours")
            marks += [*_divergence(theirs, condition, "yours"), *_names(points, theirs, condition)]
            summary += f" Yours: {_outcome(theirs, condition)}."
    marks = [*_divergence(points, condition, "ours"), *marks, *_now(points, rate, condition)]
    return Frame(tuple(lines), tuple(marks), summary)


def ravine(yours: Callable | None = None, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 1. With the learner's `gradient_descent` it runs live, theirs beside ours."""
    return card(
        partial(ravine_frame, yours=yours) if yours else ravine_frame,
        ravine_scene,
        title="Ravine: gradient descent in a narrow valley",
        controls=(
            Control("rate", "Learning rate", RATES, start=0.1),
            Control("condition", "Condition number κ", CONDITIONS, start=10),
        ),
        presets=PRESETS,
        ask=LIVE_QUESTION if yours and ask is QUESTION else ask,
        live=yours is not None,
    )


def _learners(yours: Callable, rate: float, condition: int) -> tuple[Tensor | None, str]:
    """The learner's points, or what is wrong with them in one line."""
    answer, problem = attempt(walk, yours, rate, condition)
    if problem:
        return None, problem.replace("walk", getattr(yours, "__name__", "your function"), 1)
    points = torch.as_tensor(answer) if isinstance(answer, Tensor | list | np.ndarray) else None
    if points is None or tuple(points.shape) != (STEPS + 1, 2):
        got = type(answer).__name__ if points is None else f"shape {tuple(points.shape)}"
        return None, f"it returned {got}; wanted a tensor of shape {(STEPS + 1, 2)}"
    return points.detach().double(), ""


def _lines(points: Tensor, condition: int, method: str) -> list[Line]:
    """The walk and its losses, cut where the walk has left."""
    losses = loss(points, condition)
    gone = diverged_at(losses)
    kept = STEPS + 1 if gone is None else gone + 1
    x, y = points[:kept].T.numpy()
    heights = losses[:kept].clamp(min=1e-30).numpy()
    wide = 3.0 if method == "ours" else 2.0
    return [
        Line("path", x, y, method, width=wide, markers=1),
        Line("loss", np.arange(kept), heights, method, width=wide, markers=6),
    ]


def _divergence(points: Tensor, condition: int, method: str) -> list[Mark]:
    """A label where the walk leaves the picture for good."""
    gone = diverged_at(loss(points, condition))
    if gone is None:
        return []
    height = float(loss(points[gone], condition).nan_to_num(nan=1e4, posinf=1e4))
    return [Mark("loss", gone, height, f"diverged at step {gone}", method)]


def _names(ours: Tensor, theirs: Tensor, condition: int) -> list[Mark]:
    """Whose line is whose, at the end of each loss curve that stays."""
    if torch.allclose(ours, theirs):
        named = {"yours = ours": ("yours", theirs)}
    else:
        named = {"yours": ("yours", theirs), "ours": ("ours", ours)}
    ends = {text: (method, loss(points, condition)) for text, (method, points) in named.items()}
    return [
        Mark("loss", STEPS, max(float(losses[-1]), 1e-30), text, method)
        for text, (method, losses) in ends.items()
        if diverged_at(losses) is None
    ]


@cache
def _contours(condition: int) -> tuple[Line, ...]:
    """Ellipses of equal loss in the colours of cividis, low to high."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    angle = np.linspace(0, 2 * np.pi, 73)
    levels = np.geomspace(0.02, 30, 8)
    shades = colormaps[palette.SURFACE](np.linspace(0.15, 0.85, len(levels)))
    return tuple(
        Line(
            "path",
            np.sqrt(2 * level) * np.cos(angle),
            np.sqrt(2 * level / condition) * np.sin(angle),
            "ours",
            colour=to_hex(shade),
            width=1.2,
            ghost=False,
        )
        for level, shade in zip(levels, shades, strict=True)
    )


@cache
def _edge(condition: int) -> tuple[Line, ...]:
    """The loss after the last step for every rate, and the upright line at 2/L."""
    rates = torch.logspace(-2.05, 0.45, 161, dtype=torch.float64)[:, None]
    starts = torch.tensor(START, dtype=torch.float64).expand(len(rates), 2)
    ends = loss(walk(gradient_descent, rates, condition, starts)[-1], condition)
    edge = 2 / condition
    heights = ends.clamp(1e-30, 1e30).numpy()
    return (
        Line("end", rates[:, 0].numpy(), heights, "ours", width=1.5, ghost=False),
        Line("end", np.array([edge, edge]), np.array(LIMITS["end"][1]), "limit", width=1.5, ghost=False),
    )


def _now(points: Tensor, rate: float, condition: int) -> list[Mark]:
    """Where this rate stands, and the name of the edge."""
    end = float(loss(points[-1], condition).clamp(*LIMITS["end"][1]))
    here = Mark("end", rate, end, _regime(rate, condition), "ours")
    return [Mark("end", 2 / condition, 1e-8, "2/L", "limit"), here]


def _regime(rate: float, condition: int) -> str:
    edge, best = 2 / condition, 2 / (1 + condition)
    if rate > edge * (1 + 1e-9):
        return "diverges"
    if rate > edge * (1 - 1e-9):
        return "on the edge"
    if rate > best * (1 + 1e-9):
        return "zigzags"
    return "best rate" if rate > best * (1 - 1e-9) else "too timid" if rate < best / 4 else "arrives"


def _outcome(points: Tensor, condition: int) -> str:
    losses = loss(points, condition)
    gone = diverged_at(losses)
    return f"diverged at step {gone}" if gone is not None else f"loss {losses[-1]:.2g} after {STEPS} steps"
