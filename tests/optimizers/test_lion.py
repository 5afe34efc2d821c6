"""Lion against the lines of its paper, one number at a time."""

import torch

from featherweight.optimizers.lion import lion_step


def sign(x):
    return (x > 0) - (x < 0)


def test_equals_the_papers_program_one_number_at_a_time():
    g = torch.Generator().manual_seed(0)
    parameter, moment = torch.randn(6, generator=g, dtype=torch.float64), torch.zeros(6, dtype=torch.float64)
    plain, memory = parameter.tolist(), [0.0] * 6
    for _ in range(100):
        gradient = torch.randn(6, generator=g, dtype=torch.float64)
        parameter, moment = lion_step(parameter, gradient, moment, 0.01, 0.9, 0.99, 0.1)
        for i, slope in enumerate(gradient.tolist()):
            plain[i] -= 0.01 * (sign(0.9 * memory[i] + 0.1 * slope) + 0.1 * plain[i])
            memory[i] = 0.99 * memory[i] + 0.01 * slope
    torch.testing.assert_close(parameter, torch.tensor(plain).double(), rtol=1e-7, atol=1e-7)


def test_a_zero_gradient_from_rest_moves_nothing():
    parameter, _ = lion_step(torch.ones(2), torch.zeros(2), torch.zeros(2), 0.1, 0.9, 0.99, 0.0)
    assert parameter.tolist() == [1.0, 1.0]
