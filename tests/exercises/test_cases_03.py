"""The given walks of lesson 3: what they must hold, and torch.optim on the very same gradients."""

import pytest
import torch

from featherweight.exercises import by_name, cases_03

WALKS = {
    "momentum_step": cases_03.momentum_walks,
    "adagrad_step": cases_03.adagrad_walks,
    "rmsprop_step": cases_03.rmsprop_walks,
    "adam_step": cases_03.adam_walks,
    "adamw_step": cases_03.adamw_walks,
    "mended_adam_step": cases_03.mended_walks,
}
ADAM = {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"}
NAMES = {
    "momentum_step": {"velocity": "momentum_buffer"},
    "adagrad_step": {"squares": "sum"},
    "rmsprop_step": {"second_moment": "square_avg"},
}


def optimizer(name, weights, c):
    """torch's optimizer of that name with a case's settings."""
    rate = c["learning_rate"]
    if name == "momentum_step":
        return torch.optim.SGD(weights, rate, momentum=c["momentum"])
    if name == "adagrad_step":
        return torch.optim.Adagrad(weights, rate, eps=c["epsilon"])
    if name == "rmsprop_step":
        return torch.optim.RMSprop(weights, rate, alpha=c["beta2"], eps=c["epsilon"])
    betas = c["beta1"], c["beta2"]
    if name == "adamw_step":
        return torch.optim.AdamW(weights, rate, betas=betas, eps=c["epsilon"], weight_decay=c["decay"])
    return torch.optim.Adam(weights, rate, betas=betas, eps=c["epsilon"])


def torchs_walk(name, case):
    """Every state and the parameters after every step, as `probes.take_turns` gives them, by torch.optim."""
    names = NAMES.get(name, ADAM)
    weights = [p.clone().requires_grad_() for p in case["parameters"]]
    torchs = optimizer(name, weights, case)
    for i, weight in enumerate(weights):
        state = {theirs: case[ours][i].clone() for ours, theirs in names.items()}
        torchs.state[weight] = state | {"step": torch.tensor(case.get("step", 1) - 1.0)}
    walk = [[*(case[ours] for ours in names), case["parameters"]]]
    for slopes in case["gradients"]:
        for weight, slope in zip(weights, slopes, strict=True):
            weight.grad = slope.clone()
        torchs.step()
        states = [torch.stack([torchs.state[weight][key].clone() for weight in weights]) for key in names.values()]
        walk.append([*states, torch.stack([weight.detach().clone() for weight in weights])])
    return [torch.stack(part) for part in zip(*walk, strict=True)]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", WALKS)
def test_the_expected_walks_are_torchs(name, seed):
    exercise = by_name(name)
    for case in exercise.cases(seed):
        if case.get("momentum") == 0:  # torch keeps no buffer then
            continue
        expected = exercise.probe(exercise.reference, **case)
        theirs = torchs_walk(name, case)
        assert exercise.compare.difference([*expected[:2], *theirs], expected) is None


def test_the_oracle_can_disagree():
    exercise = by_name("adam_step")
    case = exercise.cases(1)[0]
    expected = exercise.probe(exercise.reference, **case)
    theirs = torchs_walk("adam_step", case | {"epsilon": 1e-4})
    assert exercise.compare.difference([*expected[:2], *theirs], expected).where.startswith("parameter, step 1")


@pytest.mark.parametrize("name", WALKS)
def test_the_walks_hold_what_tells_mistakes_apart(name):
    cases = WALKS[name](4)
    assert {case["gradients"].dtype for case in cases} == {torch.float32, torch.float64}
    assert any(len(case["parameters"]) > 1 for case in cases)
    assert any(case["parameters"].numel() == 0 for case in cases)
    assert any(case["parameters"][0].numel() == 1 for case in cases)
    assert any((case["gradients"][0] == 0).any() and (case["gradients"] != 0).any() for case in cases)
    assert any(0 < case["gradients"].abs().max() < 1e-2 for case in cases)
    assert max(len(case["gradients"]) for case in cases) == (12 if name.startswith("mended") else 100)
    assert cases[0]["parameters"][0].shape == cases[-1]["parameters"][0].shape


@pytest.mark.parametrize("name", ["adam_step", "adamw_step", "mended_adam_step"])
def test_a_walk_is_met_halfway_and_the_two_shares_always_differ(name):
    cases = WALKS[name](4)
    assert any(case["step"] > 1 and (case["second_moment"] > 0).all() for case in cases)
    assert all(case["beta1"] != case["beta2"] != 1 - case["beta1"] for case in cases)
