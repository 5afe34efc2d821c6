"""What came of compressing a network, for Python, for a terminal and for the report."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from torch import Tensor

from featherweight.artifact.compress.goal import Goal, size
from featherweight.artifact.reading import LIMIT
from featherweight.artifact.rebuilding import Recipe
from featherweight.lab.statistics import Interval

__all__ = ["Compressed", "Measured", "Point", "loader"]


@dataclass(frozen=True)
class Measured:
    """A network in numbers. bytes: of the file on disk. nonzeros: of its parameters. macs: for one example, or None.

    ms: for one batch, median with the 10th and 90th percentile. right: (n,) bool, on the held-out part.
    accuracy: share of the held-out part, 0 … 1, with Wilson's 95% interval. uncounted: why there are no macs.
    """

    bytes: int
    parameters: int
    nonzeros: int
    macs: int | None
    ms: Interval
    accuracy: Interval
    right: Tensor = field(repr=False)
    uncounted: str = ""


@dataclass(frozen=True)
class Point:
    """A file that was tried. accuracy: per cent, on the part that chooses. kept: whether it is the one.

    written: whether bytes is of a file, else it is an estimate.
    """

    name: str
    bytes: int
    accuracy: float
    kept: bool
    written: bool = True


@dataclass(frozen=True)
class Compressed:
    """A compressed network.

    path: of the .fw file. report: of the HTML page. reached: whether the goal was reached, on the part that chooses.
    before, after: what was measured. lost: points of accuracy lost on the held-out part, with 95% interval.
    tried: all files. examples: how many of them retrained, chose and measured. batch: examples in a timed batch.
    limit: of memory, for `load`. notes: what a reader should know. whole: accuracy in per cent of the whole network on
    the part that chooses. recipe: of a file of numbers alone, how its code makes the network; needs_code: why it needs
    that.
    """

    path: Path
    report: Path
    goal: Goal
    reached: bool
    before: Measured
    after: Measured
    lost: Interval
    tried: tuple[Point, ...] = field(repr=False)
    whole: float
    examples: tuple[int, int, int]
    batch: int
    seconds: float
    limit: int = LIMIT
    notes: tuple[str, ...] = ()
    recipe: Recipe | None = None
    needs_code: str = ""

    @property
    def loader(self) -> str:
        """Python code that reads the file and predicts."""
        return loader(self.path.name, self.limit, self.recipe)

    @property
    def warning(self) -> str:
        """That a file of numbers alone needs the network's code, and why; empty for a whole network."""
        if self.recipe is None:
            return ""
        return (
            f"This file holds numbers only and needs the network's code, {self.recipe.make} of {self.recipe.module}. "
            f"{self.needs_code}"
        )

    @property
    def times_smaller(self) -> float:
        """Bytes before by bytes after."""
        return self.before.bytes / self.after.bytes

    @property
    def verdict(self) -> str:
        """What the held-out part says about the loss."""
        most = self.goal.max_drop
        low, middle, high = map(_points, (self.lost.low, self.lost.estimate, self.lost.high))
        found = f"the loss is {middle} points (95% interval {low} to {high}) on {self.examples[2]:,} held-out examples"
        if most is None:
            return f"{found}."
        if self.lost.high <= most:
            return f"{found}: shown to be at most {most:g}."
        if self.lost.low > most:
            return f"{found}: more than the {most:g} that were allowed."
        return f"{found}: not shown to be at most {most:g}; more examples would tell."

    @property
    def problem(self) -> str:
        """Why the goal was not reached, in one line; empty where it was."""
        if self.reached:
            return ""
        if self.goal.budget is not None and self.after.bytes > self.goal.budget:
            return (
                f"No file fits in {size(self.goal.budget)}: the smallest has {size(self.after.bytes)}. It is kept; "
                "allow more bytes or more minutes, or start from a network with fewer weights."
            )
        return (
            f"No file keeps to {self.goal}: the best that was found is kept. Allow more points, bytes or minutes, or "
            "bring more examples."
        )

    def lines(self) -> list[str]:
        """What came of it, for a terminal; without the problem."""
        before, after = self.before, self.after
        return [
            *([self.warning] if self.warning else []),
            f"{size(before.bytes)} → {size(after.bytes)}, {self.times_smaller:.1f} times smaller: {self.path}",
            f"accuracy {100 * before.accuracy.estimate:.1f}% → {100 * after.accuracy.estimate:.1f}%; {self.verdict}",
            *self.notes,
            f"report: {self.report}",
        ]

    def __str__(self) -> str:
        return "\n".join([*self.lines(), *([self.problem] if self.problem else [])])


def _points(value: float) -> str:
    """One digit after the point, a true minus sign, no minus zero."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def loader(name: str, limit: int = LIMIT, recipe: Recipe | None = None) -> str:
    """The few lines that read a file and predict. limit: what `load` needs, for a network beyond its usual limit.

    recipe: of a file of numbers alone.
    """
    call = json.dumps(name, ensure_ascii=False) + (f", limit={limit:_}" if limit > LIMIT else "")
    if recipe is None:
        return (
            "from featherweight.artifact import load\n\n"
            f"network = load({call})  # data only: no code of the file is run\n"
            "classes = network(inputs).argmax(1)\n"
        )
    return (
        "from featherweight.artifact import load_weights\n"
        f"from {recipe.module} import {', '.join(recipe.names) or '*'}\n\n"
        f"network = {recipe.make}.eval()\n"
        f"network.load_state_dict(load_weights({call}))  # data only: no code of the file is run\n"
        "classes = network(inputs).argmax(1)\n"
    )
