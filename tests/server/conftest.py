"""A real JupyterLab, started as `featherweight lab` starts it, with its REST interface."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

START_SECONDS = 60


@dataclass(frozen=True)
class Lab:
    """A running server: its folder, home, address and log."""

    folder: Path
    home: Path
    url: str
    log: Path

    def get(self, path: str, method: str = "GET", body: dict | None = None) -> tuple[int, dict]:
        """Status and JSON answer of one request."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/{path}", data, {"Authorization": "token test"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, json.loads(problem.read() or b"{}")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_until_it_answers(lab: Lab, server: subprocess.Popen) -> Lab:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if lab.get("api/status")[0] == 200:
                return lab
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not answer:\n{lab.log.read_text()}")


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """One server for all tests, in a folder of its own, with an empty home."""
    base = tmp_path_factory.mktemp("lab")
    folder, home, log = base / "notebooks", base / "home", base / "log"
    folder.mkdir()
    home.mkdir()
    (folder / "01_gradient_descent.ipynb").write_text(
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    )
    port = free_port()
    environ = {**os.environ, "HOME": str(home), "JUPYTER_TOKEN": "test"}
    environ = {name: value for name, value in environ.items() if not name.startswith("XDG_")}
    command = [sys.executable, "-m", "featherweight.cli", "lab", f"--dir={folder}", f"--port={port}", "--no-browser"]
    with log.open("w") as out:
        server = subprocess.Popen(command, env=environ, stdout=out, stderr=subprocess.STDOUT)
    running = Lab(folder, home, f"http://127.0.0.1:{port}", log)
    try:
        yield wait_until_it_answers(running, server)
    finally:
        server.terminate()
        server.wait(30)
