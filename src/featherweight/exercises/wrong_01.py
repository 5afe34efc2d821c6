"""Wrong walks that learners give in lesson 1, one function each. What is wrong with each is said in `lesson_01`."""

import torch


def climbs(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] + learning_rate * gradient(points[-1]))
    return torch.stack(points)


def updates_in_place(gradient, start, learning_rate, steps):
    x = start.clone()
    points = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        points.append(x)
    return torch.stack(points)


def overwrites_start(gradient, start, learning_rate, steps):
    x = start
    points = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        points.append(x.clone())
    return torch.stack(points)


def forgets_last_point(gradient, start, learning_rate, steps):
    points, x = [], start
    for _ in range(steps):
        points.append(x)
        x = x - learning_rate * gradient(x)
    return torch.stack(points)


def forgets_start(gradient, start, learning_rate, steps):
    points, x = [], start
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
        points.append(x)
    return torch.stack(points)


def one_step_too_many(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps + 1):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.stack(points)


def reuses_gradient(gradient, start, learning_rate, steps):
    slope = gradient(start)
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * slope)
    return torch.stack(points)


def normalizes(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        slope = gradient(points[-1])
        points.append(points[-1] - learning_rate * slope / slope.norm())
    return torch.stack(points)


def one_coordinate_at_a_time(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1].clone()
        for i in range(len(x)):
            x[i] = x[i] - learning_rate * gradient(x)[i]
        points.append(x)
    return torch.stack(points)


def forgets_dtype(gradient, start, learning_rate, steps):
    points = torch.zeros(steps + 1, len(start))
    points[0] = start
    x = start
    for k in range(steps):
        x = x - learning_rate * gradient(x)
        points[k + 1] = x
    return points


def returns_last_only(gradient, start, learning_rate, steps):
    x = start
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
    return x


def updates_in_place_and_goes_on(gradient, start, learning_rate, steps):
    points = []
    for _ in range(steps + 1):
        points.append(start)
        start -= learning_rate * gradient(start)
    return torch.stack(points)


def leaves_out_the_rate(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - gradient(points[-1]))
    return torch.stack(points)


def steps_from_the_start(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(start - learning_rate * gradient(points[-1]))
    return torch.stack(points)


def leaves_the_last_row_empty(gradient, start, learning_rate, steps):
    points = torch.zeros(steps + 1, len(start), dtype=start.dtype)
    points[0] = start
    for k in range(1, steps):
        points[k] = points[k - 1] - learning_rate * gradient(points[k - 1])
    return points


def stands_points_in_columns(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.stack(points, dim=1)


def joins_points_end_to_end(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.cat(points)


def returns_inside_the_loop(gradient, start, learning_rate, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
        return torch.stack(points)


def always_takes_a_step(gradient, start, learning_rate, steps):
    points = [start, start - learning_rate * gradient(start)]
    for _ in range(steps - 1):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.stack(points)


def chapters_dynamic_descent(gradient, start, learning_rate, decay, steps):
    walk = start.repeat(steps + 1, 1)
    for step in range(1, steps + 1):
        learning_rate = learning_rate * decay**step
        walk[step] = walk[step - 1] - learning_rate * gradient(walk[step - 1])
    return walk


def dynamic_descent_with(early: bool, compounded: bool):
    """The dynamic descent with either of the chapter's two faults, or both."""

    def descend(gradient, start, learning_rate, decay, steps):
        points, rate = [start], learning_rate
        for step in range(1, steps + 1):
            factor = decay**step if compounded else decay
            used = rate * factor if early else rate
            points.append(points[-1] - used * gradient(points[-1]))
            rate = rate * factor
        return torch.stack(points)

    return descend


def decays_and_reuses_gradient(gradient, start, learning_rate, decay, steps):
    slope = gradient(start)
    points, rate = [start], learning_rate
    for _ in range(steps):
        points.append(points[-1] - rate * slope)
        rate = rate * decay
    return torch.stack(points)


def never_decays(gradient, start, learning_rate, decay, steps):
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.stack(points)


def counts_rows_from_zero(gradient, start, learning_rate, decay, steps):
    walk = start.repeat(steps + 1, 1)
    for step in range(steps):
        walk[step] = walk[step - 1] - learning_rate * decay**step * gradient(walk[step - 1])
    return walk


def loses_the_decay(gradient, start, learning_rate, decay, steps):
    points, rate = [start], learning_rate
    for _ in range(steps):
        points.append(points[-1] - rate * gradient(points[-1]))
        rate = rate * (1 - decay)
    return torch.stack(points)


def decays_once_for_all(gradient, start, learning_rate, decay, steps):
    points, rate = [start], learning_rate * decay
    for _ in range(steps):
        points.append(points[-1] - rate * gradient(points[-1]))
    return torch.stack(points)
