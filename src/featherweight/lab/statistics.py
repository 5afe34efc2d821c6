"""How sure a measured number is: intervals over seeds, for one run, and for two networks on the same test set."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

import numpy as np
import torch
from scipy.special import stdtrit
from torch import Tensor

from featherweight.errors import InputError

__all__ = ["Interval", "mcnemar", "mean_interval", "paired_difference", "wilson"]


@dataclass(frozen=True)
class Interval:
    """An estimate between `low` and `high`, all in the same unit."""

    estimate: float
    low: float
    high: float

    def __format__(self, spec: str) -> str:
        """`f"{interval:.1%}"` → `95.1% (93.6% to 96.3%)`: the format is applied to all three numbers.

        A number below 0 gets a minus sign, −, and no hyphen.
        """
        return f"{self.estimate:{spec}} ({self.low:{spec}} to {self.high:{spec}})".replace("-", "−")


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """Student's t interval for the mean of independent runs, one value per seed.

    It answers "and with other seeds?", not "and with other test images?". Raises InputError for fewer than 2 values.
    """
    if len(values) < 2:
        raise InputError(f"Got {len(values)} value(s); an interval over seeds needs at least 2. Run more seeds.")
    middle = fmean(values)
    half = float(stdtrit(len(values) - 1, (1 + confidence) / 2)) * stdev(values) / math.sqrt(len(values))
    return Interval(middle, middle - half, middle + half)


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval for a proportion: how far one test set of `trials` examples can be trusted (Wilson 1927).

    Unlike p ± z·sqrt(p(1−p)/n) it stays inside 0…1 and is not empty at 0 errors.
    """
    if not 0 <= successes <= trials or trials == 0:
        raise InputError(f"Got {successes} of {trials}; wanted 0 ≤ successes ≤ trials and at least one trial.")
    z, share = NormalDist().inv_cdf((1 + confidence) / 2), successes / trials
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == trials else middle + half
    return Interval(share, low, high)


def mcnemar(first_right: Tensor, second_right: Tensor) -> float:
    """Exact two-sided McNemar p-value: could the two networks be equally good? (McNemar 1947)

    Both arguments: (n,) bool, one entry per test example, in the same order. Only examples that exactly one of the
    two gets right say anything; under equality each of those is a fair coin.
    """
    _same_examples(first_right, second_right)
    only_first = int((first_right & ~second_right).sum())
    only_second = int((~first_right & second_right).sum())
    coins = only_first + only_second
    tail = sum(math.comb(coins, k) for k in range(min(only_first, only_second) + 1)) / 2**coins
    return min(1.0, 2 * tail)


def paired_difference(
    first_right: Tensor, second_right: Tensor, confidence: float = 0.95, draws: int = 10_000, seed: int = 0
) -> Interval:
    """Accuracy of the first minus accuracy of the second, with a bootstrap interval over the shared test examples.

    Pairing matters: most errors are shared, and shared errors cancel. Arguments as in `mcnemar`.
    """
    _same_examples(first_right, second_right)
    differences = (first_right.int() - second_right.int()).cpu().numpy()
    size = len(differences)
    shares = [(differences == value).mean() for value in (-1, 0, 1)]
    drawn = np.random.RandomState(seed).multinomial(size, shares, draws)  # what resampling does to three values
    low, high = np.quantile((drawn[:, 2] - drawn[:, 0]) / size, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(differences.mean()), float(low), float(high))


def _same_examples(first: Tensor, second: Tensor) -> None:
    if first.shape != second.shape or first.dtype != torch.bool or second.dtype != torch.bool or len(first) == 0:
        raise InputError(
            f"Got {tuple(first.shape)} {first.dtype} and {tuple(second.shape)} {second.dtype}; "
            "wanted two non-empty bool tensors, one entry per test example of the same test set."
        )
