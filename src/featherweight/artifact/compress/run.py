"""The whole way from a network and examples to a file, a report and numbers that can be believed.

What is measured in the end comes from the file: it is read in a fresh process that imports the decoder and nothing of
the network's own code, and predicts for examples that neither trained nor chose anything.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from featherweight.artifact import decode, encode
from featherweight.artifact.compress.data import Examples, Parts, split
from featherweight.artifact.compress.forms import Numbers, Whole, recipe_of
from featherweight.artifact.compress.goal import Goal, goal_of
from featherweight.artifact.compress.judge import drop, least_bound
from featherweight.artifact.compress.models import checked, logits
from featherweight.artifact.compress.progress import Progress
from featherweight.artifact.compress.report import report_html
from featherweight.artifact.compress.result import Compressed, Measured, Point
from featherweight.artifact.compress.retrain import Clock
from featherweight.artifact.compress.search import Search
from featherweight.artifact.compress.shape import LARGEST_CHANGE
from featherweight.artifact.compress.shelf import Candidate
from featherweight.artifact.fresh import NoPredictions, predictions
from featherweight.artifact.reading import LIMIT
from featherweight.errors import ArtifactProblem, InputError
from featherweight.lab.measure import bytes_on_disk, latency, macs
from featherweight.lab.statistics import wilson
from featherweight.runtime import device, use_threads, write_atomically

__all__ = ["compress"]

LEAST_MINUTES = 0.05
REST = 15.0
"""Seconds kept for what comes after the search: a fresh process that loads torch, timing, the report."""

BATCH = 64

PATIENCE = 600.0
"""Seconds for the fresh process to read the file and to predict for the held-out part."""


def compress(
    model: nn.Module,
    data: object,
    budget: int | str | None = None,
    max_drop: float | None = None,
    *,
    out: str | Path = "compressed",
    name: str = "",
    minutes: float = 5.0,
    seed: int = 0,
    deletes: bool = False,
    progress: bool = True,
    code: str | Path | None = None,
    make: str | None = None,
) -> Compressed:
    """Make a classifier of your own small: prune, retrain, round, code; write NAME.fw and the report NAME.html.

    model: a torch module that gives (n, classes) scores; it is left as it is. data: inputs (n, …) and labels (n,): a
    pair of tensors or arrays, a Dataset, a DataLoader, a mapping or a file with `inputs` and `labels`. Bring the data
    that the model was trained on, and a test part that it was not, `test_inputs` and `test_labels`: without, all losses
    look larger than they are.
    budget: most bytes of the file, such as "50kB" (1 kB = 1,000 bytes). max_drop: most points of accuracy to lose. With
    a budget alone the most accurate file that fits is kept, else the smallest that keeps to max_drop (by default 1).
    out: folder of both files. name: theirs, without it the class of the model. minutes: about the most that it takes.
    deletes: also delete whole channels, where the network is understood, for fewer operations.
    code, make: the .py file of the model's class, and the expression there that makes such a model, such as "Net(10)";
    used only where its steps cannot be told as data. Then NAME.weights.fw holds its numbers alone, for its own code.
    A goal that is out of reach is no error: the best file is kept, `reached` is False and `problem` says what to do.
    Nor is an interrupt from the keyboard, once there is a file: the best until then is kept.
    Raises InputError and ArtifactProblem for models and data that cannot be used, FileProblem for files.
    """
    started = time.monotonic()
    goal = goal_of(budget, max_drop)
    if not minutes >= LEAST_MINUTES:
        raise InputError(f"minutes is {minutes!r}; wanted at least {LEAST_MINUTES:g}.")
    use_threads()
    parts = split(data, seed)
    largest = max(int(part.labels.max()) for part in (parts.train, parts.validation, parts.held_out))
    network = checked(model, parts.validation[:32], largest)
    form, why = _form(network, model, parts.validation, code, make)
    path = Path(out) / f"{name or type(model).__name__}{'' if form.recipe is None else '.weights'}.fw"
    _check_writable(path)
    clock = Clock(max(60 * minutes - REST, 30 * minutes))
    with torch.random.fork_rng(), Progress(60 * minutes, progress) as bar:
        torch.manual_seed(seed)
        search = Search(network.to(device()), parts, goal, clock, seed, bar.tell, deletes, form)
        stopped = _searched(search)
        kept, reached = search.shelf.choose(search.right, goal)
        bar.tell("reading the file in a fresh process")
        limit = _limit(network)
        measured = _measured(network.cpu(), parts.held_out, kept.data, limit, form)
    told = {"path": path, "goal": goal, "reached": reached, "limit": limit, "needs_code": why}
    result = _result(search, parts, kept, measured, stopped, seconds=time.monotonic() - started, **told)
    write_atomically(path, kept.data)
    write_atomically(result.report, report_html(result))
    return result


def _result(
    search: Search, parts: Parts, kept: Candidate, measured: tuple[Measured, Measured], stopped: bool, **told: object
) -> Compressed:
    """What came of it. told: the other fields, as they are."""
    (before, after), choosing, goal = measured, len(search.validation), told["goal"]
    notes = (*_notes(parts, choosing, goal), *_ended(search.clock, stopped), *_uncounted(before, after))
    return Compressed(
        report=told["path"].with_suffix(".html"),
        before=before,
        after=after,
        lost=drop(before.right, after.right),
        tried=_points(search.shelf.found, kept),
        whole=100 * float(search.right.double().mean()),
        examples=(len(parts.train), choosing, len(parts.held_out)),
        batch=min(BATCH, len(parts.held_out)),
        notes=notes,
        recipe=search.form.recipe,
        **told,
    )


def _check_writable(path: Path) -> None:
    """Raises FileProblem now, and not after the search, where files cannot be written."""
    trial = path.with_name(f".{path.name}.trial")
    write_atomically(trial, b"")
    trial.unlink()


def _form(
    network: nn.Module, model: nn.Module, some: Examples, code: str | Path | None, make: str | None
) -> tuple[Whole | Numbers, str]:
    """What the file will hold, and why it is numbers alone. Refuses now what could not be written or read later."""
    try:
        decode(encode(network, {}, (some.inputs[:2],)), 2**40)
        return Whole(), ""
    except ArtifactProblem as problem:
        why = str(problem)
    try:
        form = Numbers(recipe_of(model, code, make))
        _try_recipe(form, network, some.inputs[:8])
    except (InputError, ArtifactProblem) as problem:
        said = problem.said if isinstance(problem, NoPredictions) else str(problem)
        raise ArtifactProblem(f"{why} Nor is there a file of its numbers alone, for its own code: {said}") from None
    return form, why


def _try_recipe(form: Numbers, network: nn.Module, some: Tensor) -> None:
    """Raises InputError where the code does not make a network that predicts the same with the same numbers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.fw"
        path.write_bytes(form.encode(network, {}, some))
        found = predictions(path, some, PATIENCE, _limit(network), form.recipe)
    wanted = logits(network, some)
    near = LARGEST_CHANGE * float(wanted.abs().max())
    if found.shape != wanted.shape or not torch.allclose(found.float(), wanted, rtol=0, atol=near):
        raise InputError(
            f"{form.recipe.make} makes a network that predicts something else with the same numbers; make it as it was "
            'made, --make "Net(10)" (in Python make=).'
        )


def _searched(search: Search) -> bool:
    """Search; whether the keyboard ended it. Raises KeyboardInterrupt where there is no file yet."""
    try:
        search.run()
    except KeyboardInterrupt:
        if not search.shelf.found:
            raise
        return True
    return False


def _limit(network: nn.Module) -> int:
    """Bytes of memory that `load` must allow for a network of this size."""
    numbers = sum(one.numel() for one in network.state_dict().values())
    return max(LIMIT, 2**20 * -(-4 * numbers // 2**20))


def _points(found: list[Candidate], kept: Candidate) -> tuple[Point, ...]:
    return tuple(Point(one.name, one.bytes, one.accuracy, one is kept, one.written) for one in found)


def _notes(parts: Parts, choosing: int, goal: Goal) -> tuple[str, ...]:
    """What limits the result."""
    notes = []
    bound = least_bound(choosing)
    if goal.max_drop is not None and bound >= goal.max_drop:
        notes.append(
            f"{choosing:,} examples choose: even without a single new error they cannot show a loss below "
            f"{bound:.1f} points, so the measured loss itself was held against {goal.max_drop:g}."
        )
    if not parts.unseen:
        notes.append(
            "All parts were cut from the given data. If the model was trained on it, its accuracy before is too good "
            "and the loss too large; if not, retraining also teaches it something new. Pass a test part of its own, "
            "test_inputs and test_labels, beside the data of its training."
        )
    return tuple(notes)


def _ended(clock: Clock, stopped: bool) -> tuple[str, ...]:
    """What ended the search before it had nothing left to try."""
    if stopped:
        return ("The keyboard stopped the search: this is the best file until then.",)
    return () if clock.left else ("Time ended the search: with more minutes there may be a smaller or better file.",)


def _uncounted(*both: Measured) -> tuple[str, ...]:
    """Why multiplications were not counted."""
    return tuple(dict.fromkeys(f"Multiplications were not counted: {one.uncounted}" for one in both if one.uncounted))


def _measured(
    network: nn.Module, part: Examples, data: bytes, limit: int, form: Whole | Numbers
) -> tuple[Measured, Measured]:
    """The network as it came, and the file, which lies in a folder of its own until it has been measured."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.fw"
        path.write_bytes(data)
        decoded, bytes_after = form.load(path, network, limit), os.path.getsize(path)
        fresh = predictions(path, part.inputs, PATIENCE, limit, form.recipe)
    before, after = logits(network, part.inputs).argmax(1) == part.labels, fresh.argmax(1) == part.labels
    some = part.inputs[:BATCH]
    times = [latency(_call(one, some), repeats=15, warmup=3) for one in (network, decoded)]
    sizes = (bytes_on_disk(network), bytes_after)
    rows = zip((network, decoded), sizes, times, (before, after), strict=True)
    return tuple(_row(one, size, ms, right, some) for one, size, ms, right in rows)


def _call(network: nn.Module, some: Tensor) -> Callable[[], object]:
    return lambda: network(some)


def _row(network: nn.Module, size: int, ms: object, right: Tensor, some: Tensor) -> Measured:
    tensors = {id(one): one for one in [*network.parameters(), *network.buffers()] if one.is_floating_point()}
    accuracy = wilson(int(right.sum()), len(right))
    count = sum(one.numel() for one in tensors.values())
    count_macs, why = _macs(network, some)
    return Measured(size, count, _nonzeros(tensors), count_macs, ms, accuracy, right, why)


def _nonzeros(tensors: dict[int, Tensor]) -> int:
    """Numbers that are not exactly zero."""
    return sum(int(torch.count_nonzero(one)) for one in tensors.values())


def _macs(network: nn.Module, some: Tensor) -> tuple[int | None, str]:
    """Per example; None and the reason where the counter stumbles over what a network does."""
    try:
        return macs(network, some[:8]), ""
    except Exception as problem:  # it looks into every operation, and may meet anything
        reason = " ".join(f"{type(problem).__name__}: {problem}".split())
        return None, f"{type(network).__name__} runs, but not under torch's counter ({reason:.150})."
