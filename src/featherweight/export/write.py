"""`featherweight export`: one kind of file, written into a folder."""

from __future__ import annotations

from pathlib import Path

from featherweight.errors import InputError
from featherweight.export import canonical, canvas, csv, gradescope, moodle, nbgrader
from featherweight.grading.course import Course
from featherweight.runtime import write_atomically

__all__ = ["KINDS", "export_files", "write_export"]

KINDS = ("canonical", "canvas", "csv", "gradescope", "moodle", "nbgrader")
MAKERS = {"canvas": canvas, "csv": csv, "gradescope": gradescope, "moodle": moodle, "nbgrader": nbgrader}


def export_files(course: Course, kind: str) -> dict[str, bytes]:
    """Name → bytes of every file of a kind. Raises InputError for a kind that is not in KINDS."""
    if kind not in KINDS:
        raise InputError(f"There is no export to {kind!r}; wanted one of {', '.join(KINDS)}.")
    if kind == "canonical":
        return {"grades.jsonl": canonical.lines(course.records, course.overrides)}
    return MAKERS[kind].files(course.everyone, course.book)


def write_export(course: Course, kind: str, folder: str | Path) -> list[str]:
    """Write the files; returns a line for what was written and the roster's notes. Raises InputError, FileProblem."""
    made = export_files(course, kind)
    for name, content in made.items():
        write_atomically(Path(folder) / name, content)
    first = next(iter(made), "nothing: there are no grades yet")
    more = f" and {len(made) - 1} more" if len(made) > 1 else ""
    return [f"{Path(folder) / first}{more}", *course.notes]
