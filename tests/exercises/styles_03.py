"""Right answers to lesson 3 in other people's styles: exercise name → functions."""

import math

import numpy as np
import torch


def momentum_on_clones(p, g, v, lr, mu):
    p, v = p.clone(), v.clone()
    v.mul_(mu).add_(g)
    return [p.add_(v, alpha=-lr), v]


def momentum_by_add(parameter, gradient, velocity, learning_rate, momentum):
    velocity = torch.add(gradient, velocity, alpha=momentum)
    return torch.sub(parameter, velocity, alpha=learning_rate), velocity


def momentum_in_numpy(parameter, gradient, velocity, learning_rate, momentum):
    velocity = momentum * velocity.numpy() + gradient.numpy()
    return parameter.numpy() - learning_rate * velocity, velocity


def adagrad_by_addcdiv(p, g, s, lr, eps):
    s = torch.addcmul(s, g, g)
    return torch.addcdiv(p, g, s.sqrt().add(eps), value=-lr), s


def adagrad_by_power(parameter, gradient, squares, learning_rate, epsilon):
    squares = squares + gradient.square()
    rate = learning_rate / (squares**0.5 + epsilon)
    return torch.stack([parameter - rate * gradient, squares])


def adagrad_by_number(parameter, gradient, squares, learning_rate, epsilon):
    def one(p, g, s):
        s = s + g * g
        return p - learning_rate * g / (math.sqrt(s) + epsilon), s

    flat = (each.double().flatten().tolist() for each in (parameter, gradient, squares))
    found = [one(*each) for each in zip(*flat, strict=True)]
    columns = torch.tensor(found, dtype=torch.float64).reshape(-1, 2).T.to(parameter.dtype)
    return tuple(column.reshape(parameter.shape) for column in columns)


def rmsprop_by_lerp(p, g, v, lr, beta, eps):
    v = torch.lerp(v, g * g, 1 - beta)
    return p - lr * (g / (eps + torch.sqrt(v))), v


def rmsprop_on_clones(p, g, v, lr, beta, eps):
    v = v.clone().mul_(beta).addcmul_(g, g, value=1 - beta)
    return p.clone().addcdiv_(g, v.sqrt().add_(eps), value=-lr), v


def rmsprop_by_difference(parameter, gradient, second_moment, learning_rate, beta2, epsilon):
    new = second_moment - (1 - beta2) * (second_moment - gradient**2)
    return parameter - gradient * learning_rate / (new.sqrt() + epsilon), new


def adam_by_lerp(p, g, m, v, t, lr, b1, b2, eps):
    m, v = m.lerp(g, 1 - b1), v.lerp(g.square(), 1 - b2)
    return p - lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps), m, v


def adam_by_rates(p, g, m, v, t, lr, b1, b2, eps):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
    rate, root = lr / (1 - math.pow(b1, t)), v.sqrt() / math.sqrt(1 - math.pow(b2, t))
    return torch.addcdiv(p, m, root + eps, value=-rate), m, v


def adam_on_clones(p, g, m, v, t, lr, b1, b2, eps):
    p, m, v = p.clone(), m.clone(), v.clone()
    m.mul_(b1).add_(g, alpha=1 - b1)
    v.mul_(b2).addcmul_(g, g, value=1 - b2)
    p -= lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
    return [p, m, v]


def adam_with_scaled_epsilon(p, g, m, v, t, lr, b1, b2, eps):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    c1, c2 = 1 - b1**t, math.sqrt(1 - b2**t)
    return p - lr * c2 / c1 * m / (v.sqrt() + eps * c2), m, v


def adam_in_numpy(p, g, m, v, t, lr, b1, b2, eps):
    p, g, m, v = (each.numpy() for each in (p, g, m, v))
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v


def adamw_by_share(p, g, m, v, t, lr, b1, b2, eps, decay):
    return adam_by_lerp(p * (1 - lr * decay), g, m, v, t, lr, b1, b2, eps)


def adamw_in_one_line(p, g, m, v, t, lr, b1, b2, eps, decay):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return p - lr * (m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps) + decay * p), m, v


def adamw_with_old_weights(p, g, m, v, t, lr, b1, b2, eps, decay):
    new, m, v = adam_by_rates(p, g, m, v, t, lr, b1, b2, eps)
    return new - lr * decay * p, m, v


def adamw_by_lerp_from_the_new(p, g, m, v, t, lr, b1, b2, eps, decay):
    m, v = torch.lerp(g, m, b1), torch.lerp(g * g, v, b2)
    p = p.clone()
    p *= 1 - lr * decay
    return p - lr * (m / -math.expm1(t * math.log(b1))) / ((v / (1 - b2**t)).sqrt() + eps), m, v


STYLES = {
    "momentum_step": [momentum_on_clones, momentum_by_add, momentum_in_numpy],
    "adagrad_step": [adagrad_by_addcdiv, adagrad_by_power, adagrad_by_number],
    "rmsprop_step": [rmsprop_by_lerp, rmsprop_on_clones, rmsprop_by_difference],
    "adam_step": [adam_by_lerp, adam_by_rates, adam_on_clones, adam_with_scaled_epsilon, adam_in_numpy],
    "adamw_step": [adamw_by_share, adamw_in_one_line, adamw_with_old_weights, adamw_by_lerp_from_the_new],
    "mended_adam_step": [adam_by_rates, adam_with_scaled_epsilon],
}
