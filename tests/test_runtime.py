"""Device, threads, seeds, cache folder, and files that are never half-written."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from featherweight import runtime
from featherweight.errors import FileProblem, InputError


def test_the_device_is_the_cpu_unless_told(monkeypatch):
    monkeypatch.delenv("FEATHERWEIGHT_DEVICE", raising=False)
    assert runtime.device().type == "cpu"


@pytest.mark.parametrize(("found", "kind"), [(True, "cuda"), (False, "cpu")])
def test_auto_takes_a_gpu_if_there_is_one(monkeypatch, found, kind):
    monkeypatch.setenv("FEATHERWEIGHT_DEVICE", "auto")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: found)
    assert runtime.device().type == kind


@pytest.mark.parametrize(("value", "says"), [("gpu", "wanted one of cpu, cuda, auto"), ("cuda", "torch finds no GPU")])
def test_refuses_a_device_that_is_not_there(monkeypatch, value, says):
    monkeypatch.setenv("FEATHERWEIGHT_DEVICE", value)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match=says):
        runtime.device()


@pytest.mark.parametrize(("value", "threads"), [(None, 1), ("2", 2)])
def test_threads(monkeypatch, value, threads):
    monkeypatch.delenv("FEATHERWEIGHT_THREADS", raising=False)
    if value:
        monkeypatch.setenv("FEATHERWEIGHT_THREADS", value)
    assert runtime.use_threads() == torch.get_num_threads() == threads


@pytest.mark.parametrize("value", ["0", "many", "-1", "1.5"])
def test_refuses_threads_that_are_none(monkeypatch, value):
    monkeypatch.setenv("FEATHERWEIGHT_THREADS", value)
    with pytest.raises(InputError, match="wanted a whole number of at least 1"):
        runtime.use_threads()


def test_a_seed_seeds_all_three():
    def draw():
        generator = runtime.seed(4)
        return torch.rand(1).item(), np.random.rand(), torch.rand(1, generator=generator).item()

    assert draw() == draw()


@pytest.mark.parametrize(
    ("platform", "folder"),
    [("linux", "cache"), ("darwin", "Library/Caches"), ("win32", "AppData/Local")],
)
def test_the_cache_folder_is_the_platforms(monkeypatch, platform, folder):
    monkeypatch.delenv("FEATHERWEIGHT_CACHE", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert folder in runtime.cache_folder().as_posix()
    monkeypatch.setenv("FEATHERWEIGHT_CACHE", "somewhere")
    assert runtime.cache_folder() == Path("somewhere")


def test_writes_text_with_line_feeds_and_replaces(tmp_path):
    target = tmp_path / "new" / "file.txt"
    runtime.write_atomically(target, "one\n")
    runtime.write_atomically(target, b"two\n")
    assert target.read_bytes() == b"two\n"
    assert os.listdir(target.parent) == ["file.txt"]


@pytest.mark.parametrize("broken", ["write", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_rubbish(monkeypatch, tmp_path, broken):
    target = tmp_path / "file.txt"
    target.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, {"write": "fsync", "replace": "replace"}[broken], full)
    with pytest.raises(FileProblem, match=r"Could not write file\.txt \(No space left on device\)"):
        runtime.write_atomically(target, "new")
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["file.txt"]


@pytest.mark.parametrize(("value", "strict"), [("1", True), ("0", False), ("", False)])
def test_strict(monkeypatch, value, strict):
    monkeypatch.setenv("FEATHERWEIGHT_STRICT", value)
    assert runtime.strict() is strict


def test_nbgrader_is_strict(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert runtime.strict()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes")
def test_only_an_ordinary_file_is_replaced(tmp_path):
    """Run as root, a rename would put a file in the place of /dev/null."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "link", tmp_path):
        with pytest.raises(FileProblem, match="it is no ordinary file and stays as it is"):
            runtime.write_atomically(path, "text")
    assert (tmp_path / "pipe").is_fifo()


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to("real")
    runtime.write_atomically(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "text"


@pytest.mark.skipif(os.name == "nt", reason="permissions")
@pytest.mark.parametrize(("mode", "wanted"), [(None, 0o600), (0o644, 0o644)], ids=["the user's", "given"])
def test_all_files_are_written_with_their_permissions(tmp_path, mode, wanted):
    before = os.umask(0o077)
    try:
        runtime.write_all(tmp_path, {"a.txt": b"a", "b/c.txt": b"c"}, "try again.", mode)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a.txt", tmp_path / "b" / "c.txt")} == {wanted}
    assert (tmp_path / "b" / "c.txt").read_bytes() == b"c"


def test_all_files_are_written_or_none(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"a file where a folder is wanted")
    with pytest.raises(FileProblem, match=r"^Could not write b/c\.txt \(.+\); try again\.$"):
        runtime.write_all(tmp_path, {"a.txt": b"new", "b/c.txt": b"new"}, "try again.")
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b"]
