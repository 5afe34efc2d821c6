"""`featherweight bench`: everything a learner waits for, beside what the book allows, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from featherweight.errors import InputError, MissingTool
from featherweight.runtime import use_threads, write_atomically

__all__ = ["Row", "markdown", "report"]

FILE_NAME = "bench.json"


@dataclass(frozen=True)
class Row:
    """One measurement: `measured` and `allowed` in `unit`; no `allowed` means it is shown only.

    `measured` is None where it could not be measured, and `note` says why.
    """

    what: str
    measured: float | None
    unit: str
    allowed: float | None = None
    note: str = ""

    @property
    def within(self) -> bool:
        return self.allowed is None or self.measured is None or self.measured <= self.allowed

    @property
    def verdict(self) -> str:
        if self.allowed is None or self.measured is None:
            return ""
        return "met" if self.within else "falls short"


def report(folder: Path, root: Path = Path(), only: str | None = None) -> str:
    """Measure everything for the book under `root`; write `folder`/bench.json and return a Markdown table.

    only: the name of one group of rows, which then goes to a file of its own. Raises InputError for an unknown name.
    """
    groups = _groups(root)
    if only is not None and only not in groups:
        raise InputError(f"There is no group of measurements {only!r}; choose one of {', '.join(groups)}.")
    use_threads()
    rows = [row for name, measure in groups.items() if only in (None, name) for row in measure()]
    content = {"machine": machine(), "rows": [asdict(row) for row in rows]}
    file = folder / (f"bench_{only}.json" if only else FILE_NAME)
    write_atomically(file, json.dumps(content, indent=1) + "\n")
    return f"{markdown(rows)}\n\n{machine()}\nKept in {file}."


def _groups(root: Path) -> dict[str, Callable[[], Iterator[Row]]]:
    """Every group of rows by its name, in the order of the table."""
    return {
        "imports": import_rows,
        "lab": lab_rows,
        "checks": check_rows,
        "lessons": lambda: lesson_rows(root),
        "widgets": widget_rows,
        "optimizers": optimizer_rows,
        "sparse": zero_rows,
        "low-bits": few_bit_rows,
        "grading": lambda: grading_rows(root),
    }


def machine() -> str:
    """The machine in one line, so that a number is never read without it."""
    import torch

    python, system = platform.python_version(), f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores, Python {python}, torch {torch.__version__}"


def import_rows() -> Iterator[Row]:
    """Seconds of `import featherweight` and of `featherweight --help`, each in a fresh Python."""
    yield Row("import featherweight", _process_seconds("-c", "import featherweight"), "s", 0.3)
    yield Row("featherweight --help", _process_seconds("-m", "featherweight.cli", "--help"), "s", 0.3)


def lab_rows(rounds: int = 3) -> Iterator[Row]:
    """Seconds from starting JupyterLab, with the book's configuration, to its first answer: the fastest of a few."""
    from featherweight.bench.browser import jupyterlab

    best = float("inf")
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            with jupyterlab(Path(folder)):
                best = min(best, time.perf_counter() - start)
    yield Row("JupyterLab's first answer", best, "s", 5)


def check_rows() -> Iterator[Row]:
    """Milliseconds of a pass beyond its computing, and of the slowest diagnosis, for each exercise."""
    from featherweight.bench.checks import diagnosis_seconds, pass_overhead_seconds
    from featherweight.exercises import catalogue

    for exercise in catalogue():
        yield Row(f"check {exercise.name}: a pass", 1000 * pass_overhead_seconds(exercise), "ms", 100)
        yield Row(f"check {exercise.name}: slowest diagnosis", 1000 * diagnosis_seconds(exercise), "ms", 1000)


def lesson_rows(root: Path) -> Iterator[Row]:
    """Seconds and peak memory of each solved lesson."""
    from featherweight.bench.lessons import measure_lesson

    for path in sorted(root.glob("solutions/*.ipynb")):
        seconds, peak = measure_lesson(path)
        yield Row(f"lesson {path.stem}", seconds, "s", 60)
        yield Row(f"lesson {path.stem}: peak memory", peak, "MiB", 1229)


def widget_rows() -> Iterator[Row]:
    """From a key press to changed pixels, beside `interact`, in a real browser; nothing where there is none."""
    from featherweight.bench.latency import measure_latency

    try:
        found = measure_latency()
    except MissingTool:
        return
    yield Row("widget, 95th percentile", found.card, "ms", 50)
    yield Row("widget with the learner's function, 95th percentile", found.live, "ms", 100)
    yield Row("interact with an inline figure, 95th percentile", found.interact, "ms")
    yield Row("frames without a picture while a widget moves", found.card_blanks, "", 0)


def optimizer_rows() -> Iterator[Row]:
    """Adam's step in all its forms beside what memory allows, and the state that each optimizer keeps."""
    from featherweight.bench.optimizer_state import state_rows
    from featherweight.bench.optimizers import step_rows

    yield from step_rows()
    yield from state_rows()


def zero_rows() -> Iterator[Row]:
    """What zeros are worth in one layer: masked, compressed, and with half of the neurons deleted."""
    from featherweight.bench.sparse import sparse_rows

    yield from sparse_rows()


def few_bit_rows() -> Iterator[Row]:
    """What 8, 4 and 1 bits are worth in one layer: in ONNX Runtime, in torch's integer product, and packed."""
    from featherweight.bench.low_bits import low_bit_rows

    yield from low_bit_rows()


def grading_rows(root: Path) -> Iterator[Row]:
    """Grading beside nbgrader, its overhead, its two processes, its loops and its memory, in real sandboxes."""
    from featherweight.bench.grading import sandboxed_rows

    yield from sandboxed_rows(root)


def markdown(rows: list[Row]) -> str:
    """A Markdown table; says of each row with an allowance whether it keeps within."""
    lines = ["| what | measured | at most | |", "|---|--:|--:|---|"]
    for row in rows:
        allowed = "" if row.allowed is None else f"{row.allowed:g} {row.unit}"
        measured = row.note if row.measured is None else f"{row.measured:.3g} {row.unit}"
        lines.append(f"| {row.what} | {measured} | {allowed} | {row.verdict} |")
    return "\n".join(lines)


def _process_seconds(*arguments: str, rounds: int = 5) -> float:
    """The fastest of some fresh Python processes."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True, timeout=60)
        best = min(best, time.perf_counter() - start)
    return best
