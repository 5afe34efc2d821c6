"""nbgrader's autograde on a folder of submissions. Its course is made and released before the clock starts."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from featherweight.authoring.nbgrader import build_nbgrader
from featherweight.bench.watch import Used, watched
from featherweight.errors import FeatherweightError, MissingTool

__all__ = ["autograde"]

PATIENCE = ("--ExecutePreprocessor.timeout=600",)
SCORES = "select auto_score, max_score from grade join grade_cells on grade.cell_id = grade_cells.id"


def autograde(submitted: Path, lessons: Sequence[str], root: Path) -> tuple[float, float]:
    """Seconds of `nbgrader autograde` for every lesson, one command after the other, start of each included.

    On the clock, and of all processors.

    submitted: STUDENT/LESSON/LESSON.ipynb, solved. root: of the book. Raises MissingTool without nbgrader, and
    FeatherweightError unless it gives all points to everyone: what fails may be quick.
    """
    if find_spec("nbgrader") is None:
        raise MissingTool("not measured: nbgrader is not installed")
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        course = Path(folder, "course")
        build_nbgrader(course, lessons, root=root)
        for lesson in lessons:
            _nbgrader(course, "generate_assignment", lesson)
        shutil.copytree(submitted, course / "submitted")
        used = [_nbgrader(course, "autograde", lesson, *PATIENCE) for lesson in lessons]
        _check(course / "gradebook.db")
    return sum(one.seconds for one in used), sum(one.cpu for one in used)


def _nbgrader(course: Path, *arguments: str) -> Used:
    """Run a command of nbgrader's, which finds its tools on the PATH and its settings in the home folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "HOME": str(course), "PATH": path, "FEATHERWEIGHT_CHECK_SECONDS": "120"}
    return watched(["nbgrader", *arguments], cwd=course, env=environment)


def _check(database: Path) -> None:
    with closing(sqlite3.connect(database)) as book:
        scores = book.execute(SCORES).fetchall()
    short = sum(score != most for score, most in scores)
    if short or not scores:
        raise FeatherweightError(f"nbgrader gave less than all points to {short} of {len(scores)} answers; not timed.")
