"""Wrong 2:4 masks that learners give in lesson 5, one function each. `patterns_05` says what is wrong."""

import torch


def groups_down_the_columns(weight):
    groups = weight.abs().T.reshape(-1, 4)
    kept = torch.zeros_like(groups, dtype=torch.bool)
    kept.scatter_(1, groups.topk(2, dim=1).indices, True)
    return kept.view(weight.T.shape).T


def keeps_the_smallest_two(weight):
    groups = weight.abs().reshape(-1, 4)
    kept = torch.zeros_like(groups, dtype=torch.bool)
    kept.scatter_(1, groups.topk(2, dim=1, largest=False).indices, True)
    return kept.view(weight.shape)


def keeps_the_largest_signed(weight):
    groups = weight.reshape(-1, 4)
    kept = torch.zeros_like(groups, dtype=torch.bool)
    kept.scatter_(1, groups.topk(2, dim=1).indices, True)
    return kept.view(weight.shape)


def keeps_one_of_four(weight):
    groups = weight.abs().reshape(-1, 4)
    kept = torch.zeros_like(groups, dtype=torch.bool)
    kept.scatter_(1, groups.topk(1, dim=1).indices, True)
    return kept.view(weight.shape)


def keeps_one_of_each_pair(weight):
    pairs = weight.abs().reshape(-1, 2)
    kept = torch.zeros_like(pairs, dtype=torch.bool)
    kept.scatter_(1, pairs.argmax(1, keepdim=True), True)
    return kept.view(weight.shape)


def keeps_half_of_each_row(weight):
    kept = torch.zeros_like(weight, dtype=torch.bool)
    kept.scatter_(1, weight.abs().topk(weight.shape[1] // 2, dim=1).indices, True)
    return kept


def keeps_half_of_the_matrix(weight):
    kept = torch.zeros(weight.numel(), dtype=torch.bool)
    kept[weight.abs().flatten().topk(weight.numel() // 2).indices] = True
    return kept.view(weight.shape)


def groups_far_neighbours(weight):
    rows, columns = weight.shape
    groups = weight.abs().reshape(rows, 4, columns // 4)
    kept = torch.zeros_like(groups, dtype=torch.bool)
    kept.scatter_(1, groups.topk(2, dim=1).indices, True)
    return kept.view(rows, columns)


def keeps_what_reaches_the_median(weight):
    groups = weight.abs().reshape(-1, 4)
    return (groups >= groups.median(1, keepdim=True).values).view(weight.shape)


def keeps_every_equal(weight):
    groups = weight.abs().reshape(-1, 4)
    return (groups >= groups.sort(1, descending=True).values[:, 1:2]).view(weight.shape)


def keeps_more_than_the_second_smallest(weight):
    groups = weight.abs().reshape(-1, 4)
    return (groups > groups.sort(1).values[:, 1:2]).view(weight.shape)


def keeps_what_is_above_the_mean(weight):
    groups = weight.abs().reshape(-1, 4)
    return (groups > groups.mean(1, keepdim=True)).view(weight.shape)


def takes_places_for_ranks(weight):
    return (weight.abs().reshape(-1, 4).argsort(1) >= 2).view(weight.shape)


def marks_whole_groups(weight):
    groups = weight.abs().reshape(-1, 4)
    kept = torch.zeros_like(groups, dtype=torch.bool)
    kept[groups.topk(2, dim=1).indices] = True
    return kept.view(weight.shape)


def gives_numbers(weight):
    groups = weight.abs().reshape(-1, 4)
    return torch.zeros_like(groups).scatter(1, groups.topk(2, dim=1).indices, 1.0).view(weight.shape)


def gives_whole_numbers(weight):
    groups = weight.abs().reshape(-1, 4)
    kept = torch.zeros_like(groups, dtype=torch.int32)
    return kept.scatter(1, groups.topk(2, dim=1).indices, 1).view(weight.shape)


def gives_the_weights_left(weight):
    groups = weight.reshape(-1, 4)
    kept = torch.zeros_like(groups).scatter(1, groups.abs().topk(2, dim=1).indices, 1.0)
    return (groups * kept).view(weight.shape)
