"""Whom root becomes, and where what that user needs is put."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from featherweight.grading import nobody
from featherweight.grading.nobody import as_user, folder_for_all, leased_user


def test_no_two_leases_are_of_one_user_and_a_returned_one_is_free():
    with leased_user() as one, leased_user() as other:
        assert one != other and {one, other} <= set(nobody.USERS)
    with leased_user() as again:
        assert again <= other


def test_a_user_with_an_account_is_passed_over(monkeypatch):
    monkeypatch.setattr(nobody, "USERS", (os.getuid(), 64_999))
    with leased_user() as user:
        assert user == 64_999


def test_without_a_free_user_it_says_so(monkeypatch):
    monkeypatch.setattr(nobody, "USERS", (64_998,))
    with ExitStack() as stack:
        stack.enter_context(leased_user())
        with pytest.raises(OSError, match="every user id"):
            stack.enter_context(leased_user())


def test_a_folder_that_others_cannot_enter_is_not_used(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(nobody, "is_root", lambda: True)
    assert folder_for_all() == "/tmp"
    monkeypatch.setattr(tempfile, "tempdir", "/tmp")
    assert folder_for_all() is None
    monkeypatch.setattr(nobody, "is_root", lambda: False)
    assert folder_for_all() is None


def test_paths_with_quotes_reach_the_shell_whole(tmp_path):
    words = as_user(64_000, {Path('/it\'s a "place"'): tmp_path / "p $HOME"}, ["bwrap", "a b", "c'd"])
    assert words[:4] == ["unshare", "--mount", "--propagation", "private"]
    mount, remount, run = words[-1].splitlines()
    assert mount.startswith("mount --rbind '/it'\"'\"'s a \"place\"' '")
    assert remount.startswith("mount -o remount,bind,ro '")
    assert run.endswith("--clear-groups --no-new-privs bwrap 'a b' 'c'\"'\"'d'")
    assert (tmp_path / "p $HOME").is_dir()
