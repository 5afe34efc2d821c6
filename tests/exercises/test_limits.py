"""Out of time, with the alarm and without it, and for code that catches everything."""

import signal
import threading
import time

import pytest

from featherweight.exercises import limits
from featherweight.exercises.limits import OutOfTime, run_within


def forever():
    while True:
        time.sleep(0.001)


def stubborn():
    while True:
        try:  # noqa: SIM105
            time.sleep(0.001)
        except:  # noqa: E722 — as learners write it
            pass


def stubborn_with_more_lines():
    while True:
        try:
            time.sleep(0.0005)
            time.sleep(0.0005)
            time.sleep(0.0005)
        except BaseException as problem:
            del problem
            continue


def too_late():
    raise KeyError("mine")


@pytest.fixture(params=["alarm", "thread"])
def way(request, monkeypatch):
    if request.param == "thread":
        monkeypatch.delattr(signal, "SIGALRM")
    return request.param


def test_gives_back_the_answer(way):
    assert run_within(5, lambda x: x + 1, 2) == 3


def test_passes_on_an_exception(way):
    with pytest.raises(KeyError, match="mine"):
        run_within(5, too_late)


@pytest.mark.slow
@pytest.mark.parametrize("loop", [forever, stubborn, stubborn_with_more_lines])
def test_ends_what_does_not_end(way, loop):
    started = time.monotonic()
    with pytest.raises(OutOfTime):
        run_within(0.2, loop)
    assert time.monotonic() - started < 5


def test_no_alarm_is_left_behind(way):
    run_within(0.05, lambda: None)
    time.sleep(0.1)


def test_works_outside_the_main_thread():
    seen = []

    def work():
        try:
            run_within(0.2, forever)
        except OutOfTime:
            seen.append("out of time")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert seen == ["out of time"]


def test_the_thread_of_an_endless_loop_ends(monkeypatch):
    monkeypatch.delattr(signal, "SIGALRM")
    before = threading.active_count()
    with pytest.raises(OutOfTime):
        run_within(0.1, forever)
    time.sleep(4 * limits.REPEAT)
    assert threading.active_count() == before
