"""The search: prune a little more, retrain, round to finer and coarser grids, write each file, and judge it.

Each rung of the ladder goes on from the network of the rung before. Every rung gives files of several grids; a file is
written only if by its estimate it could win against those that are there. Then the last step is made again in smaller
ones, between the last rung that was good enough and the first that was not, while time is left.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor, nn

from featherweight.artifact import encode, network_with
from featherweight.artifact.architecture import trace
from featherweight.artifact.compress.data import Parts
from featherweight.artifact.compress.goal import MAX_DROP, Goal
from featherweight.artifact.compress.judge import within
from featherweight.artifact.compress.models import logits
from featherweight.artifact.compress.prune import apply_masks, lamp_masks, prunable
from featherweight.artifact.compress.retrain import Clock, Course, retrain
from featherweight.artifact.compress.rounding import estimate, grid, stored
from featherweight.artifact.compress.shape import folded, narrowed, without_dead

__all__ = ["Candidate", "Search", "chosen"]

LADDER = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
"""Shares of zeros, one rung after the other."""

GRIDS = (None, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
"""Steps of the grids, as shares of a tensor's root mean square; None is 16 bits for every weight."""

WIDTHS = (0.75, 0.5, 0.35, 0.25)
"""Shares of channels that are left, where whole channels are deleted."""

FINER = 3
"""How often the last step is halved."""

MISSES = 2
"""The ladder ends after so many rungs in a row that are not good enough: one may be bad luck."""

TUNED = 1 / 4
"""From this grid on, weights are trained on it before they are rounded for good."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A file that was written. right: (n,) bool on the part that chooses. zeros: share of weights; grid: see GRIDS."""

    data: bytes = field(repr=False)
    right: Tensor = field(repr=False)
    zeros: float
    grid: float | None
    width: float = 1.0

    @property
    def bytes(self) -> int:
        """Of the file."""
        return len(self.data)

    @property
    def accuracy(self) -> float:
        """Per cent, on the part that chooses."""
        return 100 * float(self.right.double().mean())

    @property
    def name(self) -> str:
        """What was done, for a reader."""
        words = [f"{100 * self.width:g} % of the channels"] if self.width < 1 else []
        words += [f"{100 * self.zeros:g} % zeros"] if self.zeros else []
        return ", ".join([*words, "16 bits" if self.grid is None else f"grid {self.grid:g}"])


class Search:
    """One search. network: in evaluation mode, on the device that trains. right: of the whole network, as in Candidate.

    tell: called with a line of text as things happen. deletes: whether whole channels may be deleted.
    """

    def __init__(
        self,
        network: nn.Module,
        parts: Parts,
        goal: Goal,
        clock: Clock,
        seed: int,
        tell: Callable[[str], None],
        deletes: bool = False,
    ) -> None:
        self.network, self.parts, self.goal, self.clock, self.tell = network, parts, goal, clock, tell
        self.right = logits(network, parts.validation.inputs).argmax(1) == parts.validation.labels
        home = next(network.parameters()).device
        teacher = logits(network, parts.train.inputs).to(home)
        batch = min(64, max(8, len(parts.train) // 20))
        self.course = Course(parts.train.to(home), teacher, batch, seed)
        self.some = parts.validation.inputs[:64].to(home)
        self.found: list[Candidate] = []
        self.seconds_per_number, self.deletes, self.width = 2e-6, deletes, 1.0

    def run(self) -> list[Candidate]:
        """All files that were written, in the order of writing."""
        steps = self._steps()
        current = self._narrow(steps)
        above, below, misses = None, None, 0
        for zeros in LADDER:
            if self._hopeless(current, zeros):
                self._prune(current, zeros, steps // 4)
                continue
            good = self._rung(current, zeros, steps)
            misses = 0 if good else misses + 1
            if good and not self._all_fit(zeros):
                above, below = (zeros, copy.deepcopy(current)), None
            else:
                below = zeros if below is None else below
            if self._over() or misses == MISSES or (below is not None and not misses):
                break
        if above is not None and below is not None:
            self._finer(*above, below, steps)
        return self.found

    def _steps(self) -> int:
        """Steps of each rung: thirty times through the data, at least 600, and no more than the time allows for."""
        trial, started = copy.deepcopy(self.network), time.monotonic()
        done = max(retrain(trial, self.course, 3, self.clock), 1)
        each = (time.monotonic() - started) / done
        rungs = len(LADDER) + FINER + 2 * bool(self.deletes)
        allowed = int(0.5 * self.clock.left / rungs / max(each, 1e-6) / 2)  # as much again is spent on grids
        wanted = max(600, 30 * len(self.parts.train) // self.course.batch)
        return max(5, min(wanted, allowed))

    def _narrow(self, steps: int) -> nn.Module:
        """A copy of the network; the narrowest that is still good enough, if channels may be deleted."""
        network = copy.deepcopy(self.network)
        for width in WIDTHS if self.deletes else ():
            smaller = narrowed(self.network, self.some, width)
            if smaller is None:
                self.tell("no whole channels are deleted: the walk of lesson 7 does not understand this network")
                return network
            retrain(smaller, self.course, 2 * steps, self.clock)
            right = logits(smaller, self.parts.validation.inputs).argmax(1) == self.parts.validation.labels
            self.tell(f"{100 * width:g} % of the channels: {100 * right.double().mean():.1f} %")
            if not within(self.right, right, self._most()):
                return network
            network, self.width = smaller, width
        return network

    def _most(self) -> Goal:
        """What deleting channels may cost: as much as may be lost, or where only bytes were named, the usual."""
        return self.goal if self.goal.max_drop is not None else Goal(None, MAX_DROP)

    def _rung(self, network: nn.Module, zeros: float, steps: int) -> bool:
        """Prune a network in place, retrain it, and write its files; whether one of them is good enough."""
        self._prune(network, zeros, steps)
        before, good = len(self.found), False
        smaller = without_dead(folded(network, self.some), self.some)
        for share in GRIDS if self.clock.left or not self.found else GRIDS[-1:]:
            if self._over():
                break
            good |= self._try(smaller, zeros, share, steps)
        new = self.found[before:]
        if new:
            best = max(new, key=lambda one: (one.accuracy, -one.bytes))
            self.tell(f"{best.name}: {best.accuracy:.1f} % in {best.bytes:,} bytes")
        return good

    def _prune(self, network: nn.Module, zeros: float, steps: int) -> None:
        """Prune a network in place, and retrain it."""
        if zeros:
            masks = lamp_masks(prunable(network), zeros)
            apply_masks(network, masks)
            retrain(network, self.course, steps, self.clock, masks)

    def _hopeless(self, network: nn.Module, zeros: float) -> bool:
        """Whether with so many zeros not even the coarsest grid fits into the budget, nearly."""
        if self.goal.budget is None or not self.found or zeros == LADDER[-1]:
            return False
        trial = copy.deepcopy(network)
        self._prune(trial, zeros, 0)
        return estimate(stored(trial, set(trial.state_dict()), GRIDS[-1])) > 1.1 * self.goal.budget

    def _over(self) -> bool:
        """Whether time is up. Where no file fits yet, the search first goes on to one that does, without training."""
        budget = self.goal.budget
        fits = budget is None or any(one.bytes <= budget for one in self.found)
        return not self.clock.left and bool(self.found) and fits

    def _try(self, network: nn.Module, zeros: float, share: float | None, steps: int) -> bool:
        """Round a network to one grid and write it, unless it cannot win; whether it is good enough."""
        names = set(trace(network, (self.some,)).names.values())
        rounded = stored(network, names, share)
        about = estimate(rounded)
        right = self._right(network, rounded)
        if share is not None and share >= TUNED and not self._as_good(right) and self.clock.left:
            tuned = copy.deepcopy(network)
            weights = {name: one for name, one in prunable(tuned).items() if name in rounded}
            grids = {name: grid(one, share) for name, one in weights.items()}
            masks = {name: one.detach() != 0 for name, one in weights.items()}
            retrain(tuned, self.course, max(steps // 3, 1), self.clock, masks, grids, rate=5e-4)
            again = stored(tuned, names, share, grids)
            right_again = self._right(tuned, again)
            if right_again.sum() > right.sum():
                network, rounded, right, about = tuned, again, right_again, estimate(again)
        if self._may_win(about, right):
            self._write(network, rounded, right, zeros, share)
        return within(self.right, right, self.goal)

    def _right(self, network: nn.Module, rounded: dict) -> Tensor:
        part = self.parts.validation
        return logits(network_with(network, rounded), part.inputs).argmax(1) == part.labels

    def _as_good(self, right: Tensor) -> bool:
        return int(right.sum()) >= int(self.right.sum())

    def _may_win(self, about: float, right: Tensor) -> bool:
        """Whether no file that is there is both clearly smaller and as good; and whether there is time to write it."""
        numbers = sum(one.numel() for one in self.network.parameters())
        if self._over():
            return False
        if self.found and self.seconds_per_number * numbers > self.clock.left > 0:
            return False
        late = self.seconds_per_number * numbers > 2 and self.goal.budget is not None and about > 1.5 * self.goal.budget
        if self.found and late:
            return False
        return not any(one.bytes < 0.95 * about and one.right.sum() >= right.sum() for one in self.found)

    def _write(self, network: nn.Module, rounded: dict, right: Tensor, zeros: float, share: float | None) -> None:
        started = time.monotonic()
        data = encode(copy.deepcopy(network).cpu(), rounded, (self.some[:2].cpu(),))
        numbers = sum(one.numel() for one in network.parameters())
        self.seconds_per_number = (time.monotonic() - started) / max(numbers, 1)
        self.found.append(Candidate(data, right, zeros, share, self.width))

    def _all_fit(self, zeros: float) -> bool:
        """Where only bytes were named: whether even the rung's finest grid fits, so that more zeros could only lose."""
        own = [one.bytes for one in self.found if one.zeros == zeros and one.grid is not None]
        return self.goal.max_drop is None and max(own, default=self.goal.budget) <= self.goal.budget

    def _finer(self, good: float, network: nn.Module, bad: float, steps: int) -> None:
        """Halve what lies between a rung that was good enough and one that was not."""
        for _ in range(FINER):
            if not self.clock.left:
                return
            middle, trial = round(1 - ((1 - good) * (1 - bad)) ** 0.5, 4), copy.deepcopy(network)
            if middle in (good, bad):
                return
            if self._rung(trial, middle, steps) and not self._all_fit(middle):
                good, network = middle, trial
            else:
                bad = middle


def chosen(found: list[Candidate], right: Tensor, goal: Goal) -> tuple[Candidate, bool]:
    """The file to keep, and whether it reaches the goal.

    For a loss, the smallest that counts as good enough; for a budget alone, the best that fits. Where none does: the
    best that fits the budget, or the smallest, or where no budget is named, the best.
    """
    good = [one for one in found if within(right, one.right, goal)]
    fits = [one for one in found if goal.budget is None or one.bytes <= goal.budget]
    both = [one for one in good if one in fits]
    if both and goal.max_drop is not None:
        return min(both, key=lambda one: (one.bytes, -one.accuracy)), True
    if both:
        return max(both, key=lambda one: (one.accuracy, -one.bytes)), True
    if goal.budget is not None and not fits:
        return min(found, key=lambda one: one.bytes), False
    return max(fits, key=lambda one: (one.accuracy, -one.bytes)), False
