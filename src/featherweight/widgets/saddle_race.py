"""Saddle race: beside the ridge of a saddle the slope is next to nothing. Who gets off it first?

f(x, y) = ½x² − ½y² + y⁴/16, a saddle at 0 between two minima at y = ±2. All start at x = −2, almost on the ridge y = 0,
with the same learning rate and PyTorch's other defaults: nobody is tuned, and on a steady slope the same rate is a step
ten times as long for momentum as for descent. A method has left when |y| > 1.
Near the ridge gradient descent multiplies y by 1 + η a step, and so needs ln(1/y₀)/ln(1 + η) steps; momentum does it
with the larger root of λ² − (1 + β + η)λ + β = 0. Adagrad and Adam move by about η at once, however small the slope;
RMSprop, whose average of squares starts at zero and is not corrected, by η/√(1 − β2) = 10 η.
Source of the question: Dauphin et al., arXiv:1406.2572.

| paper | code     | meaning                            |
|-------|----------|------------------------------------|
| η     | `rate`   | learning rate, the same for all    |
| y₀    | `offset` | how far off the ridge the start is |
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from itertools import product

import numpy as np
import torch
from torch import Tensor

from featherweight.lab import palette
from featherweight.lab.methods import walk
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Control, Question
from featherweight.widgets.frame import Frame, Line, Mark
from featherweight.widgets.racers import RACERS, learners_walk, named

__all__ = [
    "OFFSETS",
    "PRESETS",
    "RATES",
    "diverged_at",
    "left_at",
    "saddle_race",
    "saddle_race_frame",
    "saddle_race_scene",
]

STEPS, START, AWAY, FAR = 120, -2.0, 1.0, 100.0
CURVATURES = torch.tensor([1.0, -1.0], dtype=torch.float64)  # at the saddle
CUBIC = torch.tensor([0.0, 0.25], dtype=torch.float64)
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
OFFSETS = (0.0, 1e-8, 1e-6, 1e-4, 1e-2, 1e-1)
NAMES = {"sgd_step": "gradient descent", "momentum_step": "momentum", "adagrad_step": "Adagrad"}
NAMES |= {"rmsprop_step": "RMSprop", "adam_step": "Adam"}
ROWS = {name: row for row, name in enumerate(reversed(NAMES))}
LIFT = 0.2  # of a learner's bar above ours
LEARNERS = tuple(name for name in NAMES if name != "sgd_step")
PRESETS = {
    "descent is stuck": {"rate": 0.05, "offset": 1e-6},
    "well off the ridge": {"rate": 0.05, "offset": 1e-1},
    "momentum overshoots": {"rate": 0.1, "offset": 1e-4},
    "too bold": {"rate": 1.0, "offset": 1e-6},
    "on the ridge": {"rate": 0.1, "offset": 0.0},
}
QUESTION = Question(
    key="saddle-race",
    text="All start a millionth off the ridge of a saddle, at the same rate, 0.05. Who leaves it first?",
    choices=("Gradient descent", "Momentum", "A method with a rate per weight"),
    answer=2,
    because="Divided by its own size, even a tiny slope makes a whole step.",
    shows={"rate": 0.05, "offset": 1e-6},
    veils=("rows",),
)
LIVE_QUESTION = Question(
    key="saddle-race-ridge",
    text="Now start exactly on the ridge, y = 0. Which of your methods leaves the saddle?",
    choices=("Those with a rate per weight", "All but gradient descent, in time", "None"),
    answer=2,
    because="The slope across is exactly 0, and no memory and no division makes a step of it.",
    shows={"rate": 0.1, "offset": 0.0},
    veils=("rows",),
)


def height(points: Tensor) -> Tensor:
    """f of points (…, 2)."""
    x, y = points.unbind(-1)
    return 0.5 * x**2 - 0.5 * y**2 + y**4 / 16


def slope(points: Tensor) -> Tensor:
    """The gradient of f at points (…, 2)."""
    return points * (CURVATURES + CUBIC * points * points)


def left_at(points: Tensor) -> int | None:
    """The first step with |y| > AWAY; None for a walk (STEPS + 1, 2) that never is."""
    return _first(points[:, 1].abs() > AWAY)


def diverged_at(points: Tensor) -> int | None:
    """The first step that is not finite or FAR away; None for a walk that stays."""
    return _first(~(points.abs().amax(1) < FAR))


def saddle_race_scene(figure) -> dict:
    """The saddle from above, the way off the ridge, and one row a method."""
    land, ridge, rows = figure.subplots(1, 3, width_ratios=(1.1, 1, 1))
    x, y = np.meshgrid(np.linspace(-2.4, 2.4, 97), np.linspace(-3.4, 3.4, 97))
    heights = height(torch.tensor(np.stack([x, y], axis=-1))).numpy()
    land.contour(x, y, heights, levels=np.linspace(-0.9, 3.1, 11), cmap=palette.SURFACE, linewidths=0.7)
    land.plot([0, 0], [-2, 2], "+", color=palette.INK, ms=7)
    land.set(title="From above: saddle x, minima +", xlabel="x (along the ridge)", ylabel="y")
    land.plot(0, 0, "x", color=palette.INK, ms=6)
    land.grid(False)
    ridge.axhline(AWAY, color=palette.INK, lw=1, ls=(0, (5, 3)))
    ridge.text(STEPS, 1.7, "left", ha="right")
    ridge.set(title="|y| until it leaves, log scale", xlabel="step", yscale="log", ylim=(1e-9, 30), xlim=(0, STEPS))
    ridge.set_yticks([1e-8, 1e-6, 1e-4, 1e-2, 1])
    ridge.minorticks_off()
    rows.set(title="Leaves at step", xlabel="step", xlim=(0, STEPS), ylim=(-0.7, len(ROWS) - 0.05))
    rows.set_yticks(list(ROWS.values()), [NAMES[name].replace(" ", "\n") for name in ROWS])
    rows.grid(False)
    return {"land": land, "ridge": ridge, "rows": rows}


def saddle_race_frame(rate: float, offset: float, yours: dict[str, Callable] | None = None) -> Frame:
    """One state: our five walks, and the learner's own of the methods in `yours`."""
    ours = _grid()[rate, offset]
    lines = [line for name, points in ours.items() for line in _lines(name, points)]
    labels, same, said = {name: _label(points) for name, points in ours.items()}, [], []
    marks = []
    for name, function in (yours or {}).items():
        points, problem = learners_walk(RACERS[name], function, slope, _start(offset), rate, STEPS)
        if problem:
            said.append(problem)
            continue
        agrees = _agree(points, ours[name])
        lines += _lines(name, points, yours=True)
        marks.append(_mark(name, points, f"{'both' if agrees else 'yours'}: {_label(points)}", lift=LIFT))
        labels[name] = ""
        same += [NAMES[name]] if agrees else []
        said += [] if agrees else [f"{NAMES[name]} {_fate(points)}"]
    marks = [_mark(name, points, labels[name]) for name, points in ours.items()] + marks
    marks += [] if offset else [Mark("ridge", 0, 1e-9, "ours: y = 0 throughout" if yours else "y = 0 throughout")]
    said = [*([f"{', '.join(same)} as ours"] if same else []), *said]
    begin = f"{offset:.3g} off the ridge" if offset else "exactly on the ridge"
    summary = f"Rate {rate:.3g}, {begin}. {_result(ours)}." + (f" Yours: {'; '.join(said)}." if said else "")
    return Frame(tuple(lines), tuple(marks), summary)


def saddle_race(*yours: Callable, ask: Question | None = QUESTION) -> Card:
    """The card of lesson 3. With any of the learner's own steps it runs live, theirs beside ours.

    yours: momentum_step, adagrad_step, rmsprop_step, adam_step, in any order, known by their names.
    Raises InputError for anything else.
    """
    functions = named(yours, LEARNERS)
    return card(
        partial(saddle_race_frame, yours=functions) if functions else saddle_race_frame,
        saddle_race_scene,
        title="Saddle race: who gets off the ridge?",
        controls=(
            Control("rate", "Learning rate", RATES, start=0.1),
            Control("offset", "Start off the ridge", OFFSETS, start=1e-4),
        ),
        presets=PRESETS,
        ask=LIVE_QUESTION if functions and ask is QUESTION else ask,
        live=bool(functions),
    )


@cache
def _grid() -> dict[tuple, dict[str, Tensor]]:
    """The walks (STEPS + 1, 2) of every state by name, from one batched run a method."""
    states = list(product(RATES, OFFSETS))
    rates = torch.tensor([rate for rate, _ in states], dtype=torch.float64)[:, None]
    starts = torch.stack([_start(offset) for _, offset in states])
    walks = {name: walk(RACERS[name].rule, slope, starts, rates, STEPS) for name in NAMES}
    return {state: {name: walks[name][:, place] for name in NAMES} for place, state in enumerate(states)}


def _start(offset: float) -> Tensor:
    return torch.tensor([START, offset], dtype=torch.float64)


def _first(flags: Tensor) -> int | None:
    return int(flags.nonzero()[0]) if flags.any() else None


def _lines(name: str, points: Tensor, yours: bool = False) -> list[Line]:
    """The walk, the way off the ridge, and a bar as long as that took; a learner's in our colour, dashed."""
    method = RACERS[name].method
    look = {"method": "yours", "colour": palette.style(method).colour, "width": 3.0} if yours else {"method": method}
    gone = diverged_at(points)
    kept = points[: STEPS + 1 if gone is None else gone + 1].nan_to_num(nan=FAR, posinf=FAR, neginf=-FAR)
    end = _end(points)
    away = kept[: end + 1, 1].abs().clamp(1e-12, FAR)
    return [
        Line("land", *kept.numpy().T, markers=5, **look),
        Line("ridge", np.arange(end + 1), away.numpy(), **look),
        Line("rows", np.array([0, end]), np.full(2, ROWS[name] + (LIFT if yours else 0.0)), **look),
    ]


def _mark(name: str, points: Tensor, text: str, lift: float = 0.0) -> Mark:
    return Mark("rows", _end(points), ROWS[name] + lift, text, RACERS[name].method)


def _end(points: Tensor) -> int:
    """The step at which a walk leaves or diverges, else the last."""
    ends = [step for step in (left_at(points), diverged_at(points)) if step is not None]
    return min(ends, default=STEPS)


def _label(points: Tensor) -> str:
    """What the end of a bar says, in a few letters."""
    left, gone = left_at(points), diverged_at(points)
    if gone is not None:
        return f"diverged at {gone}"
    return "not yet" if left is None else f"{left}"


def _agree(theirs: Tensor, ours: Tensor) -> bool:
    """Whether two walks are the same until they diverge."""
    gone = diverged_at(ours)
    kept = STEPS + 1 if gone is None else gone
    return gone == diverged_at(theirs) and torch.allclose(theirs[:kept], ours[:kept], rtol=0, atol=1e-3)


def _result(walks: dict[str, Tensor]) -> str:
    """Who left when, in order of arrival, and who has not."""
    left = {name: left_at(points) for name, points in walks.items()}
    order = sorted((name for name in walks if left[name] is not None), key=lambda name: left[name])
    stay = [NAMES[name] for name in walks if left[name] is None]
    if not order:
        return f"Nobody leaves in {STEPS} steps"
    text = "Leaves at step: " + ", ".join(f"{NAMES[name]} {left[name]}" for name in order)
    text += f"; not in {STEPS}: {', '.join(stay)}" if stay else ""
    gone = {name: diverged_at(points) for name, points in walks.items()}
    fell = [f"{NAMES[name]} diverged at step {step}" for name, step in gone.items() if step is not None]
    return "; ".join([text, *fell])


def _fate(points: Tensor) -> str:
    left, gone = left_at(points), diverged_at(points)
    text = f"not in {STEPS}" if left is None else f"at step {left}"
    return text if gone is None else f"{text}, diverged at step {gone}"
