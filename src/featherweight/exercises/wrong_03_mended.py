"""The chapter's Adam, which lesson 3 hands over to be mended, and what a mending can leave. `mended_03` says it."""


def handed_over(parameter, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    step = 1
    decay = beta1
    first_moment = first_moment + (1 - decay) * gradient
    second_moment = second_moment + decay * (gradient - second_moment)
    parameter = parameter - learning_rate * first_moment / (second_moment.sqrt() + epsilon)
    return parameter, first_moment, second_moment


def adam_with(hoards: bool, unsquared: bool, swapped: bool, one_decay: bool, uncorrected: bool, frozen: bool):
    """Adam with any of the chapter's faults. Without a correction (uncorrected) no one can see a frozen counter."""

    def adam(p, g, m, v, t, rate, b1, b2, eps):
        b2 = b1 if one_decay else b2
        t = 1 if frozen else t
        m = m + (1 - b1) * g if hoards else b1 * m + (1 - b1) * g
        new = (g if unsquared else g**2) - v
        v = v + (b2 if swapped else 1 - b2) * new
        mean, square = (m, v) if uncorrected else (m / (1 - b1**t), v / (1 - b2**t))
        return p - rate * mean / (square.sqrt() + eps), m, v

    return adam


def squares_the_difference(p, g, m, v, t, rate, b1, b2, eps):
    m = b1 * m + (1 - b1) * g
    v = v + (1 - b2) * (g - v) ** 2
    return p - rate * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + eps), m, v
