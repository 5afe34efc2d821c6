"""What grading a class takes: beside nbgrader, by one and two students at a time, and in memory.

All of it goes through the real sandbox. The notebooks are the first lessons' workbooks, solved with the references.
nbgrader executes each of them whole, its figures and trainings too, in a kernel of its own, one after the other; we
execute what the student wrote, in a sandbox per student. So the files and the points are the same, the work is not:
compared is how long an instructor waits, from the start of the commands to their end, on two cores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from featherweight.bench.autograde import autograde
from featherweight.bench.classroom import hand_in_lessons, hand_in_tiny
from featherweight.bench.overhead import loop_rows, overhead_rows
from featherweight.bench.repeats import ratio
from featherweight.bench.row import Row, missing, number
from featherweight.bench.watch import Used, watched
from featherweight.errors import FeatherweightError, MissingTool
from featherweight.grading.gradebook import FILE_NAME, Gradebook
from featherweight.grading.sandbox import probe

__all__ = ["class_rows", "graded", "memory_rows", "sandboxed_rows"]

LESSONS = 3
MIB = 2**20
RECORD_BYTES = 10_000


def sandboxed_rows(root: Path) -> Iterator[Row]:
    """Every row for the book under `root`, or one that says why there is no sandbox."""
    try:
        probe()
    except MissingTool as problem:
        yield missing("grading", problem)
        return
    yield from class_rows(root)
    yield from overhead_rows(root / "notebooks")
    yield from loop_rows()
    yield from memory_rows()


def class_rows(root: Path, students: int = 2, rounds: int = 2, options: Sequence[str] = ()) -> Iterator[Row]:
    """A class beside nbgrader, then one three times as large with `-j 1` and `-j 2` in turns, each by its fastest.

    options: more of them for `featherweight grade`.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        small, large = Path(name, "small"), Path(name, "large")
        lessons = hand_in_lessons(small, root / "notebooks", students, LESSONS)
        hand_in_lessons(large, root / "notebooks", 3 * students, LESSONS)
        yield from _beside_nbgrader(root, small / "submitted", lessons, ["-j", "2", *options])
        used = {"1": [], "2": []}
        for _ in range(rounds):
            for jobs, runs in used.items():
                runs.append(graded(large / "submitted", ["-j", jobs, *options])[0])
    yield from _two_at_a_time(f"{3 * students * LESSONS} notebooks", used["1"], used["2"])


def _two_at_a_time(what: str, one: Sequence[Used], two: Sequence[Used]) -> Iterator[Row]:
    for name, kind, goal in (
        ("", "seconds", {"allowed": 1.25 / 2, "of_ratio": True}),
        (", by processors", "cpu", {"why": "what two cost together"}),
    ):
        single, both = ([getattr(run, kind) for run in runs] for runs in (one, two))
        beside = f"one at a time, {number(min(single))} s"
        yield Row(
            f"grading {what}, two students at a time{name}",
            min(both),
            "s",
            beside=beside,
            ratio=ratio(both, single),
            **goal,
        )


def _beside_nbgrader(root: Path, submitted: Path, lessons: Sequence[str], options: Sequence[str]) -> Iterator[Row]:
    """nbgrader once, for it takes minutes, and ours before and after it."""
    what = f"featherweight grade -j 2, {len(list(submitted.glob('*/*/*.ipynb')))} notebooks"
    runs = [graded(submitted, options)[0]]
    try:
        theirs, their_cpu = autograde(submitted, lessons, root)
    except MissingTool as problem:
        yield missing(f"{what}, beside nbgrader autograde", problem)
        return
    runs.append(graded(submitted, options)[0])
    ours, cpu = [run.seconds for run in runs], [run.cpu for run in runs]
    beside, share = f"nbgrader autograde, {number(theirs)} s", ratio(ours, [theirs] * 2)
    yield Row(what, min(ours), "s", 0.2, beside=beside, ratio=share, of_ratio=True)
    beside, share = f"nbgrader autograde, {number(their_cpu)} s", ratio(cpu, [their_cpu] * 2)
    yield Row(
        f"{what}, by processors", min(cpu), "s", beside=beside, ratio=share, why="the clock's is what one waits for"
    )


def memory_rows(few: int = 50, many: int = 400, options: Sequence[str] = ()) -> Iterator[Row]:
    """What the trusted processes hold for so many tiny notebooks of ten students, and what their number adds to that.

    Allowed are some 10 kB a notebook: the records of the whole class, which the command returns.
    """
    peaks, sizes = [], []
    for count in (few, many):
        with TemporaryDirectory() as name:
            hand_in_tiny(Path(name), 10, count // 10)
            used, size = graded(Path(name), ["-j", "2", *options])
        peaks.append(used.peak / MIB)
        sizes.append(size / MIB)
    few_beside, what = f"for {few}, {number(peaks[0])} MiB", f"grading {many} notebooks"
    share = ratio(peaks[1], peaks[0])
    why = "its growth has a goal"
    held = "the command's memory and that of a process that grades"
    yield Row(f"{what}: {held}", peaks[1], "MiB", beside=few_beside, ratio=share, why=why)
    allowed = (many - few) * RECORD_BYTES / MIB
    yield Row(
        f"{what}: what its memory is beyond that for {few}", peaks[1] - peaks[0], "MiB", allowed, beside=few_beside
    )
    beside, share = f"for {few}, {number(sizes[0])} MiB", ratio(sizes[1], sizes[0])
    yield Row(f"{what}: gradebook", sizes[1], "MiB", beside=beside, ratio=share, why="grows with the class")


def graded(place: Path, options: Sequence[str]) -> tuple[Used, int]:
    """Grade a folder with the command, into a new gradebook; returns what that used, and the gradebook's bytes.

    Raises FeatherweightError unless every notebook has all points of what is in it: what fails may be quick.
    """
    with TemporaryDirectory() as out:
        used = watched(["featherweight", "grade", place, "--out", out, *options])
        with Gradebook(out) as book:
            for record in book.records():
                wrong = [one for one in record.results if one.verdict not in ("passed", "missing")]
                if wrong or record.points == 0:
                    raise FeatherweightError(
                        f"{record.path} got {wrong or record.problem}; wanted all right: not timed."
                    )
        return used, Path(out, FILE_NAME).stat().st_size
