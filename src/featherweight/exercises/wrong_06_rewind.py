"""Wrong ways to rewind that learners write in lesson 6, one function each. `rewind_06` says what is wrong."""

import torch


def returns_new_tensors(weights, initial, masks):
    return [start * mask for start, mask in zip(initial, masks, strict=True)]


def fills_the_list(weights, initial, masks):
    for i in range(len(weights)):
        weights[i] = initial[i] * masks[i]


def rebinds_the_name(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight = start * mask  # noqa: F841, PLW2901


def replaces_the_data(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight.data = start * mask


def keeps_the_trained(weights, initial, masks):
    for weight, mask in zip(weights, masks, strict=True):
        weight.mul_(mask)


def forgets_the_mask(weights, initial, masks):
    for weight, start in zip(weights, initial, strict=True):
        weight.copy_(start)


def rewinds_the_mask(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        mask.fill_(True)
        weight.copy_(start * mask)


def turns_the_mask_over(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight.copy_(start * ~mask)


def masks_the_initial(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight.copy_(start.mul_(mask))


def prunes_the_initial(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight = start  # noqa: PLW2901
        weight.mul_(mask)


def draws_afresh(weights, initial, masks):
    for weight, mask in zip(weights, masks, strict=True):
        weight.copy_(torch.randn(weight.shape) * mask)


def adds_the_initial(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight.add_(start * mask)


def leaves_the_pruned(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight[mask] = start[mask]


def only_zeroes(weights, initial, masks):
    for weight in weights:
        weight.zero_()


def copies_the_other_way(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        start.copy_(weight * mask)
