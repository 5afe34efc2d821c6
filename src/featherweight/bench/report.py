"""`featherweight bench`: everything a learner waits for, beside what the book allows, as a table and as JSON."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from featherweight.bench.kept import FILE_NAME, Kept, read_kept, write_kept
from featherweight.bench.machine import machine
from featherweight.bench.repeats import ratio
from featherweight.bench.row import Row, missing, number
from featherweight.bench.table import TABLE_NAME, document, table
from featherweight.errors import FeatherweightError, InputError, MissingTool
from featherweight.runtime import use_threads, write_atomically

__all__ = ["PARTS", "Part", "report"]

MIB = 2**20


@dataclass(frozen=True)
class Part:
    """A heading and a sentence of what is measured, and the function that yields its rows for the book under a root."""

    title: str
    about: str
    measure: Callable[[Path], Iterator[Row]]


def report(root: Path = Path(), only: str | None = None, show: Callable[[str], None] = print) -> None:
    """Measure every part for the book under `root`, and show each table as it is ready.

    After each part `root`/BENCHMARKS.json and BENCHMARKS.md hold its new rows and what they held of the others.
    only: the name of one part. Raises InputError for an unknown one, and MissingTool at the end where something could
    not be measured.
    """
    if only is not None and only not in PARTS:
        raise InputError(f"There is no part of the benchmarks {only!r}; choose one of {', '.join(PARTS)}.")
    use_threads()
    read_kept(root / FILE_NAME)  # a damaged file is a matter for before the measuring
    failed = []
    for name in [only] if only else PARTS:
        part = _measured(name, root)
        write_kept(root / FILE_NAME, read_kept(root / FILE_NAME) | {name: part}, PARTS)
        write_atomically(root / TABLE_NAME, document(read_kept(root / FILE_NAME)))
        failed += [f"{name}: {row.what}: {row.note}" for row in part.rows if row.measured is None]
        show(f"## {part.title} ({part.seconds:.0f} s)\n\n{table(part.rows)}\n")
    show(f"Kept in {root / FILE_NAME} and {root / TABLE_NAME}.")
    if failed:
        raise MissingTool(f"Some rows could not be measured: {'; '.join(failed)}. The table says so.")


def _measured(name: str, root: Path) -> Kept:
    """One part; what stops it becomes its last row."""
    part, start, rows = PARTS[name], time.perf_counter(), []
    try:
        rows.extend(part.measure(root))
    except (FeatherweightError, OSError, subprocess.SubprocessError) as problem:
        rows.append(missing(part.title, problem))
    if not rows:
        rows.append(missing(part.title, "nothing was found to measure"))
    seconds, date = time.perf_counter() - start, datetime.now(UTC).date().isoformat()
    return Kept(part.title, part.about, date, f"featherweight bench --only {name}", seconds, machine(), rows)


def setup_rows(root: Path) -> Iterator[Row]:
    """Seconds and bytes of a fresh environment, made as `make lab` makes it."""
    from featherweight.bench.fresh_setup import fresh_rows

    yield from fresh_rows(root)


def import_rows(root: Path) -> Iterator[Row]:
    """Seconds of `import featherweight` and of `featherweight --help`, each in a fresh Python; and JupyterLab's."""
    for name, arguments in {
        "`import featherweight`": ("-c", "import featherweight"),
        "`featherweight --help`": ("-m", "featherweight.cli", "--help"),
    }.items():
        found = [(_process_seconds(*arguments), _process_seconds("-c", "")) for _ in range(5)]
        mine, bare = zip(*found, strict=True)
        beside = f"`python -c ''`, {number(min(bare))} s"
        yield Row(name, min(mine), "s", 0.3, beside=beside, ratio=ratio(mine, bare))
    yield from lab_rows()


def lab_rows(rounds: int = 3) -> Iterator[Row]:
    """Seconds from starting JupyterLab, with the book's configuration, to its first answer: the fastest of a few."""
    from featherweight.bench.browser import jupyterlab

    best = float("inf")
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            with jupyterlab(Path(folder)):
                best = min(best, time.perf_counter() - start)
    yield Row("JupyterLab, from its start to its first answer", best, "s", 5)


def check_rows(root: Path) -> Iterator[Row]:
    """Milliseconds of a pass beyond its computing, and of a diagnosis: the worst of every lesson."""
    from featherweight.bench.checks import lesson_check_rows

    yield from lesson_check_rows()


def lesson_rows(root: Path) -> Iterator[Row]:
    """Seconds and peak memory of each solved lesson."""
    from featherweight.bench.lessons import measure_lesson

    for path in sorted(root.glob("solutions/*.ipynb")):
        found = measure_lesson(path)
        beside = f"its processor's, {number(found.cpu)} s"
        own = ratio(found.seconds, found.cpu)
        yield Row(f"lesson {path.stem}, all cells", found.seconds, "s", 30, beside=beside, ratio=own)
        yield Row(f"lesson {path.stem}, peak memory", found.peak * MIB / 1e9, "GB", 1.2)


def widget_rows(root: Path) -> Iterator[Row]:
    """From a key press to changed pixels, beside `interact`, in a real browser. Raises MissingTool without one."""
    from featherweight.bench.latency import latency_rows

    yield from latency_rows()


def optimizer_rows(root: Path) -> Iterator[Row]:
    """Adam's step in all its forms beside what memory allows, and the state that each optimizer keeps."""
    from featherweight.bench.optimizer_state import state_rows
    from featherweight.bench.optimizers import step_rows

    yield from step_rows()
    yield from state_rows()


def inference_rows(root: Path) -> Iterator[Row]:
    """A layer and a network: dense, with neurons deleted, compressed rows, 8, 4 and 1 bits."""
    from featherweight.bench.inference import form_rows

    yield from form_rows()


def compression_rows(root: Path) -> Iterator[Row]:
    """What the shipped runs reached, beside what the papers report on other data."""
    from featherweight.bench.papers import paper_rows

    yield from paper_rows()


def grading_rows(root: Path) -> Iterator[Row]:
    """Grading beside nbgrader, its overhead, its two processes, its loops and its memory, in real sandboxes."""
    from featherweight.bench.grading import sandboxed_rows

    yield from sandboxed_rows(root)


PARTS = {
    "setup": Part(
        "Set-up", "A copy of the book, set up as `make lab` does, nothing taken from pip's cache.", setup_rows
    ),
    "start": Part("Start", "Fresh processes, in turns with a bare Python.", import_rows),
    "lessons": Part("Lessons", "Every solved lesson in a kernel of its own, its start included.", lesson_rows),
    "checks": Part("Checks", "Of each lesson the exercise and the wrong answer that take longest.", check_rows),
    "widgets": Part(
        "Widgets", "The Ravine in JupyterLab in chromium, from a key press to changed pixels.", widget_rows
    ),
    "optimizers": Part(
        "Optimizers", "One Adam step on 10 matrices of 1,000², one thread; then states.", optimizer_rows
    ),
    "inference": Part("Inference", "One thread. All forms get the same numbers and agree first.", inference_rows),
    "compression": Part(
        "Compression",
        "From the runs that ship with the book, on 5,000 MNIST digits (3,500 to train).",
        compression_rows,
    ),
    "grading": Part("Grading", "Real sandboxes; workbooks solved with the references.", grading_rows),
}
"""Every part by the name that `--only` takes, in the order of the table."""


def _process_seconds(*arguments: str) -> float:
    """Seconds of one fresh Python process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, timeout=60)
    return time.perf_counter() - start
