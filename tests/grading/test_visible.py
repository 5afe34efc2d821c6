"""What a sandbox can see, and that no copy of the book is among it."""

import sys
from pathlib import Path

import pytest

from featherweight.grading import visible
from featherweight.grading.visible import hidden, prefixes, shown


def planted(root: Path, *names: str) -> None:
    for name in names:
        (root / name).mkdir(parents=True, exist_ok=True)


def test_an_installed_copy_is_hidden_in_every_prefix(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    planted(one, "lib/python3.12/site-packages/featherweight", "lib/python3.12/site-packages/torch")
    planted(other, "lib/python3/dist-packages/featherweight")
    (one / "lib64").symlink_to("lib")
    found = hidden([one, other], package=tmp_path / "elsewhere/src/featherweight")
    assert [path for path in found if path.is_relative_to(tmp_path)] == [
        one / "lib/python3.12/site-packages/featherweight",
        other / "lib/python3/dist-packages/featherweight",
    ]


def test_a_checkout_inside_what_is_shown_is_hidden_and_one_outside_is_not_mentioned(tmp_path):
    package = tmp_path / "prefix/book/src/featherweight"
    planted(package, "grading")
    (tmp_path / "prefix/book/pyproject.toml").touch()
    assert {package, tmp_path / "prefix/book"} <= set(hidden([tmp_path / "prefix"], package))
    assert not [path for path in hidden([tmp_path / "environment"], package) if path.is_relative_to(tmp_path)]


def test_a_checkout_behind_a_link_is_hidden(tmp_path):
    planted(tmp_path, "real/src/featherweight")
    (tmp_path / "prefix").symlink_to("real")
    assert tmp_path / "prefix/src/featherweight" in hidden([tmp_path / "prefix"], tmp_path / "real/src/featherweight")


def test_an_environment_inside_a_hidden_checkout_comes_back(tmp_path, monkeypatch):
    book = tmp_path / "prefix/book"
    planted(book, "src/featherweight", ".venv")
    (book / "pyproject.toml").touch()
    monkeypatch.setattr(visible, "PACKAGE", book / "src/featherweight")
    monkeypatch.setattr(hidden, "__defaults__", (book / "src/featherweight",))
    places = {path: path for path in (tmp_path / "prefix", book / ".venv")}
    words = shown(places, 1000)
    order = [words.index(str(path)) for path in (tmp_path / "prefix", book, book / ".venv")]
    assert order == sorted(order)


def test_everything_is_shown_read_only_and_every_writable_folder_has_a_size():
    words = shown({Path(sys.prefix): Path(sys.prefix)}, 1000)
    assert "--bind" not in words and "--dev-bind" not in words
    assert not {"/etc", "/home", "/root", "/var", "/run", "/sys", "/"} & set(words)
    for place in ("/tmp", "/dev/shm"):
        assert words[words.index(place) - 3 : words.index(place)] == ["--size", "1000", "--tmpfs"]
    assert words[-2:] == ["--remount-ro", "/dev"]


def test_a_prefix_that_is_the_root_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/")
    with pytest.raises(OSError, match="would show every file"):
        prefixes()


def test_an_interpreter_beside_no_bin_shows_nothing_above_it(monkeypatch, tmp_path):
    (tmp_path / "python").touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert tmp_path.parent not in prefixes()
