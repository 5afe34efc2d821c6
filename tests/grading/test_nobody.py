"""Whom root becomes, and where what that user needs is put."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from featherweight.grading import nobody
from featherweight.grading.nobody import as_user, leased_user, reachable


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


def test_what_is_out_of_reach_gets_a_place_of_its_own_and_paths_with_quotes_reach_the_shell_whole():
    places = reachable([Path('/it\'s a "place"'), Path("/other")])
    words = as_user(64_000, places, ["bwrap", "a b", "c'd"])
    assert words[:4] == ["unshare", "--mount", "--propagation", "private"]
    cover, folder, mount, remount, *_, run = words[-1].splitlines()
    assert cover == "mount -t tmpfs -o mode=755 none /sys"
    assert folder == "mkdir /sys/0"
    assert mount == "mount --rbind '/it'\"'\"'s a \"place\"' /sys/0"
    assert remount == "mount -o remount,bind,ro /sys/0"
    assert run.endswith("--clear-groups --no-new-privs bwrap 'a b' 'c'\"'\"'d'")
    assert list(places.values()) == [Path("/sys/0"), Path("/sys/1")]
