"""What is kept aside gets a number of its own and is never overwritten."""

import pytest

from featherweight import runtime
from featherweight.errors import FileProblem
from featherweight.exercises import kept
from featherweight.exercises.kept import keep_aside


def test_numbers_count_up_and_nothing_is_overwritten(tmp_path):
    first, second = keep_aside(tmp_path, "a.py", "one"), keep_aside(tmp_path, "a.py", b"two")
    assert [path.name for path in (first, second)] == ["a-1.py", "a-2.py"]
    assert (first.read_text(), second.read_text()) == ("one", "two")


def test_the_same_content_is_kept_once(tmp_path):
    assert keep_aside(tmp_path, "a.py", "one") == keep_aside(tmp_path, "a.py", "one")
    assert len(list((tmp_path / kept.FOLDER).iterdir())) == 1


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / kept.FOLDER).write_text("mine")
    with pytest.raises(FileProblem, match="is a file; wanted a folder"):
        keep_aside(tmp_path, "a.py", "one")


def test_a_folder_that_cannot_be_made_gives_one_line(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileProblem, match=r"Could not keep a copy as .*nothing was changed") as caught:
        keep_aside(tmp_path / "file", "a.py", "one")
    assert "\n" not in str(caught.value)


def test_a_full_disk_leaves_no_empty_file(tmp_path, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runtime.os, "replace", full)
    with pytest.raises(FileProblem, match="No space left on device"):
        keep_aside(tmp_path, "a.py", "one")
    assert list((tmp_path / kept.FOLDER).iterdir()) == []
