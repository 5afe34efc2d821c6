"""`featherweight lab`: its command line and environment, a busy port, and a start that leaves the home alone."""

import os
import socket
import subprocess
import sys

import pytest

from featherweight.errors import InputError
from featherweight.server import CONFIG
from featherweight.server.launch import arguments, environment, launch


@pytest.mark.parametrize(
    ("port", "browser", "is_root", "expected"),
    [
        (None, True, False, []),
        (8899, True, False, ["--ServerApp.port=8899", "--ServerApp.port_retries=0"]),
        (None, False, False, ["--no-browser"]),
        (None, True, True, ["--allow-root"]),
    ],
    ids=["plain", "port", "no browser", "root"],
)
def test_arguments(tmp_path, port, browser, is_root, expected):
    assert arguments(tmp_path, port, browser, is_root) == [f"--ServerApp.root_dir={tmp_path}", *expected]


def test_our_configuration_comes_before_what_was_there(tmp_path):
    theirs = environment(tmp_path, {"JUPYTER_CONFIG_PATH": "/theirs"})
    assert theirs["JUPYTER_CONFIG_PATH"].replace(";", ":") == f"{CONFIG}:/theirs"
    assert environment(tmp_path, {})["JUPYTER_CONFIG_PATH"] == str(CONFIG)


def test_a_folder_without_notebooks_is_one_line(tmp_path):
    with pytest.raises(
        InputError, match=r"^No notebooks in .*; start in the folder of the book, or name one with --dir\.$"
    ):
        launch(tmp_path, None, False)


@pytest.mark.parametrize("port", [70_000, 65_536, -1])
def test_a_port_that_does_not_exist_is_one_line(tmp_path, port):
    (tmp_path / "a.ipynb").touch()
    with pytest.raises(InputError, match=f"^Port {port} does not exist; wanted 0 .* to 65535"):
        launch(tmp_path, port, browser=False)


def test_a_folder_that_is_called_a_notebook_is_none(tmp_path):
    (tmp_path / "a.ipynb").mkdir()
    with pytest.raises(InputError, match="No notebooks in"):
        launch(tmp_path, None, browser=False)


def test_a_port_that_is_busy_is_one_line(tmp_path):
    (tmp_path / "a.ipynb").touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        with pytest.raises(InputError, match=f"^Port {number} cannot be used here.*make lab PORT=8899"):
            launch(tmp_path, number, False)


@pytest.mark.slow
def test_it_opens_lesson_1_and_writes_no_configuration_at_home(lab):
    assert "/lab/tree/01_gradient_descent.ipynb" in lab.log.read_text()
    assert not (lab.home / ".jupyter").exists()
    assert lab.get("lab/api/workspaces")[0] == 200
    assert lab.get("lab/api/workspaces/x", "PUT", {"data": {}, "metadata": {"id": "x"}})[0] == 204
    assert not (lab.home / ".jupyter").exists()
    assert any((lab.folder / ".jupyter").rglob("*"))


@pytest.mark.slow
def test_as_root_it_says_so(lab):
    is_root = subprocess.run([sys.executable, "-c", "import os; exit(os.geteuid() != 0)"], check=False).returncode == 0
    assert ("--allow-root" in lab.log.read_text()) is is_root


def test_in_a_folder_that_cannot_be_written_to_lab_writes_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr("featherweight.server.launch.os.access", lambda path, mode: False)
    own = environment(tmp_path, {})["JUPYTER_CONFIG_DIR"]
    assert os.path.isdir(own) and not own.startswith(str(tmp_path))
    os.rmdir(own)
