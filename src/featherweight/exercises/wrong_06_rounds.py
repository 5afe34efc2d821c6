"""Wrong rounds of pruning that learners write in lesson 6, one function each. `rounds_06` says what is wrong."""

import torch


def _joined(tensors):
    return torch.cat([tensor.flatten() for tensor in tensors])


def _parted(kept, like):
    parts = kept.split([tensor.numel() for tensor in like])
    return [part.view(tensor.shape) for part, tensor in zip(parts, like, strict=True)]


def _times(tensors, masks):
    return [tensor * mask for tensor, mask in zip(tensors, masks, strict=True)]


def _pruned(sizes, masks, count):
    """The masks, less the `count` survivors of smallest size."""
    alive = _joined(masks)
    kept = alive.clone()
    kept[torch.where(alive, sizes, torch.inf).argsort()[:count]] = False
    return _parted(kept, masks)


def _count(masks, fraction):
    return round(fraction * sum(int(mask.sum()) for mask in masks))


def imp_round_with(of_all: bool, by_layer: bool, signed: bool, keeps_trained: bool):
    """A round with any of these faults."""

    def wrong(trained, initial, masks, fraction):
        groups = [slice(i, i + 1) for i in range(len(masks))] if by_layer else [slice(None)]
        new = []
        for group in groups:
            ours = masks[group]
            total = sum(mask.numel() for mask in ours) if of_all else sum(int(mask.sum()) for mask in ours)
            sizes = _joined(trained[group]) if signed else _joined(trained[group]).abs()
            new += _pruned(sizes, ours, round(fraction * total))
        return new, _times(trained if keeps_trained else initial, new)

    return wrong


def prunes_the_dead_again(trained, initial, masks, fraction):
    kept = _joined(masks)
    sizes = _joined(_times(trained, masks)).abs()
    kept[sizes.argsort()[: _count(masks, fraction)]] = False
    new = _parted(kept, masks)
    return new, _times(initial, new)


def ranks_old_values(trained, initial, masks, fraction):
    kept = _joined(masks)
    kept[_joined(trained).abs().argsort()[: _count(masks, fraction)]] = False
    new = _parted(kept, masks)
    return new, _times(initial, new)


def starts_from_all(trained, initial, masks, fraction):
    kept = torch.ones_like(_joined(masks))
    sizes = torch.where(_joined(masks), _joined(trained).abs(), torch.inf)
    kept[sizes.argsort()[: _count(masks, fraction)]] = False
    new = _parted(kept, masks)
    return new, _times(initial, new)


def prunes_to_the_fraction(trained, initial, masks, fraction):
    alive = _joined(masks)
    more = max(round(fraction * alive.numel()) - int((~alive).sum()), 0)
    new = _pruned(_joined(trained).abs(), masks, more)
    return new, _times(initial, new)


def masks_the_ticket_as_before(trained, initial, masks, fraction):
    new = _pruned(_joined(trained).abs(), masks, _count(masks, fraction))
    return new, _times(initial, masks)


def leaves_the_ticket_whole(trained, initial, masks, fraction):
    new = _pruned(_joined(trained).abs(), masks, _count(masks, fraction))
    return new, [start.clone() for start in initial]


def prunes_the_largest(trained, initial, masks, fraction):
    new = _pruned(-_joined(trained).abs(), masks, _count(masks, fraction))
    return new, _times(initial, new)


def keeps_the_fraction(trained, initial, masks, fraction):
    alive = sum(int(mask.sum()) for mask in masks)
    new = _pruned(_joined(trained).abs(), masks, alive - round(fraction * alive))
    return new, _times(initial, new)


def ranks_the_initial(trained, initial, masks, fraction):
    new = _pruned(_joined(initial).abs(), masks, _count(masks, fraction))
    return new, _times(initial, new)


def ranks_the_movement(trained, initial, masks, fraction):
    moved = (_joined(trained) - _joined(initial)).abs()
    new = _pruned(moved, masks, _count(masks, fraction))
    return new, _times(initial, new)


def gives_the_ticket_first(trained, initial, masks, fraction):
    new = _pruned(_joined(trained).abs(), masks, _count(masks, fraction))
    return _times(initial, new), new


def marks_the_pruned(trained, initial, masks, fraction):
    new = _pruned(_joined(trained).abs(), masks, _count(masks, fraction))
    return [~mask for mask in new], _times(initial, new)


def masks_with_numbers(trained, initial, masks, fraction):
    new = _pruned(_joined(trained).abs(), masks, _count(masks, fraction))
    return [mask.float() for mask in new], _times(initial, new)


def rounds_down(trained, initial, masks, fraction):
    alive = sum(int(mask.sum()) for mask in masks)
    new = _pruned(_joined(trained).abs(), masks, int(fraction * alive))
    return new, _times(initial, new)


def _least(trained, masks):
    """Sizes of the survivors, smallest first."""
    return torch.cat([weight[mask].abs() for weight, mask in zip(trained, masks, strict=True)]).sort().values


def cuts_at_a_quantile(trained, initial, masks, fraction):
    sizes = _least(trained, masks).double()
    threshold = torch.quantile(sizes, fraction) if len(sizes) else 0.0
    new = [mask & (weight.abs() > threshold) for weight, mask in zip(trained, masks, strict=True)]
    return new, _times(initial, new)


def keeps_the_last_pruned(trained, initial, masks, fraction):
    count = _count(masks, fraction)
    threshold = _least(trained, masks)[count - 1] if count else -1.0
    new = [mask & (weight.abs() >= threshold) for weight, mask in zip(trained, masks, strict=True)]
    return new, _times(initial, new)


def forgets_the_old_masks(trained, initial, masks, fraction):
    count = _count(masks, fraction)
    threshold = _least(trained, masks)[count - 1] if count else -1.0
    new = [weight.abs() > threshold for weight in trained]
    return new, _times(initial, new)


def reads_position_minus_one(trained, initial, masks, fraction):
    sizes = _least(trained, masks)
    threshold = sizes[_count(masks, fraction) - 1] if len(sizes) else 0.0
    new = [mask & (weight.abs() > threshold) for weight, mask in zip(trained, masks, strict=True)]
    return new, _times(initial, new)


def reads_past_the_end(trained, initial, masks, fraction):
    threshold = _least(trained, masks)[_count(masks, fraction)]
    new = [mask & (weight.abs() >= threshold) for weight, mask in zip(trained, masks, strict=True)]
    return new, _times(initial, new)


def cuts_at_a_share_of_the_largest(trained, initial, masks, fraction):
    sizes = _least(trained, masks)
    threshold = fraction * sizes[-1] if len(sizes) else 0.0
    new = [mask & (weight.abs() > threshold) for weight, mask in zip(trained, masks, strict=True)]
    return new, _times(initial, new)


def cuts_at_the_fraction(trained, initial, masks, fraction):
    new = [mask & (weight.abs() > fraction) for weight, mask in zip(trained, masks, strict=True)]
    return new, _times(initial, new)


def changes_what_it_was_handed(trained, initial, masks, fraction):
    new = _pruned(_joined(trained).abs(), masks, _count(masks, fraction))
    return new, [start.mul_(mask) for start, mask in zip(initial, new, strict=True)]


def gives_the_masks_alone(trained, initial, masks, fraction):
    return _pruned(_joined(trained).abs(), masks, _count(masks, fraction))
