"""Wrong rates that learners give in lesson 1, one function each. What is wrong with each is said in `rates_01`."""

import math

import torch


def one_over_largest(hessian):
    return 1.0 / torch.linalg.eigvalsh(hessian).max().item()


def two_over_smallest(hessian):
    return 2.0 / torch.linalg.eigvalsh(hessian).min().item()


def two_over_trace(hessian):
    return 2.0 / hessian.trace().item()


def two_over_largest_entry(hessian):
    return 2.0 / hessian.abs().max().item()


def two_over_last_of_general_solver(hessian):
    return 2.0 / torch.linalg.eigvals(hessian).real[-1].item()


def two_over_sum(hessian):
    curvatures = torch.linalg.eigvalsh(hessian)
    return 2.0 / (curvatures[0] + curvatures[-1]).item()


def largest_eigenvalue(hessian):
    return torch.linalg.eigvalsh(hessian).max().item()


def two_over_first_of_general_solver(hessian):
    return 2.0 / torch.linalg.eigvals(hessian).real[0].item()


def two_over_every_eigenvalue(hessian):
    return 2.0 / torch.linalg.eigvalsh(hessian)


def two_over_frobenius_norm(hessian):
    return 2.0 / hessian.norm().item()


def half_the_largest(hessian):
    return torch.linalg.eigvalsh(hessian).max().item() / 2.0


def exponential_decays_early(step, base_rate, decay, warmup_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    return base_rate * decay ** (step - peak + 1)


def exponential_warms_from_zero(step, base_rate, decay, warmup_steps):
    if step <= warmup_steps:
        return base_rate * (step - 1) / warmup_steps
    return base_rate * decay ** (step - warmup_steps - 1)


def exponential_decays_during_warmup(step, base_rate, decay, warmup_steps):
    return base_rate * min(1.0, step / max(warmup_steps, 1)) * decay ** (step - 1)


def exponential_compounds_twice(step, base_rate, decay, warmup_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    rate = base_rate
    for k in range(step - peak + 1):
        rate = rate * decay**k
    return rate


def exponential_uses_e(step, base_rate, decay, warmup_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    return base_rate * math.exp(-decay * (step - peak))


def exponential_without_warmup(step, base_rate, decay, warmup_steps):
    return base_rate * decay ** (step - 1)


def exponential_counts_from_the_first_update(step, base_rate, decay, warmup_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    return base_rate * decay ** (step - 1)


def exponential_counts_every_update(step, base_rate, decay, warmup_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    return base_rate * decay**step


def exponential_peaks_before_the_first(step, base_rate, decay, warmup_steps):
    if step <= warmup_steps:
        return base_rate * step / warmup_steps
    return base_rate * decay ** (step - warmup_steps)


def exponential_divides_by_zero(step, base_rate, decay, warmup_steps):
    return base_rate * min(step / warmup_steps, 1.0) * decay ** max(step - warmup_steps, 0)


def exponential_peaks_twice(step, base_rate, decay, warmup_steps):
    if step <= warmup_steps:
        return base_rate * step / warmup_steps
    return base_rate * decay ** (step - warmup_steps - 1)


def exponential_peaks_late(step, base_rate, decay, warmup_steps):
    if step <= warmup_steps:
        return base_rate * step / (warmup_steps + 1)
    return base_rate * decay ** (step - warmup_steps - 1)


def exponential_loses_the_decay(step, base_rate, decay, warmup_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    return base_rate * (1 - decay) ** (step - peak)


def exponential_divides_whole(step, base_rate, decay, warmup_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * (step // peak)
    return base_rate * decay ** (step - peak)
