import copy
import itertools

import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from featherweight.compression.pruning import (
    cubic_sparsity,
    magnitude_mask,
    masked_step,
    prune_further,
    two_four_mask,
    wanda_scores,
)


def normal(*shape, seed=0, dtype=torch.float32):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


LAYERS = {
    "two layers": [(6, 5), (3, 6)],
    "one element": [(1, 1)],
    "wide, tall, vector": [(2, 31), (17, 1), (9,)],
    "convolution": [(4, 3, 2, 2)],
}


@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.25, 0.5, 0.9, 0.999, 1.0])
@pytest.mark.parametrize("shapes", LAYERS.values(), ids=LAYERS)
def test_magnitude_mask_is_torchs_global_pruning_bit_for_bit(shapes, sparsity):
    tensors = [normal(*shape, seed=seed) * 10**seed for seed, shape in enumerate(shapes)]
    modules = [nn.Module() for _ in tensors]
    for module, tensor in zip(modules, tensors, strict=True):
        module.weight = nn.Parameter(tensor)
    pairs = [(module, "weight") for module in modules]
    prune.global_unstructured(pairs, pruning_method=prune.L1Unstructured, amount=float(sparsity))
    for module, mask in zip(modules, magnitude_mask(tensors, sparsity), strict=True):
        assert torch.equal(mask, module.weight_mask.bool())


@pytest.mark.parametrize("tensors", [[torch.zeros(3, 4)], [torch.ones(5), -torch.ones(2, 2)], [torch.empty(0, 3)]])
@pytest.mark.parametrize("sparsity", [0.0, 0.4, 1.0])
def test_magnitude_mask_prunes_the_exact_count_among_equals(tensors, sparsity):
    masks = magnitude_mask(tensors, sparsity)
    total = sum(tensor.numel() for tensor in tensors)
    assert sum(int((~mask).sum()) for mask in masks) == round(sparsity * total)
    assert [mask.shape for mask in masks] == [tensor.shape for tensor in tensors]


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-13)], ids=str)
def test_masked_step_is_adam_on_the_survivors_alone(dtype, tolerance):
    mask = normal(7, 9, seed=1) > 0
    start = normal(7, 9, seed=2, dtype=dtype)
    alone = start[mask].clone().requires_grad_()
    adam = torch.optim.Adam([alone], lr=0.1, betas=(0.5, 0.9), eps=1e-8)
    weight, first, second = start, torch.zeros_like(start), torch.zeros_like(start)
    for step in range(1, 101):
        gradient = 10.0 ** -(step % 6) * normal(7, 9, seed=step, dtype=dtype)
        alone.grad = gradient[mask]
        adam.step()
        weight, first, second = masked_step(weight, gradient, mask, first, second, step, 0.1, 0.5, 0.9, 1e-8)
    torch.testing.assert_close(weight[mask], alone.detach(), rtol=tolerance, atol=tolerance)
    for tensor in (weight, first, second):
        assert torch.count_nonzero(tensor[~mask]) == 0


def test_masked_step_forgets_a_past_that_would_revive():
    weight, mask = torch.tensor([1.0, 1.0]), torch.tensor([True, False])
    moments = torch.tensor([0.5, 0.5]), torch.tensor([0.1, 0.1])
    after = masked_step(weight, torch.zeros(2), mask, *moments, 10, 0.1, 0.9, 0.999, 1e-8)
    assert [tensor[1].item() for tensor in after] == [0, 0, 0]
    assert after[0][0] < 1


def test_cubic_sparsity_is_torchs_polynomial_schedule():
    begin, end, initial, final = 20, 120, 0.25, 0.9
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=final - initial)
    schedule = torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=end - begin, power=3)
    for step in range(begin, end + 30):
        still_to_go = schedule.get_last_lr()[0]
        assert cubic_sparsity(step, initial, final, begin, end) == pytest.approx(final - still_to_go, abs=1e-12)
        optimizer.step()
        schedule.step()
    assert {cubic_sparsity(step, initial, final, begin, end) for step in range(-5, begin + 1)} == {initial}
    assert cubic_sparsity(end, initial, final, begin, end) == final


@pytest.mark.parametrize("shape", [(1, 4), (3, 8), (9, 4), (2, 40), (0, 4)], ids=str)
def test_two_four_mask_is_the_best_of_the_six_patterns(shape):
    weight = normal(*shape)
    mask = two_four_mask(weight)
    patterns = list(itertools.combinations(range(4), 2))
    for group, kept in zip(weight.reshape(-1, 4), mask.reshape(-1, 4), strict=True):
        best = max(patterns, key=lambda pair, group=group: group[list(pair)].abs().sum())
        assert kept.nonzero().flatten().tolist() == list(best)


def test_wanda_scores_measure_the_change_of_the_output():
    weight, activations = normal(3, 5, dtype=torch.float64), normal(11, 5, seed=1, dtype=torch.float64)
    expected = torch.empty(3, 5, dtype=torch.float64)
    for i, j in itertools.product(range(3), range(5)):
        without = weight.clone()
        without[i, j] = 0
        expected[i, j] = (activations @ (weight - without).T).norm()
    torch.testing.assert_close(wanda_scores(weight, activations), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("sparsity", [0.0, 0.3, 0.45, 0.8, 1.0])
def test_prune_further_is_torchs_iterated_pruning(sparsity):
    weight = normal(10, 7)
    module = nn.Module()
    module.weight = nn.Parameter(weight.clone())
    prune.l1_unstructured(module, "weight", amount=21)
    mask = module.weight_mask.bool()
    prune.l1_unstructured(module, "weight", amount=max(round(sparsity * 70) - 21, 0))  # torch counts from the survivors
    before = copy.deepcopy(mask)
    assert torch.equal(prune_further(weight, mask, sparsity), module.weight_mask.bool())
    assert torch.equal(mask, before)


def test_prune_further_never_revives_a_large_weight():
    weight, mask = torch.tensor([9.0, 1.0, 2.0, 3.0]), torch.tensor([False, True, True, True])
    assert prune_further(weight, mask, 0.5).tolist() == [False, False, True, True]
