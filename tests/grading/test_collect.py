"""Folders and zips as they come from platforms and students: everything is found, and nothing stops the run."""

import json
import os
import time
import zipfile

import pytest

from featherweight.errors import FileProblem
from featherweight.grading import collect as module
from featherweight.grading.archive import Budget
from featherweight.grading.collect import collect


def put(root, *names, content=b"{}"):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def make_zip(path, **members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)


def rows(place):
    return [(one.student, one.path) for one in collect(place)]


def reasons(place):
    return {one.path: one.loaded().data for one in collect(place) if isinstance(one.loaded().data, str)}


def test_folders_files_and_zips_in_order(tmp_path):
    put(
        tmp_path,
        "bob/02_b.ipynb",
        "bob/01_a.ipynb",
        "bob/02_b-Copy1.ipynb",
        "cy.ipynb",
        "bob/notes.txt",
        ".git/x.ipynb",
    )
    make_zip(tmp_path / "ada" / "featherweight-submission.zip", **{"01_a.ipynb": b"{}"})
    make_zip(tmp_path / "dee.zip", **{"01_a.ipynb": b"{}", "__MACOSX/._01_a.ipynb": b"x"})
    assert rows(tmp_path) == [
        ("ada", "ada/featherweight-submission/01_a.ipynb"),
        ("bob", "bob/01_a.ipynb"),
        ("bob", "bob/02_b-Copy1.ipynb"),
        ("bob", "bob/02_b.ipynb"),
        ("cy", "cy.ipynb"),
        ("dee", "dee/01_a.ipynb"),
    ]


def test_a_zip_of_everybody_s_zips(tmp_path):
    make_zip(tmp_path / "x.zip", **{"01_a.ipynb": b"{}"})
    make_zip(
        tmp_path / "all.zip",
        **{
            "Ada L_1_assignsubmission_file/featherweight-submission.zip": (tmp_path / "x.zip").read_bytes(),
            "doebob_LATE_1_2_01_a.ipynb": b"{}",
            "cy\\01_a.ipynb": b"{}",
        },
    )
    found = collect(tmp_path / "all.zip")
    assert [(one.student, one.late) for one in found] == [("Ada L", False), ("cy", False), ("doebob", True)]


def test_what_a_student_s_files_unpack_to_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "Budget", lambda: Budget(5))
    make_zip(
        tmp_path / "all.zip", **{"bob/1.ipynb": b"{}", "bob/2.ipynb": b"{}", "bob/3.ipynb": b"{}", "cy.ipynb": b"{}"}
    )
    assert reasons(tmp_path / "all.zip") == {"bob/3.ipynb": "it unpacks to more than is read"}


@pytest.mark.parametrize("given", ["ada", "ada.zip", "ada/ada.ipynb"])
def test_one_student_s_folder_zip_or_notebook(tmp_path, given):
    put(tmp_path, "ada/01_a.ipynb", "ada/ada.ipynb")
    make_zip(tmp_path / "ada.zip", **{"01_a.ipynb": b"{}"})
    assert {student for student, _ in rows(tmp_path / given)} == {"ada"}


def test_what_cannot_be_read_is_listed_with_its_reason(tmp_path):
    put(tmp_path, "ada/01_a.ipynb")
    (tmp_path / "ada" / "link.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "ada" / "all").symlink_to("/", target_is_directory=True)
    (tmp_path / "eve").symlink_to(tmp_path / "ada")
    put(tmp_path, "bob/broken.zip", content=b"PK")
    os.mkfifo(tmp_path / "bob" / "pipe.ipynb")
    os.mkfifo(tmp_path / "bob" / "pipe.zip")
    start = time.monotonic()
    found = reasons(tmp_path)
    assert time.monotonic() - start < 2
    link = "it is a link, which is not followed"
    assert {name: found[name] for name in ("ada/link.ipynb", "ada/all", "eve")} == dict.fromkeys(
        found.keys() - {"bob/broken.zip", "bob/pipe.ipynb", "bob/pipe.zip"}, link
    )
    assert found["bob/broken.zip"].startswith("it is no whole zip")
    assert found["bob/pipe.ipynb"] == found["bob/pipe.zip"] == "it cannot be read (it is no ordinary file)"


def test_who_handed_in_something_else_is_listed(tmp_path):
    put(tmp_path, "ada/01_a.ipynb", "bob/essay.pdf", ".git/config")
    (tmp_path / "cy").mkdir()
    make_zip(tmp_path / "dee.zip", **{"essay.pdf": b""})
    put(tmp_path, "roster.csv", "seed.txt", "tools.py", "nobody")
    assert reasons(tmp_path) == {
        **dict.fromkeys(["cy", "dee.zip"], "there is no notebook in it"),
        "bob/essay.pdf": "it is a .pdf file; no notebook was handed in",
    }


def test_who_handed_in_something_else_on_a_platform_is_listed(tmp_path):
    pdf, notes = "Bob_1_assignsubmission_file_/essay.pdf", "doecy_LATE_1_2_notes"
    make_zip(tmp_path / "all.zip", **{"doeada_1_2_01_a.ipynb": b"{}", pdf: b"", notes: b"", "list.csv": b""})
    assert reasons(tmp_path / "all.zip") == {
        pdf: "it is a .pdf file; no notebook was handed in",
        notes: "it is a file without an ending; no notebook was handed in",
    }


def test_a_twin_counts_where_its_workbook_is_not_there(tmp_path):
    put(tmp_path, "ada/01_a.ipynb", "ada/01_a.py", "ada/02_b.py", "ada/tools.py", "bob/mine.py", "bob/essay.pdf")
    put(tmp_path, "03_c.py", "grades.py")
    make_zip(tmp_path / "cy.zip", **{"01_a.py": b"1"})
    theirs = [("ada", "ada/01_a.ipynb"), ("ada", "ada/02_b.py"), ("bob", "bob/mine.py"), ("cy", "cy/01_a.py")]
    assert rows(tmp_path) == sorted([*theirs, (tmp_path.name, "03_c.py")])
    assert reasons(tmp_path) == {}


def test_two_students_of_one_name_stay_two(tmp_path):
    canvas = ["smithjo_1_5_01_a.ipynb", "smithjo_LATE_1_9_01_a-1.ipynb", "smithjo_2_6_01_a.ipynb"]
    moodle = ["Jo Lee_7_assignsubmission_file_/01_a.ipynb", "Jo Lee_8_assignsubmission_file_/01_a.ipynb"]
    put(tmp_path, *canvas, *moodle, "Jo Lee/01_a.ipynb", "ada_3_4_01_a.ipynb")
    assert [student for student, _ in rows(tmp_path)] == [
        *("Jo Lee", "Jo Lee #7", "Jo Lee #8", "ada"),
        *("smithjo #1", "smithjo #1", "smithjo #2"),
    ]


def test_of_a_course_of_nbgrader_only_what_was_submitted(tmp_path):
    put(tmp_path, *(f"{place}/ada/one/01_a.ipynb" for place in ("submitted", "autograded", "feedback")))
    put(tmp_path, "source/one/01_a.ipynb", "release/one/01_a.ipynb", "gradebook.db", "nbgrader_config.py")
    assert rows(tmp_path) == [("ada", "submitted/ada/one/01_a.ipynb")]
    (tmp_path / "submitted").rename(tmp_path / "cy")
    assert {student for student, _ in rows(tmp_path)} == {"autograded", "cy", "feedback", "release", "source"}


def test_what_is_forbidden_is_listed(tmp_path, monkeypatch):
    put(tmp_path, "ada/01_a.ipynb", "bob/01_a.ipynb")
    real = os.scandir

    def refuse(path):
        if str(path).endswith("bob"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert reasons(tmp_path) == {"bob": "it cannot be read (Permission denied)"}


def test_a_folder_of_many_other_files(tmp_path):
    (tmp_path / "ada").mkdir()
    for number in range(1_000):
        (tmp_path / "ada" / f"{number}.csv").touch()
    put(tmp_path, "ada/01_a.ipynb")
    start = time.monotonic()
    assert rows(tmp_path) == [("ada", "ada/01_a.ipynb")]
    assert time.monotonic() - start < 2


def test_a_student_s_very_many_notebooks(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_EACH", 3)
    put(tmp_path, *(f"ada/{number}.ipynb" for number in range(9)), "bob/1.ipynb")
    assert [student for student, _ in rows(tmp_path)] == ["ada"] * 4 + ["bob"]
    assert reasons(tmp_path) == {"ada/3.ipynb and more": "more than 3 notebooks were handed in"}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("none", "Could not read .*none .No such file or directory.; wanted a folder of submissions or a zip"),
        ("empty", "There is no notebook in .*empty; wanted"),
        ("broken.zip", "broken.zip: it is no whole zip .* wanted a folder of submissions or a zip: download it again"),
        ("none.ipynb", "Could not read .*none.ipynb"),
    ],
)
def test_a_wrong_place_gets_one_line(tmp_path, given, line):
    (tmp_path / "empty" / "ada").mkdir(parents=True)
    put(tmp_path, "broken.zip", content=b"PK")
    with pytest.raises(FileProblem, match=line):
        collect(tmp_path / given)


def test_names_that_are_no_text(tmp_path):
    folder = os.fsencode(tmp_path) + b"/Zo\xeb\x01"
    os.mkdir(folder)
    with open(folder + b"/01_a.ipynb", "wb") as file:
        file.write(json.dumps({}).encode())
    [one] = collect(tmp_path)
    assert (one.student, one.path) == ("Zo\ufffd", "Zo\\xeb\\x01/01_a.ipynb")
    assert one.loaded().data == b"{}"


def test_what_a_student_has_in_a_zip_of_everybody_s_is_held_up_to_a_cap(tmp_path, monkeypatch):
    monkeypatch.setattr("featherweight.grading.archive.Budget.__init__", lambda self: setattr(self, "left", 250))
    names = {f"{who}/0{n}_x.ipynb": b"x" * 100 for who in ("alice", "bob") for n in range(1, 5)}
    make_zip(tmp_path / "class.zip", **names)
    assert [path[:6] for path in reasons(tmp_path / "class.zip")] == ["alice/"] * 2 + ["bob/03", "bob/04"]
