"""What is compared of an answer that is not compared as it is, found on the side that judges.

A probe runs beside the learner's code, and whoever grades must not believe a sentence that was made there: it would be
a verdict, and a notebook could write it itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import torch

__all__ = [
    "LEADS_BACK",
    "TEACHES",
    "UNTOUCHED",
    "WRITTEN",
    "coded",
    "epochs",
    "factored",
    "pulled_back",
    "rewound",
    "taught",
]

MANY = 10
"""Times the examples that batches may hold and still be looked through."""

WRITTEN = "the given tensors, written into"
LEADS_BACK = "a tensor from which backward() reaches x"
TEACHES = "a tensor from which backward() reaches the student"
UNTOUCHED = "no gradient"


def epochs(case: Mapping, given: list) -> list[str]:
    """What the batches of each seed look like, in sentences, in the order in which they are worth reading.

    case: the inputs of `probes.epochs`; no two examples are alike. given: what that gave. Raises what batches of
    unfit tensors make torch raise.
    """
    inputs, labels = case["inputs"], case["labels"]
    form = next((found for found in map(_form, given) if found != PAIRS), PAIRS)
    if form != PAIRS:
        return [form, "", "", "", "", ""]
    sizes = [", ".join(str(len(ys)) for _, ys in batches) for batches in given]
    shown = next((line for line in sizes if line != sizes[-1]), sizes[-1])
    if any(sum(len(ys) for _, ys in batches) > MANY * len(labels) for batches in given):
        return [form, "far more than there are examples", "", "", "", ""]
    orders = [[_places(inputs, xs) for xs, _ in batches] for batches in given]
    flat = [_joined(order) for order in orders]
    return [
        form,
        shown,
        _drawn(orders, len(labels)),
        _labelled(labels, given, flat),
        _mixed(orders) if len(labels) > 6 else "mixed",
        _seeded(flat) if len(labels) > 6 else "one for each seed",
    ]


PAIRS = "a list of pairs (inputs, labels)"


def _form(batches):
    if not isinstance(batches, list | tuple):
        return f"a {_kind(batches)}"
    for batch in batches:
        if isinstance(batch, torch.Tensor):
            return "a list of tensors"
        if not isinstance(batch, list | tuple) or len(batch) != 2:
            return f"a list of {_kind(batch)}"
        if not all(isinstance(part, torch.Tensor) and part.ndim for part in batch):
            return "a list of pairs that are no tensors with a first axis"
        if batch[0].dtype == torch.int64 != batch[1].dtype:
            return "a list of pairs (labels, inputs)"
        if len(batch[0]) != len(batch[1]):
            return "inputs and labels of unequal length"
    return PAIRS


def _kind(value):
    """The name of a value's type, also of one that came out of a sandbox as a name alone."""
    return getattr(value, "kind", type(value).__name__)


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


def rewound(case: Mapping, given: list) -> list[str]:
    """Six sentences: what was changed, the survivors, the pruned, initial and masks afterwards, the second time.

    case: the inputs of `probes.rewind_twice`. given: what that gave. Raises what unfit tensors make torch raise.
    """
    missed, after, initial, masks, again = given
    if _same(after, case["trained"]):
        if not _same(initial, case["initial"]):
            zeros = all(((now == 0) | (now == old)).all() for now, old in zip(initial, case["initial"], strict=True))
            missed = f"the initial values, {'masked' if zeros else 'overwritten'}; the network as it was"
        return [missed, "", "", "", "", ""]
    return [
        WRITTEN,
        *(_whose(after, case, kept) for kept in (True, False)),
        *(
            "as they were" if _same(*pair) else "changed"
            for pair in ((initial, case["initial"]), (masks, case["masks"]))
        ),
        "the same again" if _same(again, after) else "other values",
    ]


def _whose(after: list, case: Mapping, kept: bool) -> str:
    """Whether the kept (or the pruned) entries are zero, at their initial or their trained values."""
    chosen = [mask if kept else ~mask for mask in case["masks"]]
    found, start, end = (
        torch.cat([tensor[mask] for tensor, mask in zip(tensors, chosen, strict=True)])
        for tensors in (after, case["initial"], case["trained"])
    )
    if not len(found):
        return "none"
    if torch.equal(found, start):
        return "at their initial values"
    if torch.equal(found, end):
        return "at their trained values"
    return "at values of their own" if found.any() else "zero"


def _same(one: list, other: list) -> bool:
    return len(one) == len(other) and all(map(torch.equal, one, other))


def pulled_back(case: Mapping, given: list) -> list:
    """What came back in a sentence, its values, the gradient (NaN where there is none), and x afterwards.

    case: the inputs of `probes.pull_back`. given: what that gave.
    """
    answer, slope, after = given
    nothing = torch.full_like(case["x"], torch.nan)
    if not isinstance(answer, torch.Tensor):
        form = "nothing (is a return missing?)" if answer is None else f"a {_kind(answer)}"
        return [form, nothing, nothing, after]
    if slope is None:
        same = answer.shape == case["x"].shape
        return ["a tensor that is cut off from x" if same else "a tensor of another shape", answer, nothing, after]
    return [LEADS_BACK, answer, slope, after]


def taught(case: Mapping, given: list) -> list:
    """What came back in a sentence, its value, what reached the teacher, and the student's gradients (NaN: none).

    case: the inputs of a probe; student is a tensor or a list of them. given: what `probes.pull_student` or
    `probes.match_slopes` gave.
    """
    answer, slopes, leaked = given
    student = case["student"] if isinstance(case["student"], list) else [case["student"]]
    nothing = [torch.full_like(tensor, torch.nan) for tensor in student]
    if not isinstance(answer, torch.Tensor):
        form = "nothing (is a return missing?)" if answer is None else f"a {_kind(answer)}"
        return [form, torch.full_like(student[0].sum(), torch.nan), UNTOUCHED, *nothing]
    reached = UNTOUCHED if all(map(_is_none, leaked)) else "a gradient"
    if all(slope is None for slope in slopes):
        form = TEACHES if answer.shape else "a tensor that is cut off from the student"
        return [form, answer, reached, *nothing]
    found = (
        zero if slope is None else slope for slope, zero in zip(slopes, map(torch.zeros_like, student), strict=True)
    )
    return [TEACHES, answer, reached, *found]


def _is_none(slope) -> bool:
    return slope is None or (isinstance(slope, torch.Tensor) and not slope.any())


def factored(case: Mapping, given) -> list:
    """The shapes and dtypes of two factors in a sentence, and their product: NaN where there is none.

    case: weight and rank. given: the pair of factors.
    """
    nothing = torch.full_like(case["weight"], torch.nan)
    if not isinstance(given, list | tuple) or len(given) != 2:
        size = f" of {len(given)}" if isinstance(given, list | tuple) else ""
        return [f"a {_kind(given)}{size}", nothing]
    pair = [torch.as_tensor(each) if hasattr(each, "__array__") else each for each in given]
    if not all(isinstance(each, torch.Tensor) for each in pair):
        return [f"a {_kind(pair[0])} and a {_kind(pair[1])}", nothing]
    shapes = " and ".join(f"{tuple(each.shape)} of {str(each.dtype).removeprefix('torch.')}" for each in pair)
    fits = all(each.dim() == 2 for each in pair) and pair[0].shape[1] == pair[1].shape[0]
    product = pair[0] @ pair[1] if fits and pair[0].dtype == pair[1].dtype else nothing
    return [shapes, product if product.shape == nothing.shape and product.dtype == nothing.dtype else nothing]


def coded(case: Mapping, given) -> list:
    """What a code is like: its form and its codes' beginnings, in a sentence each, and the bits of the whole message.

    case: counts. given: a text for each of them.
    """
    form = _code_form(case["counts"], given)
    if form != A_CODE:
        return [form, "", -1]
    used = sorted((bits, symbol) for symbol, bits in enumerate(given) if bits)
    pairs = pairwise(used)  # a beginning sorts right before something that it begins
    found = next(
        (f"{one[:30]!r} begins {other[:30]!r}" for (one, _), (other, _) in pairs if other.startswith(one)), FREE
    )
    return [form, found, sum(count * len(bits) for count, bits in zip(case["counts"], given, strict=True))]


A_CODE = "a text of 0 and 1 for each symbol that occurs"
FREE = "no code begins another one"


def _code_form(counts, given) -> str:
    if not isinstance(given, list | tuple):
        return f"a {_kind(given)}"
    if len(given) != len(counts):
        return f"a {_kind(given)} of {len(given)}"
    for symbol, (count, bits) in enumerate(zip(counts, given, strict=True)):
        if not isinstance(bits, str):
            return f"a {_kind(bits)} for symbol {symbol}"
        if set(bits) - {"0", "1"}:
            return f"other letters than 0 and 1 for symbol {symbol}"
        if bool(bits) != bool(count):
            return f"{'a' if bits else 'no'} code for symbol {symbol}, which occurs {count} times"
    return A_CODE
