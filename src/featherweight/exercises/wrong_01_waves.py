"""Wrong cosine schedules that learners give in lesson 1, one function each. `waves_01` says what is wrong."""

import math


def cosine_in_degrees(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(180 * done)) / 2


def cosine_never_arrives(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak + 1)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_warms_from_zero(step, base_rate, final_rate, warmup_steps, total_steps):
    if step <= warmup_steps:
        return base_rate * (step - 1) / warmup_steps
    done = (step - warmup_steps - 1) / max(total_steps - warmup_steps - 1, 1)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_ignores_warmup(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - 1) / (total_steps - 1)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_adds_floor(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + base_rate * (1 + math.cos(math.pi * done)) / 2


def cosine_whole_wave(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(2 * math.pi * done)) / 2


def cosine_without_half(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done))


def cosine_to_zero(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return base_rate * (1 + math.cos(math.pi * done)) / 2


def cosine_without_warmup(step, base_rate, final_rate, warmup_steps, total_steps):
    done = (step - 1) / (total_steps - 1)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_of_all_steps_without_warmup(step, base_rate, final_rate, warmup_steps, total_steps):
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * step / total_steps)) / 2


def cosine_of_all_steps(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * step / total_steps)) / 2


def cosine_as_long_as_all_steps(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / total_steps
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_peaks_before_the_first(step, base_rate, final_rate, warmup_steps, total_steps):
    if step <= warmup_steps:
        return base_rate * step / warmup_steps
    done = (step - warmup_steps) / (total_steps - warmup_steps)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_peaks_twice(step, base_rate, final_rate, warmup_steps, total_steps):
    if step <= warmup_steps:
        return base_rate * step / warmup_steps
    done = (step - warmup_steps - 1) / (total_steps - warmup_steps - 1)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_climbs(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 - math.cos(math.pi * done)) / 2


def cosine_as_a_line(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return base_rate + (final_rate - base_rate) * done


def cosine_quarter_wave(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * math.cos(math.pi / 2 * done)


def cosine_without_pi(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(done)) / 2


def cosine_warms_from_the_floor(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return final_rate + (base_rate - final_rate) * step / peak
    done = (step - peak) / (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2


def cosine_divides_whole(step, base_rate, final_rate, warmup_steps, total_steps):
    peak = max(warmup_steps, 1)
    if step < peak:
        return base_rate * step / peak
    done = (step - peak) // (total_steps - peak)
    return final_rate + (base_rate - final_rate) * (1 + math.cos(math.pi * done)) / 2
