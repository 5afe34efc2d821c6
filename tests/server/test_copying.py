"""What an installed release copies into a learner's folder, and that it never overwrites anything there."""

import json
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from featherweight.errors import FileProblem, InputError
from featherweight.exercises.workbook import pristine_in, read
from featherweight.server import copying, launch
from featherweight.server.copying import provide

BOOK = Path(__file__).parents[2] / "notebooks"
NAMES = ("01_gradient_descent", "02_stochastic_gradients")
FIRST = f"{NAMES[0]}.ipynb"


@pytest.fixture
def shipped(tmp_path):
    """The workbooks of a release with two lessons, and its manifest, which also names the solved notebooks."""
    folder = tmp_path / "package" / "notebooks"
    folder.mkdir(parents=True)
    for name in NAMES:
        for suffix in (".ipynb", ".py"):
            shutil.copy(BOOK / f"{name}{suffix}", folder)
    marks = json.loads((BOOK / "generated.json").read_text())
    chosen = {key: mark for key, mark in marks.items() if Path(key).stem in NAMES}
    (folder / "generated.json").write_text(json.dumps(chosen))
    return folder


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "mybook"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def edit(path: Path, old: str = "slope in thick fog", new: str = "slope in thick soup") -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def another_release(shipped: Path) -> None:
    """Lesson 1 reads differently from now on."""
    edit(
        shipped / "generated.json",
        '"notebooks/01_gradient_descent.ipynb": "',
        '"notebooks/01_gradient_descent.ipynb": "0',
    )


def test_a_folder_that_is_not_there_gets_everything(shipped, mine):
    deep = mine / "in" / "here"
    assert provide(deep, shipped) == [f"Copied 2 workbooks to {deep}."]
    assert sorted(snapshot(deep)) == sorted(
        [*(f"{name}{end}" for name in NAMES for end in (".ipynb", ".py")), "generated.json"]
    )
    for name in NAMES:
        assert (deep / f"{name}.ipynb").read_bytes() == (BOOK / f"{name}.ipynb").read_bytes()
        assert pristine_in(deep)(f"{name}.ipynb", read(deep / f"{name}.py"))


def test_a_second_start_copies_and_says_nothing(shipped, mine):
    provide(mine, shipped)
    before = snapshot(mine)
    assert provide(mine, shipped) == []
    assert snapshot(mine) == before


def test_an_edited_workbook_and_a_strangers_file_stay(shipped, mine):
    provide(mine, shipped)
    edit(mine / FIRST)
    (mine / "notes.txt").write_text("mine")
    for end in (".ipynb", ".py"):
        (mine / f"{NAMES[1]}{end}").unlink()
    before = snapshot(mine)
    assert provide(mine, shipped) == [f"Copied 1 workbook to {mine}; 1 workbook already there, left as found."]
    assert {name: content for name, content in snapshot(mine).items() if name in before} == before
    assert f"{NAMES[1]}.py" in snapshot(mine)


@pytest.mark.parametrize("gone", [".ipynb", ".py"])
def test_beside_one_of_a_pair_no_fresh_twin_is_put(shipped, mine, gone):
    provide(mine, shipped)
    (mine / f"{NAMES[0]}{gone}").unlink()
    assert provide(mine, shipped) == []
    assert not (mine / f"{NAMES[0]}{gone}").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is not a whole notebook"), (b'{"cells": [', "is not a whole notebook"), (b"[]", "holds no notebook")],
    ids=["empty", "cut short", "something else"],
)
def test_a_damaged_workbook_stays_and_is_named(shipped, mine, content, says):
    provide(mine, shipped)
    (mine / FIRST).write_bytes(content)
    assert provide(mine, shipped) == [f"{FIRST} {says} and is left as found; move it and its .py away for a fresh one."]
    assert (mine / FIRST).read_bytes() == content


def test_a_folder_called_as_a_workbook_stays_and_is_named(shipped, mine):
    (mine / FIRST).mkdir(parents=True)
    copied, damaged = provide(mine, shipped)
    assert copied == f"Copied 1 workbook to {mine}; 1 workbook already there, left as found."
    assert damaged.startswith(f"{FIRST} cannot be read (")


@pytest.mark.parametrize("below", ["", "deeper/down"])
def test_a_file_in_place_of_the_folder_is_one_line(shipped, mine, below):
    mine.write_text("mine")
    with pytest.raises(
        InputError, match=r"^.*mybook is no folder; wanted one for the workbooks: name another with --dir\.$"
    ):
        provide(mine / below, shipped)
    assert mine.read_text() == "mine"


def test_another_release_leaves_the_learners_and_names_resume(shipped, mine):
    provide(mine, shipped)
    edit(mine / FIRST)
    before = snapshot(mine)
    another_release(shipped)
    (said,) = provide(mine, shipped)
    assert said == (
        "This release has other text for 1 workbook of yours (01_gradient_descent); yours stay as they are. "
        "For today's: `featherweight lab --dir NEW`, and then in NEW "
        f'`featherweight resume "{mine / FIRST}"` takes your answers over.'
    )
    assert snapshot(mine) == before


def test_what_it_advises_brings_the_answers_over(shipped, mine, tmp_path):
    from featherweight.exercises.resume import resume

    provide(mine, shipped)
    edit(mine / FIRST, 'raise NotImplementedError(\\"your turn\\")', "return 42 * start")
    another_release(shipped)
    provide(tmp_path / "new", shipped)
    resume(mine / FIRST, tmp_path / "new")
    assert "return 42 * start" in (tmp_path / "new" / FIRST).read_text()


def test_a_lesson_that_a_later_release_adds_is_copied_and_the_old_marks_stay(shipped, mine, tmp_path):
    older = shutil.copytree(shipped, tmp_path / "older")
    for path in older.glob(f"{NAMES[1]}*"):
        path.unlink()
    edit(older / "generated.json", "02_stochastic_gradients", "02_gone")
    provide(mine, older)
    another_release(shipped)
    copied, changed = provide(mine, shipped)
    assert copied.startswith("Copied 1 workbook to ") and "resume" in changed
    assert pristine_in(mine)(FIRST, read(mine / FIRST))
    assert pristine_in(mine)(f"{NAMES[1]}.py", read(mine / f"{NAMES[1]}.py"))


def test_workbooks_without_a_manifest_get_one_with_todays_marks(shipped, mine):
    mine.mkdir()
    shutil.copy(shipped / FIRST, mine)
    edit(mine / FIRST)
    provide(mine, shipped)
    marks = json.loads((mine / "generated.json").read_text())
    assert set(marks) == {f"notebooks/{name}{end}" for name in NAMES for end in (".ipynb", ".py")}
    assert not pristine_in(mine)(FIRST, read(mine / FIRST))


def test_a_damaged_manifest_stays_and_is_named(shipped, mine):
    mine.mkdir()
    (mine / "generated.json").write_text('{"notebooks')
    copied, said = provide(mine, shipped)
    assert copied == f"Copied 2 workbooks to {mine}."
    assert said.startswith("generated.json in ") and "is not the book's and is left as found" in said
    assert (mine / "generated.json").read_text() == '{"notebooks'


@pytest.fixture
def disk(tmp_path):
    """Mounts a tmpfs with the given options; root on Linux only."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "featherweight-test", str(place)]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("a tmpfs can be mounted by root on Linux only")
        return place

    yield mount
    if os.path.ismount(place):
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_gets_nothing_at_all(shipped, disk):
    place = disk("size=256k")
    with (place / "everything-else").open("wb", buffering=0) as file, suppress(OSError):
        while file.tell() < 160_000:
            file.write(bytes(4096))
    with pytest.raises(
        FileProblem, match=r"^Could not write .* \(No space left on device\); nothing was copied: free some"
    ):
        provide(place / "mybook", shipped)
    assert os.listdir(place) == ["everything-else"]


def test_a_read_only_folder_is_one_line(shipped, disk):
    place = disk("ro")
    with pytest.raises(
        FileProblem, match=r"^Could not write .*Read-only file system\); nothing was copied: .* with --dir\.$"
    ):
        provide(place / "mybook", shipped)


@pytest.mark.parametrize("failing", range(5))
def test_a_failure_at_any_file_leaves_nothing(shipped, mine, monkeypatch, failing):
    made = []

    def refuse(*arguments, **options):
        if len(made) == failing:
            raise PermissionError(13, "Permission denied")
        made.append(1)
        return mkstemp(*arguments, **options)

    mkstemp = copying.runtime.tempfile.mkstemp
    monkeypatch.setattr(copying.runtime.tempfile, "mkstemp", refuse)
    with pytest.raises(FileProblem, match=r"\(Permission denied\); nothing was copied"):
        provide(mine, shipped)
    assert not mine.exists()


def test_read_only_notebooks_are_opened_as_they_are(shipped, mine, monkeypatch):
    mine.mkdir()
    shutil.copy(shipped / FIRST, mine)
    monkeypatch.setattr(copying.os, "access", lambda path, mode: False)
    assert provide(mine, shipped) == []
    assert os.listdir(mine) == [FIRST]


def test_in_a_checkout_nothing_is_copied(mine):
    assert not copying.SHIPPED.exists()
    assert provide(mine) == []
    assert not mine.exists()


def test_lab_says_what_was_copied_before_it_starts(shipped, mine, monkeypatch, capsys):
    monkeypatch.setattr(launch, "provide", lambda folder: provide(folder, shipped))
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda argv: print(argv[0]))
    monkeypatch.setattr(launch.os, "environ", dict(os.environ))
    monkeypatch.chdir(mine.parent)
    launch.launch(Path("mybook"), None, browser=False)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Copied 2 workbooks to {mine}." and said[-1] == f"--ServerApp.root_dir={mine}"
