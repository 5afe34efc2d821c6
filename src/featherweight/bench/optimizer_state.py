"""What each optimizer of lessons 3 and 4 keeps from step to step, in bytes per parameter.

Nothing here is typed in: every optimizer takes real steps on one float32 matrix, and the tensors that it then holds are
counted, each piece of memory once. The step counters that PyTorch keeps are tensors too, and count.
"""

import weakref
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from featherweight.bench.repeats import ratio
from featherweight.bench.row import Row
from featherweight.optimizers.lion import lion_step
from featherweight.optimizers.sam import sam_gradient
from featherweight.optimizers.schedule_free import schedule_free_step

__all__ = ["OPTIMIZERS", "Peak", "held_bytes", "state_rows"]

HISTORY = 10
OPTIMIZERS = {
    "SGD": partial(torch.optim.SGD, lr=0.01),
    "momentum": partial(torch.optim.SGD, lr=0.01, momentum=0.9),
    "Adagrad": torch.optim.Adagrad,
    "RMSprop": torch.optim.RMSprop,
    "Adam": torch.optim.Adam,
    "AMSGrad": partial(torch.optim.Adam, amsgrad=True),
    "AdamW": torch.optim.AdamW,
    "Muon": torch.optim.Muon,
    "Adafactor": torch.optim.Adafactor,
    f"L-BFGS, history of {HISTORY}": partial(torch.optim.LBFGS, lr=0.1, history_size=HISTORY, max_iter=2 * HISTORY),
}


def state_rows(size: int = 1000) -> Iterator[Row]:
    """The state of each optimizer for a matrix of `size` × `size`, and SAM's scratch memory during a step."""
    g = torch.Generator().manual_seed(0)
    start, curvature = torch.randn(size, size, generator=g), 1 + torch.rand(size, size, generator=g)

    adam = 8 * start.numel()

    def row(what: str, held: int) -> Row:
        beside, why = "Adam's two moments, 8 bytes/parameter", "decided by the rule"
        per, share = held / start.numel(), ratio(held, adam)
        return Row(f"{what}, {size} × {size}", per, "bytes/parameter", beside=beside, ratio=share, why=why)

    for name, make in OPTIMIZERS.items():
        yield row(f"state of {name}", _after_steps(make, start, curvature))
    zeros = torch.zeros_like(start)
    _, *moments = lion_step(start, start, zeros, learning_rate=1e-3, beta1=0.9, beta2=0.99, decay=0.0)
    yield row("state of Lion", held_bytes(moments))
    slope = curvature.mul
    both = schedule_free_step(start, start, slope, step=1, learning_rate=1e-3, beta=0.9)
    yield row("state of schedule-free SGD", held_bytes(both) - start.nbytes)
    with Peak() as peak:
        gradient = sam_gradient(slope, start, radius=0.05)
    yield row("scratch of SAM beyond one gradient", peak.most - gradient.nbytes)


def held_bytes(state: object) -> int:
    """The memory of all tensors in nested dicts, lists and tuples; tensors that share a piece count once."""
    pieces = [leaf.untyped_storage() for leaf in tree_leaves(state) if isinstance(leaf, Tensor)]
    return sum({piece.data_ptr(): piece.nbytes() for piece in pieces}.values())


class Peak(TorchDispatchMode):
    """A block that watches tensors come and go: `most` is the largest number of bytes that its own held at once."""

    now = most = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        given = {id(leaf.untyped_storage()) for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)}
        for tensor in tree_leaves(made):
            if isinstance(tensor, Tensor) and id(tensor.untyped_storage()) not in given:
                self._count(tensor.nbytes)
                weakref.finalize(tensor, self._count, -tensor.nbytes)
        return made

    def _count(self, more: int) -> None:
        self.now += more
        self.most = max(self.most, self.now)


def _after_steps(make: Callable[..., torch.optim.Optimizer], start: Tensor, curvature: Tensor) -> int:
    """The bytes that an optimizer holds after two steps down a bowl; L-BFGS makes many small ones of each."""
    weights = torch.nn.Parameter(start.clone())
    optimizer = make([weights])

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = (curvature * weights**2).sum() / 2
        loss.backward()
        return loss

    for _ in range(2):
        optimizer.step(closure)
    return held_bytes(dict(optimizer.state))
