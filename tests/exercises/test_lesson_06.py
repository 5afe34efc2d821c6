import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_find_ticket")


def clone_mended(weight, train, fraction, rounds):
    initial = weight.clone()
    mask = torch.ones_like(weight, dtype=torch.bool)
    velocity = torch.zeros_like(weight)
    for _ in range(rounds):
        train(weight, mask, velocity)
        mask = mask.clone()
        mask[weight.abs().argsort()[: round(fraction * int(mask.sum()))]] = False
        weight.copy_(initial * mask)
    return weight, mask


def ranking_mended(weight, train, fraction, rounds):
    initial = weight
    mask = torch.ones_like(weight, dtype=torch.bool)
    velocity = torch.zeros_like(weight)
    for _ in range(rounds):
        train(weight, mask, velocity)
        mask = mask.clone()
        order = torch.where(mask, weight.abs(), torch.inf).argsort()
        mask[order[: round(fraction * int(mask.sum()))]] = False
        weight.copy_(initial * mask)
    return weight, mask


def memory_mended(weight, train, fraction, rounds):
    initial = weight
    mask = torch.ones_like(weight, dtype=torch.bool)
    for _ in range(rounds):
        train(weight, mask, torch.zeros_like(weight))
        mask = mask.clone()
        mask[weight.abs().argsort()[: round(fraction * int(mask.sum()))]] = False
        weight.copy_(initial * mask)
    return weight, mask


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (clone_mended, "the dead pruned again"),
        (ranking_mended, "an initial value that is trained and an optimizer that remembers"),
        (memory_mended, "an initial value that is trained and the dead pruned again"),
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
        ("rewind", "new tensors returned", "what was changed: yours 'new tensors returned; the network as it was'"),
        ("rewind", "trained values kept", "the survivors: yours 'at their trained values'"),
        ("rewind", "`initial` masked in place", "`initial` afterwards: yours 'changed'"),
        ("imp_round", "a ticket of trained values", "the ticket"),
        ("imp_round", "something changed in place", "changes its input initial"),
        ("supermask_forward", "a soft mask", "example 0"),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)
