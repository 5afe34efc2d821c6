"""Every step against its torch.optim namesake over 100 steps: 1e-6 in float32, 1e-12 in float64."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.optimizers import adaptive
from featherweight.optimizers.lion import lion_step

STEPS = 100
TOLERANCE = {torch.float32: 1e-6, torch.float64: 1e-12}
GRADIENTS = {
    "ordinary": lambda g, p: torch.randn(p.shape, generator=g, dtype=torch.float64),
    "tiny": lambda g, p: 1e-6 * torch.randn(p.shape, generator=g, dtype=torch.float64),
    "sparse": lambda g, p: (torch.rand(p.shape, generator=g) < 0.2).double() * torch.randn(p.shape, generator=g),
    "zero": lambda g, p: torch.zeros(p.shape, dtype=torch.float64),
}

OTHERS = [kind for kind in GRADIENTS if kind != "ordinary"]


def l2(parameter, gradient, weight_decay):
    return gradient + weight_decay * parameter


def momentum(state, p, g, t, c):
    p, state["v"] = adaptive.momentum_step(p, l2(p, g, c.get("weight_decay", 0)), state["v"], c["lr"], c["momentum"])
    return p


def nesterov(state, p, g, t, c):
    p, state["v"] = adaptive.nesterov_step(p, l2(p, g, c.get("weight_decay", 0)), state["v"], c["lr"], c["momentum"])
    return p


def adagrad(state, p, g, t, c):
    p, state["v"] = adaptive.adagrad_step(p, l2(p, g, c.get("weight_decay", 0)), state["v"], c["lr"], c["eps"])
    return p


def rmsprop(state, p, g, t, c):
    g = l2(p, g, c.get("weight_decay", 0))
    p, state["v"] = adaptive.rmsprop_step(p, g, state["v"], c["lr"], c["alpha"], c["eps"])
    return p


def adam(state, p, g, t, c):
    g = l2(p, g, c.get("weight_decay", 0))
    p, state["m"], state["v"] = adaptive.adam_step(p, g, state["m"], state["v"], t, c["lr"], *c["betas"], c["eps"])
    return p


def amsgrad(state, p, g, t, c):
    moments = state["m"], state["v"], state["x"]
    p, *moments = adaptive.amsgrad_step(p, g, *moments, t, c["lr"], *c["betas"], c["eps"])
    state["m"], state["v"], state["x"] = moments
    return p


def adamw(state, p, g, t, c):
    rest = (t, c["lr"], *c["betas"], c["eps"], c["weight_decay"])
    p, state["m"], state["v"] = adaptive.adamw_step(p, g, state["m"], state["v"], *rest)
    return p


SGD, ADA, RMS, ADAM, ADAMW = (getattr(torch.optim, n) for n in ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW"))
NAMESAKES = [
    pytest.param(momentum, SGD, {"lr": 0.1, "momentum": 0.9}, id="momentum"),
    pytest.param(momentum, SGD, {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.1}, id="momentum, L2"),
    pytest.param(nesterov, SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}, id="nesterov"),
    pytest.param(adagrad, ADA, {"lr": 0.1, "eps": 1e-10}, id="adagrad"),
    pytest.param(adagrad, ADA, {"lr": 0.1, "eps": 1e-3, "weight_decay": 0.1}, id="adagrad, L2, large eps"),
    pytest.param(rmsprop, RMS, {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}, id="rmsprop"),
    pytest.param(rmsprop, RMS, {"lr": 0.1, "alpha": 0.5, "eps": 1e-3, "weight_decay": 0.1}, id="rmsprop, L2"),
    pytest.param(adam, ADAM, {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}, id="adam"),
    pytest.param(adam, ADAM, {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3}, id="adam, large eps"),
    pytest.param(adam, ADAM, {"lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.1}, id="adam, L2"),
    pytest.param(amsgrad, ADAM, {"lr": 0.1, "betas": (0.9, 0.9), "eps": 1e-8, "amsgrad": True}, id="amsgrad"),
    pytest.param(adamw, ADAMW, {"lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.5}, id="adamw"),
    pytest.param(
        adamw, ADAMW, {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0}, id="adamw, no decay"
    ),
]


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("kind", ["ordinary", *(pytest.param(kind, marks=pytest.mark.slow) for kind in OTHERS)])
@pytest.mark.parametrize(("step", "optimizer", "settings"), NAMESAKES)
def test_equals_its_namesake(step, optimizer, settings, kind, dtype):
    g = torch.Generator().manual_seed(0)
    starts = [torch.randn(shape, generator=g, dtype=torch.float64).to(dtype) for shape in ((3, 4), (5,), ())]
    theirs = [torch.nn.Parameter(start.clone()) for start in starts]
    ours, states = list(starts), [dict.fromkeys("mvx", torch.zeros_like(start)) for start in starts]
    reference = optimizer(theirs, foreach=False, **settings)
    for t in range(1, STEPS + 1):
        gradients = [GRADIENTS[kind](g, p).to(dtype) for p in ours]
        for parameter, gradient in zip(theirs, gradients, strict=True):
            parameter.grad = gradient.clone()
        reference.step()
        ours = [step(s, p, q, t, settings) for s, p, q in zip(states, ours, gradients, strict=True)]
        for mine, right in zip(ours, theirs, strict=True):
            torch.testing.assert_close(mine, right.detach(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_averaging_is_accumulating_at_another_rate():
    gradients = torch.randn(STEPS, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    one = other = torch.ones(5, dtype=torch.float64)
    sums = means = torch.zeros(5, dtype=torch.float64)
    for gradient in gradients:
        one, sums = adaptive.momentum_step(one, gradient, sums, 0.1, 0.9)
        other, means = adaptive.averaged_momentum_step(other, gradient, means, 0.1 / (1 - 0.9), 0.9)
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


def test_a_planted_fault_is_seen():
    """The comparison above would catch ε under the root."""

    def under_the_root(state, p, g, t, c):
        state["m"], state["v"] = 0.5 * state["m"] + 0.5 * g, 0.9 * state["v"] + 0.1 * g**2
        mean, square = state["m"] / (1 - 0.5**t), state["v"] / (1 - 0.9**t)
        return p - c["lr"] * mean / (square + c["eps"]).sqrt()

    settings = {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3}
    with pytest.raises(AssertionError, match="not close"):
        test_equals_its_namesake(under_the_root, ADAM, settings, "tiny", torch.float64)


finite = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6)
POINTS = {
    "momentum": lambda p, g: adaptive.momentum_step(p, g, torch.zeros_like(p), 0.1, 0.9),
    "nesterov": lambda p, g: adaptive.nesterov_step(p, g, torch.zeros_like(p), 0.1, 0.9),
    "adagrad": lambda p, g: adaptive.adagrad_step(p, g, torch.zeros_like(p), 0.1, 1e-10),
    "rmsprop": lambda p, g: adaptive.rmsprop_step(p, g, torch.zeros_like(p), 0.1, 0.9, 1e-8),
    "adam": lambda p, g: adaptive.adam_step(p, g, *2 * [torch.zeros_like(p)], 1, 0.1, 0.9, 0.99, 1e-8),
    "amsgrad": lambda p, g: adaptive.amsgrad_step(p, g, *3 * [torch.zeros_like(p)], 1, 0.1, 0.9, 0.99, 1e-8),
    "adamw": lambda p, g: adaptive.adamw_step(p, g, *2 * [torch.zeros_like(p)], 1, 0.1, 0.9, 0.99, 1e-8, 0.1),
    "lion": lambda p, g: lion_step(p, g, torch.zeros_like(p), 0.1, 0.9, 0.99, 0.1),
}


@pytest.mark.parametrize("name", POINTS)
@settings(max_examples=25)
@given(numbers=finite)
def test_finite_in_finite_out(name, numbers):
    values = torch.tensor(numbers, dtype=torch.float64)
    assert all(torch.isfinite(part).all() for part in POINTS[name](values, -3 * values))


@pytest.mark.parametrize("name", POINTS)
@settings(max_examples=25)
@given(numbers=finite, seed=st.integers(0, 99))
def test_the_order_of_weights_does_not_matter(name, numbers, seed):
    values = torch.tensor(numbers, dtype=torch.float64)
    order = torch.randperm(len(values), generator=torch.Generator().manual_seed(seed))
    straight, shuffled = POINTS[name](values, -2 * values)[0], POINTS[name](values[order], -2 * values[order])[0]
    assert torch.equal(straight[order], shuffled)


@pytest.mark.parametrize(("name", "equivariant"), [("adam", True), ("lion", True), ("momentum", False)])
@settings(max_examples=25)
@given(scale=st.floats(0.01, 100), numbers=st.lists(st.floats(0.1, 1e3), min_size=1, max_size=6))
def test_rescaled_gradients(name, equivariant, scale, numbers):
    if not equivariant and 0.99 < scale < 1.01:
        return
    values = torch.tensor(numbers, dtype=torch.float64)
    zero = torch.zeros_like(values)
    one, other = POINTS[name](zero, values)[0], POINTS[name](zero, scale * values)[0]
    assert torch.allclose(one, other, rtol=2e-5) is equivariant  # ε is up to 1e-5 of the smallest gradient
