"""The search: prune a little more, retrain, round to finer and coarser grids, write each file, and judge it.

Each rung of the ladder goes on from the network of the rung before. Every rung gives files of several grids; a file is
written only if by its estimate it could win against those that are there. Then the last step is made again in smaller
ones, between the last rung that was good enough and the first that was not, or the last that was too large and the
first that fits, and with longer training, while time is left.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from featherweight.artifact import network_with
from featherweight.artifact.compress.data import Examples, Parts
from featherweight.artifact.compress.forms import Numbers, Whole
from featherweight.artifact.compress.goal import MAX_DROP, Goal
from featherweight.artifact.compress.judge import within
from featherweight.artifact.compress.models import logits
from featherweight.artifact.compress.prune import apply_masks, lamp_masks, prunable
from featherweight.artifact.compress.retrain import Clock, Course, retrain
from featherweight.artifact.compress.rounding import estimate, grid, stored
from featherweight.artifact.compress.shape import narrowed
from featherweight.artifact.compress.shelf import Candidate, Shelf, chosen

__all__ = ["Search"]

LADDER = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
"""Shares of zeros, one rung after the other."""

GRIDS = (None, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
"""Steps of the grids, as shares of a tensor's root mean square; None is 16 bits, which no zeros help."""

WIDTHS = (0.75, 0.5, 0.35, 0.25)
"""Shares of channels that are left, where whole channels are deleted."""

FINER = 3
"""How often the last step is halved."""

LONGER = 3
"""Where time is left after that, the halving is done once more, with so many times the steps."""

MISSES = 2
"""The ladder ends after so many rungs in a row that are not good enough: one may be bad luck."""

LEAST_CHOOSE, JUDGEMENTS = 100, 2 * len(LADDER) * len(GRIDS)
"""Fewer examples than these never choose; and about how often a search predicts for all of them."""

TIMED = 8
"""Steps that tell how long one takes."""

TUNED = 1 / 4
"""From this grid on, weights are trained on it before they are rounded for good."""


class Search:
    """One search. network: in evaluation mode, on the device that trains.

    right: (n,) bool, what the whole network gets right of `validation`, the examples that choose. shelf: the files.
    tell: called with a line of text as things happen. deletes: whether whole channels may be deleted. form: what a file
    holds.
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
        form: Whole | Numbers | None = None,
    ) -> None:
        self.network, self.goal, self.clock, self.tell = network, goal, clock, tell
        self.validation = self._few_enough(parts.validation)
        self.right = self._right(network)
        home = next(network.parameters()).device
        teacher = logits(network, parts.train.inputs).to(home)
        batch = min(64, max(8, len(parts.train) // 20))
        self.course = Course(parts.train.to(home), teacher, batch, seed)
        self.some = parts.validation.inputs[:64].to(home)
        self.form = form or Whole()
        self.shelf = Shelf(parts.validation.inputs[:2], self.form)
        self.deletes, self.width = deletes and self.form.recipe is None, 1.0

    def run(self) -> Shelf:
        """All files that were tried."""
        steps = self._steps()
        current = self._narrow(steps)
        above, below, misses = None, None, 0
        for zeros in LADDER:
            if self._hopeless(current, zeros):
                self._prune(current, zeros, steps // 4)
                above = (zeros, copy.deepcopy(current))
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
            above = self._finer(*above, below, steps)
            self._finer(*above, below, LONGER * steps)
        return self.shelf

    def _few_enough(self, part: Examples) -> Examples:
        """As many of the examples that choose as can be predicted again and again in less than half of the time."""
        started = time.monotonic()
        logits(self.network, part.inputs[:64])
        each = (time.monotonic() - started) / min(64, len(part))
        most = max(LEAST_CHOOSE, int(0.4 * self.clock.left / JUDGEMENTS / max(each, 1e-9)))
        return part[torch.arange(len(part))[:: -(-len(part) // most)]]

    def _steps(self) -> int:
        """Steps of each rung: thirty times through the data, at least 600, and no more than the time allows for."""
        trial = copy.deepcopy(self.network)
        retrain(trial, self.course, 1, self.clock)  # the first step of all is slow
        started = time.monotonic()
        done = max(retrain(trial, self.course, TIMED, self.clock), 1)
        each = (time.monotonic() - started) / done
        rungs = len(LADDER) + FINER + 2 * bool(self.deletes)
        allowed = int(0.5 * self.clock.left / rungs / max(each, 1e-6) / 2)  # as much again is spent on grids
        wanted = max(600, 30 * len(self.course.examples) // self.course.batch)
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
            right = self._right(smaller)
            self.tell(f"{100 * width:g}% of the channels: {100 * right.double().mean():.1f}%")
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
        before, good = len(self.shelf.found), False
        smaller = self.form.smaller(network, self.some)
        grids = GRIDS if not zeros else GRIDS[1:]
        for share in grids if self.clock.left or not before else GRIDS[-1:]:
            if self._over():
                break
            good |= self._try(smaller, zeros, share, steps)
        new = self.shelf.found[before:]
        if new:
            best, reached = chosen(new, self.right, self.goal)
            about, enough = "" if best.written else "about ", "" if reached else ", not good enough"
            self.tell(f"{best.name}: {best.accuracy:.1f}% in {about}{best.bytes:,} bytes{enough}")
        return good

    def _prune(self, network: nn.Module, zeros: float, steps: int) -> None:
        """Prune a network in place, and retrain it."""
        if zeros:
            masks = lamp_masks(prunable(network), zeros)
            apply_masks(network, masks)
            retrain(network, self.course, steps, self.clock, masks)

    def _hopeless(self, network: nn.Module, zeros: float) -> bool:
        """Whether with so many zeros not even the coarsest grid fits into the budget, nearly."""
        if self.goal.budget is None or not self.shelf.found or zeros == LADDER[-1]:
            return False
        trial = copy.deepcopy(network)
        self._prune(trial, zeros, 0)
        return estimate(stored(trial, set(trial.state_dict()), GRIDS[-1])) > 1.1 * self.goal.budget

    def _over(self) -> bool:
        """Whether time is up. Where no file fits yet, the search first goes on to one that does, without training."""
        budget = self.goal.budget
        fits = budget is None or any(one.bytes <= budget for one in self.shelf.found)
        return not self.clock.left and bool(self.shelf.found) and fits

    def _try(self, network: nn.Module, zeros: float, share: float | None, steps: int) -> bool:
        """Round a network to one grid and put it on the shelf; whether it is good enough."""
        names = self.form.names(network, self.some)
        rounded = stored(network, names, share)
        right = self._right(network_with(network, rounded))
        if share is not None and share >= TUNED and not self._as_good(right) and self.clock.left:
            tuned = copy.deepcopy(network)
            weights = {name: one for name, one in prunable(tuned).items() if name in rounded}
            grids = {name: grid(one, share) for name, one in weights.items()}
            masks = {name: one.detach() != 0 for name, one in weights.items()}
            retrain(tuned, self.course, max(steps // 3, 1), self.clock, masks, grids, rate=5e-4)
            again = stored(tuned, names, share, grids)
            right_again = self._right(network_with(tuned, again))
            if right_again.sum() > right.sum():
                network, rounded, right = tuned, again, right_again
        self.shelf.put(Candidate(0, right, zeros, share, self.width, None, network, rounded))
        return within(self.right, right, self.goal)

    def _right(self, network: nn.Module) -> Tensor:
        return logits(network, self.validation.inputs).argmax(1) == self.validation.labels

    def _as_good(self, right: Tensor) -> bool:
        return int(right.sum()) >= int(self.right.sum())

    def _all_fit(self, zeros: float) -> bool:
        """Where only bytes were named: whether even the rung's finest grid fits, so that more zeros could only lose."""
        own = [one.bytes for one in self.shelf.found if one.zeros == zeros and one.grid is not None]
        return self.goal.max_drop is None and max(own, default=self.goal.budget) <= self.goal.budget

    def _finer(self, good: float, network: nn.Module, bad: float, steps: int) -> tuple[float, nn.Module]:
        """Halve what lies between a rung that was good enough and one that was not; returns the last that was."""
        for _ in range(FINER):
            if not self.clock.left:
                break
            middle, trial = round(1 - ((1 - good) * (1 - bad)) ** 0.5, 4), copy.deepcopy(network)
            if middle in (good, bad):
                break
            if self._rung(trial, middle, steps) and not self._all_fit(middle):
                good, network = middle, trial
            else:
                bad = middle
        return good, network
