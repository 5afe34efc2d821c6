"""The search for a ticket that lesson 6 hands over to be mended, and what a mending can leave. `mended_06` says it."""

import torch


def handed_over(weight, train, fraction, rounds):
    initial = weight
    mask = torch.ones_like(weight, dtype=torch.bool)
    velocity = torch.zeros_like(weight)
    for _ in range(rounds):
        train(weight, mask, velocity)
        count = round(fraction * int(mask.sum()))
        smallest_first = weight.abs().argsort()
        mask = mask.clone()
        mask[smallest_first[:count]] = False
        weight.copy_(initial * mask)
    return weight, mask


def find_ticket_with(aliased: bool, dead_again: bool, remembers: bool):
    """The search with any of its faults: the handed-over function has all three."""

    def wrong(weight, train, fraction, rounds):
        initial = weight if aliased else weight.clone()
        mask = torch.ones_like(weight, dtype=torch.bool)
        kept = torch.zeros_like(weight)
        for _ in range(rounds):
            train(weight, mask, kept if remembers else torch.zeros_like(weight))
            sizes = weight.abs() if dead_again else torch.where(mask, weight.abs(), torch.inf)
            count = round(fraction * int(mask.sum()))
            mask = mask.clone()
            mask[sizes.argsort(stable=True)[:count]] = False
            weight.copy_(initial * mask)
        return weight, mask

    return wrong


def _found(weight, train, fraction, rounds, rank=None, count=None):
    """The search, right but for how it ranks (weight, initial → sizes) or counts (fraction, mask → number)."""
    initial = weight.clone()
    mask = torch.ones_like(weight, dtype=torch.bool)
    for _ in range(rounds):
        train(weight, mask, torch.zeros_like(weight))
        sizes = torch.where(mask, rank(weight, initial) if rank else weight.abs(), torch.inf)
        number = count(fraction, mask) if count else round(fraction * int(mask.sum()))
        mask = mask.clone()
        mask[sizes.argsort()[:number]] = False
        weight.copy_(initial * mask)
    return weight, mask


def counts_all(weight, train, fraction, rounds):
    return _found(weight, train, fraction, rounds, count=lambda share, mask: round(share * mask.numel()))


def rounds_down(weight, train, fraction, rounds):
    return _found(weight, train, fraction, rounds, count=lambda share, mask: int(share * int(mask.sum())))


def ranks_values(weight, train, fraction, rounds):
    return _found(weight, train, fraction, rounds, rank=lambda trained, _: trained)


def ranks_the_initial(weight, train, fraction, rounds):
    return _found(weight, train, fraction, rounds, rank=lambda _, initial: initial.abs())


def forgets_to_mask_the_ticket(weight, train, fraction, rounds):
    initial = weight.clone()
    mask = torch.ones_like(weight, dtype=torch.bool)
    for _ in range(rounds):
        train(weight, mask, torch.zeros_like(weight))
        count = round(fraction * int(mask.sum()))
        smallest_first = torch.where(mask, weight.abs(), torch.inf).argsort()
        mask = mask.clone()
        mask[smallest_first[:count]] = False
        weight.copy_(initial)
    return weight, mask


def lets_the_pruned_return(weight, train, fraction, rounds):
    initial = weight.clone()
    mask = torch.ones_like(weight, dtype=torch.bool)
    for _ in range(rounds):
        train(weight, mask, torch.zeros_like(weight))
        count = round(fraction * int(mask.sum()))
        smallest_first = torch.where(mask, weight.abs(), torch.inf).argsort()
        mask = torch.ones_like(mask)
        mask[smallest_first[:count]] = False
        weight.copy_(initial * mask)
    return weight, mask


def rewinds_before_ranking(weight, train, fraction, rounds):
    initial = weight.clone()
    mask = torch.ones_like(weight, dtype=torch.bool)
    for _ in range(rounds):
        train(weight, mask, torch.zeros_like(weight))
        weight.copy_(initial * mask)
        count = round(fraction * int(mask.sum()))
        smallest_first = torch.where(mask, weight.abs(), torch.inf).argsort()
        mask = mask.clone()
        mask[smallest_first[:count]] = False
    return weight, mask


def trains_the_ticket(weight, train, fraction, rounds):
    weight, mask = _found(weight, train, fraction, rounds)
    train(weight, mask, torch.zeros_like(weight))
    return weight, mask


def prunes_once_more_each_round(weight, train, fraction, rounds):
    return _found(weight, train, 1 - (1 - fraction) ** rounds, 1)


def gives_the_mask_first(weight, train, fraction, rounds):
    weight, mask = _found(weight, train, fraction, rounds)
    return mask, weight
