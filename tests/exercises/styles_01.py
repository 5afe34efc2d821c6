"""Right answers to lesson 1 in other people's styles: exercise name → functions."""

import math
from itertools import accumulate

import numpy as np
import torch


def loop_with_other_names(grad, x0, lr, n):
    history = torch.empty((n + 1, len(x0)), dtype=x0.dtype)
    history[0] = x0
    for i in range(1, n + 1):
        history[i] = history[i - 1] - lr * grad(history[i - 1])
    return history


def numpy_minded(gradient, start, learning_rate, steps):
    x = start.numpy().copy()
    rows = [x]
    while len(rows) <= steps:
        x = x - np.asarray(x.dtype.type(learning_rate)) * gradient(torch.from_numpy(x)).numpy()
        rows.append(x)
    return np.array(rows)


def recursive(gradient, start, learning_rate, steps):
    if steps == 0:
        return start[None]
    rest = recursive(gradient, start - learning_rate * gradient(start), learning_rate, steps - 1)
    return torch.cat([start[None], rest])


def list_of_tensors(gradient, start, learning_rate, steps):
    x, points = start.clone(), []
    for _ in range(steps):
        points.append(x.clone())
        x.sub_(gradient(x), alpha=learning_rate)
    return [*points, x]


@torch.no_grad()
def accumulated(gradient, start, learning_rate=0.1, steps=10) -> list[float]:
    return list(accumulate(range(steps), lambda x, _: x - learning_rate * gradient(x), initial=start))


def lists_of_numbers(gradient, start, learning_rate, steps):
    rows = [start.tolist()]
    while len(rows) <= steps:
        slope = gradient(torch.tensor(rows[-1], dtype=start.dtype)).tolist()
        rows.append([x - learning_rate * g for x, g in zip(rows[-1], slope, strict=True)])
    return rows


def numpy_eigenvalues(hessian):
    return 2 / np.linalg.eigvalsh(hessian.numpy())[-1]


def zero_dim_tensor(hessian):
    return 2 / torch.linalg.eigvalsh(hessian)[-1]


def spectral_norm(H):
    return 2.0 / float(torch.linalg.matrix_norm(H, 2))


def general_solver(hessian):
    return 2 / torch.linalg.eigvals(hessian).real.max()


def power_iteration(hessian):
    v = torch.ones(len(hessian), dtype=hessian.dtype) + torch.arange(len(hessian)) / 7
    for _ in range(500):
        v = hessian @ v / (hessian @ v).norm()
    return 2 / float(v @ hessian @ v)


def exponential_by_loop(step, base_rate, decay, warmup_steps):
    rate = base_rate
    for k in range(1, step + 1):
        if k <= warmup_steps:
            rate = base_rate * k / warmup_steps
        elif k > 1:
            rate *= decay
    return rate


def exponential_single_precision(step, base_rate, decay, warmup_steps):
    w = max(warmup_steps, 1)
    return torch.tensor(base_rate) * min(step / w, 1) * torch.tensor(decay) ** max(step - w, 0)


def exponential_by_log(t, top, gamma, warm):
    w = 1 if warm == 0 else warm
    return top * min(t / w, 1.0) * math.exp(math.log(gamma) * max(t - w, 0))


def cosine_square(step, base_rate, final_rate, warmup_steps, total_steps):
    w = max(1, warmup_steps)
    if step < w:
        return step / w * base_rate
    half = 0.5 * math.pi * (step - w) / (total_steps - w)
    return final_rate * math.sin(half) ** 2 + base_rate * math.cos(half) ** 2


def cosine_numpy(k, hi, lo, warm, total):
    warm = max(warm, 1)
    xs = np.interp(k, [0, warm, total], [0.0, 1.0, 2.0])
    return hi * xs if xs < 1 else lo + (hi - lo) * (1 + np.cos(np.pi * (xs - 1))) / 2


def cosine_single_precision(step, base_rate, final_rate, warmup_steps, total_steps):
    w = max(warmup_steps, 1)
    if step < w:
        return torch.tensor(base_rate * step / w)
    return (
        final_rate
        + (base_rate - final_rate) * (1 + torch.cos(torch.tensor(math.pi * (step - w) / (total_steps - w)))) / 2
    )


def powers(gradient, start, learning_rate, decay, steps):
    x, points = start, [start]
    for k in range(steps):
        x = x - learning_rate * decay**k * gradient(x)
        points.append(x)
    return torch.stack(points)


def generator_of_rates(g, x, eta, gamma, n):
    out = torch.zeros(n + 1, x.numel(), dtype=x.dtype)
    out[0], rates = x, [eta * math.prod([gamma] * k) for k in range(n)]
    for i, rate in enumerate(rates):
        out[i + 1] = out[i] - rate * g(out[i])
    return out


STYLES = {
    "gradient_descent": [
        loop_with_other_names,
        numpy_minded,
        recursive,
        list_of_tensors,
        accumulated,
        lists_of_numbers,
    ],
    "largest_stable_rate": [numpy_eigenvalues, zero_dim_tensor, spectral_norm, general_solver, power_iteration],
    "exponential_rate": [exponential_by_loop, exponential_by_log, exponential_single_precision],
    "cosine_rate": [cosine_square, cosine_numpy, cosine_single_precision],
    "mended_descent": [powers, generator_of_rates],
}
