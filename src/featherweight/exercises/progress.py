"""What the learner has done: one JSON file beside the workbooks, which never leaves the machine.

A damaged or foreign file is kept aside and a new one starts. Where nothing can be written, rows wait in memory.
"""

from __future__ import annotations

import errno
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from featherweight.errors import FileProblem
from featherweight.exercises.kept import keep_aside
from featherweight.exercises.records import ExerciseRecord, PredictionRecord, Progress, fingerprint, parse, serialize
from featherweight.runtime import strict, write_atomically

__all__ = [
    "FILE_NAME",
    "ExerciseRecord",
    "PredictionRecord",
    "Progress",
    "load",
    "location",
    "merge_file",
    "progress",
    "record_prediction",
    "record_verdict",
]

FILE_NAME = "featherweight-progress.json"
LOCK_SECONDS = 5


def location(folder: str | Path | None = None) -> Path | None:
    """The progress file of a folder (default: the current one); FEATHERWEIGHT_PROGRESS overrides; None for "off"."""
    chosen = os.environ.get("FEATHERWEIGHT_PROGRESS", "")
    if chosen.strip().lower() == "off":
        return None
    return Path(chosen).expanduser() if chosen.strip() else Path(folder or ".") / FILE_NAME


def load(folder: str | Path | None = None) -> Progress:
    """What is recorded in a folder, with what waits in memory. A damaged file counts as empty, and a line says so."""
    path = location(folder)
    if path is None:
        return Progress()
    try:
        done = _read(path)
    except OSError as problem:
        _say(f"Could not read {path} ({problem.strerror}); progress shows only what waits in memory.")
        done = Progress()
    return _adding_all(done, _waiting.get(_place(path), ()))


def _place(path: Path) -> Path:
    """A file's absolute path; as it is where the folder that one works in is gone."""
    try:
        return path.absolute()
    except OSError:
        return path


def _read(path: Path, aside: bool = False) -> Progress:
    """The file's content; empty if there is none or it is damaged: a line says so, and `aside` keeps a copy."""
    if path.exists() and not path.is_file():  # a folder, or a device, which may never end
        raise OSError(errno.EINVAL, "it is no ordinary file")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Progress()
    try:
        return parse(data, path.name)
    except FileProblem as problem:
        kept = f" It is kept as {keep_aside(path.parent, path.name, data)}, and a new one starts." if aside else ""
        _say(f"{problem}{kept}")
        return Progress()


def _say(line: str) -> None:
    print(line, file=sys.stderr)


_waiting: dict[Path, list[ExerciseRecord | PredictionRecord]] = {}


def record_verdict(name: str, state: str, code: str | None) -> None:
    """Note one check. The untouched stub ("not started") leaves no row. Never raises on a file's account."""
    if state != "not started":
        now = _now()
        _record(ExerciseRecord(name, fingerprint(code), state, 1, now, now))


def record_prediction(key: str, choice: int | str, confidence: int | float | str | None, correct: bool | None) -> None:
    """Note one committed guess. The first of a key counts; later ones are history. Never raises on a file's account."""
    _record(PredictionRecord(key, choice, confidence, correct, _now()))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _record(record: ExerciseRecord | PredictionRecord) -> None:
    """Add a row to the file, with those that wait; where it cannot be written, keep it waiting and say so once."""
    path = location()
    if path is None or strict():
        return
    waiting = _waiting.setdefault(_place(path), [])
    waiting.append(record)
    try:
        _update(path, lambda done: _adding_all(done, waiting), LOCK_SECONDS if len(waiting) == 1 else 0)
        waiting.clear()
    except (FileProblem, OSError) as problem:
        if len(waiting) == 1:
            reason = getattr(problem, "strerror", None) or problem
            _say(f"Progress is not saved in {path} for now, and waits in memory: {reason}")


def _adding_all(done: Progress, records) -> Progress:
    for record in records:
        done = done.adding(record)
    return done


def _update(path: Path, change, patience: float = LOCK_SECONDS) -> Progress:
    """Read, change and write the file while no other kernel does; return what it now holds.

    patience: seconds to wait for another kernel.
    """
    from filelock import FileLock

    with FileLock(path.parent / f".{path.name}.lock", timeout=patience):
        after = change(_read(path, aside=True))
        text = serialize(after)
        if not path.exists() or path.read_bytes() != text.encode():
            write_atomically(path, text)
    return after


def merge_file(file: str | Path, folder: str | Path | None = None) -> str:
    """Merge a downloaded progress file into the folder's own; return a line on what came in.

    Raises FileProblem if it is missing or damaged, or if the folder's own cannot be written.
    """
    file, path = Path(file), location(folder)
    try:
        incoming = parse(file.read_bytes(), file.name)
    except OSError as problem:
        raise FileProblem(f"Could not read {file} ({problem.strerror}); wanted a downloaded {FILE_NAME}.") from problem
    if path is None:
        return f"{file.name}: not merged, because FEATHERWEIGHT_PROGRESS is off."
    try:
        before = len(load(folder).exercises), len(load(folder).predictions)
        after = _update(path, lambda done: done.merged(incoming))
    except OSError as problem:
        raise FileProblem(f"Could not write {path} ({problem.strerror or problem}); nothing was changed.") from problem
    new = len(after.exercises) - before[0], len(after.predictions) - before[1]
    return f"{file.name}: {new[0]} answers and {new[1]} predictions are new in {path.name}."


def progress(folder: str | Path | None = None, catalogue=None):
    """What is done, lesson by lesson, and every prediction committed: a table in a notebook, lines of text elsewhere.

    catalogue: the exercises to list, default the book's. Returns a ProgressReport.
    """
    from featherweight.exercises.progress_report import report

    return report(load(folder), catalogue)
