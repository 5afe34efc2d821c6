"""Whose notebook it is, by every layout of folders and zips, and reading that no file can turn against the reader."""

import os
import time

import pytest

from featherweight.grading import handed
from featherweight.grading.handed import Handed, lesson_name, named, read_capped, told_apart, wanted

LAYOUTS = {
    "alice/03_topic.ipynb": "alice",
    "alice/deep/er/03_topic.ipynb": "alice",
    "submitted/alice/lesson/03_topic.ipynb": "alice",
    "submitted/03_topic.ipynb": "submitted",
    "Alice Doe_123456_assignsubmission_file/03_topic.ipynb": "Alice Doe",
    "Alice Doe_123456_assignsubmission_file_03_topic.ipynb": "Alice Doe",
    "Alice Doe_1_assignsubmission_file_Bob_2_assignsubmission_file_x.ipynb": "Alice Doe",
    "Participant_12_assignsubmission_file/03_topic.ipynb": "Participant 12",
    "doealice_123_456_03_topic.ipynb": "doealice",
    "doealice_LATE_123_456_03_topic.ipynb": "doealice",
    "doealice_123_456_bob_7_8_x.ipynb": "doealice",
    "doealice_123_456_featherweight-submission/03_topic.ipynb": "doealice",
    "anon_x7Kq2_456_03_topic.ipynb": "anon_x7Kq2",
    "LATE_anon_x7Kq2_456_homework.ipynb": "anon_x7Kq2",
    "alice.ipynb": "alice",
    "03_topic.ipynb": "given",
    "03_topic-1.ipynb": "given",
    "03_topic.py": "given",
    "03_topic (1).ipynb": "given",
    "../../etc/x.ipynb": "etc",
    "/etc/x.ipynb": "etc",
    "alice/../bob/x.ipynb": "alice",
}


@pytest.mark.parametrize("path", LAYOUTS)
def test_the_student_by_the_path(path):
    found = named(path, "given", b"")
    assert (found.student, found.path) == (LAYOUTS[path], path)
    assert found.late == ("LATE" in path)


@pytest.mark.parametrize(
    ("path", "is_wanted"),
    [
        ("a/x.ipynb", True),
        ("a/X.IPYNB", True),
        ("a/x.zip", True),
        ("a/x-Copy1.ipynb", True),
        ("a/x.py", False),
        ("a/.ipynb_checkpoints/x-checkpoint.ipynb", False),
        ("a/x-checkpoint.ipynb", False),
        ("__MACOSX/a/x.ipynb", False),
        ("a/._x.ipynb", False),
    ],
)
def test_what_is_wanted(path, is_wanted):
    assert wanted(path) == is_wanted


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/03_topic.ipynb", "03_topic"),
        ("doe_1_2_03_topic.py", "03_topic"),
        ("a/03_topic-2.PY", "03_topic"),
        ("a/03_topic (1).ipynb", "03_topic"),
        ("03_topic/final.ipynb", ""),
        ("a/2026_homework.ipynb", ""),
    ],
)
def test_a_workbook_and_its_twin_share_a_name(path, name):
    assert lesson_name(path) == name


def test_names_can_be_printed_and_kept():
    names = ["Zo\udceb", "a\0b\n", "\x1b[2Jc", "  "]
    found = told_apart([Handed(name, f"{name}/x.ipynb", b"") for name in names])
    for one in found:
        f"{one.student}{one.path}".encode()
        assert one.student.strip() and one.path.isprintable()
    assert "Zo\\xeb/x.ipynb" in [one.path for one in found]


def test_no_two_become_one():
    rows = [("a\x01", "p"), ("a\x02", "p"), ("a", "p"), ("a", "p")]
    found = told_apart([Handed(*row, b"") for row in rows])
    assert len({one.path for one in found}) == 4
    assert len({one.student for one in found}) == 3
    assert found == told_apart([Handed(*row, b"") for row in reversed(rows)])


def test_namesakes_of_canvas_are_told_apart_by_their_accounts():
    paths = ["leejo_7_1_01_a.ipynb", "leejo_LATE_8_2_01_a.ipynb", "doeal_9_3_01_a.ipynb", "doeal_9_4_02_b.ipynb"]
    found = told_apart([named(path, "given", b"") for path in paths])
    assert [one.student for one in found] == ["doeal", "doeal", "leejo #7", "leejo #8"]


def test_moodle_s_number_belongs_to_one_assignment():
    """Over two lessons a student has two numbers; in one lesson two numbers are two students."""
    places = ["Jo Lee_7", "Jo Lee_19", "Al Doe_8", "Al Doe_9"]
    names = ["01_a", "02_b", "01_a", "01_a"]
    paths = [f"{place}_assignsubmission_file/{name}.ipynb" for place, name in zip(places, names, strict=True)]
    found = told_apart([named(path, "given", b"") for path in paths])
    assert [one.student for one in found] == ["Al Doe #8", "Al Doe #9", "Jo Lee", "Jo Lee"]


def test_what_a_mac_takes_apart_is_one_name_and_two_folders_stay_two():
    apart = told_apart([named("Zoe\u0308/x.ipynb", "given", b"")])
    assert [one.student for one in apart] == ["Zo\u00eb"]
    both = told_apart([named(f"{name}/x.ipynb", "given", b"") for name in ("Zoe\u0308", "Zo\u00eb")])
    assert len({one.student for one in both}) == 2


def test_a_file_is_read_when_it_is_needed(tmp_path):
    (tmp_path / "x.ipynb").write_bytes(b"one")
    one = Handed("a", "x.ipynb", tmp_path / "x.ipynb")
    assert one.loaded().data == b"one" and one.loaded().digest == one.digest
    before = one.digest
    (tmp_path / "x.ipynb").write_bytes(b"two")
    assert one.digest != before


def test_what_cannot_be_read_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(handed, "MAX_NOTEBOOK", 3)
    (tmp_path / "large").write_bytes(b"four")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").mkdir()
    start = time.monotonic()
    reasons = {
        name: Handed("a", name, tmp_path / name).loaded().data for name in ("large", "pipe", "link", "folder", "no")
    }
    assert time.monotonic() - start < 1
    assert reasons.pop("large") == "it has more than 3 bytes"
    assert all(reason.startswith("it cannot be read (") for reason in reasons.values()), reasons


def test_a_device_is_not_read():
    with pytest.raises(OSError, match="no ordinary file"):
        read_capped("/dev/zero", 10)
