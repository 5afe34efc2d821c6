import os
import subprocess
import sys

from featherweight.grading.cores import leased_core, on_core

MINE = os.sched_getaffinity(0)
ASK = [sys.executable, "-c", "import os; print(os.sched_getaffinity(0))"]


def test_no_core_is_leased_twice_and_a_lease_that_ended_is_free_again():
    with leased_core() as first, leased_core() as second:
        assert first is None or first in MINE
        assert first is None or first != second
    with leased_core() as again:
        assert again == first


def test_where_all_are_taken_there_is_none(monkeypatch):
    with leased_core() as core:
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {core} - {None})
        with leased_core() as none:
            assert none is None


def test_what_is_started_stays_on_its_core_and_who_started_it_does_not():
    core = max(MINE)
    with on_core(core):
        found = subprocess.run(ASK, capture_output=True, text=True, check=True).stdout
    assert found.strip() == str({core})
    assert os.sched_getaffinity(0) == MINE
    with on_core(None):
        assert os.sched_getaffinity(0) == MINE
