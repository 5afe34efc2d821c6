"""What `featherweight build` says: one line per thing done or found wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from featherweight.authoring import build as building
from featherweight.authoring.nbgrader import build_nbgrader
from featherweight.errors import InputError, LessonError
from featherweight.exercises.exercise import Exercise

__all__ = ["build"]


def build(
    lesson: int | str | None = None,
    *,
    check: bool = False,
    nbgrader: Path | None = None,
    force: bool = False,
    exercises: Sequence[Exercise] | None = None,
) -> Iterator[str]:
    """Build one lesson or all; or only check; or write nbgrader's course tree. Yields lines to print.

    Raises LessonError after the last line of a check that found something, and what the build itself raises.
    """
    if check and (nbgrader or force):
        raise InputError("Got --check with --nbgrader or --force; wanted it alone, since it writes nothing: drop one.")
    lessons = () if lesson is None else (str(lesson),)
    if check:
        yield from (problems := building.build_check(lessons, exercises=exercises))
        if problems:
            raise LessonError(f"got {len(problems)} of the problems above, wanted none; mend the lessons, then build.")
        yield "Every workbook is what its lesson makes."
    elif nbgrader:
        for path in build_nbgrader(nbgrader, lessons, exercises=exercises):
            yield f"wrote {path}"
    else:
        yield from (f"wrote {path}" for path in building.build(lessons, force=force, exercises=exercises, report=_tell))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
