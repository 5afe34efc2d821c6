"""What a learner can do to a card: move a control, choose a preset, answer a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from featherweight.errors import InputError

__all__ = ["Control", "Question", "every_state", "nearest"]


@dataclass(frozen=True)
class Control:
    """A slider over a few values.

    name: the argument of `frame`. label: what the learner reads. values: all numbers or all strings, in order.
    start: the value that Reset returns to. unit: written after the value.
    """

    name: str
    label: str
    values: tuple
    start: float | str
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.values or self.start not in self.values:
            raise InputError(f"Control {self.name!r} starts at {self.start!r}; wanted one of its values {self.values}.")

    @property
    def texts(self) -> list[str]:
        """The values as the learner reads them: whole numbers as they are, others to three significant digits."""
        return [value if isinstance(value, str) else f"{_number(value)}{self.unit}" for value in self.values]


@dataclass(frozen=True)
class Question:
    """A prediction to commit to before the curve shows.

    key: its name in the ledger, unique in the book. choices: three. answer: the index of the right one.
    because: one short sentence for after the reveal. shows: values of controls that the reveal moves to.
    veils: panels of the scene that stay covered until then.
    """

    key: str
    text: str
    choices: tuple[str, str, str]
    answer: int
    because: str
    shows: Mapping[str, float | str] = field(default_factory=dict)
    veils: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.choices) != 3 or self.answer not in range(3):
            raise InputError(
                f"Question {self.key!r} has {len(self.choices)} choices and answer {self.answer}; "
                "wanted three choices and an answer of 0, 1 or 2."
            )


def nearest(control: Control, value: float | str) -> float | str:
    """The control's own value that is closest to `value`. Raises InputError where there is nothing to compare."""
    if value in control.values:
        return value
    try:
        return min(control.values, key=lambda own: abs(own - value))
    except TypeError:
        wanted = ", ".join(control.texts)
        raise InputError(f"{control.name} is {value!r}; wanted one of {wanted}.") from None


def every_state(controls: tuple[Control, ...]) -> list[Mapping[str, float | str]]:
    """All combinations, the last control moving fastest: the order of the rows of a table."""
    names = [control.name for control in controls]
    return [dict(zip(names, values, strict=True)) for values in product(*(control.values for control in controls))]


def _number(value: float) -> str:
    return f"{value}" if isinstance(value, int) else f"{value:.3g}"
