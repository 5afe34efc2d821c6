"""Build: lesson sources → solved notebooks, workbooks, their twins and two pages; or only say what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import v4

from featherweight.authoring import execute, files, leaks, lesson, notebook, rules
from featherweight.authoring.lesson import Lesson
from featherweight.authoring.pages import NAMES, pages
from featherweight.errors import FileProblem, InputError, LessonError
from featherweight.exercises import catalogue
from featherweight.exercises.exercise import Exercise

__all__ = ["build", "build_check", "find_root", "load", "targets"]

READABLE = {".ipynb", ".json", ".md", ".py", ".txt"}


def build(
    lessons: Sequence[str] = (),
    *,
    root: Path | None = None,
    force: bool = False,
    exercises: Sequence[Exercise] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Make the notebooks of `lessons` (numbers or names; all by default) and the book's pages; return what was written.

    force: overwrite a generated file that someone has edited. report: is called with one line per lesson.
    Raises LessonError for a lesson that breaks a rule, leaks or does not run, and FileProblem for a workbook that
    was edited since it was generated. Nothing is written unless every lesson asked for is right.
    """
    root, exercises = root or find_root(), _all(exercises)
    chosen = load(root, lessons)
    if (root / files.JOURNAL).exists():
        report("The last build was interrupted: what it had written is made again, and what it left behind goes.")
    for one in chosen:
        _raise_first(rules.problems(one, exercises))
    whole = pages(root, load(root), exercises)
    if not force:
        _refuse_to_overwrite(root, chosen, exercises, whole)
    made: dict[str, bytes] = {}
    for one in chosen:
        report(f"{one.name}: running …")
        plain = notebook.solved(one, exercises)
        made |= targets(one, exercises, execute.run(one.name, plain, root / "solutions"))
    made |= whole
    _raise_first([line for name, content in made.items() for line in _leaks(name, content, exercises)])
    _write(root, made, {} if not lessons else files.read_manifest(root))
    return [root / name for name in made]


def _write(root: Path, made: dict[str, bytes], kept: dict[str, str]) -> None:
    """Write all of it or nothing, and the manifest. kept: what the manifest says of files that stay as they are."""
    manifest = kept | {name: files.fingerprint(name, content) for name, content in made.items()}
    last = {files.MANIFEST: files.manifest_bytes(manifest)}
    files.write_all(root, {files.JOURNAL: files.journal_bytes(root, made)} | made | last)
    files.clear_journal(root)


def build_check(
    lessons: Sequence[str] = (), *, root: Path | None = None, exercises: Sequence[Exercise] | None = None
) -> list[str]:
    """Everything that is not as `build` would leave it, one line each; empty: all is right. Executes nothing.

    Looks for broken rules, differing bytes, missing outputs, and solution text in any file under notebooks/.
    """
    root, exercises = root or find_root(), _all(exercises)
    chosen = load(root, lessons)
    problems = []
    for one in chosen:
        broken = rules.problems(one, exercises)
        problems += broken or list(_differences(root, one, exercises))
    if not lessons:
        problems += _strays(root, [one.name for one in chosen], exercises)
        problems += _wrong_pages(root, chosen, exercises)
    for path in sorted((root / "notebooks").rglob("*")):
        if path.suffix in READABLE and path.is_file() and ".ipynb_checkpoints" not in path.parts:
            problems += _leaks(path.relative_to(root).as_posix(), path.read_bytes(), exercises)
    return problems


def targets(one: Lesson, exercises: Sequence[Exercise], outputs: dict[str, list]) -> dict[str, bytes]:
    """The three files of a lesson (name from root → content); `outputs` are the solved notebook's."""
    solved = notebook.notebook_bytes(notebook.with_outputs(notebook.solved(one, exercises), outputs))
    workbook = notebook.notebook_bytes(notebook.learner(one, exercises))
    return {
        f"solutions/{one.name}.ipynb": solved,
        f"notebooks/{one.name}.ipynb": workbook,
        f"notebooks/{one.name}.py": notebook.twin(workbook),
    }


def load(root: Path, lessons: Sequence[str] = ()) -> list[Lesson]:
    """Read the lessons asked for: "01", "1" or "01_gradient_descent"; all if none is named. InputError if unknown."""
    paths = lesson.find(root / "solutions")
    if not lessons:
        return [lesson.read(path) for path in paths]
    chosen = []
    for wanted in lessons:
        name = wanted.zfill(2) if wanted.isdecimal() else Path(wanted).stem
        matching = [path for path in paths if name in (path.stem, path.stem[:2])]
        if not matching:
            known = ", ".join(path.stem[:2] for path in paths)
            raise InputError(f"There is no lesson {wanted!r}; wanted one of {known}, or a lesson's file name.")
        chosen += [lesson.read(path) for path in matching]
    return chosen


def find_root() -> Path:
    """The project's root: the working folder or the nearest above it that holds lesson sources."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if lesson.find(folder / "solutions") and (folder / "pyproject.toml").exists():
            return folder
    raise FileProblem(
        "There is no solutions/ folder with lesson sources here or above; build in a clone of the project."
    )


def _all(exercises: Sequence[Exercise] | None) -> Sequence[Exercise]:
    return catalogue() if exercises is None else exercises


def _raise_first(problems: list[str]) -> None:
    if problems:
        more = f" (and {len(problems) - 1} more: `featherweight build --check`)" if problems[1:] else ""
        raise LessonError(problems[0] + more)


def _refuse_to_overwrite(root: Path, chosen: Sequence[Lesson], exercises: Sequence[Exercise], whole: dict) -> None:
    if found := files.edited(root, whole):
        raise FileProblem(
            f"{', '.join(found)} was edited since it was generated; nothing was written. Make the change where it "
            "comes from (its first lines say where), or overwrite it with --force."
        )
    found = [name for one in chosen for name in files.edited(root, targets(one, exercises, {}))]
    if found:
        raise FileProblem(
            f"{', '.join(found)} was edited since it was generated; nothing was written. Save it under another name "
            "(`featherweight resume` then moves its answers into today's workbook), or overwrite it with --force."
        )


def _leaks(name: str, content: bytes, exercises: Sequence[Exercise]) -> list[str]:
    if not name.startswith("notebooks/") and name not in NAMES:
        return []
    return leaks.leaks(name, content.decode("utf-8", errors="replace"), exercises)


def _differences(root: Path, one: Lesson, exercises: Sequence[Exercise]) -> Iterator[str]:
    solved = root / f"solutions/{one.name}.ipynb"
    try:
        stored = v4.reads(solved.read_text(encoding="utf-8"))
        nbformat.validate(stored)
        outputs = notebook.stored_outputs(stored)
    except Exception:  # missing or damaged in any way nbformat can say: the bytes below differ
        outputs = {}
    if solved.is_file():
        yield from execute.output_problems(one.name, notebook.solved(one, exercises), outputs)
    yield from _unlike(root, targets(one, exercises, outputs), "its lesson makes")


def _unlike(root: Path, wanted: dict[str, bytes], by: str) -> Iterator[str]:
    manifest = files.read_manifest(root)
    for name, content in wanted.items():
        path = root / name
        if not path.is_file():
            yield f"{name} is missing; run `featherweight build`."
        elif path.read_bytes() != content:
            place = _first_difference(path, content)
            yield f"{name} differs from what {by}{place}; run `featherweight build`."
        elif manifest.get(name) != files.fingerprint(name, content):
            yield f"{files.MANIFEST} does not know today's {name}; run `featherweight build`."


def _wrong_pages(root: Path, lessons: Sequence[Lesson], exercises: Sequence[Exercise]) -> Iterator[str]:
    made = pages(root, lessons, exercises)
    yield from _unlike(root, made, "lessons and exercises make")
    for name, content in made.items():
        yield from _leaks(name, content, exercises)
    for name in files.read_manifest(root):
        if name in NAMES and name not in made:
            yield f"{name} was generated from a source that is gone; delete it and run `featherweight build`."


def _first_difference(path: Path, content: bytes) -> str:
    pairs = zip(path.read_bytes().split(b"\n"), content.split(b"\n"), strict=False)
    line = next((number for number, (got, wanted) in enumerate(pairs, start=1) if got != wanted), None)
    return f", first in line {line}" if line else " in length"


def _strays(root: Path, names: Sequence[str], exercises: Sequence[Exercise]) -> Iterator[str]:
    for name in files.read_manifest(root):
        if name not in NAMES and Path(name).stem not in names:
            yield f"{name} was generated from a lesson that is gone; delete it and run `featherweight build`."
    numbers = {int(name[:2]) for name in names}
    for exercise in exercises:
        if exercise.lesson not in numbers:
            yield f"{exercise.name!r} is an exercise of lesson {exercise.lesson}, which has no source in solutions/."
