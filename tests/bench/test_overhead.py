"""What a student's task takes is told apart from torch's import and from the student's own computing."""

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from featherweight.bench import overhead as bench
from featherweight.bench.classroom import LOOPS, answers, hand_in
from featherweight.bench.overhead import Cost
from featherweight.errors import FeatherweightError
from featherweight.grading.collect import collect
from featherweight.grading.score import Result

WORKBOOKS = Path(__file__).parents[2] / "notebooks"


def test_the_least_of_each_cost_counts(monkeypatch):
    clock, cpu = iter([0, 5, 10, 13, 20, 24, 30, 39]), iter([0, 1, 2, 4, 5, 8, 9, 10])
    monkeypatch.setattr(bench.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(bench.time, "process_time", lambda: next(cpu))
    order, theirs = [], iter([7, 6])
    actions = {"a": lambda: order.append("a"), "b": lambda: order.append("b") or next(theirs)}
    assert bench.fastest(actions, rounds=2) == {"a": Cost(4, 1), "b": Cost(3, 7)}
    assert order == ["a", "b"] * 2


def test_overhead_is_what_is_left(monkeypatch):
    costs = {"task": Cost(9.0, 8.0), "import": Cost(2.0, 1.0), "own": Cost(1.0, 1.0)}
    monkeypatch.setattr(bench, "fastest", lambda actions, rounds: {name: costs[name] for name in actions})
    rows = list(bench.overhead_rows(WORKBOOKS))
    assert [row.measured for row in rows] == [6, 6, 2, 2]
    assert [row.allowed for row in rows] == [0.3, None, 0.3, None]


def test_own_computing_asks_every_question(tmp_path):
    """Counted by a probe; an answer that is not there is an error."""
    hand_in(tmp_path / "ada.ipynb", answers(1))
    handed, asked = [one.loaded() for one in collect(tmp_path)], []

    def probed(function, **inputs):
        asked.append(function.__name__)

    book = [replace(one, probe=probed) for one in bench.SETTINGS.book()]
    settings = SimpleNamespace(book=lambda: book, seed=lambda lesson: 1)
    compute = bench.own(handed, settings)
    assert asked == []
    compute()
    compute()
    wanted = [one.name for one in book if one.lesson == 1 for _ in one.cases(1)]
    assert asked == 2 * wanted
    hand_in(tmp_path / "bob.ipynb", dict.fromkeys(answers(1), "x = 1"))
    with pytest.raises(KeyError):
        bench.own([one.loaded() for one in collect(tmp_path / "bob.ipynb")], settings)()


def test_a_loop_costs_what_is_beyond_its_seconds(monkeypatch):
    seconds = {"": iter([3.0, 1.0]), "in Python": iter([3.5, 9.0]), "in C": iter([9.0, 4.0])}
    monkeypatch.setattr(bench, "_seconds", lambda loop, settings: next(seconds[loop]))
    rows = list(bench.loop_rows())
    assert [(row.measured, row.allowed) for row in rows] == [(0.5, 1), (1.0, 1)]


class Open:
    """A session without a sandbox."""

    def __init__(self, limits, unsafe):
        self.begin, self.end = lambda cells, seconds: None, lambda: None

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        pass


@pytest.mark.parametrize(
    ("loop", "verdicts"),
    [("", ["passed", "timeout"]), ("in Python", ["passed", "passed"]), ("in C", ["timeout", "passed"])],
)
def test_a_verdict_that_is_not_due_is_not_timed(monkeypatch, loop, verdicts):
    results = [Result(f"exercise {number}", verdict, 0, 1) for number, verdict in enumerate(verdicts)]
    monkeypatch.setattr(bench, "Session", Open)
    monkeypatch.setattr(bench, "graded_in", lambda session, handed, settings: [SimpleNamespace(results=results)])
    with pytest.raises(FeatherweightError, match="not timed"):
        bench._seconds(loop, bench.SETTINGS)


@pytest.mark.slow
@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_takes_all_its_seconds(loop):
    assert bench._seconds(loop, replace(bench.SETTINGS, seconds=2.0)) >= 2.0


@pytest.mark.slow
def test_a_slow_grader_is_seen(monkeypatch):
    graded_in = bench.graded_in

    def dawdling(*arguments):
        time.sleep(0.5)
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
        return graded_in(*arguments)

    monkeypatch.setattr(bench, "graded_in", dawdling)
    handed = []
    monkeypatch.setattr(bench, "_import", lambda: 0.0)
    monkeypatch.setattr(bench, "own", lambda mine, settings: lambda: handed.append(len(mine)))
    first, cpu, third, _ = bench.overhead_rows(WORKBOOKS, rounds=1)
    assert first.measured > 1 and cpu.measured > 0.5 and third.measured > 1 / 3
    assert handed == [1, 3]
