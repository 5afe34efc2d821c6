"""The set-up behind make: which torch, which Python, and how it recovers; pip is a stand-in here."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "src" / "featherweight" / "setup_environment.py"
CPU_INDEX = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]


@pytest.fixture
def script():
    """The script as a fresh module, since it must work outside the package."""
    spec = importlib.util.spec_from_file_location("setup_environment", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("choice", "platform", "gpu", "reachable", "options"),
    [
        pytest.param("", "linux", False, True, CPU_INDEX, id="linux without a gpu"),
        pytest.param("", "linux", False, False, [], id="index silent"),
        pytest.param("", "linux", True, True, [], id="linux with a gpu"),
        pytest.param("cuda", "linux", False, True, [], id="TORCH=cuda"),
        pytest.param("", "darwin", False, True, [], id="mac"),
        pytest.param("", "win32", False, True, [], id="windows"),
    ],
)
def test_which_torch(script, choice, platform, gpu, reachable, options):
    assert script.extra_index(choice, platform, gpu, lambda address, seconds: reachable) == options


def test_a_server_that_does_not_answer_is_not_waited_for(script):
    assert script.answers("http://192.0.2.1/", 1) is False


@pytest.mark.parametrize("old", [(3, 8), (3, 10)])
def test_an_old_python_gets_one_line(script, old):
    wanted = f"Python 3.{old[1]} is too old; 3.11 or newer is wanted: install it and run `make lab PYTHON=python3.11`."
    assert script.refusal(old) == wanted


@pytest.mark.parametrize("new", [(3, 11), (3, 14), (4, 0)])
def test_a_newer_python_is_welcome(script, new):
    assert script.refusal(new) is None


def test_an_environment_of_an_old_python_is_named_and_kept(script, tmp_path, monkeypatch):
    monkeypatch.setattr(script, "version_of", lambda python: (3, 9))
    (tmp_path / "theirs").touch()
    with pytest.raises(SystemExit, match=r"Python 3\.9 is too old.* Remove .* first\."):
        script.prepare(tmp_path)
    assert (tmp_path / "theirs").exists()


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        pytest.param("working", True, id="a working environment is kept"),
        pytest.param("unfinished", False, id="an unfinished one starts afresh"),
        pytest.param("broken", False, id="one without pip starts afresh"),
        pytest.param("absent", False, id="none yet"),
    ],
)
def test_prepare(script, tmp_path, monkeypatch, state, kept):
    folder = tmp_path / ".venv"
    if state != "absent":
        folder.mkdir()
        (folder / "before").touch()
    if state == "unfinished":
        (folder / "unfinished").touch()
    monkeypatch.setattr(script, "version_of", lambda python: None if state in ("broken", "absent") else (3, 12))
    monkeypatch.setattr(script.subprocess, "run", lambda command, **options: None)
    assert script.prepare(folder) == folder / "unfinished"
    assert (folder / "unfinished").exists()
    assert (folder / "before").exists() is kept


def test_version_of_needs_pip_to_work(script, tmp_path):
    assert script.version_of(Path(sys.executable)) == sys.version_info[:2]
    assert script.version_of(tmp_path / "python") is None


@pytest.mark.parametrize(
    ("pins", "expected"), [(None, ["--constraint", "constraints.txt"]), ("", [])], ids=["pinned", "canary"]
)
def test_pip_is_asked_for_the_pinned_set(script, tmp_path, monkeypatch, pins, expected):
    commands = []
    monkeypatch.setattr(script.subprocess, "run", lambda command, **options: commands.append(command))
    monkeypatch.setattr(script, "prepare", lambda folder: tmp_path / "unfinished")
    monkeypatch.setattr(script, "extra_index", lambda *facts: [])
    monkeypatch.delenv("CONSTRAINTS", raising=False)
    if pins is not None:
        monkeypatch.setenv("CONSTRAINTS", pins)
    (tmp_path / "unfinished").touch()
    script.build_environment(tmp_path, "test")
    assert commands[0][1:] == ["-m", "pip", "install", "-qq", "--disable-pip-version-check", *expected, "-e", ".[dev]"]
    assert not (tmp_path / "unfinished").exists()


def test_a_failed_install_stays_marked_and_gets_one_line(script, monkeypatch, capsys, tmp_path):
    def fail(root, purpose):
        raise subprocess.CalledProcessError(1, ["python", "-m", "pip", "install"])

    monkeypatch.setattr(script, "build_environment", fail)
    assert script.main(["lab"]) == 1
    assert capsys.readouterr().err == "The set-up stopped at `-m pip install` (see above). Run make again.\n"


def test_an_unknown_purpose_gets_one_line(script, capsys):
    assert script.main(["everything"]) == 2
    assert capsys.readouterr().err == "Say what to set up for: lab or test.\n"


def test_it_needs_nothing_but_the_standard_library():
    command = [sys.executable, "-I", "-S", str(SCRIPT), "nothing"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (answer.returncode, answer.stderr) == (2, "Say what to set up for: lab or test.\n")
