"""Start JupyterLab on the lessons with the packaged configuration, leaving the learner's own alone."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

from featherweight.errors import InputError
from featherweight.server import CONFIG
from featherweight.server.copying import provide

__all__ = ["arguments", "environment", "launch"]

LAST_PORT = 65_535


def environment(folder: Path, inherited: dict[str, str]) -> dict[str, str]:
    """Jupyter's variables: the packaged configuration first; what Lab itself writes goes to `folder`/.jupyter.

    Where the folder cannot be written to, it goes to a temporary one.
    """
    own = str(folder / ".jupyter" if os.access(folder, os.W_OK) else tempfile.mkdtemp(prefix="featherweight-lab-"))
    path = os.pathsep.join(filter(None, [str(CONFIG), inherited.get("JUPYTER_CONFIG_PATH")]))
    return {
        "JUPYTER_CONFIG_DIR": own,
        "JUPYTER_CONFIG_PATH": path,
        "JUPYTERLAB_SETTINGS_DIR": f"{own}/lab/user-settings",
        "JUPYTERLAB_WORKSPACES_DIR": f"{own}/lab/workspaces",
    }


def arguments(folder: Path, port: int | None, browser: bool, is_root: bool) -> list[str]:
    """JupyterLab's command line."""
    chosen = [f"--ServerApp.root_dir={folder}"]
    if port is not None:
        chosen += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        chosen.append("--no-browser")
    if is_root:
        chosen.append("--allow-root")
    return chosen


def launch(folder: Path, port: int | None, browser: bool) -> None:
    """Serve `folder` until the learner stops it; an installed release first copies there the workbooks that it lacks.

    Raises InputError where there are no notebooks or the port is taken, FileProblem where nothing can be copied.
    """
    folder = Path(os.path.realpath(folder))
    if port is not None:
        _refuse_busy(port)
    for line in provide(folder):
        print(line, flush=True)
    if not any(path.is_file() for path in folder.glob("*.ipynb")):
        raise InputError(f"No notebooks in {folder}; start in the folder of the book, or name one with --dir.")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root:
        print("Running as root, so JupyterLab starts with --allow-root.", flush=True)
    if not os.access(folder, os.W_OK):
        print(f"{folder} cannot be written to: the notebooks open and run, and cannot be saved there.", flush=True)
    os.environ.update(environment(folder, dict(os.environ)))
    os.chdir(folder)

    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(argv=arguments(folder, port, browser, is_root))


def _refuse_busy(port: int) -> None:
    if not 0 <= port <= LAST_PORT:
        raise InputError(
            f"Port {port} does not exist; wanted 0 (any free one) to {LAST_PORT}: featherweight lab --port 8899."
        )
    try:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", port))
    except OSError:
        raise InputError(
            f"Port {port} cannot be used here, most likely something runs on it; "
            f"stop that, or choose another port: featherweight lab --port 8899, make lab PORT=8899."
        ) from None
