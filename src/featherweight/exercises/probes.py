"""How one case exercises an answer. Only torch is imported: these functions also run where an answer is graded.

A case is plain data; a probe turns it into what the learner's function expects (a gradient function, say), calls the
function, and gives back plain data.
"""

import torch

__all__ = ["accumulate", "at_the_steepest", "average_as_you_go", "call", "descend", "descend_with_decay", "epochs"]


def call(function, **inputs):
    """Call the function with the case's values, in their order."""
    return function(*inputs.values())


def descend(function, hessian, minimum, start, learning_rate, steps):
    """gradient(x) = hessian @ (x − minimum).

    hessian: (d, d). minimum, start: (d,).
    """
    return function(_gradient(hessian, minimum), start, learning_rate, steps)


def descend_with_decay(function, hessian, minimum, start, learning_rate, decay, steps):
    """gradient(x) = hessian @ (x − minimum).

    hessian: (d, d). minimum, start: (d,).
    """
    return function(_gradient(hessian, minimum), start, learning_rate, decay, steps)


def average_as_you_go(function, hessian, minimum, average, iterate, step, learning_rate, beta):
    """gradient(x) = hessian @ (x − minimum).

    hessian: (d, d). minimum, average, iterate: (d,). step: from 1.
    """
    return function(average, iterate, _gradient(hessian, minimum), step, learning_rate, beta)


def at_the_steepest(function, hessian, minimum, parameter, radius):
    """gradient(x) = hessian @ (x − minimum), for x laid out in one row and given back in its shape.

    hessian: (d, d). minimum, parameter: d entries, of any shape.
    """
    return function(_gradient(hessian, minimum), parameter, radius)


def accumulate(function, inputs, targets, parameter, sizes, every, learning_rate):
    """gradient(x, k) = that of half the mean of (inputs @ x − targets)², over the examples of piece k.

    inputs: (n, d). targets: (n,). parameter: (d,). sizes: of the pieces, in order, adding up to n.
    """
    pieces = list(zip(inputs.split(sizes), targets.split(sizes), strict=True))

    def gradient(x, k):
        xs, ys = pieces[k]
        return xs.T @ (xs @ x - ys) / len(ys)

    return function(gradient, parameter, sizes, every, learning_rate)


def _gradient(hessian, minimum):
    def gradient(x):
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"gradient got a {type(x).__name__}; wanted a tensor of shape {tuple(minimum.shape)}")
        return (hessian @ (x - minimum).flatten()).view_as(x)

    return gradient


def epochs(function, inputs, labels, batch_size, seeds):
    """What the batches of each seed look like.

    inputs: (n, …), no two alike. labels: (n,). seeds: three, the last one equal to the first.
    Returns a list of sentences, in the order in which they are worth reading.
    """
    given = [function(inputs, labels, batch_size, seed) for seed in seeds]
    form = next((found for found in map(_form, given) if found != PAIRS), PAIRS)
    if form != PAIRS:
        return [form, "", "", "", "", ""]
    sizes = [", ".join(str(len(ys)) for _, ys in batches) for batches in given]
    orders = [[_places(inputs, xs) for xs, _ in batches] for batches in given]
    flat = [_joined(order) for order in orders]
    found = [
        form,
        next((line for line in sizes if line != sizes[-1]), sizes[-1]),
        _drawn(orders, len(labels)),
        _labelled(labels, given, flat),
        _mixed(orders) if len(labels) > 6 else "mixed",
        _seeded(flat) if len(labels) > 6 else "one for each seed",
    ]
    return found


PAIRS = "a list of pairs (inputs, labels)"


def _form(batches):
    if not isinstance(batches, list | tuple):
        return f"a {type(batches).__name__}"
    for batch in batches:
        if isinstance(batch, torch.Tensor):
            return "a list of tensors"
        if not isinstance(batch, list | tuple) or len(batch) != 2:
            return f"a list of {type(batch).__name__}"
        if not all(isinstance(part, torch.Tensor) and part.ndim for part in batch):
            return "a list of pairs that are no tensors with a first axis"
        if batch[0].dtype == torch.int64 != batch[1].dtype:
            return "a list of pairs (labels, inputs)"
        if len(batch[0]) != len(batch[1]):
            return "inputs and labels of unequal length"
    return PAIRS


def _places(inputs, batch):
    """Which rows of the inputs a batch holds; −1 for a row that is none of them."""
    if batch.shape[1:] != inputs.shape[1:]:
        return [-1] * len(batch)
    length = inputs[0].numel()
    same = (batch.reshape(len(batch), 1, length) == inputs.reshape(1, len(inputs), length)).all(2)
    return [int(row.nonzero()[0]) if row.any() else -1 for row in same]


def _joined(order):
    return [place for batch in order for place in batch]


def _drawn(orders, count):
    if any(place < 0 for order in orders for batch in order for place in batch):
        return "rows that are no examples"
    if any(len(set(batch)) < len(batch) for order in orders for batch in order):
        return "some example twice in one batch"
    flat = [_joined(order) for order in orders]
    if any(len(set(order)) < len(order) for order in flat):
        return "some example in two batches"
    return "every example once" if all(len(order) == count for order in flat) else "some examples left out"


def _labelled(labels, given, flat):
    held = [torch.cat([labels[:0], *(ys for _, ys in batches)]) for batches in given]
    if all(torch.equal(ys, labels[places]) for ys, places in zip(held, flat, strict=True)):
        return "each label with its inputs"
    in_order = all(torch.equal(ys, labels[: len(ys)]) for ys in held)
    return "labels left in the given order" if in_order else "labels astray"


def _mixed(orders):
    flat = [_joined(order) for order in orders]
    if all(order == sorted(order) for order in flat):
        return "in the given order"
    if len(orders[0]) > 1 and all(_joined(map(sorted, order)) == sorted(_joined(order)) for order in orders):
        return "mixed inside each batch only"
    runs = all(batch == list(range(batch[0], batch[0] + len(batch))) for order in orders for batch in order if batch)
    return "whole batches moved about" if runs and len(orders[0]) > 1 else "mixed"


def _seeded(flat):
    first, second, again = flat
    if first == second == again:
        return "one for all seeds"
    return "one for each seed" if first == again else "another one at every call"
