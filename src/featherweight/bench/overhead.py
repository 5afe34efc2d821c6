"""What grading takes of a student beyond importing torch and what their own code computes, and what a loop costs.

A student's task is timed from the files to the records, the start and the end of its sandbox included. From that we
take `import torch` in a bare Python, and the same cells and probes in this process with nothing around them: no
reading, no comparing, no messages. All take turns, and each counts with its fastest: what disturbs a machine only ever
adds. On one that is busy the clock says little, so the processors' seconds are shown beside it: ours, and those of the
processes in the sandbox until it is killed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil

from featherweight.bench.classroom import LOOPS, answers, hand_in, hand_in_lessons
from featherweight.bench.row import Row, number
from featherweight.errors import FeatherweightError
from featherweight.exercises.diagnose import Sheet, copied
from featherweight.grading.collect import collect
from featherweight.grading.handed import Handed
from featherweight.grading.session import Session
from featherweight.grading.settings import Settings
from featherweight.grading.student import graded_in
from featherweight.grading.submission import read_submission
from featherweight.grading.worker import PRELUDE

__all__ = ["Cost", "fastest", "loop_rows", "overhead_rows"]

SETTINGS = Settings("the secret of a measurement")
IMPORT = [sys.executable, "-I", "-c", "import os, torch; os._exit(0)"]
LOOP_SECONDS = 2.0


class Cost(NamedTuple):
    """Seconds on the clock, and of all processors."""

    clock: float
    cpu: float


def overhead_rows(workbooks: Path, rounds: int = 3, settings: Settings = SETTINGS) -> Iterator[Row]:
    """Seconds per notebook for a student with one, and for a student with the notebooks of three lessons."""
    with TemporaryDirectory() as name:
        hand_in_lessons(Path(name), workbooks, 1, 3)
        handed = [one.loaded() for one in collect(Path(name, "submitted"))]
    for mine, whose in ((handed[:1], "a student's only notebook"), (handed, "one of a student's three notebooks")):
        actions = {"task": partial(_graded, mine, settings), "import": _import, "own": own(mine, settings)}
        costs = fastest(actions, rounds)
        clock, cpu = ((task - torch - own) / len(mine) for task, torch, own in zip(*costs.values(), strict=True))
        what = f"grading {whose}, beyond torch's import and its own computing"
        yield Row(what, clock, "s", 0.3, beside=f"`import torch`, {number(costs['import'].clock)} s")
        beside = f"`import torch`, {number(costs['import'].cpu)} s"
        yield Row(f"{what}, by processors", cpu, "s", beside=beside, why="the clock's seconds are what counts")


def _graded(handed: Sequence[Handed], settings: Settings) -> float:
    """Grade a student's notebooks; returns the processors' seconds of the sandbox."""
    with Session(settings.limits, settings.unsafe) as session:
        graded_in(session, handed, settings)
        family = [psutil.Process(session.worker.process.pid), *session.worker.processes()]
        return sum(sum(process.cpu_times()[:4]) for process in family)


def _import() -> float:
    """Import torch in a bare Python; returns its processor's seconds."""
    before = os.times()
    subprocess.run(IMPORT, check=True, timeout=300)
    return sum(os.times()[2:4]) - sum(before[2:4])


def loop_rows(rounds: int = 2, settings: Settings = SETTINGS) -> Iterator[Row]:
    """Seconds that a function that never ends costs beyond the seconds that it may take.

    It is the last of a notebook, whose other answers are right, in a sandbox that has torch already. A loop that has to
    be killed takes the sandbox with it: what this student has handed in beside it needs another one.
    """
    settings, ways = replace(settings, seconds=LOOP_SECONDS), ("", *LOOPS)
    found = [{way: _seconds(way, settings) for way in ways} for _ in range(rounds)]
    least = {way: min(times[way] for times in found) for way in ways}
    beside = f"the same notebook without it, {number(least[''])} s"
    for way in LOOPS:
        yield Row(
            f"an endless loop {way}, beyond its seconds", least[way] - least[""] - LOOP_SECONDS, "s", 1, beside=beside
        )


def _seconds(loop: str, settings: Settings) -> float:
    """Grade a notebook of the first lesson with one loop in it, or with none. Raises FeatherweightError unless due."""
    with TemporaryDirectory() as name, Session(settings.limits, settings.unsafe) as session:
        hand_in(Path(name, "student.ipynb"), answers(1, loop))
        handed = [one.loaded() for one in collect(name)]
        session.begin([], settings.seconds)
        session.end()
        start = time.perf_counter()
        [record] = graded_in(session, handed, settings)
        seconds = time.perf_counter() - start
    wanted = ["passed"] * (len(record.results) - 1) + ["timeout" if loop else "passed"]
    if [one.verdict for one in record.results] != wanted:
        raise FeatherweightError(f"A loop {loop or 'that is none'}: got {record.results}; not timed.")
    return seconds


def own(handed: Sequence[Handed], settings: Settings) -> Callable[[], None]:
    """An action that runs the students' cells and answers the questions about them."""
    read = [read_submission(one, settings.book()) for one in handed]
    asked = [
        [(entry.exercise, Sheet(entry.exercise, settings.seed(one.lesson)).cases) for entry in one.entries]
        for one in read
    ]

    def compute() -> None:
        for one, questions in zip(read, asked, strict=True):
            space: dict = {}
            for text in (PRELUDE, *one.cells):
                exec(text, space)
            for exercise, cases in questions:
                for inputs in cases:
                    exercise.probe(space[exercise.name], **{name: copied(value) for name, value in inputs.items()})

    return compute


def fastest(actions: Mapping[str, Callable[[], float | None]], rounds: int) -> dict[str, Cost]:
    """The least of each action's costs, a round calling every one once.

    An action returns the processors' seconds of other processes, or nothing.
    """
    costs = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            start, cpu = time.perf_counter(), time.process_time()
            theirs = action() or 0.0
            costs[name].append((time.perf_counter() - start, time.process_time() - cpu + theirs))
    return {name: Cost(*map(min, zip(*found, strict=True))) for name, found in costs.items()}
