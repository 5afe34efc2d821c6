"""nbgrader's time counts only where it gave all points, and where there is none that is said."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from featherweight.bench import autograde as bench
from featherweight.bench.classroom import hand_in_lessons
from featherweight.errors import FeatherweightError, MissingTool

ROOT = Path(__file__).parents[2]


def test_without_nbgrader(monkeypatch):
    monkeypatch.setattr(bench, "find_spec", lambda name: None)
    with pytest.raises(MissingTool, match=r"^not measured: nbgrader is not installed$"):
        bench.autograde(Path("none"), ["01"], ROOT)


@pytest.fixture
def database(tmp_path):
    """nbgrader's tables, as far as they are read: one answer of two points, and what was given for it."""

    def made(*scores):
        with closing(sqlite3.connect(tmp_path / "gradebook.db")) as book, book:
            book.execute("create table grade (cell_id text, auto_score real)")
            book.execute("create table grade_cells (id text, max_score real)")
            book.execute("insert into grade_cells values ('a', 2.0)")
            book.executemany("insert into grade values ('a', ?)", [(score,) for score in scores])
        return tmp_path / "gradebook.db"

    return made


def test_all_points_are_all_right(database):
    bench._check(database(2.0, 2.0))


@pytest.mark.parametrize(("scores", "told"), [((2.0, 1.0), "1 of 2"), ((None,), "1 of 1"), ((), "0 of 0")])
def test_less_than_all_points_is_not_timed(database, scores, told):
    with pytest.raises(FeatherweightError, match=rf"less than all points to {told} answers; not timed"):
        bench._check(database(*scores))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_real_one_grades_a_solved_lesson(tmp_path):
    lessons = hand_in_lessons(tmp_path, ROOT / "notebooks", students=1, lessons=1)
    clock, cpu = bench.autograde(tmp_path / "submitted", lessons, ROOT)
    assert clock > 1 and cpu > 1
