"""Wrong answers of lesson 12 to shared weights and their gradient, one each. `sharing_12` says what is wrong."""

import torch


def nearest_of(flat, centroids):
    return (flat[:, None] - centroids).abs().argmin(1)


def shared_with(move, nearest=nearest_of, rounds=100):
    """`share_weights` with other centroids from (weights, indices, centroids, k), other nearest ones, fewer rounds."""

    def wrong(weight, initial_centroids):
        flat, centroids = weight.flatten(), initial_centroids.clone()
        indices = nearest(flat, centroids)
        for _ in range(rounds):
            centroids = torch.stack([move(flat, indices, centroids, k) for k in range(len(centroids))])
            previous, indices = indices, nearest(flat, centroids)
            if torch.equal(indices, previous):
                break
        return indices.reshape(weight.shape), centroids

    return wrong


def mean_or_old(flat, indices, centroids, k):
    own = flat[indices == k]
    return own.mean() if len(own) else centroids[k]


def median_or_old(flat, indices, centroids, k):
    own = flat[indices == k]
    return own.median() if len(own) else centroids[k]


def middle_or_old(flat, indices, centroids, k):
    own = flat[indices == k]
    return (own.min() + own.max()) / 2 if len(own) else centroids[k]


def farthest_if_empty(flat, indices, centroids, k):
    own = flat[indices == k]
    return own.mean() if len(own) else flat[(flat - centroids[indices]).abs().argmax()]


def overall_mean_if_empty(flat, indices, centroids, k):
    own = flat[indices == k]
    return own.mean() if len(own) else flat.mean()


def share_of_the_sum(flat, indices, centroids, k):
    own = flat[indices == k]
    return own.sum() / len(flat) if len(own) else centroids[k]


def half_way(flat, indices, centroids, k):
    own = flat[indices == k]
    return (centroids[k] + own.mean()) / 2 if len(own) else centroids[k]


moves_once = shared_with(mean_or_old, rounds=1)
stops_after_ten = shared_with(mean_or_old, rounds=10)
never_moves = shared_with(mean_or_old, rounds=0)
divides_by_no_members = shared_with(lambda flat, indices, centroids, k: flat[indices == k].mean())
zeroes_the_empty = shared_with(lambda flat, indices, centroids, k: flat[indices == k].sum() / max(1, sum(indices == k)))
moves_the_empty_far_out = shared_with(farthest_if_empty)
moves_the_empty_to_the_mean = shared_with(overall_mean_if_empty)
takes_medians = shared_with(median_or_old)
takes_the_middle = shared_with(middle_or_old)
divides_by_all = shared_with(share_of_the_sum)
moves_half_way = shared_with(half_way)
compares_sizes = shared_with(
    mean_or_old, lambda flat, centroids: (flat.abs()[:, None] - centroids.abs()).abs().argmin(1)
)
forgets_the_distance = shared_with(mean_or_old, lambda flat, centroids: (flat[:, None] - centroids).argmin(1))
takes_the_later_of_two = shared_with(
    mean_or_old,
    lambda flat, centroids: len(centroids) - 1 - (flat[:, None] - centroids.flip(0)).abs().argmin(1),
)


def settled_with(result):
    """`share_weights` that gives back something else, from (weight, indices, centroids)."""

    def wrong(weight, initial_centroids):
        flat, centroids = weight.flatten(), initial_centroids.clone()
        for _ in range(100):
            indices = (flat[:, None] - centroids).abs().argmin(1)
            for k in range(len(centroids)):
                if (indices == k).any():
                    centroids[k] = flat[indices == k].mean()
        return result(weight, indices, centroids)

    return wrong


returns_weights = settled_with(lambda weight, indices, centroids: (centroids[indices].reshape(weight.shape), centroids))
gives_the_centroids_first = settled_with(lambda weight, indices, centroids: (centroids, indices.reshape(weight.shape)))
leaves_them_flat = settled_with(lambda weight, indices, centroids: (indices, centroids))
narrows_the_indices = settled_with(lambda w, indices, centroids: (indices.reshape(w.shape).to(torch.uint8), centroids))
drops_the_empty = settled_with(
    lambda weight, indices, centroids: (
        indices.unique(return_inverse=True)[1].reshape(weight.shape),
        centroids[indices.unique()],
    )
)
sorts_the_codebook = settled_with(
    lambda weight, indices, centroids: (
        centroids.argsort(stable=True).argsort()[indices].reshape(weight.shape),
        centroids.sort(stable=True).values,
    )
)


def starts_evenly(weight, initial_centroids):
    flat = weight.flatten()
    centroids = (
        torch.linspace(0, 1, len(initial_centroids), dtype=weight.dtype) * (flat.max() - flat.min()) + flat.min()
    )
    for _ in range(100):
        indices = (flat[:, None] - centroids).abs().argmin(1)
        for k in range(len(centroids)):
            if (indices == k).any():
                centroids[k] = flat[indices == k].mean()
    return indices.reshape(weight.shape), centroids


def averages_the_members(gradient, indices, count):
    sums = torch.zeros(count, dtype=gradient.dtype).index_add_(0, indices.flatten(), gradient.flatten())
    return sums / torch.bincount(indices.flatten(), minlength=count).clamp(min=1)


def averages_nothing_too(gradient, indices, count):
    return torch.stack([gradient[indices == k].mean() for k in range(count)])


def keeps_the_last(gradient, indices, count):
    found = torch.zeros(count, dtype=gradient.dtype)
    found[indices.flatten()] += gradient.flatten()
    return found


def keeps_the_first(gradient, indices, count):
    found = torch.zeros(count, dtype=gradient.dtype)
    for slope, k in zip(gradient.flatten(), indices.flatten().tolist(), strict=True):
        if not found[k]:
            found[k] = slope
    return found


def counts_what_is_used(gradient, indices, count):
    return torch.bincount(indices.flatten(), weights=gradient.flatten()).to(gradient.dtype)


def drops_the_unused(gradient, indices, count):
    flat, slopes = indices.flatten(), gradient.flatten()
    return torch.stack([slopes[flat == k].sum() for k in flat.unique()])


def counts_the_members(gradient, indices, count):
    return torch.bincount(indices.flatten(), minlength=count).to(gradient.dtype)


def adds_up_sizes(gradient, indices, count):
    return torch.zeros(count, dtype=gradient.dtype).index_add_(0, indices.flatten(), gradient.flatten().abs())


def adds_up_squares(gradient, indices, count):
    return torch.zeros(count, dtype=gradient.dtype).index_add_(0, indices.flatten(), gradient.flatten() ** 2)


def divides_by_all_weights(gradient, indices, count):
    sums = torch.zeros(count, dtype=gradient.dtype).index_add_(0, indices.flatten(), gradient.flatten())
    return sums / max(1, gradient.numel())


def divides_by_all_centroids(gradient, indices, count):
    sums = torch.zeros(count, dtype=gradient.dtype).index_add_(0, indices.flatten(), gradient.flatten())
    return sums / count


def hands_it_back_to_the_weights(gradient, indices, count):
    sums = torch.zeros(count, dtype=gradient.dtype).index_add_(0, indices.flatten(), gradient.flatten())
    return sums[indices]


def goes_downhill(gradient, indices, count):
    return -torch.zeros(count, dtype=gradient.dtype).index_add_(0, indices.flatten(), gradient.flatten())


def takes_the_largest(gradient, indices, count):
    slots = torch.zeros(count, dtype=gradient.dtype)
    return slots.scatter_reduce(0, indices.flatten(), gradient.flatten(), "amax", include_self=False)


def keeps_rows_apart(gradient, indices, count):
    rows = [
        torch.zeros(count, dtype=gradient.dtype).index_add_(0, i, g) for i, g in zip(indices, gradient, strict=True)
    ]
    return torch.stack(rows)
