"""Steps as learners write them: right in another style, and wrong in ways that a card must survive."""

import torch

__all__ = ["STYLES", "WRONG", "called"]


def called(name, function):
    """The function under the name by which a widget knows it."""

    def renamed(*arguments):
        return function(*arguments)

    renamed.__name__ = name
    return renamed


def momentum_in_place(parameter, gradient, velocity, learning_rate, momentum):
    velocity.mul_(momentum).add_(gradient)
    parameter.sub_(learning_rate * velocity)
    return parameter, velocity


def adagrad_addcdiv(parameter, gradient, squares, learning_rate, epsilon):
    squares = torch.addcmul(squares, gradient, gradient)
    return torch.addcdiv(parameter, gradient, squares.sqrt() + epsilon, value=-learning_rate), squares


def rmsprop_lerp(parameter, gradient, second_moment, learning_rate, beta2, epsilon):
    second_moment = torch.lerp(second_moment, gradient.square(), 1 - beta2)
    return [parameter - learning_rate / (second_moment**0.5 + epsilon) * gradient, second_moment]


def adam_folded(parameter, gradient, m, v, step, learning_rate, beta1, beta2, epsilon):
    m, v = m.lerp(gradient, 1 - beta1), v * beta2 + gradient.square() * (1 - beta2)
    root = (1 - beta2**step) ** 0.5
    return parameter - learning_rate * root / (1 - beta1**step) * m / (v.sqrt() + epsilon * root), m, v


STYLES = {
    "momentum_step": momentum_in_place,
    "adagrad_step": adagrad_addcdiv,
    "rmsprop_step": rmsprop_lerp,
    "adam_step": adam_folded,
}


def stub(*_):
    raise NotImplementedError()


def divides(*_):
    return 1 / 0


def nothing(*_):
    return None


def leaves(*_):
    raise SystemExit


def forgets_a_moment(parameter, gradient, m, v, *_):
    return parameter - gradient, m


def only_the_parameter(parameter, gradient, *_):
    return parameter - gradient


def sums(parameter, gradient, m, v, *_):
    return (parameter - gradient).sum(), m, v


def numbers(parameter, gradient, m, v, *_):
    return parameter - gradient, 0.0, v


WANTED = "wanted (parameter, first_moment, second_moment), tensors of shape (2,)"
WRONG = {
    "stub": (stub, "adam_step raised NotImplementedError"),
    "raises": (divides, "adam_step raised ZeroDivisionError: division by zero"),
    "exits": (leaves, "adam_step raised SystemExit"),
    "None": (nothing, f"adam_step returned None; {WANTED}"),
    "two values": (forgets_a_moment, f"adam_step returned 2 values; {WANTED}"),
    "a tensor": (only_the_parameter, f"adam_step returned a Tensor; {WANTED}"),
    "scalar": (sums, f"adam_step returned shape () among them; {WANTED}"),
    "float": (numbers, f"adam_step returned a float among them; {WANTED}"),
}
