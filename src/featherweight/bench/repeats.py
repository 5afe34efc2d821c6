"""Repeats that take turns, so that two times can be divided: what disturbs a machine meets both.

A value is the fastest call of all, for a disturbance only ever adds. A ratio is that of the same round, each round's
fastest calls divided: its median over the rounds, with the 10th and the 90th percentile as its spread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

__all__ = ["Ratio", "ratio", "turns"]

TURN_SECONDS = 0.02


@dataclass(frozen=True)
class Ratio:
    """A quotient of two measurements; low and high are its spread over `repeats` rounds, and equal it for one."""

    median: float
    low: float
    high: float
    repeats: int = 1

    def __str__(self) -> str:
        spread = f" ({_short(self.low)} to {_short(self.high)})" if self.repeats > 1 else ""
        return f"{_short(self.median)} ×{spread}"


def turns(
    actions: Mapping[Hashable, Callable[[], object]],
    rounds: int,
    seconds: float | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict:
    """The seconds of each action's fastest call in every round, in which each has a turn of as many calls as fit in it.

    seconds: of a turn, which has one call at least. Returns name → one time for each round.
    """
    seconds = TURN_SECONDS if seconds is None else seconds
    best = {name: [float("inf")] * rounds for name in actions}
    for number in range(rounds):
        for name, action in actions.items():
            now = clock()
            end, called = now + seconds, False
            while now < end or not called:
                start, called = now, True
                action()
                now = clock()
                best[name][number] = min(best[name][number], now - start)
    return best


def ratio(mine: float | Sequence[float], theirs: float | Sequence[float]) -> Ratio:
    """mine ÷ theirs: of two numbers, or of two lists, one for each round, round by round."""
    mine, theirs = ([one] if isinstance(one, float | int) else one for one in (mine, theirs))
    shares = [one / other for one, other in zip(mine, theirs, strict=True)]
    if len(shares) == 1:
        return Ratio(shares[0], shares[0], shares[0])
    tenths = quantiles(shares, n=10, method="inclusive")
    return Ratio(median(shares), tenths[0], tenths[-1], len(shares))


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
