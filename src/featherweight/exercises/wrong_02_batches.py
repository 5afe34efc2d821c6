"""Wrong epochs that learners give in lesson 2, one function each. What is wrong with each is said in `lesson_02`."""

import torch


def keeps_the_order(inputs, labels, batch_size, seed):
    return list(zip(inputs.split(batch_size), labels.split(batch_size), strict=True))


def has_a_seed_of_its_own(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    return [(inputs[batch], labels[batch]) for batch in order.split(batch_size)]


def forgets_the_seed(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels))
    return [(inputs[batch], labels[batch]) for batch in order.split(batch_size)]


def draws_with_replacement(inputs, labels, batch_size, seed):
    order = torch.randint(len(labels), (len(labels),), generator=torch.Generator().manual_seed(seed))
    return [(inputs[batch], labels[batch]) for batch in order.split(batch_size)]


def draws_each_batch_anew(inputs, labels, batch_size, seed):
    g, batches = torch.Generator().manual_seed(seed), []
    for start in range(0, len(labels), batch_size):
        size = min(batch_size, len(labels) - start)
        batch = torch.randperm(len(labels), generator=g)[:size]
        batches.append((inputs[batch], labels[batch]))
    return batches


def drops_the_rest(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    whole = len(labels) // batch_size
    batches = [order[k * batch_size : (k + 1) * batch_size] for k in range(whole)]
    return [(inputs[batch], labels[batch]) for batch in batches]


def adds_an_empty_batch(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    batches = [order[k * batch_size : (k + 1) * batch_size] for k in range(len(labels) // batch_size + 1)]
    return [(inputs[batch], labels[batch]) for batch in batches]


def leaves_labels_in_order(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return list(zip(inputs[order].split(batch_size), labels.split(batch_size), strict=True))


def shuffles_apart(inputs, labels, batch_size, seed):
    g = torch.Generator().manual_seed(seed)
    xs = inputs[torch.randperm(len(labels), generator=g)]
    ys = labels[torch.randperm(len(labels), generator=g)]
    return list(zip(xs.split(batch_size), ys.split(batch_size), strict=True))


def shuffles_batches(inputs, labels, batch_size, seed):
    batches = list(zip(inputs.split(batch_size), labels.split(batch_size), strict=True))
    order = torch.randperm(len(batches), generator=torch.Generator().manual_seed(seed))
    return [batches[k] for k in order.tolist()]


def counts_batches(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return [(inputs[batch], labels[batch]) for batch in order.chunk(batch_size)]


def fills_the_last(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).tolist()
    batches = []
    for start in range(0, len(labels), batch_size):
        batch = [order[(start + k) % len(order)] for k in range(batch_size)]
        batches.append((inputs[batch], labels[batch]))
    return batches


def moves_by_one(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    batches = [order[start : start + batch_size] for start in range(len(labels))]
    return [(inputs[batch], labels[batch]) for batch in batches]


def returns_inside_the_loop(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    batches = []
    for batch in order.split(batch_size):
        batches.append((inputs[batch], labels[batch]))
        return batches


def cuts_before_it_shuffles(inputs, labels, batch_size, seed):
    g, batches = torch.Generator().manual_seed(seed), []
    for xs, ys in zip(inputs.split(batch_size), labels.split(batch_size), strict=True):
        order = torch.randperm(len(ys), generator=g)
        batches.append((xs[order], ys[order]))
    return batches


def swaps_the_pair(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return [(labels[batch], inputs[batch]) for batch in order.split(batch_size)]


def forgets_labels(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return [inputs[batch] for batch in order.split(batch_size)]


def yields_batches(inputs, labels, batch_size, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    for batch in order.split(batch_size):
        yield inputs[batch], labels[batch]
