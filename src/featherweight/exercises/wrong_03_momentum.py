"""Wrong steps with momentum that learners take in lesson 3: parameter p, gradient g, velocity v, rate, momentum.

What is wrong with each is said in `momentum_03`.
"""


def climbs(p, g, v, rate, momentum):
    v = momentum * v + g
    return p + rate * v, v


def subtracts_twice(p, g, v, rate, momentum):
    v = momentum * v - g
    return p - rate * v, v


def points_downhill(p, g, v, rate, momentum):
    v = momentum * v - g
    return p + rate * v, v


def carries_the_rate(p, g, v, rate, momentum):
    v = momentum * v + rate * g
    return p - v, v


def carries_the_rate_downhill(p, g, v, rate, momentum):
    v = momentum * v - rate * g
    return p + v, v


def pays_the_rate_twice(p, g, v, rate, momentum):
    v = momentum * v + rate * g
    return p - rate * v, v


def averages(p, g, v, rate, momentum):
    v = momentum * v + (1 - momentum) * g
    return p - rate * v, v


def looks_ahead(p, g, v, rate, momentum):
    v = momentum * v + g
    return p - rate * (g + momentum * v), v


def counts_the_gradient_twice(p, g, v, rate, momentum):
    v = momentum * v + g
    return p - rate * (g + v), v


def moves_first(p, g, v, rate, momentum):
    return p - rate * v, momentum * v + g


def ignores_velocity(p, g, v, rate, momentum):
    return p - rate * g, momentum * v + g


def swaps_the_numbers(p, g, v, rate, momentum):
    v = rate * v + g
    return p - momentum * v, v


def loses_the_momentum(p, g, v, rate, momentum):
    v = (1 - momentum) * v + g
    return p - rate * v, v


def swaps_the_shares(p, g, v, rate, momentum):
    v = (1 - momentum) * v + momentum * g
    return p - rate * v, v


def weighs_the_gradient(p, g, v, rate, momentum):
    v = v + momentum * g
    return p - rate * v, v


def never_loses(p, g, v, rate, momentum):
    v = v + g
    return p - rate * v, v


def weighs_both(p, g, v, rate, momentum):
    v = momentum * (v + g)
    return p - rate * v, v


def forgets_the_rate(p, g, v, rate, momentum):
    v = momentum * v + g
    return p - v, v


def walks_by_length(p, g, v, rate, momentum):
    v = momentum * v + g
    return p - rate * v / (v.norm() + 1e-12), v


def forgets_the_past(p, g, v, rate, momentum):
    return p - rate * g, g
