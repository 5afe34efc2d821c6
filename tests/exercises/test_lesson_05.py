import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_prune_further")


def count_mended(weight, mask, sparsity):
    magnitudes = weight.abs().flatten()
    count = round(sparsity * weight.numel())
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.argsort()[:count]] = False
    return kept.view(weight.shape)


def start_mended(weight, mask, sparsity):
    magnitudes = weight.abs().flatten()
    count = round(sparsity * int(mask.sum()))
    kept = mask.clone().flatten()
    kept[magnitudes.argsort()[:count]] = False
    return kept.view(weight.shape)


def ranking_mended(weight, mask, sparsity):
    magnitudes = torch.where(mask, weight.abs(), -torch.inf).flatten()
    count = round(sparsity * int(mask.sum()))
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.argsort()[:count]] = False
    return kept.view(weight.shape)


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (count_mended, "pruned weights come back and old values in the ranking"),
        (start_mended, "a share of the survivors and old values in the ranking"),
        (ranking_mended, "a share of the survivors and pruned weights come back"),
    ],
)
def test_mending_one_fault_leaves_the_other_two_named(answer, left):
    assert judge(BUG_HUNT, answer).misconception == left


def test_the_handed_over_function_has_all_three_faults(handed_over):
    state, named = handed_over(BUG_HUNT)
    assert state == "not started" and named.count(" and ") == 2


@pytest.mark.parametrize(
    ("name", "misconception", "says"),
    [
        ("magnitude_mask", "a quota for every layer", "expected the smallest pruned; one of size"),
        ("magnitude_mask", "True for pruned", "expected the smallest pruned; one of size"),
        ("magnitude_mask", "the share kept for the share pruned", "entries pruned (False), found"),
        ("masked_step", "only the gradient masked", "weight, entry"),
        ("two_four_mask", "one of four", "expected two kept in row 0, entries 0 to 3, found 1"),
        ("cubic_sparsity", "a straight ramp", "off by"),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)
