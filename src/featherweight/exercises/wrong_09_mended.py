"""The step of lesson 9 that forgets, and what is left after half a mending. `mended_09` says what is wrong."""

import torch


def handed_over(latent, inputs, targets, learning_rate):
    signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
    error = inputs @ latent.T - targets
    gradient = error.T @ inputs / len(inputs)
    return signs - learning_rate * gradient


def step_with(overwritten=False, unrounded=False, unclipped=False):
    """`binary_step` with any of the faults of the function that is handed over, which has all three."""

    def wrong(latent, inputs, targets, learning_rate):
        signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
        error = inputs @ (latent if unrounded else signs).T - targets
        gradient = error.T @ inputs / len(inputs)
        moved = (signs if overwritten else latent) - learning_rate * gradient
        return moved if unclipped else moved.clamp(-1, 1)

    return wrong


def step_by(move, signs=lambda latent: torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)):
    """`binary_step` that moves otherwise, from (latent, gradient, learning_rate, outputs), or with other signs."""

    def wrong(latent, inputs, targets, learning_rate):
        error = inputs @ signs(latent).T - targets
        gradient = error.T @ inputs / len(inputs)
        return move(latent, gradient, learning_rate, targets)

    return wrong


def _down(latent, gradient, rate, targets):
    return (latent - rate * gradient).clamp(-1, 1)


returns_signs = step_by(
    lambda latent, gradient, rate, targets: torch.where(latent >= rate * gradient, 1.0, -1.0).to(latent)
)
climbs = step_by(lambda latent, gradient, rate, targets: (latent + rate * gradient).clamp(-1, 1))
clips_the_gradient = step_by(lambda latent, gradient, rate, targets: latent - rate * gradient.clamp(-1, 1))
stops_at_the_ends = step_by(lambda w, gradient, rate, targets: (w - rate * gradient * (w.abs() < 1)).clamp(-1, 1))
clips_to_zero_and_one = step_by(lambda latent, gradient, rate, targets: (latent - rate * gradient).clamp(0, 1))
averages_over_outputs = step_by(lambda w, gradient, rate, targets: _down(w, gradient / targets.shape[1], rate, targets))
doubles_the_gradient = step_by(lambda w, gradient, rate, targets: _down(w, 2 * gradient, rate, targets))
moves_by_the_sign = step_by(lambda w, gradient, rate, targets: _down(w, gradient.sign(), rate, targets))
takes_sign_of_zero_for_zero = step_by(_down, lambda latent: latent.sign())
takes_zero_for_negative = step_by(_down, lambda latent: torch.where(latent > 0, 1.0, -1.0).to(latent.dtype))
scales_the_signs = step_by(_down, lambda w: torch.where(w >= 0, w.abs().mean(), -w.abs().mean()))
rounds_to_three = step_by(_down, lambda latent: latent.round())


def adds_up_the_examples(latent, inputs, targets, learning_rate):
    signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
    gradient = (inputs @ signs.T - targets).T @ inputs
    return (latent - learning_rate * gradient).clamp(-1, 1)
