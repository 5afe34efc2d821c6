"""Wrong answers of lesson 13 to the front of networks that nothing beats. `front_13` says what is wrong."""

import torch


def front_with(beats, order=lambda sizes, errors, front: front[sizes[front].argsort(stable=True)]):
    """`pareto_front` with another rule of who beats whom, from (s, e, t, f), or another order."""

    def wrong(sizes, errors):
        beaten = beats(sizes[:, None], errors[:, None], sizes, errors).fill_diagonal_(False).any(0)
        front = (~beaten).nonzero().flatten()
        return order(sizes, errors, front)

    return wrong


def by_the_book(s, e, t, f):
    return (s <= t) & (e <= f) & ((s < t) | (e < f))


strictly_in_both = front_with(lambda s, e, t, f: (s < t) & (e < f))
strictly_in_size = front_with(lambda s, e, t, f: (s < t) & (e <= f))
strictly_in_errors = front_with(lambda s, e, t, f: (s <= t) & (e < f))
equals_beat_each_other = front_with(lambda s, e, t, f: (s <= t) & (e <= f))
one_is_enough = front_with(lambda s, e, t, f: (s < t) | (e < f))
errors_are_good = front_with(lambda s, e, t, f: (s <= t) & (e >= f) & ((s < t) | (e > f)))
large_is_good = front_with(lambda s, e, t, f: (s >= t) & (e <= f) & ((s > t) | (e < f)))
in_the_given_order = front_with(by_the_book, lambda sizes, errors, front: front)
largest_first = front_with(
    by_the_book, lambda sizes, errors, front: front[sizes[front].argsort(stable=True, descending=True)]
)
gives_sizes = front_with(by_the_book, lambda sizes, errors, front: sizes[front].sort().values)


def keeps_the_first_of_equals(sizes, errors):
    number = torch.arange(len(sizes))
    no_worse = (sizes[:, None] <= sizes) & (errors[:, None] <= errors)
    better = (sizes[:, None] < sizes) | (errors[:, None] < errors) | (number[:, None] < number)
    front = (~(no_worse & better).any(0)).nonzero().flatten()
    return front[sizes[front].argsort(stable=True)]


def gives_a_mask(sizes, errors):
    no_worse = (sizes[:, None] <= sizes) & (errors[:, None] <= errors)
    return ~(no_worse & ((sizes[:, None] < sizes) | (errors[:, None] < errors))).any(0)


def gives_the_beaten(sizes, errors):
    no_worse = (sizes[:, None] <= sizes) & (errors[:, None] <= errors)
    beaten = (no_worse & ((sizes[:, None] < sizes) | (errors[:, None] < errors))).any(0).nonzero().flatten()
    return beaten[sizes[beaten].argsort(stable=True)]


def looks_at_the_neighbour_only(sizes, errors):
    order = sizes.argsort(stable=True)
    kept = [n for place, n in enumerate(order.tolist()) if place == 0 or errors[n] < errors[order[place - 1]]]
    return torch.tensor(kept, dtype=torch.int64)


def sweeps_and_keeps_ties(sizes, errors):
    kept, least = [], float("inf")
    for n in sizes.argsort(stable=True).tolist():
        if errors[n] <= least:
            kept.append(n)
            least = float(errors[n])
    return torch.tensor(kept, dtype=torch.int64)


def sweeps_by_size_alone(sizes, errors):
    kept, least = [], float("inf")
    for n in sizes.argsort(stable=True).tolist():
        if errors[n] < least:
            kept.append(n)
            least = float(errors[n])
    return torch.tensor(kept, dtype=torch.int64)


def names_one_winner(sizes, errors):
    if len(sizes) == 0:
        return torch.zeros(0, dtype=torch.int64)
    return (sizes.double() * errors.double()).argmin().reshape(1)


def names_the_two_ends(sizes, errors):
    if len(sizes) == 0:
        return torch.zeros(0, dtype=torch.int64)
    return torch.stack([sizes.argmin(), errors.argmin()]).unique()


def takes_the_hull(sizes, errors):
    no_worse = (sizes[:, None] <= sizes) & (errors[:, None] <= errors)
    beaten = (no_worse & ((sizes[:, None] < sizes) | (errors[:, None] < errors))).any(0)
    hull = []
    for n in (~beaten).nonzero().flatten()[sizes[~beaten].argsort(stable=True)].tolist():
        while len(hull) > 1:
            a, b = hull[-2:]
            wide, deep = float(sizes[b] - sizes[a]), float(errors[b] - errors[a])
            if wide * float(errors[n] - errors[a]) - deep * float(sizes[n] - sizes[a]) > 0:
                break
            hull.pop()
        hull.append(n)
    return torch.tensor(hull, dtype=torch.int64)
