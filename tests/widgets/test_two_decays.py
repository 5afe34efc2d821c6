"""AdamW shrinks all weights alike and as computed; L2 does so under SGD, and under Adam by the gradients' size."""

from importlib import import_module

import pytest
import torch

module = import_module("featherweight.widgets.two_decays")  # the package exports the function under this name

RATE, STEPS = module.RATE, module.STEPS
DECAYS = torch.tensor(module.DECAYS, dtype=torch.float64)[:, None, None]
ERROR = RATE * STEPS**0.5 / module.RUNS**0.5  # of a mean: a step of one rate, up or down, each time
STILL = torch.zeros(100, 1, 2, dtype=torch.float64)
SOME = module.SCALES[::6] * module.noise_of()[:40, :1, ::6]


@pytest.mark.parametrize("under", module.OPTIMIZERS)
def test_without_gradients_decoupled_decay_is_exact(under):
    coupled, loose = module.decayed(DECAYS, STILL, under)
    for place, decay in enumerate(module.DECAYS):
        exact = torch.tensor([module.remaining(decay, step) for step in range(101)], dtype=torch.float64)
        torch.testing.assert_close(loose[:, place, 0], exact, rtol=1e-12, atol=0)
        missed = not torch.allclose(coupled[:, place, 0], exact, rtol=1e-4)
        assert missed == (under == "Adam" and decay > 0), decay


def test_without_gradients_the_strength_of_l2_cancels():
    coupled, loose = module.decayed(DECAYS[1:], STILL, "Adam")
    torch.testing.assert_close(coupled, coupled[:, :1].expand_as(coupled), rtol=1e-5, atol=1e-7)
    assert (loose[-1, 1:] < loose[-1, :1] - 0.01).all()


def test_under_sgd_both_are_the_same_and_under_adam_not():
    torch.testing.assert_close(*module.decayed(DECAYS, SOME, "SGD"), rtol=1e-12, atol=1e-14)
    coupled, loose = module.decayed(DECAYS, SOME, "Adam")
    assert ((coupled - loose)[-1, 1:].abs() > 1e-4).any(dim=1).all()


def test_no_decay_is_no_difference():
    coupled, loose = module.decayed(DECAYS[:1], SOME, "Adam")
    assert torch.equal(coupled, loose)


@pytest.mark.parametrize(("which", "oracle"), [(0, torch.optim.Adam), (1, torch.optim.AdamW)], ids=["L2", "AdamW"])
def test_both_equal_torch(which, oracle):
    found = module.decayed(DECAYS[-1:], SOME, "Adam")
    weights = torch.nn.Parameter(torch.ones(SOME.shape[2], dtype=torch.float64))
    optimizer = oracle([weights], lr=RATE, betas=module.BETAS, eps=module.EPSILON, weight_decay=module.DECAYS[-1])
    for step, gradient in enumerate(SOME, start=1):
        weights.grad = gradient[0].clone()
        optimizer.step()
        torch.testing.assert_close(weights.detach(), found[which][step, 0], rtol=1e-10, atol=0)
    assert not torch.allclose(weights.detach(), found[1 - which][-1, 0], rtol=1e-3)


@pytest.mark.parametrize("decay", module.DECAYS)
def test_adamw_shrinks_every_weight_alike(decay):
    coupled, loose = (weights[-1, module.DECAYS.index(decay)] for weights in module._grid("Adam"))
    assert ((loose - module.remaining(decay, STEPS)).abs() < 4 * ERROR).all()
    assert ((coupled - module.remaining(decay, STEPS)).abs() < 4 * ERROR).all() == (decay == 0)


@pytest.mark.parametrize("decay", module.DECAYS)
def test_large_gradients_divide_the_decay_by_their_size(decay):
    """Where noise of size s drowns λw, √v̂ is s, and L2 takes the share ηλ/s."""
    coupled = module._grid("Adam")[0][-1, module.DECAYS.index(decay), -1]
    assert float(coupled) == pytest.approx(module.remaining(decay / 10, STEPS), abs=4 * ERROR)
    assert decay == 0 or float(coupled) != pytest.approx(module.remaining(decay, STEPS), abs=4 * ERROR)


@pytest.mark.parametrize("decay", module.DECAYS[1:])
def test_l2_leaves_more_of_a_weight_the_larger_its_gradients(decay):
    coupled = module._grid("Adam")[0][-1, module.DECAYS.index(decay)]
    assert (coupled.diff() > -4 * ERROR).all() and coupled[-1] > coupled[0] + 0.4


def test_scales_are_those_on_the_labels():
    assert [round(float(module.SCALES[number]), 9) for number in module.FOLLOWED] == [0.01, 10]
    assert module.noise_of().std().item() == pytest.approx(1, abs=0.01)


@pytest.mark.slow
def test_summary_has_the_numbers_of_theory():
    for name, state in module.PRESETS.items():
        says = f"theory {module.remaining(state['decay'], state['steps']):.2f}. Seed {module.SEED}."
        assert says in module.two_decays_frame(**state).summary, name


def test_answer_of_the_question_is_true():
    decay = module.QUESTION.shows["decay"]
    small, large = module._grid("Adam")[0][-1, module.DECAYS.index(decay)][[0, -1]]
    assert small < large - 0.5 and "small" in module.QUESTION.choices[module.QUESTION.answer]
    assert f"λ = {decay:g}," in module.QUESTION.text and "size 10, one of 0.01" in module.QUESTION.text
