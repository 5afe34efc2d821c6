"""Reading a gradebook, a roster and rules into one thing."""

import pytest

from featherweight.errors import FileProblem
from featherweight.grading.course import read_course
from featherweight.grading.gradebook import Gradebook
from featherweight.grading.records import Override
from featherweight.grading.standing import Rules


def test_everything_comes_out_of_the_gradebook(made_up, tmp_path):
    with Gradebook(tmp_path) as book:
        book.keep([made_up.record("ada", made_up.result("double"), late=True), made_up.record("zed")], "c")
        book.override(Override("ada", "twice", 2, "seen"), 2)
    (tmp_path / "roster.csv").write_text("folder,name\nada,Ada L\nbob,Bob\n")
    found = read_course(tmp_path, tmp_path / "roster.csv", Rules(late_off=50), made_up.BOOK)
    assert {one.person.key: one.points for one in found.everyone} == {"ada": 3.5, "bob": 0.0, "zed": 0.0}
    assert len(found.notes) == 2 and found.notes[0].startswith("Not in the roster: zed;")
    assert read_course(tmp_path, book=made_up.BOOK).notes == ()


def test_a_folder_without_a_gradebook_stays_without(tmp_path):
    with pytest.raises(FileProblem, match=r"There is no gradebook\.sqlite in "):
        read_course(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_gradebook(tmp_path):
    (tmp_path / "gradebook.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(FileProblem, match="cannot be used as a gradebook"):
        read_course(tmp_path)
