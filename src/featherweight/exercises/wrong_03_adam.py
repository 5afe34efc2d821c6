"""Wrong steps of Adam that learners take in lesson 3.

Parameter p, gradient g, first moment m, second moment v, number of the step t, rate, shares b1 and b2, ε. What is wrong
with each is said in `adam_03`.
"""

import torch


def averaged(m, v, g, b1, b2):
    return b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2


def moved(p, m, v, t, rate, b1, b2, eps):
    return p - rate * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + eps)


def not_corrected(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * m / (v.sqrt() + eps), m, v


def first_corrected(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * m / (1 - b1**t) / (v.sqrt() + eps), m, v


def second_corrected(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * m / ((v / (1 - b2**t)).sqrt() + eps), m, v


def counts_from_zero(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t - 1, rate, b1, b2, eps), m, v


def counts_from_zero_in_python(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    rate = rate * (1 - b2 ** (t - 1)) ** 0.5 / (1 - b1 ** (t - 1))
    return p - rate * m / (v.sqrt() + eps), m, v


def counts_from_two(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t + 1, rate, b1, b2, eps), m, v


def corrects_by_one_share(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, 1, rate, b1, b2, eps), m, v


def corrects_by_the_power_of_the_rest(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1) ** t) / ((v / (1 - b2) ** t).sqrt() + eps), m, v


def corrects_without_brackets(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / 1 - b1**t) / ((v / 1 - b2**t).sqrt() + eps), m, v


def corrects_by_products(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1 * t)) / ((v / (1 - b2 * t)).sqrt() + eps), m, v


def multiplies_the_correction(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m * (1 - b1**t)) / ((v * (1 - b2**t)).sqrt() + eps), m, v


def corrects_outside_the_root(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1**t)) / (v.sqrt() / (1 - b2**t) + eps), m, v


def corrects_crosswise(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t, rate, b2, b1, eps), m, v


def epsilon_inside(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1**t)) / (v / (1 - b2**t) + eps).sqrt(), m, v


def epsilon_before_correction(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    rate = rate * (1 - b2**t) ** 0.5 / (1 - b1**t)
    return p - rate * m / (v.sqrt() + eps), m, v


def no_epsilon(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1**t)) / (v / (1 - b2**t)).sqrt(), m, v


def no_brackets(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1**t)) / (v / (1 - b2**t)).sqrt() + eps, m, v


def swaps_the_betas(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b2, b1)
    return moved(p, m, v, t, rate, b2, b1, eps), m, v


def swaps_the_betas_of_the_moments(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b2, b1)
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def swaps_the_shares(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, 1 - b1, 1 - b2)
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def swaps_the_shares_throughout(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, 1 - b1, 1 - b2)
    return moved(p, m, v, t, rate, 1 - b1, 1 - b2, eps), m, v


def first_without_share(p, g, m, v, t, rate, b1, b2, eps):
    m, v = b1 * m + g, averaged(m, v, g, b1, b2)[1]
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def second_without_share(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], b2 * v + g**2
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def both_without_share(p, g, m, v, t, rate, b1, b2, eps):
    m, v = b1 * m + g, b2 * v + g**2
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def first_never_forgets(p, g, m, v, t, rate, b1, b2, eps):
    m, v = m + (1 - b1) * g, averaged(m, v, g, b1, b2)[1]
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def second_never_forgets(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], v + (1 - b2) * g**2
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def second_sums(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], v + g**2
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def second_of_gradients(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], b2 * v + (1 - b2) * g
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def second_of_sizes(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], b2 * v + (1 - b2) * g.abs()
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def second_of_sizes_without_root(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], b2 * v + (1 - b2) * g.abs()
    return p - rate * (m / (1 - b1**t)) / (v / (1 - b2**t) + eps), m, v


def second_of_the_first(p, g, m, v, t, rate, b1, b2, eps):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * m**2
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def second_largest(p, g, m, v, t, rate, b1, b2, eps):
    m, largest = averaged(m, v, g, b1, b2)
    v = torch.maximum(v, largest)
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def stores_the_corrected(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    m, v = m / (1 - b1**t), v / (1 - b2**t)
    return p - rate * m / (v.sqrt() + eps), m, v


def stores_the_first_corrected(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t, rate, b1, b2, eps), m / (1 - b1**t), v


def stores_the_second_corrected(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t, rate, b1, b2, eps), m, v / (1 - b2**t)


def stores_the_root(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t, rate, b1, b2, eps), m, v.sqrt()


def a_step_behind(p, g, m, v, t, rate, b1, b2, eps):
    return moved(p, m, v, t, rate, b1, b2, eps), *averaged(m, v, g, b1, b2)


def no_root(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1**t)) / (v / (1 - b2**t) + eps), m, v


def along_the_gradient(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * g / ((v / (1 - b2**t)).sqrt() + eps), m, v


def along_the_mean_alone(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1**t)), m, v


def one_rate(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v.mean(), t, rate, b1, b2, eps), m, v


def one_square(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], b2 * v + (1 - b2) * (g**2).mean()
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def one_norm(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)[0], b2 * v + (1 - b2) * (g**2).sum()
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def climbs(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return p + rate * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + eps), m, v


def swaps_the_moments(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t, rate, b1, b2, eps), v, m


def rounds_the_betas(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    b1, b2 = torch.tensor([b1, b2], dtype=torch.float32).to(p.dtype)
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def rounds_epsilon(p, g, m, v, t, rate, b1, b2, eps):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m, v, t, rate, b1, b2, torch.tensor(eps, dtype=torch.float32)), m, v
