"""A set-up is timed in a copy; what it leaves is counted once, and one that fails is no measurement."""

import os
from pathlib import Path

import pytest

from featherweight.bench import fresh_setup as bench
from featherweight.errors import FeatherweightError, InputError

ROOT = Path(__file__).parents[2]
WORKS = """import os, pathlib, sys
place = pathlib.Path(".venv/lib/python3/site-packages")
for name, size in {"torch": 3000, "other": 1000}.items():
    (place / name).mkdir(parents=True)
    (place / name / "file").write_bytes(b"x" * size)
os.symlink("lib", ".venv/lib64")
assert sys.argv[1:] == ["lab"] and "PYTHONPATH" not in os.environ and os.environ["PIP_NO_CACHE_DIR"] == "1"
print("torch 9.9 (CPU build)")
"""


@pytest.fixture
def book(tmp_path):
    """A book whose set-up is a script of a few lines."""

    def made(script):
        path = tmp_path / "given" / bench.SCRIPT
        path.parent.mkdir(parents=True)
        path.write_text(script)
        (tmp_path / "given" / "pyproject.toml").touch()
        (tmp_path / "given" / ".venv").mkdir()
        return tmp_path / "given"

    return made


@pytest.mark.skipif(os.name == "nt", reason="the script makes a link")
def test_seconds_bytes_and_torch(book, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    seconds, whole, torch = bench.fresh_rows(book(WORKS))
    assert seconds.what == "set-up, torch 9.9 (CPU build)" and seconds.measured > 0
    assert 4000 <= 1e9 * whole.measured < 4100 and whole.verdict == "met"  # the link has a few bytes, not all again
    assert torch.measured == pytest.approx(3e-6) and 2.5 < torch.ratio.median <= 3


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import sys; sys.exit('No matching distribution')", "status 1: No matching distribution"),
        ("import sys; sys.exit('ERROR: no disk\\nsee above')", "status 1: ERROR: no disk"),
        ("print('done')", "status 0: done"),
        ("", "status 0: no torch was named"),
    ],
)
def test_a_set_up_that_fails_is_said(book, script, told):
    with pytest.raises(FeatherweightError, match=rf"^not measured: the set-up ended with {told}$"):
        list(bench.fresh_rows(book(script)))


def test_no_book_is_said(tmp_path):
    with pytest.raises(InputError, match=r"holds no copy of the book's sources; run this in one\.$"):
        list(bench.fresh_rows(tmp_path))


def test_a_copy_has_what_a_set_up_reads_and_no_environment(tmp_path):
    copy = bench.copy_book(ROOT, tmp_path / "book")
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "notebooks", bench.SCRIPT):
        assert (copy / name).exists(), name
    assert not any((copy / name).exists() for name in (".venv", ".git", "build", "tests"))


def test_a_file_with_two_names_counts_once(tmp_path):
    (tmp_path / "one").write_bytes(b"x" * 100)
    os.link(tmp_path / "one", tmp_path / "two")
    assert bench.bytes_in(tmp_path) == 100
