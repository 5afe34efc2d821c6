"""Wrong answers that learners give in lesson 5 about masks, one function each. `lesson_05` says what is wrong."""

import torch


def prunes_each_layer(tensors, sparsity):
    masks = []
    for tensor in tensors:
        flat = tensor.abs().flatten()
        kept = torch.ones_like(flat, dtype=torch.bool)
        kept[flat.topk(round(sparsity * flat.numel()), largest=False).indices] = False
        masks.append(kept.view(tensor.shape))
    return masks


def ranks_signed_values(tensors, sparsity):
    values = torch.cat([tensor.flatten() for tensor in tensors])
    kept = torch.ones_like(values, dtype=torch.bool)
    kept[values.topk(round(sparsity * values.numel()), largest=False).indices] = False
    parts = kept.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


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


def rounds_the_count_down(tensors, sparsity):
    magnitudes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    kept = torch.ones_like(magnitudes, dtype=torch.bool)
    kept[magnitudes.topk(int(sparsity * magnitudes.numel()), largest=False).indices] = False
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
