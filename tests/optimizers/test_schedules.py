"""Schedules against torch's own, 100 steps, to 1e-12."""

import pytest
import torch
from torch.optim import lr_scheduler as torch_schedules

from featherweight.optimizers.schedules import cosine_rate, exponential_rate, one_cycle_rate, step_rate

BASE, STEPS = 0.3, 100


def torch_rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)
    schedule, rates = make(optimizer), []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


def warmed(after, warmup):
    def make(optimizer):
        if warmup <= 1:
            return after(optimizer)
        warm = torch_schedules.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)
        return torch_schedules.SequentialLR(optimizer, [warm, after(optimizer)], milestones=[warmup - 1])

    return make


@pytest.mark.parametrize("warmup", [0, 1, 2, 10])
@pytest.mark.parametrize("decay", [0.99, 0.9, 1.0])
def test_exponential_equals_torch(warmup, decay):
    expected = torch_rates(warmed(lambda o: torch_schedules.ExponentialLR(o, decay), warmup))
    assert [exponential_rate(k, BASE, decay, warmup) for k in range(1, STEPS + 1)] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("warmup", [0, 1, 2, 10, 99])
def test_cosine_equals_torch(warmup):
    length = STEPS - max(warmup, 1)
    expected = torch_rates(warmed(lambda o: torch_schedules.CosineAnnealingLR(o, length, eta_min=0.01), warmup))
    assert [cosine_rate(k, BASE, 0.01, warmup, STEPS) for k in range(1, STEPS + 1)] == pytest.approx(
        expected, rel=1e-12
    )


@pytest.mark.parametrize("every", [1, 7, 200])
def test_steps_equal_torch(every):
    expected = torch_rates(lambda o: torch_schedules.StepLR(o, every, gamma=0.5))
    assert [step_rate(k, BASE, 0.5, every) for k in range(1, STEPS + 1)] == pytest.approx(expected, rel=1e-12)


@pytest.mark.filterwarnings("ignore:Detected call of")
def test_one_cycle_equals_torch():
    def make(optimizer):
        cycle = torch_schedules.OneCycleLR(optimizer, max_lr=BASE, total_steps=STEPS + 1, cycle_momentum=False)
        return cycle

    expected = torch_rates(make)
    assert [one_cycle_rate(k, BASE, STEPS + 1) for k in range(1, STEPS + 1)] == pytest.approx(expected, rel=1e-12)
