"""Wrong steps of Adagrad and RMSprop that learners take in lesson 3: parameter p, gradient g, squares s, rate, ε.

What is wrong with each is said in `squares_03`.
"""

import torch


def summed(s, g):
    return s + g**2


def averaged(s, g, beta):
    return beta * s + (1 - beta) * g**2


def moved(p, g, s, rate, eps):
    return p - rate * g / (s.sqrt() + eps)


def adagrad_with_epsilon_inside(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate * g / (s + eps).sqrt(), s


def adagrad_with_epsilon_squared_inside(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate * g / (s + eps**2).sqrt(), s


def adagrad_without_epsilon(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate * g / s.sqrt(), s


def adagrad_without_brackets(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate * g / s.sqrt() + eps, s


def adagrad_with_epsilon_remembered(p, g, s, rate, eps):
    s = summed(s, g) + eps
    return p - rate * g / s.sqrt(), s


def adagrad_without_root(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate * g / (s + eps), s


def adagrad_times_root(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate * g * (s.sqrt() + eps), s


def adagrad_that_decays(p, g, s, rate, eps):
    s = averaged(s, g, 0.9)
    return moved(p, g, s, rate, eps), s


def adagrad_that_decays_slowly(p, g, s, rate, eps):
    s = averaged(s, g, 0.99)
    return moved(p, g, s, rate, eps), s


def adagrad_that_forgets(p, g, s, rate, eps):
    s = 0.9 * s + g**2
    return moved(p, g, s, rate, eps), s


def adagrad_by_halves(p, g, s, rate, eps):
    s = (s + g**2) / 2
    return moved(p, g, s, rate, eps), s


def adagrad_with_gradients(p, g, s, rate, eps):
    s = s + g
    return moved(p, g, s, rate, eps), s


def adagrad_with_sizes(p, g, s, rate, eps):
    s = s + g.abs()
    return moved(p, g, s, rate, eps), s


def adagrad_with_sizes_alone(p, g, s, rate, eps):
    s = s + g.abs()
    return p - rate * g / (s + eps), s


def adagrad_with_largest(p, g, s, rate, eps):
    s = torch.maximum(s, g**2)
    return moved(p, g, s, rate, eps), s


def adagrad_without_memory(p, g, s, rate, eps):
    s = g**2
    return moved(p, g, s, rate, eps), s


def adagrad_a_step_behind(p, g, s, rate, eps):
    return moved(p, g, s, rate, eps), summed(s, g)


def adagrad_with_one_rate(p, g, s, rate, eps):
    s = summed(s, g)
    return moved(p, g, s.sum(), rate, eps), s


def adagrad_with_one_square(p, g, s, rate, eps):
    s = s + (g**2).sum()
    return moved(p, g, s, rate, eps), s


def adagrad_with_mean_rate(p, g, s, rate, eps):
    s = summed(s, g)
    return moved(p, g, s.mean(), rate, eps), s


def adagrad_that_stores_the_root(p, g, s, rate, eps):
    s = summed(s, g).sqrt()
    return p - rate * g / (s + eps), s


def adagrad_that_climbs(p, g, s, rate, eps):
    s = summed(s, g)
    return p + rate * g / (s.sqrt() + eps), s


def adagrad_along_squares(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate * g**2 / (s.sqrt() + eps), s


def adagrad_without_gradient(p, g, s, rate, eps):
    s = summed(s, g)
    return p - rate / (s.sqrt() + eps), s


def rmsprop_that_sums(p, g, s, rate, beta, eps):
    s = summed(s, g)
    return moved(p, g, s, rate, eps), s


def rmsprop_without_share(p, g, s, rate, beta, eps):
    s = beta * s + g**2
    return moved(p, g, s, rate, eps), s


def rmsprop_that_never_forgets(p, g, s, rate, beta, eps):
    s = s + (1 - beta) * g**2
    return moved(p, g, s, rate, eps), s


def rmsprop_with_shares_swapped(p, g, s, rate, beta, eps):
    s = averaged(s, g, 1 - beta)
    return moved(p, g, s, rate, eps), s


def rmsprop_with_epsilon_inside(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return p - rate * g / (s + eps).sqrt(), s


def rmsprop_without_epsilon(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return p - rate * g / s.sqrt(), s


def rmsprop_without_brackets(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return p - rate * g / s.sqrt() + eps, s


def rmsprop_without_root(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return p - rate * g / (s + eps), s


def rmsprop_with_gradients(p, g, s, rate, beta, eps):
    s = beta * s + (1 - beta) * g
    return moved(p, g, s, rate, eps), s


def rmsprop_with_sizes(p, g, s, rate, beta, eps):
    s = beta * s + (1 - beta) * g.abs()
    return moved(p, g, s, rate, eps), s


def rmsprop_with_sizes_alone(p, g, s, rate, beta, eps):
    s = beta * s + (1 - beta) * g.abs()
    return p - rate * g / (s + eps), s


def rmsprop_with_squared_share(p, g, s, rate, beta, eps):
    s = beta * s + ((1 - beta) * g) ** 2
    return moved(p, g, s, rate, eps), s


def rmsprop_that_squares_the_average(p, g, s, rate, beta, eps):
    s = (beta * s + (1 - beta) * g) ** 2
    return moved(p, g, s, rate, eps), s


def rmsprop_without_gradient(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return p - rate / (s.sqrt() + eps), s


def rmsprop_centred(p, g, s, rate, beta, eps):
    s = averaged(s, g - g.mean(), beta)
    return moved(p, g, s, rate, eps), s


def rmsprop_with_one_rate(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return moved(p, g, s.mean(), rate, eps), s


def rmsprop_with_one_square(p, g, s, rate, beta, eps):
    s = beta * s + (1 - beta) * (g**2).mean()
    return moved(p, g, s, rate, eps), s


def rmsprop_with_norm(p, g, s, rate, beta, eps):
    s = beta * s + (1 - beta) * (g**2).sum()
    return moved(p, g, s, rate, eps), s


def rmsprop_a_step_behind(p, g, s, rate, beta, eps):
    return moved(p, g, s, rate, eps), averaged(s, g, beta)


def rmsprop_with_largest(p, g, s, rate, beta, eps):
    s = torch.maximum(s, averaged(s, g, beta))
    return moved(p, g, s, rate, eps), s


def rmsprop_that_stores_the_root(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta).sqrt()
    return p - rate * g / (s + eps), s


def rmsprop_that_corrects(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return moved(p, g, s / (1 - beta), rate, eps), s


def rmsprop_that_climbs(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return p + rate * g / (s.sqrt() + eps), s


def rmsprop_without_memory(p, g, s, rate, beta, eps):
    s = g**2
    return moved(p, g, s, rate, eps), s


def rmsprop_along_squares(p, g, s, rate, beta, eps):
    s = averaged(s, g, beta)
    return p - rate * g**2 / (s.sqrt() + eps), s
