"""Dask gives the same bytes as processes do; where it is not installed or not there, one line says so."""

import os
import runpy
import sys
from pathlib import Path

import pytest

from featherweight import cli
from featherweight.errors import InputError, MissingTool
from featherweight.export.canonical import lines
from featherweight.grading.cluster import connected, on_every_worker
from featherweight.grading.gradebook import Gradebook

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
@pytest.mark.filterwarnings("ignore")  # of Dask's own
def test_the_same_bytes_on_a_cluster(tmp_path):
    distributed = pytest.importorskip("distributed")
    for name in ("ada", "bob"):
        GIVEN["hand_in"](tmp_path / "in", name, GIVEN["RIGHT"] if name == "ada" else None)
    (tmp_path / "seed").write_text("correct horse battery")
    common = ["grade", os.fspath(tmp_path / "in"), "--seed-file", os.fspath(tmp_path / "seed"), "--unsafe"]
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        assert cli.main([*common, "--out", os.fspath(tmp_path / "dask"), "--cluster", address]) == 0
    assert cli.main([*common, "--out", os.fspath(tmp_path / "here")]) == 0
    with Gradebook(tmp_path / "dask") as one, Gradebook(tmp_path / "here") as other:
        assert lines(one.records()) == lines(other.records()) != b""
    with pytest.raises(InputError, match=r"There is no Dask scheduler at tcp://127\.0\.0\.1:9"):
        connected("tcp://127.0.0.1:9", 2).__enter__()
