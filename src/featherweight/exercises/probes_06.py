"""How one case of lesson 6 exercises an answer. Only torch is imported, as in `probes`."""

import torch

__all__ = ["find_by_momentum", "from_one_seed", "rewind_twice"]

WRITTEN = "the given tensors, written into"


def rewind_twice(function, trained, initial, masks, moves):
    """Weights that a network holds are rewound, trained on by `moves`, and rewound again.

    trained, initial, masks, moves: lists of tensors, one per layer; moves are added to the weights.
    Returns six sentences: how it was done, the survivors, the pruned, initial and masks afterwards, the second time.
    """
    held = [weight.clone() for weight in trained]
    first, masks_before = [start.clone() for start in initial], [mask.clone() for mask in masks]
    handles = [weight.detach() for weight in held]
    views = list(handles)
    answer = function(views, initial, masks)
    form = _form(held, handles, views, trained, first, initial, answer)
    if form != WRITTEN:
        return [form, "", "", "", "", ""]
    after = [weight.clone() for weight in held]
    survivors, pruned = (_values(after, trained, first, masks_before, kept) for kept in (True, False))
    for weight, move in zip(held, moves, strict=True):
        weight.add_(move)
    kept_initial, kept_masks = _as_before(initial, first), _as_before(masks, masks_before)
    function([weight.detach() for weight in held], initial, masks)
    again = "the same again" if _same(held, after) else "other values"
    return [form, survivors, pruned, kept_initial, kept_masks, again]


def _form(held, handles, views, trained, first, initial, answer):
    if not _same(held, trained):
        return WRITTEN
    if not _same(initial, first):
        into_zeros = all(((now == 0) | (now == old)).all() for now, old in zip(initial, first, strict=True))
        return f"the initial values, {'masked' if into_zeros else 'overwritten'}; the network as it was"
    if any(view is not handle for view, handle in zip(views, handles, strict=True)):
        return "other tensors in place of the given ones; the network as it was"
    if any(view.data_ptr() != weight.data_ptr() for view, weight in zip(views, held, strict=True)):
        return "other memory for the given tensors; the network as it was"
    if isinstance(answer, list | tuple) and all(isinstance(part, torch.Tensor) for part in answer):
        return "new tensors returned; the network as it was"
    return "nothing that reaches the network"


def _values(after, trained, first, masks, kept):
    """Whether the kept (or the pruned) entries are zero, at their initial or their trained values."""
    chosen = [mask if kept else ~mask for mask in masks]
    found, start, end = (torch.cat([t[m] for t, m in zip(ts, chosen, strict=True)]) for ts in (after, first, trained))
    if not len(found):
        return "none"
    if torch.equal(found, start):
        return "at their initial values"
    if torch.equal(found, end):
        return "at their trained values"
    return "at values of their own" if found.any() else "zero"


def _as_before(now, before):
    return "as they were" if _same(now, before) else "changed"


def _same(one, other):
    return len(one) == len(other) and all(map(torch.equal, one, other))


def from_one_seed(function, **inputs):
    """torch's random numbers start from one seed, for those who draw any."""
    torch.manual_seed(0)
    return function(*inputs.values())


def find_by_momentum(function, start, hessian, minimum, learning_rate, momentum, steps, fraction, rounds):
    """train takes `steps` steps of velocity = momentum · velocity + hessian @ (weight − minimum), masked.

    start, minimum: (d,). hessian: (d, d).
    """

    def train(weight, mask, velocity):
        for _ in range(steps):
            velocity.mul_(momentum).add_(hessian @ (weight - minimum)).mul_(mask)
            weight.sub_(learning_rate * velocity)

    return function(start, train, fraction, rounds)
