"""Wrong steps of AdamW that learners take in lesson 3: letters as in `wrong_03_adam`, and the decay.

What is wrong with each is said in `adamw_03`.
"""

from featherweight.exercises.wrong_03_adam import averaged, moved
from featherweight.optimizers.adaptive import adam_step


def decayed(adam):
    """A wrong step of Adam after a right decay."""

    def step(p, g, m, v, t, rate, b1, b2, eps, decay):
        return adam(p - rate * decay * p, g, m, v, t, rate, b1, b2, eps)

    return step


def couples(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p, g + decay * p, m, v, t, rate, b1, b2, eps)


def decays_afterwards(p, g, m, v, t, rate, b1, b2, eps, decay):
    p, m, v = adam_step(p, g, m, v, t, rate, b1, b2, eps)
    return p - rate * decay * p, m, v


def decays_by_the_whole_afterwards(p, g, m, v, t, rate, b1, b2, eps, decay):
    p, m, v = adam_step(p, g, m, v, t, rate, b1, b2, eps)
    return p - decay * p, m, v


def divides_the_decay(p, g, m, v, t, rate, b1, b2, eps, decay):
    m, v = averaged(m, v, g, b1, b2)
    return p - rate * (m / (1 - b1**t) + decay * p) / ((v / (1 - b2**t)).sqrt() + eps), m, v


def corrects_the_decay(p, g, m, v, t, rate, b1, b2, eps, decay):
    m, v = averaged(m, v, g, b1, b2)
    return moved(p, m + decay * p, v, t, rate, b1, b2, eps), m, v


def remembers_the_decay(p, g, m, v, t, rate, b1, b2, eps, decay):
    m, v = averaged(m, v, g, b1, b2)
    m = m + decay * p
    return moved(p, m, v, t, rate, b1, b2, eps), m, v


def decays_by_the_whole(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p - decay * p, g, m, v, t, rate, b1, b2, eps)


def never_decays(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p, g, m, v, t, rate, b1, b2, eps)


def grows(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p + rate * decay * p, g, m, v, t, rate, b1, b2, eps)


def keeps_the_decay(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(rate * decay * p, g, m, v, t, rate, b1, b2, eps)


def keeps_the_whole_decay(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(decay * p, g, m, v, t, rate, b1, b2, eps)


def pays_twice(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p - rate * decay * p, g + decay * p, m, v, t, rate, b1, b2, eps)


def decays_twice(p, g, m, v, t, rate, b1, b2, eps, decay):
    p, m, v = adam_step(p - rate * decay * p, g, m, v, t, rate, b1, b2, eps)
    return p - rate * decay * p, m, v


def loses_a_fixed_amount(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p - rate * decay * p.sign(), g, m, v, t, rate, b1, b2, eps)


def loses_sizes(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p - rate * decay * p.abs(), g, m, v, t, rate, b1, b2, eps)


def subtracts_the_number(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p - rate * decay, g, m, v, t, rate, b1, b2, eps)


def squares_the_rate(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p - rate * rate * decay * p, g, m, v, t, rate, b1, b2, eps)


def decays_the_gradient(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p, g * (1 - rate * decay), m, v, t, rate, b1, b2, eps)


def shrinks_the_step_too(p, g, m, v, t, rate, b1, b2, eps, decay):
    return adam_step(p, g, m, v, t, rate * (1 - rate * decay), b1, b2, eps)
