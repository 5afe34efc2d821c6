"""What each technique of the book was worth on the same digits: bytes, errors and multiplications, from shipped runs.

Errors are differences to a control of the same seeds, trained as long, with 95% intervals: below 0 is better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from featherweight.artifact import lenet_runs
from featherweight.artifact.field import Fighter, field
from featherweight.lab import coding_runs, distillation_runs, eight_runs, low_bit_runs, neuron_runs, optimizer_grid
from featherweight.lab.statistics import Interval, mean_interval

__all__ = ["Guide", "Line", "guide"]

HEADINGS = ("lesson", "technique", "bytes", "multiplications", "errors in 1,000, less those of …", "… the control")


@dataclass(frozen=True)
class Line:
    """One technique. bytes, macs: how many times fewer. errors: more (+) or fewer (−) than those of `control`."""

    lesson: int
    technique: str
    bytes: float
    macs: float
    errors: Interval
    control: str

    def cells(self) -> tuple[str, ...]:
        """What is shown."""
        factors = (f"÷ {factor:.1f}" if factor > 1.05 else "the same" for factor in (self.bytes, self.macs))
        return (str(self.lesson), self.technique, *factors, f"{self.errors:+.1f}".replace("-", "−"), self.control)


@dataclass(frozen=True, repr=False)
class Guide:
    """The lines, as a table in a notebook and as text elsewhere."""

    lines: tuple[Line, ...]

    def __repr__(self) -> str:
        return "\n".join("; ".join(line.cells()) for line in self.lines)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line.cells()) + "</tr>" for line in self.lines
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def guide() -> Guide:
    """One line for each technique. Raises FileProblem where a results file is missing or damaged."""
    return Guide(tuple(line for part in (_optimizer, _neurons, _bits, _teacher, _coding, _all) for line in part()))


def _less(one: Sequence[int], other: Sequence[int]) -> Interval:
    return mean_interval([a - b for a, b in zip(one, other, strict=False)])


def _fighter(name: str) -> Fighter:
    return next(one for one in field() if one.name == name)


def _factors(name: str) -> tuple[float, float]:
    """How many times smaller than the dense network, and how many times fewer multiplications."""
    whole, one = _fighter("LeNet-300-100"), _fighter(name)
    return whole.size / one.size, whole.macs / one.macs


def _optimizer() -> Iterator[Line]:
    rows = optimizer_grid.load()
    yield Line(3, "Adam", 1, 1, _less(rows["even", "adam"].test, rows["even", "sgd"].test), "SGD, both tuned")


def _neurons() -> Iterator[Line]:
    found = neuron_runs.load()
    place = list(found.shares).index(0.5)
    yield Line(
        7, "half of the neurons", *_factors("50% of neurons"), _less(found.tuned["taylor"][place], found.longer), "all"
    )


def _bits() -> Iterator[Line]:
    eight = eight_runs.load().networks["LeNet-300-100"]
    size = _factors("8 bits, learned")
    yield Line(8, "8 bits, no training", *size, _less(eight["per channel"], eight["float32"]), "32 bits")
    found = low_bit_runs.load()
    for name in ("4 bits, learned", "1 bit"):
        errors = _less(found.rows[name].retrained, found.longer)
        yield Line(9, f"{name.partition(',')[0]}, retrained", *_factors(name), errors, "32 bits")


def _teacher() -> Iterator[Line]:
    found = distillation_runs.load()
    temperature, weight = found.chosen
    few = found.scarce[f"{temperature:g} {weight:.1f}"]
    yield Line(11, "a teacher, 200 labels", 1, 1, _less(few, found.labels), "labels alone")
    full = found.full["300-100"]
    yield Line(11, "a teacher, all labels", 1, 1, _less(full["both"][-1], full["labels"][-1]), "labels alone")


def _coding() -> Iterator[Line]:
    found = coding_runs.load()
    row, whole = found.ranks["32"], _fighter("LeNet-300-100")
    fewer = whole.numbers / row.numbers
    yield Line(12, "rank 32, retrained", fewer, fewer, _less(row.retrained, found.whole), "full rank")
    name, kept = "1 in 12 weights, 2^4 values", found.shared["1 in 12"]["4"]
    yield Line(
        12, "1 in 12 weights, 16 values", *_factors(name), _less(kept.after, found.longer), "all weights, 32 bits"
    )


def _all() -> Iterator[Line]:
    found = lenet_runs.load()
    change = lenet_runs.difference(found.entry, found.dense)
    errors = Interval(-10 * change.estimate, -10 * change.high, -10 * change.low)
    yield Line(13, "pruned, rounded, coded", *_factors("LeNet entry"), errors, "all weights, 32 bits")
