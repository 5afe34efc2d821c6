"""What the exercises of lesson 3 share: how a walk is compared and drawn, and the mistakes that any step can have."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from featherweight.exercises.compare import Compare, close
from featherweight.exercises.exercise import Misconception
from featherweight.lab import plots

__all__ = ["common", "compared", "drawn", "remembering"]

ASKED = ("what one step gives", "the same step asked once more")


def compared(*states: str) -> Compare:
    """Every state and then the parameters, after every step: 1e-6 in single precision, 1e-12 in double."""
    return close(float32=1e-6, float64=1e-12, axes=("step", "tensor"), parts=(*ASKED, *states, "parameter"))


def drawn(*states: str) -> Callable:
    """A picture of what differs first: a state or the parameters, in the first tensor and entry where it does.

    Parameters of two entries are drawn as a walk in the plane, anything else over the steps.
    """

    def draw(axes, inputs, yours, expected) -> None:
        pairs = zip((*states, "parameter"), yours[len(ASKED) :], expected[len(ASKED) :], strict=True)
        name, mine, right = max(pairs, key=lambda each: _differ(*each[1:]).any())
        place = int(_differ(mine, right).any(0).int().argmax())
        tensor, entry = divmod(place, right[0, 0].numel())
        mine, right = (walk.flatten(2)[:, tensor] for walk in (mine, right))
        if name == "parameter" and right.shape[1] == 2:
            return plots.yours_over_expected(axes, mine, right)
        label = f"{name.replace('_', ' ')}, entry {entry}"
        plots.yours_over_expected(axes, mine[:, entry], right[:, entry], xlabel="step", ylabel=label)

    return draw


def _differ(mine: Tensor, right: Tensor) -> Tensor:
    return ~torch.isclose(mine, right, rtol=1e-6, atol=1e-12)


def remembering(step: Callable, states: int, checks_shapes: bool) -> Callable:
    """The step with a state of its own in place of the one that it is handed."""
    kept = []

    def remembers(parameter, gradient, *rest):
        fits = kept and (not checks_shapes or kept[0].shape == gradient.shape)
        state = kept if fits else rest[:states]
        parameter, *kept[:] = step(parameter, gradient, *state, *rest[states:])
        return parameter, *kept

    return remembers


def _first_last(step: Callable) -> Callable:
    def backwards(*given):
        parameter, *states = step(*given)
        return *states, parameter

    return backwards


def _parameter_alone(step: Callable) -> Callable:
    def alone(*given):
        return step(*given)[0]

    return alone


def _old_state(step: Callable, states: int) -> Callable:
    def keeps(parameter, gradient, *rest):
        return step(parameter, gradient, *rest)[0], *rest[:states]

    return keeps


def _no_step(step: Callable) -> Callable:
    def stands(parameter, *rest):
        return parameter, *step(parameter, *rest)[1:]

    return stands


def _in_place(step: Callable, states: int) -> Callable:
    def writes(parameter, gradient, *rest):
        for held, new in zip((parameter, *rest[:states]), step(parameter, gradient, *rest), strict=True):
            held.copy_(new)
        return parameter, *rest[:states]

    return writes


def common(step: Callable, *states: str) -> tuple[Misconception, ...]:
    """The mistakes in handing over what is remembered, around a right step with these states."""
    count, names = len(states), " and ".join(f"`{name}`" for name in states)
    new, they = ("their new values", "them") if count > 1 else ("its new value", "it")
    return (
        Misconception(
            "state shared between interleaved parameters",
            remembering(step, count, checks_shapes=True),
            f"Your function keeps {names} to itself between calls, in a global, a default argument or an attribute, so "
            "all tensors of a network feed one memory, and the same question gets another answer the next time. "
            f"Use what you are handed, and return the new value: the caller keeps {they} for each tensor.",
            "the assignments that outlive a call",
            also=(remembering(step, count, checks_shapes=False),),
        ),
        Misconception(
            "the old state returned",
            _old_state(step, count),
            f"Your step is right, but {names} come{'s' * (count == 1)} back unchanged, so nothing is ever remembered. "
            f"Return {new}.",
            "the return line",
        ),
        Misconception(
            "the state before the parameter",
            _first_last(step),
            f"You return {names} first. The parameter comes first.",
            "the return line",
        ),
        Misconception(
            "the parameter alone",
            _parameter_alone(step),
            f"You return the parameter and keep {names}, so the next step cannot go on from {they}.",
            "the return line",
        ),
        Misconception(
            "a parameter that stays",
            _no_step(step),
            f"The new {names} come{'s' * (count == 1)} back, and the parameter as it was: its new value is lost.",
            "the return line",
        ),
        Misconception(
            "inputs changed in place",
            _in_place(step, count),
            "Your numbers are right, but you write them into the tensors that you are handed (+=, mul_ and the like), "
            "and the caller may still need those. Make new tensors: x = x + …, or work on a clone.",
            "operations that end in an underscore, and +=",
        ),
    )
