"""Hostile submissions through the real sandbox, judged by what can be seen outside it. No sandbox, no pass."""

import re
import runpy
import tempfile
import time
from pathlib import Path

import pytest

from featherweight.grading.sandbox import Limits

OUTSIDE = runpy.run_path(str(Path(__file__).with_name("outside.py")))
ROWS = [
    pytest.param(attack, theme["SECONDS"], *row, id=f"{path.stem}-{attack.__name__}")
    for path in sorted(Path(__file__).with_name("hostile").glob("*.py"))
    for theme in (runpy.run_path(str(path)),)
    for attack, row in theme["ATTACKS"].items()
]
CONTROLS = [pytest.param(row.values[0], row.values[4], id=row.id) for row in ROWS if row.values[4]]
LIMITS = Limits(memory=3 * 2**30, total=2**30)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outside():
    place = OUTSIDE["Outside"]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET", place.canary)
        patch.setattr(tempfile, "tempdir", str(place.temporary))
        yield place
    place.close()


@pytest.fixture(scope="module")
def session(outside):
    with OUTSIDE["Watched"](LIMITS) as session:
        yield session
        name = OUTSIDE["namespace"](OUTSIDE["inside"](session.worker)) if session.worker else None
    assert name is None or OUTSIDE["inhabitants"](name) == []
    assert list(outside.temporary.iterdir()) == []


def test_there_are_at_least_thirty():
    assert len(ROWS) >= 30


@pytest.mark.parametrize(("attack", "seconds", "verdicts", "mark", "control"), ROWS)
def test_a_hostile_submission_gains_nothing_and_harms_nobody(
    attack, seconds, verdicts, mark, control, outside, session
):
    before, start = outside.print(), time.monotonic()
    results, told = outside.graded(session, attack, seconds)
    took = time.monotonic() - start
    assert results[0].verdict in verdicts, results
    assert re.fullmatch(mark, told), told
    assert told, "nothing shows that it ran"
    assert sum(result.points for result in results) == 0
    assert outside.canary.encode() not in session.heard
    assert outside.canary not in "".join(result.found for result in results)
    assert outside.print() == before
    assert outside.process.poll() is None
    assert took < 4 * seconds + 40
    session.heard.clear()
    assert [result.verdict for result in OUTSIDE["honest"](session)] == ["passed"] * 5
    assert session.worker is None or session.worker.alone()


FORGED = """
import sys

def epochs(function, inputs, labels, batch_size, seeds):
    sizes = ", ".join(str(min(batch_size, len(labels) - i)) for i in range(0, len(labels), batch_size))
    found = ["a list of pairs (inputs, labels)", sizes, "every example once", "each label with its inputs"]
    return [*found, "mixed", "one for each seed"]

sys.modules["probes"].epochs = epochs
minibatches = print
"""


def test_a_probe_that_was_replaced_cannot_say_that_an_answer_is_right(session):
    assert OUTSIDE["judged"](session, [FORGED], "minibatches", 5.0).points == 0
    found = session.answers["minibatches"]
    assert found[2:] == ["every example once", "each label with its inputs", "mixed", "one for each seed"]


SLOW = """
import signal, time

def largest_stable_rate(hessian):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    time.sleep(0.6)
    return 2.0 / torch.linalg.eigvalsh(hessian).max().item()
"""


def test_the_seconds_are_for_all_cases_together_whatever_becomes_of_the_alarm(session):
    session.forget()
    assert OUTSIDE["judged"](session, [SLOW], "largest_stable_rate", 0.5).verdict == "timeout"
    assert session.answers


@pytest.mark.parametrize(("attack", "mark"), CONTROLS)
def test_the_same_submission_succeeds_without_a_sandbox(attack, mark, monkeypatch):
    place = OUTSIDE["Outside"]()
    monkeypatch.setenv("SECRET", place.canary)
    try:
        with OUTSIDE["Watched"](LIMITS, unsafe=True) as session:
            results, told = place.graded(session, attack, 10.0)
        assert re.search(mark, told), told
        assert (results[0].verdict == "passed") == (mark == "borrowed")
    finally:
        place.close()


def test_ended_processes_are_gone_at_once(outside):
    session = OUTSIDE["Watched"](LIMITS)
    session.begin(["import os\nfor _ in range(3):\n    os.fork() == 0 and os.setsid()"], 5.0)
    name = OUTSIDE["namespace"](OUTSIDE["inside"](session.worker))
    assert len(OUTSIDE["inhabitants"](name)) > 3
    session.stop()
    assert OUTSIDE["inhabitants"](name) == []
