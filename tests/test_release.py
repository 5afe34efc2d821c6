"""What the release's wheel and sdist hold: the package, the workbooks as built, and nothing else."""

import hashlib
import json
import re
import runpy
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

pytestmark = pytest.mark.slow  # builds, a few seconds each

ROOT = Path(__file__).parents[1]
GIVEN = SimpleNamespace(**runpy.run_path(str(ROOT / "tests" / "building.py")))
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("[0-9][0-9]_*.py"))
WORKBOOKS = {f"{name}{end}" for name in LESSONS for end in (".ipynb", ".py")} | {"generated.json"}
SOURCE = re.compile(r"(?!.*(?:^|/)[.])(?!.*(?:__pycache__|-Copy\d))[\w/.-]+\.(?:py|json|js|css|j2|fw|xz|npz|toml)")
WHEEL_INFO = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}
SDIST_FILES = {
    *{".gitignore", "CHANGELOG.md", "CITATION.cff", "GLOSSARY.md", "GRADING.md", "LICENSE", "MISCONCEPTIONS.md"},
    *{"PKG-INFO", "README.md", "constraints.txt", "pyproject.toml"},
}
LEFT_BEHIND = (
    "notebooks/01_gradient_descent-Copy1.ipynb",
    "notebooks/01_gradient_descent (1).ipynb",
    "notebooks/.ipynb_checkpoints/01_gradient_descent-checkpoint.ipynb",
    "notebooks/.jupyter/lab/workspaces/default.json",
    "notebooks/featherweight-progress.json",
    "notebooks/kept/01_gradient_descent.ipynb",
    "notebooks/notes.txt",
    "src/featherweight/__pycache__/cli.cpython-311.pyc",
    "src/featherweight/cli.py.orig",
    "build/lib/featherweight/cli.py",
    "dist/featherweight-0.0.1.tar.gz",
    "notes.txt",
)


def package_files() -> set[str]:
    """The files of the package, relative to src/: those that git tracks, or all of them where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "src/featherweight"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    found = listed or [path.relative_to(ROOT).as_posix() for path in (ROOT / "src").rglob("*") if path.is_file()]
    return {name.removeprefix("src/") for name in found if "__pycache__" not in name}


def wheel_problems(held: set[str], package: set[str]) -> list[str]:
    """What a wheel lacks, and what it holds that no rule allows. package: the files under featherweight/."""
    workbooks = {f"featherweight/notebooks/{name}" for name in WORKBOOKS}
    info = {name for name in held if re.fullmatch(r"featherweight-[\d.]+\.dist-info/.*", name)}
    wanted = package | workbooks
    return [
        *(f"{name} is missing" for name in sorted(wanted - held)),
        *(f"{name} is a stray" for name in sorted(held - wanted - info)),
        *(f"{name} is no source" for name in sorted(package) if not SOURCE.fullmatch(name)),
        *(f"{name} is a stray" for name in sorted(info) if name.partition("/")[2] not in WHEEL_INFO),
    ]


def sdist_problems(held: set[str], package: set[str]) -> list[str]:
    """The same of an sdist, whose files are named from its top folder."""
    wanted = {f"src/{name}" for name in package} | {f"notebooks/{name}" for name in WORKBOOKS} | SDIST_FILES
    return [f"{name} is missing" for name in sorted(wanted - held)] + [
        f"{name} is a stray" for name in sorted(held - wanted)
    ]


def workbook_problems(content: dict[str, bytes]) -> list[str]:
    """Which workbooks of a wheel someone has run or written in. content: file name → bytes."""
    from featherweight.exercises.workbook import fingerprint, parse

    marks = json.loads(content["generated.json"])
    found = []
    for name, data in content.items():
        if name == "generated.json":
            continue
        if marks[f"notebooks/{name}"] != fingerprint(parse(data, name)):
            found.append(f"{name} is edited")
        cells = json.loads(data)["cells"] if name.endswith(".ipynb") else []
        if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
            found.append(f"{name} has been run")
    return found


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of what is committed, with what learners, editors and builds leave behind."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("src", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SDIST_FILES - {"PKG-INFO"}:
        shutil.copy(ROOT / name, folder)
    for name in LEFT_BEHIND:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("left behind")
    return folder


@pytest.fixture(scope="module")
def wheel(tree, tmp_path_factory):
    return GIVEN.build(tree, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def sdist(tree, tmp_path_factory):
    return GIVEN.build(tree, tmp_path_factory.mktemp("sdist"), "--sdist")


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shipped_workbooks(wheel: Path) -> dict[str, bytes]:
    folder = "featherweight/notebooks/"
    return {name.removeprefix(folder): data for name, data in contents(wheel).items() if name.startswith(folder)}


def test_the_wheel_holds_the_package_the_workbooks_and_nothing_else(wheel):
    assert wheel_problems(set(contents(wheel)), package_files()) == []


@pytest.mark.parametrize("name", ["featherweight/notes.txt", "featherweight/notebooks/kept/a.ipynb", "tests/test_a.py"])
def test_a_stray_file_in_a_wheel_is_caught(wheel, name):
    assert wheel_problems({*contents(wheel), name}, package_files()) == [f"{name} is a stray"]


@pytest.mark.parametrize("name", ["featherweight/cli.py", "featherweight/notebooks/13_championship.py"])
def test_a_file_that_a_wheel_lacks_is_caught(wheel, name):
    assert wheel_problems(set(contents(wheel)) - {name}, package_files()) == [f"{name} is missing"]


@pytest.mark.parametrize("name", ["featherweight/.hidden.py", "featherweight/a/notes.txt", "featherweight/a-Copy1.py"])
def test_a_stray_file_that_was_committed_is_caught(wheel, name):
    held, package = {*contents(wheel), name}, {*package_files(), name}
    assert wheel_problems(held, package) == [f"{name} is no source"]


def test_the_workbooks_are_as_built(wheel):
    assert workbook_problems(shipped_workbooks(wheel)) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [(b"thick fog", b"thin fog", "is edited"), (b'"execution_count": null', b'"execution_count": 1', "has been run")],
    ids=["edited", "run"],
)
def test_a_workbook_that_was_used_is_caught(wheel, old, new, says):
    held = shipped_workbooks(wheel)
    used = held["01_gradient_descent.ipynb"].replace(old, new, 1)
    assert workbook_problems(held | {"01_gradient_descent.ipynb": used}) == [f"01_gradient_descent.ipynb {says}"]


def test_the_sdist_holds_what_the_wheel_is_made_of_and_nothing_else(sdist):
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert sdist_problems(held, package_files()) == []
    assert sdist_problems({*held, "tests/a.py"}, package_files()) == ["tests/a.py is a stray"]
    assert sdist_problems(held - {"LICENSE"}, package_files()) == ["LICENSE is missing"]


def test_the_sdist_builds_the_same_wheel(sdist, wheel, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    again = GIVEN.build(unpacked, tmp_path / "out", "--wheel")
    digests = [
        {name: hashlib.sha256(data).hexdigest() for name, data in contents(one).items()} for one in (wheel, again)
    ]
    assert digests[0] == digests[1]
