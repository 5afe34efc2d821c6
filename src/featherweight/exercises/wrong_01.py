"""Wrong answers that learners give in lesson 1, one function each. What is wrong with each is said in `lesson_01`."""

import math

import torch


def climbs(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] + learning_rate * gradient(points[-1]))
    return torch.stack(points)


def updates_in_place(gradient, start, learning_rate, steps):
    x = start.clone()
    points = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        points.append(x)
    return torch.stack(points)


def overwrites_start(gradient, start, learning_rate, steps):
    x = start
    points = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        points.append(x.clone())
    return torch.stack(points)


def forgets_last_point(gradient, start, learning_rate, steps):
    points, x = [], start
    for _ in range(steps):
        points.append(x)
        x = x - learning_rate * gradient(x)
    return torch.stack(points)


def forgets_start(gradient, start, learning_rate, steps):
    points, x = [], start
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
        points.append(x)
    return torch.stack(points)


def one_step_too_many(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps + 1):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.stack(points)


def reuses_gradient(gradient, start, learning_rate, steps):
    slope = gradient(start)
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * slope)
    return torch.stack(points)


def normalizes(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        slope = gradient(points[-1])
        points.append(points[-1] - learning_rate * slope / slope.norm())
    return torch.stack(points)


def one_coordinate_at_a_time(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1].clone()
        for i in range(len(x)):
            x[i] = x[i] - learning_rate * gradient(x)[i]
        points.append(x)
    return torch.stack(points)


def forgets_dtype(gradient, start, learning_rate, steps):
    points = torch.zeros(steps + 1, len(start))
    points[0] = start
    x = start
    for k in range(steps):
        x = x - learning_rate * gradient(x)
        points[k + 1] = x
    return points


def returns_last_only(gradient, start, learning_rate, steps):
    x = start
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
    return x


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


def chapters_dynamic_descent(gradient, start, learning_rate, decay, steps):
    walk = start.repeat(steps + 1, 1)
    for step in range(1, steps + 1):
        learning_rate = learning_rate * decay**step
        walk[step] = walk[step - 1] - learning_rate * gradient(walk[step - 1])
    return walk


def dynamic_descent_with(early: bool, compounded: bool):
    """The dynamic descent with either of the chapter's two faults, or both."""

    def descend(gradient, start, learning_rate, decay, steps):
        points, rate = [start], learning_rate
        for step in range(1, steps + 1):
            factor = decay**step if compounded else decay
            used = rate * factor if early else rate
            points.append(points[-1] - used * gradient(points[-1]))
            rate = rate * factor
        return torch.stack(points)

    return descend


def decays_and_reuses_gradient(gradient, start, learning_rate, decay, steps):
    slope = gradient(start)
    points, rate = [start], learning_rate
    for _ in range(steps):
        points.append(points[-1] - rate * slope)
        rate = rate * decay
    return torch.stack(points)


def never_decays(gradient, start, learning_rate, decay, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.stack(points)
