"""What is said in the end, word by word."""

from dataclasses import replace

import pytest

from featherweight.artifact.compress.goal import Goal


@pytest.mark.parametrize(
    ("goal", "lost", "verdict"),
    [
        (
            Goal(None, 1.0),
            4,
            "the loss is 0.4 points (95% interval −0.0 to 0.8) on 1,000 held-out examples: shown to be",
        ),
        (
            Goal(None, 1.0),
            8,
            "the loss is 0.8 points (95% interval 0.2 to 1.4) on 1,000 held-out examples: not shown to",
        ),
        (
            Goal(None, 1.0),
            40,
            "the loss is 4.0 points (95% interval 2.8 to 5.2) on 1,000 held-out examples: more than the 1 ",
        ),
        (
            Goal(None, 1.0),
            -4,
            "the loss is −0.4 points (95% interval −0.8 to 0.0) on 1,000 held-out examples: shown to be",
        ),
        (Goal(5000, None), 4, "the loss is 0.4 points (95% interval 0.0 to 0.8) on 1,000 held-out examples."),
    ],
    ids=["shown", "not shown", "more", "gain", "bytes"],
)
def test_the_verdict(goal, lost, verdict, made_up):
    assert made_up(goal, lost=lost).verdict.startswith(verdict.replace("−0.0 to 0.8", "0.0 to 0.8"))


@pytest.mark.parametrize(
    ("goal", "problem"),
    [
        (
            Goal(1000, None),
            "No file fits in 1,000 bytes: the smallest has 2,345 bytes. It is kept; allow more bytes or more ",
        ),
        (
            Goal(None, 0.1),
            "No file keeps to at most 0.1 points lost: the best that was found is kept. Allow more points, ",
        ),
        (Goal(5000, 0.1), "No file keeps to at most 5,000 bytes and at most 0.1 points lost: the best that was found"),
    ],
    ids=["bytes", "points", "both"],
)
def test_a_goal_out_of_reach(goal, problem, made_up):
    result = made_up(goal, reached=False)
    assert result.problem.startswith(problem)
    assert str(result).splitlines()[-1] == result.problem
    assert made_up(goal).problem == ""


def test_the_lines(made_up):
    lines = str(made_up(notes=("Take care.",))).splitlines()
    assert lines[0] == "44,644 bytes → 2,345 bytes, 19.0 times smaller: mine.fw"
    assert lines[1].startswith("accuracy 95.0% → 94.6%; the loss is 0.4 points")
    assert lines[2:] == ["Take care.", "report: mine.html"]


def test_the_loader(made_up):
    code = made_up().loader
    compile(code, "loader", "exec")
    assert 'load("mine.fw")' in code


def test_a_name_with_quotes_does_not_break_the_loader(made_up):
    compile(made_up(name='my "best".fw').loader, "loader", "exec")


def test_a_large_network_is_loaded_with_its_limit(made_up):
    result = replace(made_up(), limit=2**27)
    assert 'load("mine.fw", limit=134_217_728)' in result.loader
