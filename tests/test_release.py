"""The release: what its wheel and sdist hold, and that the book works from the wheel alone, away from this checkout."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # builds, installs and runs

ROOT = Path(__file__).parents[1]
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


def build(source: Path, out: Path, *which: str) -> Path:
    """Build a distribution, with what is installed here and no network; returns its file."""
    command = [sys.executable, "-m", "build", "--no-isolation", *which, "--outdir", str(out), str(source)]
    done = subprocess.run(command, env=_alone(out), capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.glob("*.whl" if "--wheel" in which else "*.tar.gz")
    return made


def _alone(home: Path, **more: str) -> dict[str, str]:
    """An environment that knows of neither this checkout nor the user's settings."""
    kept = {"PATH", "LANG", "SYSTEMROOT", "TMPDIR"}
    return {name: value for name, value in os.environ.items() if name in kept} | {"HOME": str(home)} | more


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
    return build(tree, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def sdist(tree, tmp_path_factory):
    return build(tree, tmp_path_factory.mktemp("sdist"), "--sdist")


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
    again = build(unpacked, tmp_path / "out", "--wheel")
    digests = [
        {name: hashlib.sha256(data).hexdigest() for name, data in contents(one).items()} for one in (wheel, again)
    ]
    assert digests[0] == digests[1]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The programs of a fresh environment with the wheel in it. Its dependencies are those that are installed here."""
    base = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(base / "env")], check=True, timeout=120)
    programs = base / "env" / ("Scripts" if os.name == "nt" else "bin")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(programs / "python"),
        "install",
        "-q",
        "--no-index",
        "--no-deps",
    ]
    subprocess.run([*pip, str(wheel)], env=_alone(base), check=True, timeout=240)
    (packages,) = (base / "env").rglob("site-packages")
    here = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "dependencies.pth").write_text("\n".join(here))
    return programs


def run(programs: Path, folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess:
    environ = _alone(folder, FEATHERWEIGHT_PROGRESS="off", **more)
    arguments = [str(programs / command[0]), *command[1:]]
    return subprocess.run(arguments, cwd=folder, env=environ, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("learner")


@pytest.fixture(scope="module")
def lab_said(installed, folder):
    """What `featherweight lab --dir mybook` says until it serves."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [str(installed / "featherweight"), "lab", "--dir", "mybook", "--no-browser", f"--port={port}"]
    log = folder / "log"
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=folder, env=_alone(folder), stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api", server)
    finally:
        server.terminate()
        server.wait(30)
    return log.read_text()


def _wait_for(address: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)


def test_what_is_imported_is_the_wheels(installed, folder):
    code = "import featherweight; print(featherweight.__version__, featherweight.__file__)"
    version, _, place = run(installed, folder, "python", "-c", code).stdout.strip().partition(" ")
    assert version == "0.1.0"
    assert Path(place).is_relative_to(installed.parent) and not Path(place).is_relative_to(ROOT)


def test_lab_copies_the_workbooks_and_serves_them(lab_said, folder):
    assert f"Copied {len(LESSONS)} workbooks to {(folder / 'mybook').resolve()}." in lab_said
    assert "01_gradient_descent.ipynb" in lab_said
    assert {path.name for path in (folder / "mybook").iterdir() if path.name[0] != "."} == WORKBOOKS


AT_THE_END = "import featherweight; print(featherweight.__file__)"
RUN = f"""
import sys, nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
notebook.cells.append(nbformat.v4.new_code_cell({AT_THE_END!r}))
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
nbformat.write(notebook, sys.stdout)
"""


@pytest.mark.usefixtures("lab_said")
def test_lesson_1_runs_from_it_offline(installed, folder):
    done = run(
        installed,
        folder / "mybook",
        "python",
        "-c",
        RUN,
        "01_gradient_descent.ipynb",
        PYTHONPATH=str(ROOT / "tests" / "offline"),
    )
    assert done.returncode == 0, done.stderr
    cells = [cell for cell in json.loads(done.stdout)["cells"] if cell["cell_type"] == "code"]
    printed = {"".join(cell["source"]): "".join(map(_text, cell["outputs"])) for cell in cells}
    assert str(installed.parent) in printed[AT_THE_END]
    verdicts = [text for source, text in printed.items() if "= check(" in source]
    assert len(verdicts) == 5 and all("not started" in text for text in verdicts)


def _text(output: dict) -> str:
    return "".join(output.get("text", output.get("data", {}).get("text/plain", "")))


@pytest.mark.usefixtures("lab_said")
def test_a_second_start_leaves_an_edited_workbook(installed, folder):
    mine = folder / "mybook" / "02_stochastic_gradients.ipynb"
    before = mine.read_text(encoding="utf-8").replace("Is a noisy step a worse step?", "Is it?")
    mine.write_text(before, encoding="utf-8")
    for path in (folder / "mybook").glob("03_*"):
        path.unlink()
    code = "from pathlib import Path; from featherweight.server.copying import provide; print(*provide(Path('mybook')))"
    assert run(installed, folder, "python", "-c", code).stdout == (
        f"Copied 1 workbook to mybook; {len(LESSONS) - 1} workbooks already there, left as found.\n"
    )
    assert mine.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("command", [("build", "--check"), ("progress",)], ids=" ".join)
def test_a_command_that_needs_more_says_so_in_one_line(installed, tmp_path, command):
    done = run(installed, tmp_path, "featherweight", *command)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("featherweight: There is no ")
