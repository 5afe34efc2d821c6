"""`python -m featherweight.bench.soak`: every lesson in every mode, one line for each, and what went wrong by cell."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from featherweight.bench.kernels import OFFLINE, Place, place
from featherweight.bench.lessons import MIB, children_watched
from featherweight.bench.modes import BYTES, MODES
from featherweight.errors import FeatherweightError, InputError, MissingTool
from featherweight.exercises.workbook import find_workbooks

__all__ = ["Finding", "Soaked", "plan", "soak", "soak_all"]

CELL_SECONDS = 120
JOBS = 2


@dataclass(frozen=True)
class Finding:
    """What a lesson did not survive. cell: its id, or "" where it is no cell's doing."""

    lesson: str
    mode: str
    cell: str
    what: str

    def __str__(self) -> str:
        return f"{self.lesson}, {self.mode}, {f'cell {self.cell}' if self.cell else 'at the end'}: {self.what}"


@dataclass(frozen=True)
class Soaked:
    """One lesson in one mode. seconds: on the clock. peak: MiB of its processes together."""

    lesson: str
    mode: str
    seconds: float
    peak: float
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        verdict = f"{len(self.findings)} findings" if self.findings else "passed"
        head = f"{self.lesson:<24} {self.mode:<12} {self.seconds:6.1f} s {self.peak:6.0f} MiB  {verdict}"
        return "\n".join([head, *(f"  {finding}" for finding in self.findings)])


def soak(workbook: Path, mode: str, root: Path = Path(), seconds: float = CELL_SECONDS, brief: bool = False) -> Soaked:
    """Run one workbook in one mode. seconds: the limit for one cell. brief: only its beginning, see `kernels.place`.

    Raises MissingTool where this machine lacks what the mode needs.
    """
    start = time.perf_counter()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, children_watched() as seen:
        at = place(workbook, Path(folder), root, seconds, brief)
        problems = list(_problems(at, mode))
    if seen.peak * MIB > BYTES:
        problems.append(("", f"{seen.peak:.0f} MiB at the peak; wanted at most {BYTES // MIB}"))
    findings = tuple(Finding(at.name, mode, cell, what) for cell, what in problems)
    return Soaked(at.name, mode, time.perf_counter() - start, seen.peak, findings)


def _problems(at: Place, mode: str) -> Iterator[tuple[str, str]]:
    """What a mode finds; where it cannot go on for the lesson's sake, that is found, too."""
    try:
        yield from MODES[mode](at)
    except MissingTool:
        raise
    except FeatherweightError as problem:
        yield "", str(problem)


def plan(root: Path, lesson: int | None = None, mode: str | None = None, sample: int = 0) -> list[tuple[Path, str]]:
    """The (workbook, mode) pairs to run, for one lesson or all, in one mode or all.

    sample: only so many of them, of which each has the next lesson and the next mode; 0 for all.
    Raises InputError for an unknown lesson or mode, and where `root` is not the book's.
    """
    if not (root / OFFLINE).is_dir():
        raise InputError(f"{root.absolute()} holds no {OFFLINE}; wanted the root of the book: go there.")
    workbooks = find_workbooks(root / "notebooks")
    chosen = [path for path in workbooks if lesson is None or path.name.startswith(f"{lesson:02d}_")]
    if not chosen:
        raise InputError(f"There is no lesson {lesson}; wanted 1 to {len(workbooks)}.")
    if mode is not None and mode not in MODES:
        raise InputError(f"There is no mode {mode!r}; choose one of {', '.join(MODES)}.")
    modes = list(MODES) if mode is None else [mode]
    if sample:
        return [(chosen[number % len(chosen)], modes[number % len(modes)]) for number in range(sample)]
    return [(path, each) for path in chosen for each in modes]


def soak_all(pairs: Sequence[tuple[Path, str]], root: Path, brief: bool = False, jobs: int = JOBS) -> Iterator[Soaked]:
    """Run pairs, several at a time; yields each as it ends."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        started = [pool.submit(soak, path, mode, root, CELL_SECONDS, brief) for path, mode in pairs]
        try:
            yield from (each.result() for each in as_completed(started))
        finally:
            pool.shutdown(cancel_futures=True)


def run(
    lesson: Annotated[int | None, typer.Option(metavar="NN", help="Only this lesson.")] = None,
    mode: Annotated[str | None, typer.Option(help=f"Only one of {', '.join(MODES)}.")] = None,
    sample: Annotated[int, typer.Option(min=0, help="Only so many pairs of a lesson and a mode.")] = 0,
    brief: Annotated[bool, typer.Option("--brief", help="Only the beginning of each lesson.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Lessons at a time.")] = JOBS,
) -> None:
    """Run the lessons as learners do who are careless, unlucky or wrong. Exit status 1 where one does not survive."""
    pairs, failed = plan(Path(), lesson, mode, sample), 0
    for soaked in soak_all(pairs, Path(), brief, jobs):
        typer.echo(str(soaked))
        failed += bool(soaked.findings)
    typer.echo(f"{len(pairs)} runs, {failed} with findings")
    if failed:
        raise typer.Exit(1)


def main() -> None:
    """Run the command; an error that is meant for its user is one line."""
    try:
        typer.run(run)
    except FeatherweightError as problem:
        print(f"soak: {problem}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
