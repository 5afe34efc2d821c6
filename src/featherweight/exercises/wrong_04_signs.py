"""Wrong Lion steps of lesson 4, one function each. What is wrong with each is said in `signs_04`."""

import torch


def signs_before_mixing(w, g, m, learning_rate, beta1, beta2, decay):
    direction = beta1 * m.sign() + (1 - beta1) * g.sign()
    return w - learning_rate * (direction + decay * w), beta2 * m + (1 - beta2) * g


def signs_the_gradient_before_mixing(w, g, m, learning_rate, beta1, beta2, decay):
    direction = beta1 * m + (1 - beta1) * g.sign()
    return w - learning_rate * (direction + decay * w), beta2 * m + (1 - beta2) * g


def keeps_the_mix(w, g, m, learning_rate, beta1, beta2, decay):
    m = beta1 * m + (1 - beta1) * g
    return w - learning_rate * (m.sign() + decay * w), m


def updates_first(w, g, m, learning_rate, beta1, beta2, decay):
    m = beta2 * m + (1 - beta2) * g
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * (direction + decay * w), m


def moves_by_the_kept_moment(w, g, m, learning_rate, beta1, beta2, decay):
    m = beta2 * m + (1 - beta2) * g
    return w - learning_rate * (m.sign() + decay * w), m


def moves_by_the_old_moment(w, g, m, learning_rate, beta1, beta2, decay):
    return w - learning_rate * (m.sign() + decay * w), beta2 * m + (1 - beta2) * g


def mixes_again(w, g, m, learning_rate, beta1, beta2, decay):
    mix = beta1 * m + (1 - beta1) * g
    return w - learning_rate * (mix.sign() + decay * w), beta2 * mix + (1 - beta2) * g


def forgets_the_sign(w, g, m, learning_rate, beta1, beta2, decay):
    direction = beta1 * m + (1 - beta1) * g
    return w - learning_rate * (direction + decay * w), beta2 * m + (1 - beta2) * g


def normalizes(w, g, m, learning_rate, beta1, beta2, decay):
    direction = beta1 * m + (1 - beta1) * g
    return w - learning_rate * (direction / direction.norm() + decay * w), beta2 * m + (1 - beta2) * g


def forgets_the_decay(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * direction, beta2 * m + (1 - beta2) * g


def decays_inside_the_sign(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g + decay * w).sign()
    return w - learning_rate * direction, beta2 * m + (1 - beta2) * g


def couples_the_decay(w, g, m, learning_rate, beta1, beta2, decay):
    g = g + decay * w
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * direction, beta2 * m + (1 - beta2) * g


def decays_without_the_rate(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * direction - decay * w, beta2 * m + (1 - beta2) * g


def decays_afterwards(w, g, m, learning_rate, beta1, beta2, decay):
    w = w - learning_rate * (beta1 * m + (1 - beta1) * g).sign()
    return w * (1 - learning_rate * decay), beta2 * m + (1 - beta2) * g


def grows(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * (direction - decay * w), beta2 * m + (1 - beta2) * g


def swaps_the_betas(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta2 * m + (1 - beta2) * g).sign()
    return w - learning_rate * (direction + decay * w), beta1 * m + (1 - beta1) * g


def swaps_the_shares(w, g, m, learning_rate, beta1, beta2, decay):
    direction = ((1 - beta1) * m + beta1 * g).sign()
    return w - learning_rate * (direction + decay * w), (1 - beta2) * m + beta2 * g


def adds_the_gradient_whole(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + g).sign()
    return w - learning_rate * (direction + decay * w), beta2 * m + g


def signs_the_gradient_alone(w, g, m, learning_rate, beta1, beta2, decay):
    return w - learning_rate * (g.sign() + decay * w), beta2 * m + (1 - beta2) * g


def keeps_signs(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * (direction + decay * w), beta2 * m + (1 - beta2) * direction


def leaves_the_moment(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * (direction + decay * w), m


def returns_the_weights_alone(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w - learning_rate * (direction + decay * w)


def returns_the_moment_first(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return beta2 * m + (1 - beta2) * g, w - learning_rate * (direction + decay * w)


def climbs(w, g, m, learning_rate, beta1, beta2, decay):
    direction = (beta1 * m + (1 - beta1) * g).sign()
    return w + learning_rate * (direction - decay * w), beta2 * m + (1 - beta2) * g


def gives_zero_a_sign(w, g, m, learning_rate, beta1, beta2, decay):
    direction = torch.where(beta1 * m + (1 - beta1) * g >= 0, 1.0, -1.0).to(w.dtype)
    return w - learning_rate * (direction + decay * w), beta2 * m + (1 - beta2) * g
