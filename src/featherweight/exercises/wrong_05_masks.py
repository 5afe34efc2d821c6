"""Wrong answers that learners give in lesson 5 about masks, one function each. `lesson_05` says what is wrong."""

import torch


def magnitude_mask_with(by_layer=False, signed=False, rounded_down=False):
    """`magnitude_mask` with any of three faults."""

    def wrong(tensors, sparsity):
        rankings = [[tensor] for tensor in tensors] if by_layer else [tensors]
        masks = []
        for ranking in rankings:
            sizes = torch.cat([tensor.flatten() if signed else tensor.abs().flatten() for tensor in ranking])
            exact = sparsity * sizes.numel()
            kept = torch.ones_like(sizes, dtype=torch.bool)
            kept[sizes.topk(int(exact) if rounded_down else round(exact), largest=False).indices] = False
            parts = kept.split([tensor.numel() for tensor in ranking])
            masks += [part.view(tensor.shape) for part, tensor in zip(parts, ranking, strict=True)]
        return masks

    return wrong


def prunes_the_largest(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.topk(round(sparsity * magnitudes.numel())).indices] = False
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def marks_the_pruned(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    pruned = torch.zeros_like(magnitudes, dtype=torch.bool)
    pruned[magnitudes.topk(round(sparsity * magnitudes.numel()), largest=False).indices] = True
    parts = pruned.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def keeps_the_fraction(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    kept = torch.zeros_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.topk(round(sparsity * magnitudes.numel())).indices] = True
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def keeps_what_equals_the_last_pruned(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    count = round(sparsity * magnitudes.numel())
    threshold = magnitudes.sort().values[count - 1] if count else -1.0
    return [tensor.abs() >= threshold for tensor in tensors]


def prunes_every_equal(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    count = round(sparsity * magnitudes.numel())
    threshold = magnitudes.sort().values[count - 1] if count else -1.0
    return [tensor.abs() > threshold for tensor in tensors]


def cuts_at_a_quantile(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    if magnitudes.numel() == 0:
        return [torch.ones_like(tensor, dtype=torch.bool) for tensor in tensors]
    threshold = torch.quantile(magnitudes, sparsity)
    return [tensor.abs() >= threshold for tensor in tensors]


def counts_only_nonzeros(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    already = int((magnitudes == 0).sum())
    count = already + round(sparsity * (magnitudes.numel() - already))
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.topk(count, largest=False).indices] = False
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def returns_pruned_weights(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.topk(round(sparsity * magnitudes.numel()), largest=False).indices] = False
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) * tensor for part, tensor in zip(parts, tensors, strict=True)]


def takes_sparsity_for_the_threshold(tensors, sparsity):
    return [tensor.abs() > sparsity for tensor in tensors]


def takes_sparsity_for_the_least_kept(tensors, sparsity):
    return [tensor.abs() >= sparsity for tensor in tensors]


def takes_positions_for_ranks(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    kept = magnitudes.argsort() >= round(sparsity * magnitudes.numel())
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def slices_from_minus_zero(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    left = magnitudes.numel() - round(sparsity * magnitudes.numel())
    kept = torch.zeros_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.argsort()[-left:]] = True
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def reads_position_minus_one(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors]).sort().values
    threshold = magnitudes[round(sparsity * magnitudes.numel()) - 1]
    return [tensor.abs() > threshold for tensor in tensors]


def asks_kthvalue_for_none(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    threshold = magnitudes.kthvalue(round(sparsity * magnitudes.numel())).values
    return [tensor.abs() > threshold for tensor in tensors]


def masks_with_numbers(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    kept = torch.ones_like(magnitudes)
    kept[magnitudes.topk(round(sparsity * magnitudes.numel()), largest=False).indices] = 0.0
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def masks_with_whole_numbers(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    kept = torch.ones_like(magnitudes, dtype=torch.int32)
    kept[magnitudes.topk(round(sparsity * magnitudes.numel()), largest=False).indices] = 0
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


def handed_over(weight, mask, sparsity):
    magnitudes = weight.abs().flatten()
    count = round(sparsity * int(mask.sum()))
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.argsort()[:count]] = False
    return kept.view(weight.shape)


def prune_further_with(of_survivors=False, revives=False, by_old_size=False):
    """`prune_further` with any of its faults: the handed-over function has all three."""

    def wrong(weight, mask, sparsity):
        magnitudes = weight.abs() if by_old_size else torch.where(mask, weight.abs(), -1.0)
        count = round(sparsity * (int(mask.sum()) if of_survivors else weight.numel()))
        kept = torch.ones_like(mask) if revives else mask.clone()
        kept.view(-1)[magnitudes.flatten().argsort()[:count]] = False
        return kept

    return wrong


def compounds(weight, mask, sparsity):
    survivors = int(mask.sum())
    count = weight.numel() - survivors + round(sparsity * survivors)
    kept = mask.flatten().clone()
    kept[torch.where(mask, weight.abs(), -1.0).flatten().argsort()[:count]] = False
    return kept.view(weight.shape)


def prunes_the_signed_least(weight, mask, sparsity):
    kept = mask.flatten().clone()
    order = torch.where(mask, weight, -torch.inf).flatten().argsort()
    kept[order[: round(sparsity * weight.numel())]] = False
    return kept.view(weight.shape)


def prunes_as_many_again(weight, mask, sparsity):
    count = int((~mask).sum()) + round(sparsity * weight.numel())
    kept = mask.flatten().clone()
    kept[torch.where(mask, weight.abs(), -1.0).flatten().argsort()[:count]] = False
    return kept.view(weight.shape)


def takes_a_negative_count(weight, mask, sparsity):
    more = round(sparsity * weight.numel()) - int((~mask).sum())
    order = torch.where(mask, weight.abs(), torch.inf).flatten().argsort()
    kept = mask.flatten().clone()
    kept[order[:more]] = False
    return kept.view(weight.shape)


def asks_topk_for_a_negative_count(weight, mask, sparsity):
    more = round(sparsity * weight.numel()) - int((~mask).sum())
    kept = mask.flatten().clone()
    kept[torch.where(mask, weight.abs(), torch.inf).flatten().topk(more, largest=False).indices] = False
    return kept.view(weight.shape)


def rounds_the_total_down(weight, mask, sparsity):
    kept = mask.flatten().clone()
    order = torch.where(mask, weight.abs(), -1.0).flatten().argsort()
    kept[order[: int(sparsity * weight.numel())]] = False
    return kept.view(weight.shape)
