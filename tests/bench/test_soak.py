"""The command over lessons and modes, and the sample of it that `make test` runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from featherweight.bench import soak as command
from featherweight.bench.modes import MODES
from featherweight.bench.soak import Finding, Soaked, plan, soak
from featherweight.errors import InputError, MissingTool

ROOT = Path(__file__).parents[2]
LESSONS = 13
SAMPLE = plan(ROOT, sample=LESSONS)
FOUND = Finding("01_x", "twice", "c", "ValueError: no")


def test_a_line_says_lesson_mode_time_memory_and_what_was_found():
    assert str(FOUND) == "01_x, twice, cell c: ValueError: no"
    assert str(Finding("01_x", "twice", "", "gone")) == "01_x, twice, at the end: gone"
    line = str(Soaked("01_x", "twice", 1.0, 2.0, ()))
    assert line.split() == ["01_x", "twice", "1.0", "s", "2", "MiB", "passed"]
    assert str(Soaked("01_x", "twice", 1.0, 2.0, (FOUND,))).splitlines()[1] == f"  {FOUND}"


def test_the_plan_is_every_lesson_in_every_mode_or_what_is_asked_for():
    assert len(set(plan(ROOT))) == LESSONS * len(MODES)
    assert {path.name[:2] for path, _ in plan(ROOT, lesson=7)} == {"07"}
    assert [mode for _, mode in plan(ROOT, lesson=7, mode="wrong")] == ["wrong"]
    assert len(set(plan(ROOT, sample=LESSONS * len(MODES)))) == LESSONS * len(MODES)


def test_the_sample_has_every_lesson_and_every_mode():
    assert len({path for path, _ in SAMPLE}) == LESSONS
    assert {mode for _, mode in SAMPLE} == set(MODES)


@pytest.mark.parametrize(
    ("root", "given", "line"),
    [
        (ROOT, {"lesson": 77}, "There is no lesson 77; wanted 1 to 13."),
        (ROOT, {"mode": "upside-down"}, "There is no mode 'upside-down'; choose one of twice, restarted, "),
        (ROOT / "src", {}, "src holds no tests/offline; wanted the root of the book: go there."),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(root, given, line):
    with pytest.raises(InputError) as caught:
        plan(root, **given)
    assert line in str(caught.value)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap and limits on memory are Linux's")
@pytest.mark.parametrize(("workbook", "mode"), SAMPLE, ids=lambda value: getattr(value, "stem", value))
def test_the_beginning_of_a_lesson_in_one_mode(workbook, mode):
    """Through the first exercise and its check, and then the record: `make soak` runs whole lessons, in all modes."""
    assert soak(workbook, mode, ROOT, brief=True).findings == ()


def cannot_go_on(problem):
    """A mode that finds something, and then cannot go on."""

    def mode(at):
        yield "first", "it went wrong"
        raise problem

    return mode


def test_what_stops_a_mode_is_found_as_well(monkeypatch):
    monkeypatch.setitem(MODES, "twice", cannot_go_on(InputError("No such thing.")))
    assert [each.what for each in soak(*SAMPLE[0], ROOT).findings] == ["it went wrong", "No such thing."]


def test_what_the_machine_lacks_is_no_finding(monkeypatch):
    monkeypatch.setitem(MODES, "twice", cannot_go_on(MissingTool("Install it.")))
    with pytest.raises(MissingTool, match="Install it"):
        soak(*SAMPLE[0], ROOT)


def run(capsys, **options):
    """Exit status and what is printed."""
    given = {"lesson": None, "mode": None, "sample": 0, "brief": False, "jobs": 1} | options
    try:
        command.run(**given)
        status = 0
    except command.typer.Exit as left:
        status = left.exit_code
    return status, capsys.readouterr().out


@pytest.mark.parametrize(("findings", "status"), [((), 0), ((FOUND,), 1)])
def test_the_command_counts_and_fails_where_something_is_found(monkeypatch, capsys, findings, status):
    monkeypatch.chdir(ROOT)
    made = Soaked("01_x", "twice", 1.0, 2.0, findings)
    monkeypatch.setattr(command, "soak_all", lambda pairs, *options: iter([made for _ in pairs]))
    left, printed = run(capsys, lesson=1)
    assert left == status
    assert printed.splitlines()[-1] == f"{len(MODES)} runs, {len(MODES) * status} with findings"


@pytest.mark.slow
def test_the_command_as_a_process_says_what_is_wrong_in_one_line():
    words = [sys.executable, "-m", "featherweight.bench.soak", "--mode", "upside-down"]
    answer = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 2
    assert answer.stderr.startswith("soak: There is no mode 'upside-down'") and answer.stderr.count("\n") == 1
