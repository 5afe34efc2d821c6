"""When two answers are the same: type, then shape, then dtype, then values, and where they first differ."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

__all__ = ["Compare", "Difference", "close", "describe", "exact", "prop"]


@dataclass(frozen=True)
class Difference:
    """The first thing that differs. kind: type, shape, dtype or values. where: "step 3, entry [1]", or empty.

    yours is empty where what was expected says it all.
    """

    kind: str
    where: str
    yours: str
    expected: str
    size: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        off = f" (off by {self.size})" if self.size else ""
        yours = f"yours {self.yours}, " if self.yours else ""
        return f"{place}{yours}expected {self.expected}{off}"


class _Unlike(Exception):
    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


@dataclass(frozen=True)
class Compare:
    """How an answer is judged.

    tolerances: dtype name → (rtol, atol) as in torch.testing.assert_close; empty means exact.
    axes: what the axes of a tensor answer are called, outermost first ("step", "entry").
    parts: what the parts of a tuple or list answer are called.
    rule: for a property, (inputs, answer, expected) → what is wrong, or None.
    """

    tolerances: dict[str, tuple[float, float]] = field(default_factory=dict)
    axes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    rule: Callable | None = None

    def difference(self, answer, expected, inputs=None) -> Difference | None:
        """The first difference between an answer and what was expected, or None if there is none."""
        try:
            ready = convert(answer, expected, self.parts)
        except _Unlike as unlike:
            return unlike.difference
        if self.rule is not None:
            says = self.rule(inputs, ready, expected)
            return Difference("values", "", "", says) if says else None
        return self._values(ready, expected, "")

    def same(self, one, other) -> bool:
        """Whether two answers, right or wrong, are the same one; NaN equals NaN."""
        try:
            return self._values(convert(one, other, self.parts), other, "", equal_nan=True) is None
        except _Unlike:
            return False

    def _values(self, answer, expected, where: str, equal_nan: bool = False) -> Difference | None:
        if isinstance(expected, tuple | list):
            pairs = zip(answer, expected, strict=True)
            found = (self._values(a, e, _part(self.parts, i, where), equal_nan) for i, (a, e) in enumerate(pairs))
            return next((difference for difference in found if difference), None)
        if isinstance(expected, Tensor):
            return self._tensors(answer, expected, where, equal_nan)
        if isinstance(expected, float):
            rtol, atol = self.tolerances.get("float64", (0.0, 0.0))
            both_nan = equal_nan and math.isnan(answer) and math.isnan(expected)
            near = math.isfinite(expected) and abs(answer - expected) <= atol + rtol * abs(expected)
            if both_nan or answer == expected or near:
                return None
            return Difference("values", where, *_told_apart(answer, expected))
        return None if answer == expected else Difference("values", where, _shown(answer), _shown(expected))

    def _tensors(self, answer: Tensor, expected: Tensor, where: str, equal_nan: bool) -> Difference | None:
        name = str(expected.dtype).removeprefix("torch.")
        rtol, atol = self.tolerances.get(name, (0.0, 0.0))
        near = torch.isclose(answer, expected, rtol=rtol, atol=atol, equal_nan=equal_nan)
        if near.all():
            return None
        index = tuple((~near).nonzero()[0].tolist())
        mine, right = answer[index].item(), expected[index].item()
        place = ", ".join(part for part in (where, self._place(index)) if part)
        return Difference("values", place, *_told_apart(mine, right))

    def _place(self, index: tuple[int, ...]) -> str:
        named = [f"{axis} {i}" for axis, i in zip(self.axes, index, strict=False)][: max(len(index) - 1, 0)]
        rest = list(index[len(named) :])
        return ", ".join([*named, f"entry {rest}"] if rest else named)


def close(float32: float = 1e-6, float64: float = 1e-12, *, atol: float | None = None, axes=(), parts=()) -> Compare:
    """Equal to a tolerance per dtype, relative and absolute (atol overrides the absolute one); integers exactly."""
    table = {"float32": float32, "float64": float64}
    tolerances = {name: (tolerance, tolerance if atol is None else atol) for name, tolerance in table.items()}
    return Compare(tolerances, tuple(axes), tuple(parts))


def exact(*, axes=(), parts=()) -> Compare:
    """Equal to the last bit."""
    return Compare({}, tuple(axes), tuple(parts))


def prop(rule: Callable, *, parts=()) -> Compare:
    """Judged by a rule: (inputs, answer, expected) → what was wanted and what was found, or None if it holds.

    The answer has the expected type, shape and dtype when the rule sees it.
    """
    return Compare({}, (), tuple(parts), rule)


def convert(answer, expected, parts: Sequence[str] = (), where: str = ""):
    """The answer in the expected answer's type: a list, an ndarray or a 0-d tensor is taken where unambiguous."""
    if isinstance(expected, tuple | list):
        return _sequence(answer, expected, parts, where)
    if isinstance(expected, Tensor):
        return _tensor(answer, expected, where)
    if isinstance(expected, bool):
        return _scalar(answer, bool, (bool, np.bool_), "True or False", where)
    if isinstance(expected, int):
        return _scalar(answer, int, numbers.Integral, "a whole number", where)
    if isinstance(expected, float):
        return _scalar(answer, float, numbers.Real, "a number", where)
    if type(answer) is not type(expected):
        raise _Unlike(Difference("type", where, describe(answer), describe(expected)))
    return answer


def _sequence(answer, expected, parts, where):
    kind = "tuple" if isinstance(expected, tuple) else "list"
    wanted = f"a {kind} of {len(expected)}"
    if isinstance(answer, Tensor | np.ndarray) and answer.ndim > 0 and len(answer) == len(expected):
        answer = list(answer)
    if not isinstance(answer, tuple | list):
        raise _Unlike(Difference("type", where, describe(answer), wanted))
    if len(answer) != len(expected):
        raise _Unlike(Difference("shape", where, f"a {type(answer).__name__} of {len(answer)}", wanted))
    pairs = enumerate(zip(answer, expected, strict=True))
    return [convert(a, e, (), _part(parts, i, where)) for i, (a, e) in pairs]


def _tensor(answer, expected: Tensor, where: str) -> Tensor:
    ready = _as_tensor(answer, expected)
    if ready is None:
        raise _Unlike(Difference("type", where, describe(answer), describe(expected)))
    if ready.shape != expected.shape:
        raise _Unlike(Difference("shape", where, f"shape {tuple(ready.shape)}", f"shape {tuple(expected.shape)}"))
    if ready.dtype != expected.dtype:
        yours, wanted = (str(t.dtype).removeprefix("torch.") for t in (ready, expected))
        raise _Unlike(Difference("dtype", where, f"dtype {yours}", f"dtype {wanted}"))
    return ready


def _as_tensor(answer, expected: Tensor) -> Tensor | None:
    try:
        if isinstance(answer, Tensor):
            return answer.detach().cpu().to_dense()
        if isinstance(answer, np.ndarray | np.generic):
            return torch.as_tensor(np.asarray(answer).copy())
        if isinstance(answer, tuple | list) and any(isinstance(row, Tensor | np.ndarray) for row in answer):
            return torch.stack([torch.as_tensor(row).detach() for row in answer])
        if isinstance(answer, tuple | list | numbers.Real):
            return _from_numbers(answer, expected)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None
    return None


def _from_numbers(answer, expected: Tensor) -> Tensor | None:
    plain = torch.as_tensor(answer)
    if plain.numel() == 0 == expected.numel():
        return torch.empty_like(expected)  # a list of no rows cannot tell how long they are
    if (plain.dtype == torch.bool) != (expected.dtype == torch.bool):
        return plain  # told apart by dtype
    if plain.is_floating_point() and not expected.is_floating_point():
        return plain
    return torch.as_tensor(answer, dtype=expected.dtype)


def _scalar(answer, kind, accepted, wanted: str, where: str):
    if isinstance(answer, Tensor | np.ndarray) and answer.ndim == 0:
        answer = answer.item()
    right = isinstance(answer, accepted) and (kind is bool or not isinstance(answer, bool | np.bool_))
    if not right:
        raise _Unlike(Difference("type", where, describe(answer), wanted))
    try:
        return kind(answer)
    except OverflowError:  # a whole number beyond every float
        return math.inf if answer > 0 else -math.inf


def describe(value) -> str:
    """A value in a few words, for a message: its type, and its shape or itself where that is short."""
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, Tensor | np.ndarray):
        kind = "a tensor" if isinstance(value, Tensor) else "an array"
        return f"{kind} of shape {tuple(value.shape)}"
    if isinstance(value, bool | numbers.Real):
        return _number(value)
    if isinstance(value, tuple | list | dict | set | str):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, Generator):
        return "a generator (a yield where a return is wanted?)"
    if isinstance(value, Coroutine):
        value.close()
        return "a coroutine (async def where def is wanted?)"
    return "a function" if callable(value) else f"a {type(value).__name__}"


def _number(value) -> str:
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, numbers.Integral):
        return _whole(int(value))
    return f"{value:.6g}" if isinstance(value, numbers.Real) else str(value)


def _shown(value) -> str:
    return _whole(value) if type(value) is int else repr(value)


def _whole(value: int) -> str:
    """A whole number in full, or how long it is: Python refuses to write out very long ones."""
    bits = value.bit_length()
    return str(value) if bits <= 256 else f"a whole number of {bits:,} bits"


def _told_apart(answer, expected) -> tuple[str, str, str]:
    """Two numbers in as many digits as it takes to see that they differ, at least six, and their distance."""
    size = "" if isinstance(expected, bool) or not math.isfinite(answer - expected) else _number(abs(answer - expected))
    texts = ((f"{answer:.{digits}g}", f"{expected:.{digits}g}") for digits in range(6, 18))
    if isinstance(answer, float) and isinstance(expected, float):
        return *next((pair for pair in texts if pair[0] != pair[1]), (_number(answer), _number(expected))), size
    return _number(answer), _number(expected), size


def _part(parts: Sequence[str], index: int, where: str) -> str:
    name = parts[index] if index < len(parts) else f"part [{index}]"
    return f"{where}, {name}" if where else name
