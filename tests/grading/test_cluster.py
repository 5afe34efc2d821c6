"""Dask gives the same bytes as processes do; where it is not installed or not there, one line says so."""

import runpy
import sys
from pathlib import Path

import pytest

from featherweight.errors import InputError, MissingTool
from featherweight.grading.cluster import connected, on_every_worker

GIVEN = runpy.run_path(str(Path(__file__).with_name("handing_in.py")))


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingTool, match=r'wanted it for --cluster: pip install "featherweight\[grade\]"'):
        connected("tcp://127.0.0.1:9").__enter__()


class OneWorker:
    """Stands for a client of one worker."""

    def run(self, tried, probe):
        return {"tcp://node:1": tried(probe)}


def test_a_worker_without_sandbox_is_named():
    def none():
        raise MissingTool("no bwrap")

    assert on_every_worker(OneWorker(), lambda: "cgroup") == {"cgroup"}
    with pytest.raises(MissingTool, match="On tcp://node:1: no bwrap"):
        on_every_worker(OneWorker(), none)


@pytest.mark.slow
def test_without_a_scheduler():
    with pytest.raises(InputError, match=r"There is no Dask scheduler at tcp://127\.0\.0\.1:9"):
        connected("tcp://127.0.0.1:9", 2).__enter__()
