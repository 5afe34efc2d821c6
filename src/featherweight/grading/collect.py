"""Find what was handed in: folders, students' folders, and the zips that Canvas, Moodle and nbgrader give out.

Nothing is unpacked to disk, nothing is executed, no link is followed, and no file is read beyond a cap. Whatever cannot
be read is listed with the reason, so that its student's row says so; so is a student who handed in something else.
A workbook's twin in Python counts where the workbook is not there.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from featherweight.errors import FileProblem
from featherweight.grading.archive import MAX_ZIP, Budget, content, open_archive, unpacked
from featherweight.grading.gradebook import FILE_NAME
from featherweight.grading.handed import (
    SKIPPED,
    WORKBOOK,
    Handed,
    is_twin,
    lesson_name,
    named,
    read_capped,
    told_apart,
    wanted,
)

__all__ = ["MAX_EACH", "collect"]

MAX_EACH = 200
"""Notebooks of one student; there are thirteen lessons."""

NBGRADERS_OWN = ("autograded", "feedback", "release", "source")
Member = tuple[str, bytes | Path | str | None]
"""A path, and what is there: None for a file that is no notebook."""


def collect(place: str | Path) -> list[Handed]:
    """Every notebook in a folder or zip, or the one given, by student and path. Raises FileProblem where none is."""
    place = Path(place)
    name = place.resolve().stem if place.is_file() else place.resolve().name
    try:
        members = list(_members(place))
    except OSError as problem:
        reason = problem.strerror or problem
        raise FileProblem(f"Could not read {place} ({reason}); wanted a folder of submissions or a zip.") from problem
    if not any(wanted(path) or is_twin(path) for path, _ in members):
        raise FileProblem(f"There is no notebook in {place}; wanted *.ipynb, in it or in students' folders or zips.")
    return list(_capped(told_apart([*_counting([named(path, name, data) for path, data in members])])))


def _counting(handed: Sequence[Handed]) -> Iterator[Handed]:
    """Notebooks, twins of those that are not there, and one line for every student who has neither."""
    notebooks, twins, others = [], [], []
    for one in handed:
        if isinstance(one.data, str) or wanted(one.path):
            notebooks.append(one)
        elif _is_a_student_s(one):
            (others if one.data is None else twins).append(one)
    served = {one.owner for one in notebooks}
    lessons = {(one.owner, lesson_name(one.path)) for one in notebooks} | {(owner, "") for owner in served}
    alone = [one for one in twins if (one.owner, lesson_name(one.path)) not in lessons]
    yield from (*notebooks, *alone)
    served |= {one.owner for one in alone}
    first = {one.owner: one for one in sorted(others, key=lambda one: one.path, reverse=True)}
    for owner in first.keys() - served:
        yield replace(first[owner], data=f"it is a {_kind(first[owner].path)}; no notebook was handed in")


def _is_a_student_s(one: Handed) -> bool:
    """Whether a file that is no notebook was handed in, and does not lie beside the students' folders."""
    parts = PurePosixPath(one.path).parts
    return bool(one.number or len(parts) > 1 or WORKBOOK.fullmatch(parts[-1]))


def _kind(path: str) -> str:
    suffix = PurePosixPath(path).suffix
    return f"{suffix[:12]} file" if suffix else "file without an ending"


def _members(place: Path) -> Iterator[Member]:
    if place.is_dir():
        yield from _in_folder(place)
    elif place.suffix.lower() == ".ipynb":
        read_capped(place, 0)
        yield place.name, place.absolute()
    else:
        place.stat()
        yield from _in_zip(place)


def _in_folder(root: Path) -> Iterator[Member]:
    """Paths and contents below a folder; a student's folder without any is listed too."""
    left_out = NBGRADERS_OWN if (root / "submitted").is_dir() else ()
    found = [*_walked(root, left_out)]
    yield from found
    filled = {Path(path).parts[0] for path, _ in found}.union(left_out)
    for entry in sorted(root.iterdir()):
        counts = entry.is_dir() and not SKIPPED.search(entry.name) and not _holds_grades(root, Path(entry.name))
        if counts and entry.name not in filled:
            yield entry.name, "there is no notebook in it"


def _holds_grades(root: Path, inside: Path) -> bool:
    """Whether a folder is that of `--out`, which may be inside of what was handed in."""
    return bool(inside.parts) and (root / inside.parts[0] / FILE_NAME).exists()


def _walked(root: Path, left_out: Iterable[str]) -> Iterator[Member]:
    unread, budgets = [], defaultdict(Budget)
    for folder, folders, files in os.walk(root, onerror=unread.append):
        folders.sort()
        inside = Path(folder).relative_to(root)
        for name in list(folders):
            path = (inside / name).as_posix()
            if SKIPPED.search(path) or path in left_out:
                folders.remove(name)
            elif Path(folder, name).is_symlink():
                yield path, "it is a link, which is not followed"
        for name in sorted(files):
            path = (inside / name).as_posix()
            if wanted(path) or is_twin(path):
                yield from _in_file(Path(folder, name), path, budgets[named(path, "", "").owner])
            elif not SKIPPED.search(path) and not _holds_grades(root, inside):
                yield path, None
    for problem in unread:
        if Path(problem.filename) == root:
            raise problem
        yield Path(problem.filename).relative_to(root).as_posix(), f"it cannot be read ({problem.strerror})"


def _in_file(file: Path, path: str, budget: Budget) -> Iterator[Member]:
    if file.is_symlink():
        yield path, "it is a link, which is not followed"
    elif not path.lower().endswith(".zip"):
        yield path, file.absolute()
    else:
        try:
            data = read_capped(file, MAX_ZIP)
        except OSError as problem:
            yield path, f"it cannot be read ({problem.strerror or problem})"
            return
        yield from [(path, f"it has more than {MAX_ZIP:,} bytes")] if data is None else unpacked(data, path, budget)


def _in_zip(place: Path) -> Iterator[Member]:
    """The members of a zip of everybody's, which the instructor has from their platform; they are held in memory."""
    budgets = defaultdict(Budget)
    try:
        archive = open_archive(place)
    except FileProblem as problem:
        raise FileProblem(f"{place}: {problem}; wanted a folder of submissions or a zip: download it again.") from None
    with archive:
        for member in archive.infolist():
            path = member.filename.replace("\\", "/")
            if SKIPPED.search(path) or path.endswith("/"):
                continue
            budget = budgets[named(path, "", "").owner]
            is_zip = path.lower().endswith(".zip")
            read = wanted(path) or is_twin(path)
            found = content(archive, member, None if is_zip else budget) if read else None
            yield from unpacked(found, path, budget) if is_zip and isinstance(found, bytes) else [(path, found)]


def _capped(handed: list[Handed]) -> Iterator[Handed]:
    """Without what a student has beyond any number of lessons, of which one line is left."""
    counts = Counter()
    for one in sorted(handed, key=lambda one: (one.student, one.path)):
        counts[one.student] += 1
        if counts[one.student] <= MAX_EACH:
            yield one
        elif counts[one.student] == MAX_EACH + 1:
            yield replace(one, path=f"{one.path} and more", data=f"more than {MAX_EACH} notebooks were handed in")
