"""What the layers of a network read while it runs: all that rounding after training needs to see."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from featherweight.lab.sentences import linears

__all__ = ["calibrated"]

FEW = 16  # small tensors are joined now and then: many of them hold memory that none gives back


@torch.no_grad()
def calibrated(network: nn.Module, calibrate: Callable[[nn.Module], object]) -> dict[str, Tensor]:
    """What each linear layer reads while `calibrate(network)` runs: name → (rows, inputs), every token one row.

    Layers that read the same tensor share it.
    """
    recorders: dict[str, _Recorder] = {}
    shared = _Shared()
    hooks = [
        layer.register_forward_pre_hook(lambda _, given, name=name: shared.see(name, given[0], recorders))
        for name, layer in linears(network).items()
    ]
    try:
        calibrate(network)
    finally:
        for hook in hooks:
            hook.remove()
    joined = {name: recorder.joined() for name, recorder in recorders.items()}
    return {name: joined[shared.owner[name]] for name in linears(network)}


class _Recorder:
    """Rows in the order in which they come."""

    def __init__(self) -> None:
        self.few: list[Tensor] = []
        self.many: list[Tensor] = []

    def add(self, rows: Tensor) -> None:
        self.few.append(rows)
        if len(self.few) == FEW:
            self._join()

    def _join(self) -> None:
        if self.few:
            self.many.append(torch.cat(self.few))
            self.few.clear()

    def joined(self) -> Tensor:
        self._join()
        whole = torch.cat(self.many)
        self.many.clear()
        return whole


class _Shared:
    """Who recorded the tensor that a layer reads: queries, keys and values read one, one after the other."""

    def __init__(self) -> None:
        self.owner: dict[str, str] = {}
        self.last: Tensor | None = None
        self.by = ""

    def see(self, name: str, read: Tensor, recorders: dict[str, _Recorder]) -> None:
        if read is not self.last:
            self.last, self.by = read, name
            recorders.setdefault(name, _Recorder()).add(read.flatten(0, -2))
        self.owner[name] = self.by
