"""Ratios are of what was measured in one run, and only whole grades are timed."""

from pathlib import Path

import pytest

from featherweight.bench import grading as bench
from featherweight.bench.classroom import hand_in, hand_in_tiny
from featherweight.bench.watch import Used
from featherweight.errors import FeatherweightError, MissingTool

ROOT = Path(__file__).parents[2]
MIB = 2**20


@pytest.fixture
def class_of_one(monkeypatch):
    """A class of one, and of three, whose grading takes 8 s alone and 5 s in twos, or less the second time."""
    seconds = {"1": iter([8.0, 9.0]), "2": iter([6.0, 4.0, 7.0, 5.0])}

    def graded(place, options):
        return Used(next(seconds[options[1]]), 10.0 * int(options[1]), 0), 0

    monkeypatch.setattr(bench, "graded", graded)
    return lambda: {row.what: row for row in bench.class_rows(ROOT, students=1, rounds=2)}


def test_ratios_of_a_class(class_of_one, monkeypatch):
    monkeypatch.setattr(bench, "autograde", lambda submitted, lessons, root: (40.0, 100.0))
    rows = class_of_one()
    judged = [(row.ratio.median, row.allowed, row.measured, row.beside) for row in rows.values() if row.allowed]
    assert judged == [
        (pytest.approx(0.125), 0.2, 4.0, "nbgrader autograde, 40 s"),
        (pytest.approx((7 / 8 + 5 / 9) / 2), 0.625, 5.0, "one at a time, 8 s"),
    ]
    cpu = [row.ratio.median for what, row in rows.items() if what.endswith(", by processors")]
    assert cpu == [pytest.approx(0.2), 2.0]


def test_without_nbgrader_the_row_says_so(class_of_one, monkeypatch):
    def fail(*arguments):
        raise MissingTool("not measured: nbgrader is not installed")

    monkeypatch.setattr(bench, "autograde", fail)
    [row] = [row for row in class_of_one().values() if row.measured is None]
    assert row.what == "featherweight grade -j 2, 3 notebooks, beside nbgrader autograde"
    assert row.note == "not measured: nbgrader is not installed" and row.verdict == "not measured"


def test_memory_is_that_of_many_beside_few(monkeypatch):
    peaks = iter([(Used(1, 1, 400 * MIB), MIB), (Used(1, 1, 408 * MIB), 3 * MIB)])
    counted = []

    def graded(place, options):
        counted.append(len(list(place.glob("*/*.ipynb"))))
        return next(peaks)

    monkeypatch.setattr(bench, "graded", graded)
    rows = list(bench.memory_rows(few=10, many=30))
    assert [row.measured for row in rows] == [408, 8, 3]
    assert rows[1].allowed == 20 * 10_000 / MIB and not rows[1].within
    assert counted == [10, 30]


def test_no_sandbox_is_one_row(monkeypatch):
    def fail():
        raise MissingTool("The sandbox did not start.")

    monkeypatch.setattr(bench, "probe", fail)
    [row] = bench.sandboxed_rows(ROOT)
    assert row.measured is None and row.note == "not measured: The sandbox did not start."


@pytest.mark.slow
def test_only_whole_grades_are_timed(tmp_path):
    hand_in_tiny(tmp_path, students=1, each=2)
    used, size = bench.graded(tmp_path, ["-j", "2"])
    assert used.seconds > 0 and used.peak > 50 * MIB and size > 1000
    hand_in(tmp_path / "eve" / "1.ipynb", {"largest_stable_rate": "def largest_stable_rate(hessian):\n    return 1"})
    with pytest.raises(FeatherweightError, match=r"eve/1\.ipynb got .*wanted all right: not timed"):
        bench.graded(tmp_path, ["-j", "2"])
