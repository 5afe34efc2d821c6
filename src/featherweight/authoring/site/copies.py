"""Executed copies of the solved notebooks, with pictures and widgets, kept by what they were made of.

A copy's file carries a fingerprint of its notebook and of the package, so that nothing is executed twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from featherweight.authoring import execute
from featherweight.errors import FileProblem, InputError
from featherweight.runtime import write_atomically

__all__ = ["AT_A_TIME", "copies", "solved_notebooks"]

PACKAGE = Path(__file__).parents[2]
NOT_IN_LESSONS = {"authoring", "bench", "cli.py", "doctor.py", "export", "grading", "server"}
"""Parts of the package that no lesson imports: a change there executes nothing again."""
AT_A_TIME = 2


def solved_notebooks(root: Path, lessons: Iterable[int] = ()) -> list[Path]:
    """The solved notebooks of `lessons`, all by default, in order. Raises InputError for an unknown number."""
    paths = {int(path.name[:2]): path for path in sorted((root / "solutions").glob("[0-9][0-9]_*.ipynb"))}
    if not paths:
        raise FileProblem(f"There are no solved notebooks in {root / 'solutions'}; run in a clone of the project.")
    for number in (chosen := sorted(set(lessons)) or list(paths)):
        if number not in paths:
            raise InputError(f"There is no lesson {number}; wanted one of {', '.join(map(str, paths))}.")
    return [paths[number] for number in chosen]


def copies(paths: Iterable[Path], folder: Path, report: Callable[[str], None]) -> dict[str, Path]:
    """The name of each notebook → its executed copy's file, from `folder` or made now, AT_A_TIME on one thread each.

    report: is called with one line for each that is executed. Raises LessonError for a cell that fails.
    """
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        made = {path.stem: pool.submit(_copy, path, folder, report) for path in paths}
        return {name: future.result() for name, future in made.items()}


def _copy(path: Path, folder: Path, report: Callable[[str], None]) -> Path:
    """The file of the executed copy. Copies of the same lesson as it was before are deleted."""
    source = path.read_bytes()
    kept = folder / f"{path.stem}.{_fingerprint(source)}.ipynb"
    if kept.exists():
        return kept
    report(f"{path.stem}: running …")
    with TemporaryDirectory() as place:
        done = execute.executed(path.stem, nbformat.reads(source.decode("utf-8"), as_version=4), Path(place))
    write_atomically(kept, nbformat.writes(done))
    for older in set(folder.glob(f"{path.stem}.*.ipynb")) - {kept}:
        older.unlink()
    return kept


def _fingerprint(source: bytes) -> str:
    return hashlib.sha256(_package() + source).hexdigest()[:16]


@cache
def _package() -> bytes:
    """A digest of every file that a lesson may import or read."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE)
        if path.is_file() and name.parts[0] not in NOT_IN_LESSONS and "__pycache__" not in name.parts:
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()
