"""The cost is counted fairly, both ends are theory's, and the answer is no accident of one seed or one rate."""

from importlib import import_module

import numpy as np
import pytest
import torch

from featherweight.optimizers.stability import best_constant_rate

module = import_module("featherweight.widgets.noisy_steps")  # the package exports the function under this name


def hessian():
    inputs, _ = module.examples()
    return inputs.T @ inputs / module.EXAMPLES


@pytest.mark.parametrize("batch", module.BATCHES)
def test_every_walk_reads_the_same_number_of_examples(batch):
    assert (len(module.noisy_walk(batch)) - 1) * batch == module.PASSES * module.EXAMPLES


def test_whole_batches_are_exact_steps():
    torch.testing.assert_close(module.noisy_walk(module.EXAMPLES), module.exact_walk(), rtol=1e-12, atol=1e-12)
    assert "they are the same walk" in module.noisy_steps_frame(module.EXAMPLES).summary


def test_exact_walk_equals_the_closed_form():
    factor = np.eye(2) - module.RATE * hessian().numpy()
    away = np.stack([np.linalg.matrix_power(factor, k) @ -module.best().numpy() for k in range(module.PASSES + 1)])
    np.testing.assert_allclose(module.exact_walk(), module.best().numpy() + away, rtol=1e-10, atol=1e-12)


def test_excess_is_zero_at_the_minimum_and_the_quadratic_elsewhere():
    away = torch.tensor([0.3, -0.7], dtype=torch.float64)
    assert float(module.excess(module.best())) == pytest.approx(0, abs=1e-25)
    assert float(module.excess(module.best() + away)) == pytest.approx(float(0.5 * away @ hessian() @ away), rel=1e-12)


def test_rate_is_stable_for_any_single_example():
    inputs, _ = module.examples()
    assert 2 / inputs.square().sum(1).max() > module.RATE


def last_passes(batch, passes=2):
    """Mean excess over the last passes: free of the luck of the last step."""
    steps = passes * module.EXAMPLES // batch
    return float(module.excess(module.noisy_walk(batch)[-steps:]).mean())


def test_answer_holds_even_against_exact_descent_at_its_best_rate():
    best = module.exact_walk(best_constant_rate(hessian()))
    assert last_passes(16) < float(module.excess(best[-1])) < float(module.excess(module.exact_walk()[-1]))
    assert "noisy steps are ahead" in module.noisy_steps_frame(16).summary
    assert "noisy" in module.QUESTION.choices[module.QUESTION.answer]


def test_small_batches_stop_higher():
    floors = [last_passes(batch) for batch in (1, 4, 16)]
    assert floors[0] > 2 * floors[1] > 4 * floors[2]


@pytest.mark.parametrize(
    ("exact", "noisy", "says"), [(2.0, 1.0, "noisy steps are"), (1.0, 2.0, "exact steps are"), (1.0, 1.0, "same")]
)
def test_lead(exact, noisy, says):
    assert says in module._lead(exact, noisy)
