"""The progress file: what is written and when, and what happens to it when things go wrong."""

import json
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import filelock
import pytest

from featherweight import runtime
from featherweight.errors import FileProblem
from featherweight.exercises import progress as module
from featherweight.exercises.progress import (
    FILE_NAME,
    load,
    location,
    merge_file,
    progress,
    record_prediction,
    record_verdict,
)

CODE = "def adam_step(x):\n    return x\n"
BOOK = [SimpleNamespace(name="sgd_step", lesson=2), SimpleNamespace(name="adam_step", lesson=3)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A learner's folder, with progress switched on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FEATHERWEIGHT_PROGRESS")
    monkeypatch.setattr(module, "_waiting", {})
    return tmp_path


def _full(source, target):
    raise OSError(28, "No space left on device")


def test_a_verdict_and_a_prediction_are_kept(folder):
    record_verdict("adam_step", "wrong", CODE)
    record_verdict("adam_step", "passed", CODE + "# mended\n")
    record_prediction("ravine", 1, "fairly", True)
    done = load()
    assert (done.of("adam_step").state, done.of("adam_step").tries) == ("passed", 2)
    assert done.prediction("ravine").confidence == "fairly"
    assert (folder / FILE_NAME).read_text().startswith('{\n "format": "featherweight-progress",\n "version": 1')


def test_an_untouched_stub_leaves_no_file(folder):
    record_verdict("adam_step", "not started", CODE)
    assert os.listdir(folder) == []


@pytest.mark.parametrize(
    "setting",
    [
        pytest.param({"FEATHERWEIGHT_PROGRESS": "off"}, id="off"),
        pytest.param({"FEATHERWEIGHT_PROGRESS": "OFF"}, id="capitals"),
        pytest.param({"FEATHERWEIGHT_STRICT": "1"}, id="strict"),
        pytest.param({"NBGRADER_EXECUTION": "autograde"}, id="nbgrader"),
    ],
)
def test_builds_and_tests_write_nothing(folder, monkeypatch, setting):
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    record_verdict("adam_step", "passed", CODE)
    record_prediction("ravine", 1, None, True)
    assert os.listdir(folder) == []


def test_the_place_can_be_chosen(folder, monkeypatch):
    monkeypatch.setenv("FEATHERWEIGHT_PROGRESS", str(folder / "elsewhere.json"))
    record_verdict("adam_step", "passed", CODE)
    assert location("ignored") == folder / "elsewhere.json"
    assert load().of("adam_step").state == "passed"


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        pytest.param(b'{"format": "featherweight-pro', "not whole JSON", id="truncated"),
        pytest.param(b"", "not whole JSON", id="empty"),
        pytest.param(b'{"cells": []}', "not a featherweight progress file", id="foreign"),
    ],
)
def test_a_damaged_file_is_kept_aside_and_a_new_one_starts(folder, capsys, damaged, says):
    (folder / FILE_NAME).write_bytes(damaged)
    assert load().exercises == ()
    assert (folder / FILE_NAME).read_bytes() == damaged, "looking changes nothing"
    assert says in capsys.readouterr().err

    record_verdict("adam_step", "passed", CODE)
    error = capsys.readouterr().err
    assert says in error and "kept as" in error and error.count("\n") == 1
    assert (folder / "kept" / "featherweight-progress-1.json").read_bytes() == damaged
    assert load().of("adam_step").state == "passed"
    assert capsys.readouterr().err == ""


def test_a_full_disk_says_so_once_and_loses_nothing(folder, capsys, monkeypatch):
    record_verdict("adam_step", "passed", CODE)
    before = (folder / FILE_NAME).read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(runtime.os, "replace", _full)
        record_verdict("sgd_step", "passed", CODE)
        record_prediction("ravine", 0, None, False)
        assert load().of("sgd_step").state == "passed"
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "waits in memory" in error and "No space left" in error
    assert (folder / FILE_NAME).read_bytes() == before

    record_verdict("sgd_step", "passed", CODE)
    on_disk = json.loads((folder / FILE_NAME).read_text())
    assert {row["name"]: row["tries"] for row in on_disk["exercises"]} == {"adam_step": 1, "sgd_step": 2}
    assert len(on_disk["predictions"]) == 1


def test_a_folder_that_is_none_never_stops_a_check(folder, capsys, monkeypatch):
    (folder / "file").write_text("mine")
    monkeypatch.setenv("FEATHERWEIGHT_PROGRESS", str(folder / "file" / "progress.json"))
    record_verdict("adam_step", "passed", CODE)
    assert "waits in memory" in capsys.readouterr().err
    assert load().of("adam_step").tries == 1


KERNEL = """
import sys
from featherweight.exercises.progress import record_verdict

for _ in range(20):
    record_verdict(sys.argv[1], "wrong", "")
"""


def test_two_kernels_lose_none_of_each_others_rows(folder):
    kernels = [subprocess.Popen([sys.executable, "-c", KERNEL, name], cwd=folder) for name in ("one", "two")]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0]
    done = load()
    assert (done.of("one").tries, done.of("two").tries) == (20, 20)


def test_a_downloaded_file_merges_and_merging_twice_changes_nothing(folder):
    record_verdict("adam_step", "passed", CODE)
    record_prediction("ravine", 1, None, True)
    os.rename(FILE_NAME, "download.json")
    record_verdict("sgd_step", "wrong", CODE)
    assert merge_file("download.json") == f"download.json: 1 answers and 1 predictions are new in {FILE_NAME}."
    once = (folder / FILE_NAME).read_bytes()
    assert merge_file("download.json") == f"download.json: 0 answers and 0 predictions are new in {FILE_NAME}."
    assert (folder / FILE_NAME).read_bytes() == once
    assert {row.name for row in load().exercises} == {"adam_step", "sgd_step"}


def test_a_damaged_download_changes_nothing(folder):
    record_verdict("adam_step", "passed", CODE)
    before = (folder / FILE_NAME).read_bytes()
    (folder / "download.json").write_text("{")
    with pytest.raises(FileProblem, match=r"download\.json is not whole JSON"):
        merge_file("download.json")
    with pytest.raises(FileProblem, match=r"Could not read missing\.json"):
        merge_file("missing.json")
    assert (folder / FILE_NAME).read_bytes() == before


def test_progress_shows_lessons_in_order_and_predictions(folder):
    record_verdict("adam_step", "passed", CODE)
    record_verdict("gone_step", "error", CODE)
    record_prediction("ravine", 1, 80, False)
    record_prediction("ravine", 2, 80, True)
    assert str(progress(catalogue=BOOK)) == (
        "Lesson 2: 0 of 1 passed (sgd_step not started)\n"
        "Lesson 3: 1 of 1 passed (adam_step passed, 1 try)\n"
        "Not in this release: 0 of 1 passed (gone_step error, 1 try)\n"
        "Prediction ravine: 1 (sure: 80), wrong, guessed again once"
    )


def test_a_file_that_an_editor_saved_with_a_byte_order_mark_is_read(folder):
    record_verdict("adam_step", "passed", CODE)
    file = folder / FILE_NAME
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    record_verdict("adam_step", "passed", CODE)
    assert load().of("adam_step").tries == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes")
def test_a_pipe_or_device_is_neither_read_nor_replaced(folder, capsys, monkeypatch):
    os.mkfifo(folder / "pipe")  # reading it would wait for ever
    monkeypatch.setenv("FEATHERWEIGHT_PROGRESS", "pipe")
    record_verdict("adam_step", "passed", CODE)
    assert load().of("adam_step").tries == 1
    assert (
        "Progress is not saved in pipe for now, and waits in memory: it is no ordinary file" in capsys.readouterr().err
    )
    assert (folder / "pipe").is_fifo()


def test_a_folder_that_is_gone_never_stops_a_check(folder, capsys, monkeypatch):
    (folder / "gone").mkdir()
    monkeypatch.chdir(folder / "gone")
    (folder / "gone").rmdir()
    record_verdict("adam_step", "passed", CODE)
    assert load().of("adam_step").tries == 1
    assert capsys.readouterr().err.startswith("Progress is not saved in featherweight-progress.json for now")


def test_a_lock_that_stays_held_costs_its_wait_once(folder, monkeypatch, capsys):
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.6)
    with filelock.FileLock(folder / f".{FILE_NAME}.lock"):
        record_verdict("adam_step", "wrong", CODE)
        start = time.perf_counter()
        record_verdict("adam_step", "passed", CODE)
        assert time.perf_counter() - start < 0.5
    assert "waits in memory" in capsys.readouterr().err
    record_verdict("adam_step", "passed", CODE)
    assert json.loads((folder / FILE_NAME).read_text())["exercises"][0]["tries"] == 3


def test_a_link_to_a_progress_file_elsewhere_stays_a_link(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mine.json"
    (folder / FILE_NAME).symlink_to(elsewhere)
    record_verdict("adam_step", "passed", CODE)
    assert (folder / FILE_NAME).is_symlink() and "adam_step" in elsewhere.read_text()
