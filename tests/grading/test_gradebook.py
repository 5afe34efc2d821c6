"""The gradebook keeps whole students, survives kills and full disks, and refuses what is none."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress

import pytest

from featherweight.errors import FileProblem, InputError
from featherweight.grading.gradebook import FILE_NAME, Gradebook
from featherweight.grading.records import Override


@pytest.fixture
def ada(made_up):
    return made_up.record("ada", made_up.result("double"), seconds=1.5)


def test_what_is_kept_comes_back(tmp_path, made_up):
    records = [one for one in made_up.hostile_records() if "\udceb" not in one.student]
    with Gradebook(tmp_path) as book:
        book.keep(records, "c")
    with Gradebook(tmp_path) as book:
        assert book.records() == sorted(records, key=lambda one: (one.student.encode(), one.path.encode()))
        assert (records[0].student, records[0].path, "d") in book.graded("c")
        assert book.graded("other") == set()


def test_a_notebook_graded_again_replaces_its_record(tmp_path, made_up, ada):
    with Gradebook(tmp_path) as book:
        book.keep([ada], "c")
        book.keep([made_up.record("ada", made_up.result("double", "wrong"), digest="e")], "c")
        assert [one.digest for one in book.records()] == ["e"]
        assert book.graded("c") == {("ada", "ada/1.ipynb", "e")}


def test_next_week_s_file_of_the_same_name_costs_no_grade(tmp_path, made_up, ada):
    torn = made_up.record("ada", lesson=0, verdict="unreadable", problem="it is torn")
    second = made_up.record("ada", made_up.result("halve"), lesson=2, digest="e")
    with Gradebook(tmp_path) as book:
        for one in (ada, torn, second):
            book.keep([one], "c")
        assert book.records() == [ada, second]
        book.keep([torn], "c")
        assert book.records() == [torn, ada, second]


def test_nobody_else_may_read_it(tmp_path):
    with Gradebook(tmp_path / "grades") as book:
        files = [path for path in (tmp_path / "grades").iterdir() if path.name != "gradebook.lock"]
        assert [path.stat().st_mode & 0o077 for path in [book.path.parent, *files]] == [0] * (1 + len(files))
        assert book.path in files


def test_a_file_goes_with_the_name_that_its_student_has_now(tmp_path, made_up):
    smiths = [made_up.record(name, path=f"smith_{name[-1]}_5_1.ipynb") for name in ("smith #1", "smith #2")]
    before = made_up.record("smith", path="smith_1_5_1.ipynb")
    others = [made_up.record("smithers", path=before.path), made_up.record("smith", path="another")]
    with Gradebook(tmp_path) as book:
        book.keep([before, *others], "c")
        for one in smiths:
            book.keep([one], "c")
        assert book.records() == sorted([*others, *smiths], key=lambda one: (one.student, one.path))
        book.keep([before], "c")
        assert book.records() == sorted([before, *others, smiths[1]], key=lambda one: (one.student, one.path))


def test_amending_keeps_what_it_was_graded_under(tmp_path, made_up, ada):
    changed = made_up.record("ada", made_up.result("double", "wrong"))
    with Gradebook(tmp_path) as book:
        book.keep([ada], "c")
        book.amend([changed])
        assert book.records() == [changed] and book.graded("c") == {("ada", "ada/1.ipynb", "d")}
        book.amend([made_up.record("ada", digest="newer")])
        assert book.records() == [changed]


def test_a_student_is_kept_whole_or_not_at_all(tmp_path, made_up, ada):
    with Gradebook(tmp_path) as book, pytest.raises(FileProblem):
        book.keep([ada, made_up.record("Zo\udceb")], "c")
    with Gradebook(tmp_path) as book:
        assert book.records() == []


def test_settings_are_of_the_first_run(tmp_path):
    with Gradebook(tmp_path) as book:
        assert book.setting("secret", "one") == "one"
    with Gradebook(tmp_path) as book:
        assert book.setting("secret", "two") == "one"


def test_points_by_hand(tmp_path, ada):
    change = Override("ada", "double", 1, "half")
    with Gradebook(tmp_path) as book:
        book.override(change, 3)
        book.keep([ada], "c")
        assert book.overrides() == [change]
        for points in (-1, 4):
            with pytest.raises(InputError, match=f"{points} points for double; wanted 0 to 3"):
                book.override(Override("ada", "double", points, ""), 3)
        assert book.withdraw("ada", "double") and not book.withdraw("ada", "double")
        assert book.overrides() == []


def foreign(path):
    with sqlite3.connect(path) as database:
        database.execute("create table mail (text)")
    database.close()


def damaged(path):
    with Gradebook(path.parent) as book:
        book.database.execute("pragma journal_mode = delete")
        book.setting("filling", "x" * 10_000)
    data = bytearray(path.read_bytes())
    data[200 : len(data)] = b"x" * (len(data) - 200)
    path.write_bytes(data)


def of_another_version(path):
    with Gradebook(path.parent) as book:
        book.database.execute("update settings set value = '99' where name = 'version'")


BROKEN = {
    "text": (
        lambda path: path.write_text("not a database, and longer than its header of one hundred bytes " * 9),
        "is not",
    ),
    "foreign": (foreign, "it is the database of some other program"),
    "damaged": (damaged, "cannot be used as a gradebook"),
    "a folder": (lambda path: path.mkdir(), "unable to open database file"),
    "another version": (of_another_version, "is of version 99; this release reads 2: choose another --out"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_gradebook_gets_one_line_and_stays(tmp_path, name):
    make, line = BROKEN[name]
    path = tmp_path / FILE_NAME
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(FileProblem, match=line) as caught:
        Gradebook(tmp_path)
    assert "\n" not in str(caught.value) and "--out" in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_damaged_record_gets_one_line(tmp_path, ada):
    with Gradebook(tmp_path) as book:
        book.keep([ada], "c")
        book.database.execute("update notebooks set record = '{'")
        with pytest.raises(FileProblem, match="cannot be used as a gradebook"):
            book.records()


def test_two_runs_at_once_are_refused(tmp_path):
    with Gradebook(tmp_path) as one, Gradebook(tmp_path) as other, one.alone():
        line = r"Another `featherweight grade` is writing .*; wait for it, or choose another --out"
        with pytest.raises(FileProblem, match=line):
            other.alone().__enter__()
    with Gradebook(tmp_path) as again, again.alone():
        assert again.records() == []


@pytest.mark.slow
def test_a_killed_run_holds_nothing(tmp_path):
    script = (
        "import os, sys; from featherweight.grading.gradebook import Gradebook; book = Gradebook(sys.argv[1]);\n"
        "with book.alone(): os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], timeout=60, check=False)
    assert done.returncode == -9
    with Gradebook(tmp_path) as book, book.alone():
        assert book.records() == []


@pytest.mark.slow
def test_a_full_disk_gets_one_line_and_loses_nothing(tmp_path, made_up, ada):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "featherweight-test", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a tmpfs can be mounted by root on Linux only")
    try:
        with Gradebook(disk) as book:
            book.keep([ada], "c")
            with (disk / "rest").open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(bytes(4096))
            with pytest.raises(FileProblem, match="full") as caught:
                book.keep([made_up.record(f"s{i}", made_up.result("double")) for i in range(2000)], "c")
            assert "\n" not in str(caught.value)
        os.unlink(disk / "rest")
        with Gradebook(disk) as book:
            assert book.records() == [ada]
    finally:
        subprocess.run(["umount", str(disk)], check=True)
