"""Right answers to lesson 4 in other people's styles: exercise name → functions."""

import numpy as np
import torch
import torch.nn.functional as F


def without_transposing(matrix, steps):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrix / (torch.linalg.matrix_norm(matrix) + 1e-12)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + b * gram @ x + c * gram @ gram @ x
    return x


def as_torch_does(grad, ns_steps):
    ortho = grad.clone()
    if grad.size(0) > grad.size(1):
        ortho = ortho.T
    ortho.div_(ortho.norm().clamp(min=1e-7))
    for _ in range(ns_steps):
        gram = ortho @ ortho.T
        update = torch.addmm(gram, gram, gram, beta=-4.7750, alpha=2.0315)
        ortho = torch.addmm(ortho, update, ortho, beta=3.4445)
    return ortho.T if grad.size(0) > grad.size(1) else ortho


def from_the_right(matrix, steps):
    x = F.normalize(matrix.flatten(), dim=0).view_as(matrix)
    for _ in range(steps):
        gram = x.mT @ x
        x = x @ (3.4445 * torch.eye(len(gram), dtype=x.dtype) - 4.7750 * gram + 2.0315 * gram @ gram)
    return x


def by_singular_values(matrix, steps):
    u, s, v = torch.linalg.svd(matrix, full_matrices=False)
    s = s / s.norm()
    for _ in range(steps):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    return u @ torch.diag(s) @ v


def newton_schulz_numpy(matrix, steps):
    x = matrix.numpy()
    x = x / np.linalg.norm(x)
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x - 4.775 * a @ x + 2.0315 * a @ a @ x
    return x


def lion_by_lerp(parameter, gradient, first_moment, learning_rate, beta1, beta2, decay):
    direction = torch.lerp(gradient, first_moment, beta1).sign()
    parameter = parameter * (1 - learning_rate * decay) - learning_rate * direction
    return parameter, torch.lerp(gradient, first_moment, beta2)


def lion_in_place(p, grad, exp_avg, lr, b1, b2, wd):
    step = exp_avg.clone().mul_(b1).add_(grad, alpha=1 - b1).sign_()
    p.mul_(1 - lr * wd).add_(step, alpha=-lr)
    exp_avg.mul_(b2).add_(grad, alpha=1 - b2)
    return p, exp_avg


def lion_numpy(parameter, gradient, first_moment, learning_rate, beta1, beta2, decay):
    w, g, m = (tensor.numpy() for tensor in (parameter, gradient, first_moment))
    way = np.sign(beta1 * m + (1 - beta1) * g)
    return [w - learning_rate * (way + decay * w), beta2 * m + (1 - beta2) * g]


def lion_by_cases(w, g, m, rate, beta1, beta2, decay):
    mix = beta1 * m + (1 - beta1) * g
    way = (mix > 0).to(w) - (mix < 0).to(w)
    return w - rate * way - rate * decay * w, g + beta2 * (m - g)


def averages_by_weights(x, z, grad, t, lr, beta):
    y = torch.lerp(z, x, beta)
    z = z - lr * grad(y)
    return (1 - 1 / t) * x + (1 / t) * z, z


def averages_by_sums(average, iterate, gradient, step, learning_rate, beta):
    between = iterate + beta * (average - iterate)
    new = torch.sub(iterate, gradient(between), alpha=learning_rate)
    return ((step - 1) * average + new) / step, new


def averages_by_clones(average, iterate, gradient, step, learning_rate, beta):
    average, iterate = average.clone(), iterate.clone()
    slope = gradient(average.mul(beta).add_(iterate, alpha=1 - beta))
    iterate.sub_(slope, alpha=learning_rate)
    average.lerp_(iterate, 1 / step)
    return [average, iterate]


def sam_with_an_epsilon(gradient, parameter, radius):
    slope = gradient(parameter)
    return gradient(parameter + slope * (radius / (slope.norm() + 1e-12)))


def sam_by_normalize(grad, w, rho):
    uphill = F.normalize(grad(w).flatten(), dim=0).view_as(w)
    return grad(w + rho * uphill)


def sam_by_cases(gradient, parameter, radius):
    slope = gradient(parameter)
    length = (slope**2).sum().sqrt().item()
    if length == 0:
        return slope
    return gradient(parameter.clone().add_(slope, alpha=radius / length))


def sam_that_puts_back(gradient, parameter, radius):
    saved, slope = parameter.clone(), gradient(parameter)
    if slope.any():
        parameter.add_(slope / slope.norm(), alpha=radius)
    found = gradient(parameter)
    parameter.copy_(saved)
    return found


def accumulated_by_counting(gradient, parameter, sizes, every, learning_rate):
    walk, total, count = [parameter], 0 * parameter, 0
    for k, size in enumerate(sizes):
        total, count = total + size * gradient(walk[-1], k), count + size
        if (k + 1) % every == 0 or k == len(sizes) - 1:
            walk.append(walk[-1] - learning_rate * total / count)
            total, count = 0 * parameter, 0
    return torch.stack(walk)


def accumulated_by_shares(gradient, x, sizes, every, lr):
    rows = [x.clone()]
    while sizes:
        part, sizes = sizes[:every], sizes[every:]
        first = (len(rows) - 1) * every
        slopes = torch.stack([gradient(x, first + k) for k in range(len(part))])
        shares = torch.tensor(part).to(x) / sum(part)
        x = x - lr * shares @ slopes
        rows.append(x)
    return rows


STYLES = {
    "newton_schulz": [without_transposing, as_torch_does, from_the_right, by_singular_values, newton_schulz_numpy],
    "lion_step": [lion_by_lerp, lion_in_place, lion_numpy, lion_by_cases],
    "schedule_free_step": [averages_by_weights, averages_by_sums, averages_by_clones],
    "sam_gradient": [sam_with_an_epsilon, sam_by_normalize, sam_by_cases, sam_that_puts_back],
    "mended_accumulated_steps": [accumulated_by_counting, accumulated_by_shares],
}
