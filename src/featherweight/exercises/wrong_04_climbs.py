"""Wrong SAM gradients and accumulations of lesson 4. What is wrong with each is said in `climbs_04`."""

import torch


def descends_first(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    return gradient(parameter - radius * torch.where(norm > 0, slope / norm, 0.0))


def forgets_to_normalize(gradient, parameter, radius):
    return gradient(parameter + radius * gradient(parameter))


def leaves_the_weights_on_top(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    parameter += radius * torch.where(norm > 0, slope / norm, 0.0)
    return gradient(parameter)


def returns_the_first(gradient, parameter, radius):
    return gradient(parameter)


def adds_both(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    return slope + gradient(parameter + radius * torch.where(norm > 0, slope / norm, 0.0))


def averages_both(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    return (slope + gradient(parameter + radius * torch.where(norm > 0, slope / norm, 0.0))) / 2


def takes_the_difference(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    return gradient(parameter + radius * torch.where(norm > 0, slope / norm, 0.0)) - slope


def takes_signs(gradient, parameter, radius):
    return gradient(parameter + radius * gradient(parameter).sign())


def divides_by_the_squared_norm(gradient, parameter, radius):
    slope = gradient(parameter)
    square = (slope**2).sum()
    return gradient(parameter + radius * torch.where(square > 0, slope / square, 0.0))


def divides_by_the_largest(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.abs().max()
    return gradient(parameter + radius * torch.where(norm > 0, slope / norm, 0.0))


def divides_by_the_sum(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.abs().sum()
    return gradient(parameter + radius * torch.where(norm > 0, slope / norm, 0.0))


def normalizes_rows(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm(dim=-1, keepdim=True)
    return gradient(parameter + radius * torch.where(norm > 0, slope / norm, 0.0))


def divides_by_zero(gradient, parameter, radius):
    slope = gradient(parameter)
    return gradient(parameter + radius * slope / slope.norm())


def divides_by_the_norm_of_the_weights(gradient, parameter, radius):
    return gradient(parameter + radius * gradient(parameter) / parameter.norm())


def climbs_along_the_weights(gradient, parameter, radius):
    return gradient(parameter + radius * parameter / parameter.norm())


def asks_at_the_offset(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    return gradient(radius * torch.where(norm > 0, slope / norm, 0.0))


def forgets_the_radius(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    return gradient(parameter + torch.where(norm > 0, slope / norm, 0.0))


def returns_the_top(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    return parameter + radius * torch.where(norm > 0, slope / norm, 0.0)


def normalizes_the_answer(gradient, parameter, radius):
    slope = gradient(parameter)
    norm = slope.norm()
    found = gradient(parameter + radius * torch.where(norm > 0, slope / norm, 0.0))
    return torch.where(found.norm() > 0, found / found.norm(), 0.0)


def handed_over(gradient, parameter, sizes, every, learning_rate):
    points, total = [parameter], torch.zeros_like(parameter)
    for k in range(len(sizes)):
        total = total + gradient(points[-1], k)
        if (k + 1) % every == 0:
            points.append(points[-1] - learning_rate * total / every)
    return torch.stack(points)


def accumulation_with(alike: bool, carried: bool, dropped: bool):
    """Accumulation with any of three faults: pieces counted alike, a sum that is never emptied, a rest that is lost."""

    def steps(gradient, parameter, sizes, every, learning_rate):
        points, total, count = [parameter], torch.zeros_like(parameter), 0
        for k in range(len(sizes)):
            weight = 1 if alike else sizes[k]
            total, count = total + weight * gradient(points[-1], k), count + weight
            full, last = (k + 1) % every == 0, k + 1 == len(sizes)
            if full or (last and not dropped):
                points.append(points[-1] - learning_rate * total / count)
                total, count = (total if carried else torch.zeros_like(parameter)), 0
        return torch.stack(points)

    return steps


def divides_the_rest_by_every(gradient, parameter, sizes, every, learning_rate):
    points = [parameter]
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        total = sum(gradient(points[-1], k) for k in pieces)
        points.append(points[-1] - learning_rate * total / every)
    return torch.stack(points)


def adds_without_dividing(gradient, parameter, sizes, every, learning_rate):
    points = [parameter]
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        points.append(points[-1] - learning_rate * sum(gradient(points[-1], k) for k in pieces))
    return torch.stack(points)


def adds_examples_without_dividing(gradient, parameter, sizes, every, learning_rate):
    points = [parameter]
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        points.append(points[-1] - learning_rate * sum(sizes[k] * gradient(points[-1], k) for k in pieces))
    return torch.stack(points)


def keeps_the_count(gradient, parameter, sizes, every, learning_rate):
    points, total, count = [parameter], torch.zeros_like(parameter), 0
    for k in range(len(sizes)):
        total, count = total + sizes[k] * gradient(points[-1], k), count + sizes[k]
        if (k + 1) % every == 0 or k + 1 == len(sizes):
            points.append(points[-1] - learning_rate * total / count)
            total = torch.zeros_like(parameter)
    return torch.stack(points)


def keeps_count_and_sum(gradient, parameter, sizes, every, learning_rate):
    points, total, count = [parameter], torch.zeros_like(parameter), 0
    for k in range(len(sizes)):
        total, count = total + sizes[k] * gradient(points[-1], k), count + sizes[k]
        if (k + 1) % every == 0 or k + 1 == len(sizes):
            points.append(points[-1] - learning_rate * total / count)
    return torch.stack(points)


def steps_at_every_piece(gradient, parameter, sizes, every, learning_rate):
    points = [parameter]
    for k in range(len(sizes)):
        points.append(points[-1] - learning_rate * gradient(points[-1], k))
    return torch.stack(points)


def asks_at_the_start(gradient, parameter, sizes, every, learning_rate):
    points = [parameter]
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        total = sum(sizes[k] * gradient(parameter, k) for k in pieces)
        points.append(points[-1] - learning_rate * total / sum(sizes[k] for k in pieces))
    return torch.stack(points)


def divides_by_all(gradient, parameter, sizes, every, learning_rate):
    points = [parameter]
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        total = sum(sizes[k] * gradient(points[-1], k) for k in pieces)
        points.append(points[-1] - learning_rate * total / sum(sizes))
    return torch.stack(points)


def divides_sizes_by_pieces(gradient, parameter, sizes, every, learning_rate):
    points = [parameter]
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        total = sum(sizes[k] * gradient(points[-1], k) for k in pieces)
        points.append(points[-1] - learning_rate * total / len(pieces))
    return torch.stack(points)


def returns_the_last_point(gradient, parameter, sizes, every, learning_rate):
    point = parameter
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        total = sum(sizes[k] * gradient(point, k) for k in pieces)
        point = point - learning_rate * total / sum(sizes[k] for k in pieces)
    return point
