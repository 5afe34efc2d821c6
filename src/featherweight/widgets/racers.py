"""Racers: the methods of lesson 03 as their cards know them, so that a learner's function can run beside ours.

Every racer takes the rate it is given; the rest is PyTorch's default, but for Adagrad's ε, which is the others' 1e-8.

| name       | meaning                                                    |
|------------|------------------------------------------------------------|
| `method`   | its name in `lab.palette`                                  |
| `rule`     | its step and settings, for `lab.methods.walk`              |
| `memories` | what it keeps from step to step, each of the point's shape |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from torch import Tensor

from featherweight.errors import InputError
from featherweight.lab.methods import METHODS, Method, walk
from featherweight.widgets.attempt import attempt

__all__ = ["BETA2", "EPSILON", "RACERS", "SECONDS", "Racer", "learners_walk", "named"]

EPSILON = 1e-8
BETA2, _ = METHODS["rmsprop"].settings
SECONDS = 1.0  # for one learner's function; four that hang stay within a card's patience


@dataclass(frozen=True)
class Racer:
    """One method; see the table above."""

    method: str
    rule: Method
    memories: tuple[str, ...] = ()


RACERS = {
    "sgd_step": Racer("gradient descent", METHODS["sgd"]),
    "momentum_step": Racer("momentum", METHODS["momentum"], ("velocity",)),
    "adagrad_step": Racer("adagrad", replace(METHODS["adagrad"], settings=(EPSILON,)), ("squares",)),
    "rmsprop_step": Racer("rmsprop", METHODS["rmsprop"], ("second_moment",)),
    "adam_step": Racer("adam", METHODS["adam"], ("first_moment", "second_moment")),
}


def learners_walk(
    racer: Racer, step: Callable, gradient: Callable, start: Tensor, rate: float, steps: int
) -> tuple[Tensor | None, str]:
    """The points of a learner's step and an empty problem, or None and what is wrong in one line."""

    def checked(parameter: Tensor, *rest) -> list[Tensor]:
        return _parts(step(parameter.clone(), *rest), racer, start)

    def run() -> Tensor | str:
        try:
            return walk(replace(racer.rule, step=checked), gradient, start, rate, steps)
        except _Unusable as problem:
            return str(problem)

    found, problem = attempt(run, seconds=SECONDS)
    if problem or isinstance(found, str):
        return None, problem.replace("run", step.__name__, 1) or f"{step.__name__} {found}"
    return found, ""


def named(functions: tuple, allowed: tuple[str, ...]) -> dict[str, Callable]:
    """The learner's functions by name, in the order of `allowed`.

    Raises InputError for anything that has no allowed name, and for two of one name.
    """
    names = [getattr(function, "__name__", None) if callable(function) else None for function in functions]
    for name, function in zip(names, functions, strict=True):
        if name not in allowed:
            got = f"a function named {name!r}" if name else _kind(function)
            raise InputError(f"Got {got}; wanted {_or(allowed)}: pass your own function under that name, uncalled.")
        if names.count(name) > 1:
            raise InputError(f"Got {name} twice; wanted each function once: leave one out.")
    return {name: functions[names.index(name)] for name in allowed if name in names}


class _Unusable(InputError):
    """What a step returned cannot be walked on."""


def _parts(answer: Any, racer: Racer, like: Tensor) -> list[Tensor]:
    """The new point and memories of a step, detached and in the start's dtype."""
    parts = list(answer) if isinstance(answer, tuple | list) else [answer]
    wanted = f"({', '.join(('parameter', *racer.memories))}), tensors of shape {tuple(like.shape)}"
    if len(parts) != 1 + len(racer.memories):
        got = f"{len(parts)} values" if isinstance(answer, tuple | list) else _kind(answer)
        raise _Unusable(f"returned {got}; wanted {wanted}")
    for part in parts:
        if not isinstance(part, Tensor) or part.shape != like.shape:
            got = f"shape {tuple(part.shape)}" if isinstance(part, Tensor) else _kind(part)
            raise _Unusable(f"returned {got} among them; wanted {wanted}")
    return [part.detach().to(like.dtype) for part in parts]


def _kind(thing: Any) -> str:
    if isinstance(thing, partial):
        return "a partial, which has no name"
    name = type(thing).__name__
    return "None" if thing is None else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _or(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
