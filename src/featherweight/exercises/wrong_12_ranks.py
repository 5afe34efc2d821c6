"""Wrong answers of lesson 12 to low rank and to merging, one function each. `ranks_12` says what is wrong."""

import torch


def cut_with(factors):
    """`low_rank` with other factors, from (u, the singular values, vh, rank)."""

    def wrong(weight, rank):
        u, sizes, vh = torch.linalg.svd(weight, full_matrices=False)
        return factors(u, sizes, vh, rank)

    return wrong


scales_both_factors = cut_with(lambda u, s, vh, rank: (u[:, :rank] * s[:rank], s[:rank, None] * vh[:rank]))
loses_the_values = cut_with(lambda u, s, vh, rank: (u[:, :rank], vh[:rank]))
cuts_the_wrong_side = cut_with(lambda u, s, vh, rank: ((u * s)[:rank], vh[:, :rank]))
keeps_the_smallest = cut_with(lambda u, s, vh, rank: ((u * s)[:, len(s) - rank :], vh[len(s) - rank :]))
takes_v_for_its_transpose = cut_with(lambda u, s, vh, rank: (u[:, :rank] * s[:rank], vh.T[:rank]))
swaps_the_factors = cut_with(lambda u, s, vh, rank: (vh[:rank], u[:, :rank] * s[:rank]))
gives_three_factors = cut_with(lambda u, s, vh, rank: (u[:, :rank], s[:rank], vh[:rank]))
multiplies_them_out = cut_with(lambda u, s, vh, rank: (u[:, :rank] * s[:rank]) @ vh[:rank])
keeps_one_too_few = cut_with(lambda u, s, vh, rank: (u[:, : rank - 1] * s[: rank - 1], vh[: rank - 1]))
cuts_off_the_rank = cut_with(lambda u, s, vh, rank: ((u * s)[:, : len(s) - rank], vh[: len(s) - rank]))
takes_one_root = cut_with(lambda u, s, vh, rank: (u[:, :rank] * s[:rank].sqrt(), vh[:rank]))
keeps_the_size = cut_with(lambda u, s, vh, rank: (u * torch.where(torch.arange(len(s)) < rank, s, 0), vh))
divides_by_the_values = cut_with(lambda u, s, vh, rank: (u[:, :rank] / s[:rank], vh[:rank]))


def takes_the_first_columns(weight, rank):
    left = weight[:, :rank]
    return left, torch.linalg.pinv(left) @ weight


def takes_the_mean_off(weight, rank):
    u, sizes, vh = torch.linalg.svd(weight - weight.mean(0), full_matrices=False)
    return u[:, :rank] * sizes[:rank], vh[:rank]


def takes_eigenvectors_in_order(weight, rank):
    _, vectors = torch.linalg.eigh(weight.T @ weight)
    vectors = vectors[:, :rank]
    return weight @ vectors, vectors.T


def merged_with(scale):
    """`merge_lora` by another scale, from (weight, down, up, alpha)."""

    def wrong(weight, down, up, alpha):
        return weight + scale(weight, down, up, alpha) * (up @ down)

    return wrong


forgets_the_scale = merged_with(lambda weight, down, up, alpha: 1.0)
forgets_the_rank = merged_with(lambda weight, down, up, alpha: alpha)
forgets_alpha = merged_with(lambda weight, down, up, alpha: 1 / down.shape[0])
multiplies_by_the_rank = merged_with(lambda weight, down, up, alpha: alpha * down.shape[0])
divides_by_the_root = merged_with(lambda weight, down, up, alpha: alpha / down.shape[0] ** 0.5)
divides_by_the_inputs = merged_with(lambda weight, down, up, alpha: alpha / down.shape[1])
divides_by_the_outputs = merged_with(lambda weight, down, up, alpha: alpha / up.shape[0])
divides_by_the_entries = merged_with(lambda weight, down, up, alpha: alpha / down.numel())
cuts_off_the_fraction = merged_with(lambda weight, down, up, alpha: alpha // down.shape[0])
turns_the_fraction_over = merged_with(lambda weight, down, up, alpha: down.shape[0] / alpha)
takes_the_change_off = merged_with(lambda weight, down, up, alpha: -alpha / down.shape[0])
scales_each_factor = merged_with(lambda weight, down, up, alpha: (alpha / down.shape[0]) ** 2)


def multiplies_in_the_wrong_order(weight, down, up, alpha):
    return weight + (alpha / down.shape[0]) * (down @ up)


def transposes_the_change(weight, down, up, alpha):
    return weight + (alpha / down.shape[0]) * (down.T @ up.T)


def multiplies_entry_by_entry(weight, down, up, alpha):
    return weight + (alpha / down.shape[0]) * (up * down)


def loses_the_weight(weight, down, up, alpha):
    return (alpha / down.shape[0]) * (up @ down)


def scales_the_weight_too(weight, down, up, alpha):
    return (alpha / down.shape[0]) * (weight + up @ down)


def multiplies_weight_and_change(weight, down, up, alpha):
    return weight * ((alpha / down.shape[0]) * (up @ down))
