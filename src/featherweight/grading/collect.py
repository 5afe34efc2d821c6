"""Find what was handed in: folders, students' folders, and the zips that Canvas, Moodle and nbgrader give out.

Nothing is unpacked to disk, nothing is executed, no link is followed, and no file is read beyond a cap. Whatever cannot
be read is listed with the reason, so that its student's row says so.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from featherweight.errors import FileProblem
from featherweight.grading.archive import MAX_ZIP, Budget, content, open_archive, unpacked
from featherweight.grading.gradebook import FILE_NAME
from featherweight.grading.handed import SKIPPED, Handed, named, read_capped, told_apart, wanted

__all__ = ["MAX_EACH", "collect"]

MAX_EACH = 200
"""Notebooks of one student; there are thirteen lessons."""


def collect(place: str | Path) -> list[Handed]:
    """Every notebook in a folder or zip, or the one given, by student and path. Raises FileProblem where none is."""
    place = Path(place)
    name = place.resolve().stem if place.is_file() else place.resolve().name
    try:
        members = list(_members(place))
    except OSError as problem:
        reason = problem.strerror or problem
        raise FileProblem(f"Could not read {place} ({reason}); wanted a folder of submissions or a zip.") from problem
    if not any(wanted(path) for path, _ in members):
        raise FileProblem(f"There is no notebook in {place}; wanted *.ipynb, in it or in students' folders or zips.")
    return told_apart(list(_capped([named(path, name, data) for path, data in members])))


def _members(place: Path) -> Iterator[tuple[str, bytes | Path | str]]:
    if place.is_dir():
        yield from _in_folder(place)
    elif place.suffix.lower() == ".ipynb":
        read_capped(place, 0)
        yield place.name, place.absolute()
    else:
        place.stat()
        yield from _in_zip(place)


def _in_folder(root: Path) -> Iterator[tuple[str, bytes | Path | str]]:
    """Paths and contents below a folder; a student's folder without any is listed too."""
    found = [*_walked(root)]
    yield from found
    filled = {Path(path).parts[0] for path, _ in found}
    for entry in sorted(root.iterdir()):
        grades = (entry / FILE_NAME).exists()  # --out inside of what was handed in
        if entry.name not in filled and entry.is_dir() and not grades and not SKIPPED.search(entry.name):
            yield entry.name, "there is no notebook in it"


def _walked(root: Path) -> Iterator[tuple[str, bytes | Path | str]]:
    unread, budgets = [], defaultdict(Budget)
    for folder, folders, files in os.walk(root, onerror=unread.append):
        folders.sort()
        inside = Path(folder).relative_to(root)
        for name in list(folders):
            path = (inside / name).as_posix()
            if SKIPPED.search(path):
                folders.remove(name)
            elif Path(folder, name).is_symlink():
                yield path, "it is a link, which is not followed"
        for name in sorted(files):
            path = (inside / name).as_posix()
            if wanted(path):
                yield from _in_file(Path(folder, name), path, budgets[named(path, "", "").student])
    for problem in unread:
        if Path(problem.filename) == root:
            raise problem
        yield Path(problem.filename).relative_to(root).as_posix(), f"it cannot be read ({problem.strerror})"


def _in_file(file: Path, path: str, budget: Budget) -> Iterator[tuple[str, bytes | Path | str]]:
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


def _in_zip(place: Path) -> Iterator[tuple[str, bytes | str]]:
    """The members of a zip of everybody's, which the instructor has from their platform; they are held in memory."""
    budgets = defaultdict(Budget)
    try:
        archive = open_archive(place)
    except FileProblem as problem:
        raise FileProblem(f"{place}: {problem}; wanted a folder of submissions or a zip: download it again.") from None
    with archive:
        for member in archive.infolist():
            path = member.filename.replace("\\", "/")
            if not wanted(path):
                continue
            budget = budgets[named(path, "", "").student]
            is_zip = path.lower().endswith(".zip")
            found = content(archive, member, None if is_zip else budget)
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
