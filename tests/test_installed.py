"""The book from its wheel alone, in a fresh environment, away from this checkout: Lab serves it and lesson 1 runs."""

import json
import os
import runpy
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

pytestmark = pytest.mark.slow  # builds, installs and runs

ROOT = Path(__file__).parents[1]
GIVEN = SimpleNamespace(**runpy.run_path(str(ROOT / "tests" / "building.py")))
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("[0-9][0-9]_*.py"))
WORKBOOKS = {f"{name}{end}" for name in LESSONS for end in (".ipynb", ".py")} | {"generated.json"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The programs of a fresh environment with the wheel in it. Its dependencies are those that are installed here."""
    base = tmp_path_factory.mktemp("installed")
    wheel = GIVEN.build(ROOT, base / "wheel", "--wheel")
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
    subprocess.run([*pip, str(wheel)], env=GIVEN.alone(base), check=True, timeout=280)
    (packages,) = (base / "env").rglob("site-packages")
    here = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "dependencies.pth").write_text("\n".join(here))
    return programs


def run(programs: Path, folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess:
    environ = GIVEN.alone(folder, FEATHERWEIGHT_PROGRESS="off", **more)
    arguments = [str(programs / command[0]), *command[1:]]
    return subprocess.run(arguments, cwd=folder, env=environ, capture_output=True, text=True, timeout=280, check=False)


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
        server = subprocess.Popen(command, cwd=folder, env=GIVEN.alone(folder), stdout=out, stderr=subprocess.STDOUT)
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
    assert version == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
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
