"""A learning rate for every update: large while there is far to go, small to settle, and a careful start.

Sources: cosine with warm-up, Loshchilov & Hutter, arXiv:1608.03983, equation 5, and Goyal et al., arXiv:1706.02677,
section 2.2; one-cycle, Smith & Topin, arXiv:1708.07120, section 3.
Deviation: `step` counts updates from 1, as Adam's paper does; torch's schedulers count epochs from 0.

| paper | code           | meaning                                              |
|-------|----------------|------------------------------------------------------|
| t     | `step`         | number of the update that uses the rate, from 1      |
| η_max | `base_rate`    | the rate at the peak                                 |
| η_min | `final_rate`   | the rate of the last update                          |
| T_w   | `warmup_steps` | updates of rising rate; 0 and 1 both mean no warm-up |
| T     | `total_steps`  | all updates                                          |
"""

import math

__all__ = ["cosine_rate", "exponential_rate", "one_cycle_rate", "step_rate"]


def step_rate(step: int, base_rate: float, factor: float, every: int) -> float:
    """The rate of update `step` (from 1) when it is multiplied by `factor` after each `every` updates."""
    return base_rate * factor ** ((step - 1) // every)


def exponential_rate(step: int, base_rate: float, decay: float, warmup_steps: int) -> float:
    """The rate of one update: a straight climb to `base_rate`, then a factor `decay` per update.

    step: which update uses the rate, counted from 1. base_rate: the rate at the peak.
    decay: between 0 and 1. warmup_steps: the update that reaches the peak; update k before
    it uses k/warmup_steps of the peak. With 0 or 1 the first update is at the peak already.
    Returns a float.
    """
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    return base_rate * decay ** (step - peak)


def cosine_rate(step: int, base_rate: float, final_rate: float, warmup_steps: int, total_steps: int) -> float:
    """The rate of one update: a straight climb to a peak, then half a cosine wave down.

    step: which update uses the rate, counted from 1; at most total_steps.
    base_rate: the rate at the peak. final_rate: the rate of the last update, total_steps.
    warmup_steps: the update that reaches the peak, less than total_steps; update k before
    it uses k/warmup_steps of the peak. With 0 or 1 the first update is at the peak already.
    Returns a float.
    """
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def one_cycle_rate(step: int, peak_rate: float, total_steps: int, rising: float = 0.3, start: float = 0.04) -> float:
    """The rate of update `step` (from 1) in one cycle: up to the peak on a cosine, then down to almost nothing.

    rising: share of the updates spent rising. start: first rate as a share of the peak.
    The last rate is 1e-4 of the first one. Returns a float.
    """
    first, last = start * peak_rate, 1e-4 * start * peak_rate
    turn = rising * total_steps - 1
    if step - 1 <= turn:
        begin, end, done = first, peak_rate, (step - 1) / turn
    else:
        begin, end, done = peak_rate, last, (step - 1 - turn) / (total_steps - 1 - turn)
    return end + (begin - end) * (1 + math.cos(math.pi * done)) / 2
