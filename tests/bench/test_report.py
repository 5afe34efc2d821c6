"""Every part goes into one file and leaves the others alone; what cannot be measured is said, and the command fails."""

import subprocess
from pathlib import Path
from typing import get_type_hints

import pytest

from featherweight.bench import report as bench
from featherweight.bench.kept import FILE_NAME, read_kept
from featherweight.bench.lessons import Lesson
from featherweight.bench.report import PARTS, Part, report
from featherweight.bench.row import Row, missing
from featherweight.bench.table import TABLE_NAME, document
from featherweight.cli import bench as command
from featherweight.errors import FileProblem, InputError, MissingTool


@pytest.fixture
def parts(monkeypatch):
    """Two parts of one row each; their functions may be replaced."""

    def made(**measures):
        for name, measure in measures.items():
            own[name] = Part(name.title(), "About it.", measure)

    own = {}
    monkeypatch.setattr(bench, "PARTS", own)
    made(first=lambda root: iter([Row("one", 1.0, "s", 2.0)]), second=lambda root: iter([Row("two", 3.0, "s", 2.0)]))
    return made


def test_every_part_is_kept_and_shown(parts, tmp_path):
    shown = []
    report(tmp_path, show=shown.append)
    kept = read_kept(tmp_path / FILE_NAME)
    assert [row.what for part in kept.values() for row in part.rows] == ["one", "two"]
    assert (tmp_path / TABLE_NAME).read_text(encoding="utf-8") == document(kept)
    assert "| one | 1 s | – | – | ≤ 2 s | met |" in shown[0] and "**falls short**" in shown[1]
    assert kept["first"].command == "featherweight bench --only first" and kept["first"].machine["memory"]


def test_one_part_alone_leaves_the_others_numbers_and_dates(parts, tmp_path):
    report(tmp_path, show=lambda text: None)
    before = read_kept(tmp_path / FILE_NAME)
    parts(second=lambda root: iter([Row("two", 1.5, "s", 2.0)]))
    report(tmp_path, only="second", show=lambda text: None)
    after = read_kept(tmp_path / FILE_NAME)
    assert after["first"] == before["first"] and after["second"].rows[0].measured == 1.5
    assert list(after) == ["first", "second"]


def fail(problem):
    def measure(root):
        yield Row("before it", 1.0, "s")
        raise problem

    return measure


@pytest.mark.parametrize(
    "problem",
    [MissingTool("Found no browser."), OSError("no disk"), subprocess.TimeoutExpired("pip", 3)],
    ids=["tool", "system", "time"],
)
def test_a_part_that_fails_says_so_and_the_others_are_measured(parts, tmp_path, problem):
    parts(first=fail(problem))
    with pytest.raises(MissingTool, match=r"^Some rows could not be measured: first: First: not measured: "):
        report(tmp_path, show=lambda text: None)
    kept = read_kept(tmp_path / FILE_NAME)
    assert [row.verdict for row in kept["first"].rows] == ["–", "not measured"] and kept["second"].rows
    assert "**not measured**" in (tmp_path / TABLE_NAME).read_text(encoding="utf-8")


def test_one_missing_row_fails_the_command_as_well(parts, tmp_path):
    parts(first=lambda root: iter([missing("compiled", "no compiler")]))
    with pytest.raises(MissingTool, match="first: compiled: not measured: no compiler"):
        report(tmp_path, only="first", show=lambda text: None)


def test_a_part_without_rows_fails(parts, tmp_path):
    parts(first=lambda root: iter([]))
    with pytest.raises(MissingTool, match="nothing was found to measure"):
        report(tmp_path, only="first", show=lambda text: None)


def test_an_error_of_our_own_is_not_hidden(parts, tmp_path):
    parts(first=fail(ZeroDivisionError("a fault")))
    with pytest.raises(ZeroDivisionError):
        report(tmp_path, only="first", show=lambda text: None)


def test_a_damaged_file_is_told_before_anything_is_measured(parts, tmp_path):
    (tmp_path / FILE_NAME).write_text("{")
    parts(first=fail(AssertionError("measured")))
    with pytest.raises(FileProblem):
        report(tmp_path, show=lambda text: None)


def test_an_unknown_part_is_named():
    with pytest.raises(InputError, match=r"^There is no part of the benchmarks 'all'; choose one of setup, start, "):
        report(only="all")


def test_the_command_s_help_names_every_part():
    told = get_type_hints(command, include_extras=True)["only"].__metadata__[0].help
    assert all(name in told for name in PARTS)


@pytest.mark.parametrize("name", list(PARTS))
def test_every_part_has_a_title_and_says_what_it_is(name):
    assert PARTS[name].title and PARTS[name].about.endswith(".")


def test_lessons_have_a_goal_for_seconds_and_for_memory(monkeypatch, tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "01_short.ipynb").touch()
    monkeypatch.setattr("featherweight.bench.lessons.measure_lesson", lambda path: Lesson(31.0, 15.5, 1000.0))
    seconds, memory = bench.lesson_rows(tmp_path)
    assert (seconds.measured, seconds.allowed, seconds.ratio.median, seconds.verdict) == (31, 30, 2, "falls short")
    assert memory.measured == pytest.approx(1.048576) and (memory.allowed, memory.verdict) == (1.2, "met")


def test_measuring_is_done_on_the_book_that_is_given(monkeypatch):
    monkeypatch.setattr("featherweight.bench.grading.sandboxed_rows", lambda root: [Row(str(root), 1.0, "s")])
    assert [row.what for row in PARTS["grading"].measure(Path("there"))] == ["there"]


@pytest.mark.slow
def test_imports_are_measured_beside_a_bare_python(monkeypatch):
    monkeypatch.setattr(bench, "lab_rows", lambda: iter([]))
    rows = list(bench.import_rows(Path()))
    assert [row.what for row in rows] == ["`import featherweight`", "`featherweight --help`"]
    assert all(row.measured > 0 and row.ratio.repeats == 5 for row in rows)
