"""Wrong answers of lesson 11 to slopes in the inputs, one function each. `slopes_11` says what is wrong."""

import torch
import torch.nn.functional as F


def _slope(network, x, direction, keep):
    return torch.autograd.grad((network(x) * direction).sum(), x, create_graph=keep)[0]


def _mean_square(found, wanted):
    return (found - wanted).square().mean()


def jacobian_with(distance, prepared=lambda directions: directions):
    """`jacobian_loss` with another distance of (student's, teacher's slopes: directions first), or other directions."""

    def wrong(student, teacher, inputs, directions):
        x = inputs.detach().requires_grad_()
        chosen = prepared(directions)
        found = torch.stack([_slope(student, x, direction, True) for direction in chosen])
        wanted = torch.stack([_slope(teacher, x, direction, False) for direction in chosen])
        return distance(found, wanted)

    return wrong


adds_up_everything = jacobian_with(lambda found, wanted: (found - wanted).square().sum())
adds_up_the_entries = jacobian_with(lambda found, wanted: (found - wanted).square().flatten(2).sum(2).mean())
adds_up_the_directions = jacobian_with(lambda found, wanted: (found - wanted).square().sum(0).mean())
takes_the_root = jacobian_with(lambda found, wanted: (found - wanted).square().mean().sqrt())
takes_sizes = jacobian_with(lambda found, wanted: (found - wanted).abs().mean())
adds_up_before_it_squares = jacobian_with(lambda found, wanted: (found.mean(0) - wanted.mean(0)).square().mean())
compares_sizes_of_slopes = jacobian_with(lambda found, wanted: (found.abs() - wanted.abs()).square().mean())
adds_the_slopes = jacobian_with(lambda found, wanted: (found + wanted).square().mean())
forgets_the_teacher = jacobian_with(lambda found, wanted: found.square().mean())
divides_by_the_length = jacobian_with(
    lambda found, wanted: (F.normalize(found.flatten(2), dim=2) - F.normalize(wanted.flatten(2), dim=2)).square().mean()
)
ignores_the_directions = jacobian_with(_mean_square, lambda directions: torch.ones_like(directions[:1]))
takes_the_first_direction = jacobian_with(_mean_square, lambda directions: directions[:1])
takes_directions_of_length_one = jacobian_with(_mean_square, lambda directions: F.normalize(directions, dim=2))
takes_one_direction_for_all_examples = jacobian_with(
    _mean_square, lambda directions: directions[:, :1].expand_as(directions)
)


def compares_the_outputs(student, teacher, inputs, directions):
    return (student(inputs) - teacher(inputs).detach()).square().mean()


def compares_the_projected_outputs(student, teacher, inputs, directions):
    return ((student(inputs) - teacher(inputs).detach()) * directions).sum(2).square().mean()


def compares_weight_gradients(student, teacher, inputs, directions):
    total = 0.0
    for direction in directions:
        found = torch.autograd.grad((student(inputs) * direction).sum(), list(student.parameters()), create_graph=True)
        wanted = torch.autograd.grad((teacher(inputs) * direction).sum(), list(teacher.parameters()))
        total = total + sum((one - other).square().mean() for one, other in zip(found, wanted, strict=True))
    return total / len(directions)


def forgets_to_keep_the_graph(student, teacher, inputs, directions):
    x = inputs.detach().requires_grad_()
    errors = [_slope(student, x, way, False) - _slope(teacher, x, way, False) for way in directions]
    return torch.stack(errors).square().mean()


def teaches_the_teacher(student, teacher, inputs, directions):
    x = inputs.detach().requires_grad_()
    errors = [_slope(student, x, way, True) - _slope(teacher, x, way, True) for way in directions]
    return torch.stack(errors).square().mean()


def forgets_to_ask_for_the_gradient(student, teacher, inputs, directions):
    errors = [_slope(student, inputs, way, True) - _slope(teacher, inputs, way, False) for way in directions]
    return torch.stack(errors).square().mean()


def projects_probabilities(student, teacher, inputs, directions):
    x = inputs.detach().requires_grad_()
    found = [_slope(lambda z: student(z).softmax(1), x, way, True) for way in directions]
    wanted = [_slope(lambda z: teacher(z).softmax(1), x, way, False) for way in directions]
    return (torch.stack(found) - torch.stack(wanted)).square().mean()


def projects_the_difference_without_a_slope_each(student, teacher, inputs, directions):
    x = inputs.detach().requires_grad_()
    total = sum((network(x) * directions).sum() for network in (student, teacher))
    return torch.autograd.grad(total, x, create_graph=True)[0].square().mean()


def adds_slopes_up_in_one_place(student, teacher, inputs, directions):
    x = inputs.detach().requires_grad_()
    wanted = [_slope(teacher, x, way, False) for way in directions]
    kept, found = torch.zeros_like(x), []
    for way in directions:
        kept = kept + _slope(student, x, way, True)
        found.append(kept)
    return (torch.stack(found) - torch.stack(wanted)).square().mean()
