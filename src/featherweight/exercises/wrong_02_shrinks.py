"""Wrong answers of lesson 2 to |x|: subgradients, thresholds, proximal steps. `shrinks_02` says what is wrong."""

import torch


def takes_plus_one_at_zero(x, smooth_gradient, price):
    return smooth_gradient + price * torch.where(x >= 0, 1.0, -1.0).to(x.dtype)


def takes_minus_one_at_zero(x, smooth_gradient, price):
    return smooth_gradient + price * torch.where(x > 0, 1.0, -1.0).to(x.dtype)


def pays_nothing_at_zero(x, smooth_gradient, price):
    return smooth_gradient + price * x.sign()


def never_leaves_zero(x, smooth_gradient, price):
    return torch.where(x == 0, 0.0, smooth_gradient + price * x.sign()).to(x.dtype)


def leaves_whole(x, smooth_gradient, price):
    at_zero = torch.where(smooth_gradient.abs() > price, smooth_gradient, 0.0)
    return torch.where(x == 0, at_zero, smooth_gradient + price * x.sign()).to(x.dtype)


def pays_twice_at_zero(x, smooth_gradient, price):
    at_zero = smooth_gradient + price * smooth_gradient.sign()
    return torch.where(x == 0, at_zero, smooth_gradient + price * x.sign())


def overshoots_at_zero(x, smooth_gradient, price):
    at_zero = smooth_gradient - price * smooth_gradient.sign()
    return torch.where(x == 0, at_zero, smooth_gradient + price * x.sign())


def keeps_what_was_taken(x, smooth_gradient, price):
    at_zero = smooth_gradient.clamp(-price, price)
    return torch.where(x == 0, at_zero, smooth_gradient + price * x.sign())


def forgets_the_price(x, smooth_gradient, price):
    at_zero = smooth_gradient - smooth_gradient.clamp(-1, 1)
    return torch.where(x == 0, at_zero, smooth_gradient + x.sign())


def pays_the_size(x, smooth_gradient, price):
    at_zero = smooth_gradient - smooth_gradient.clamp(-price, price)
    return torch.where(x == 0, at_zero, smooth_gradient + price * x.abs())


def pays_as_if_squared(x, smooth_gradient, price):
    at_zero = smooth_gradient - smooth_gradient.clamp(-price, price)
    return torch.where(x == 0, at_zero, smooth_gradient + price * x)


def rewards_size(x, smooth_gradient, price):
    at_zero = smooth_gradient - smooth_gradient.clamp(-price, price)
    return torch.where(x == 0, at_zero, smooth_gradient - price * x.sign())


def shortens_everywhere(x, smooth_gradient, price):
    return smooth_gradient - smooth_gradient.clamp(-price, price)


def forgets_the_smooth_part(x, smooth_gradient, price):
    return price * x.sign()


def rounds_to_zero(x, smooth_gradient, price):
    at_zero = smooth_gradient - smooth_gradient.clamp(-price, price)
    return torch.where(x.abs() < 1e-6, at_zero, smooth_gradient + price * x.sign())


def asks_the_whole_tensor(x, smooth_gradient, price):
    if x == 0:
        return smooth_gradient - smooth_gradient.clamp(-price, price)
    return smooth_gradient + price * x.sign()


def keeps_survivors_whole(x, threshold):
    return torch.where(x.abs() > threshold, x, 0.0).to(x.dtype)


def shrinks_past_zero(x, threshold):
    return x - threshold * x.sign()


def shrinks_by_a_share(x, threshold):
    return x * (1 - threshold)


def shrinks_smoothly(x, threshold):
    return x / (1 + threshold)


def zeroes_the_large(x, threshold):
    return torch.where(x.abs() < threshold, x, 0.0).to(x.dtype)


def clips(x, threshold):
    return x.clamp(-threshold, threshold)


def loses_the_sign(x, threshold):
    return (x.abs() - threshold).clamp(min=0)


def loses_the_negatives(x, threshold):
    return (x - threshold).clamp(min=0)


def shifts_negatives_down(x, threshold):
    return torch.where(x.abs() > threshold, x - threshold, 0.0).to(x.dtype)


def grows(x, threshold):
    return torch.where(x.abs() > threshold, x + threshold * x.sign(), 0.0).to(x.dtype)


def stops_at_the_threshold(x, threshold):
    return x.sign() * (x.abs() - threshold).clamp(min=threshold)


def leaves_the_small(x, threshold):
    return torch.where(x.abs() > threshold, x - threshold * x.sign(), x)


def takes_half(x, threshold):
    return x.sign() * (x.abs() - threshold / 2).clamp(min=0)


def returns_a_mask(x, threshold):
    return x.abs() > threshold


def handed_over(parameter, smooth_gradient, learning_rate, price):
    shrunk = parameter.sign() * (parameter.abs() - price).clamp(min=0)
    return shrunk - learning_rate * smooth_gradient


def ista_with(whole: bool, early: bool):
    """ISTA with either of two faults, or both: a threshold without the rate, and one that is paid before the step."""

    def step(parameter, smooth_gradient, learning_rate, price):
        threshold = price if whole else learning_rate * price
        if early:
            shrunk = parameter.sign() * (parameter.abs() - threshold).clamp(min=0)
            return shrunk - learning_rate * smooth_gradient
        moved = parameter - learning_rate * smooth_gradient
        return moved.sign() * (moved.abs() - threshold).clamp(min=0)

    return step


def steps_along_a_subgradient(parameter, smooth_gradient, learning_rate, price):
    return parameter - learning_rate * (smooth_gradient + price * parameter.sign())


def steps_past_zero(parameter, smooth_gradient, learning_rate, price):
    moved = parameter - learning_rate * smooth_gradient
    return moved - learning_rate * price * moved.sign()


def keeps_the_old_sign(parameter, smooth_gradient, learning_rate, price):
    moved = parameter - learning_rate * smooth_gradient
    return parameter.sign() * (moved.abs() - learning_rate * price).clamp(min=0)


def moves_and_cuts(parameter, smooth_gradient, learning_rate, price):
    moved = parameter - learning_rate * smooth_gradient
    return torch.where(moved.abs() > learning_rate * price, moved, 0.0).to(moved.dtype)


def climbs_and_shrinks(parameter, smooth_gradient, learning_rate, price):
    moved = parameter + learning_rate * smooth_gradient
    return moved.sign() * (moved.abs() - learning_rate * price).clamp(min=0)


def forgets_the_rate(parameter, smooth_gradient, learning_rate, price):
    moved = parameter - smooth_gradient
    return moved.sign() * (moved.abs() - learning_rate * price).clamp(min=0)


def divides_the_price(parameter, smooth_gradient, learning_rate, price):
    moved = parameter - learning_rate * smooth_gradient
    return moved.sign() * (moved.abs() - price / learning_rate).clamp(min=0)


def only_moves(parameter, smooth_gradient, learning_rate, price):
    return parameter - learning_rate * smooth_gradient


def pays_twice(parameter, smooth_gradient, learning_rate, price):
    shrunk = parameter.sign() * (parameter.abs() - learning_rate * price).clamp(min=0)
    moved = shrunk - learning_rate * smooth_gradient
    return moved.sign() * (moved.abs() - learning_rate * price).clamp(min=0)
