"""A lesson's workbook in a folder of its own, and kernels in which its cells run one at a time, in any order."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode

from featherweight.errors import FeatherweightError, MissingTool
from featherweight.exercises import catalogue
from featherweight.exercises.exercise import Exercise

__all__ = ["ENVIRONMENT", "Kernel", "Place", "Ran", "kernel", "place"]

ENVIRONMENT = {
    "FEATHERWEIGHT_CHECK_SECONDS": None,
    "FEATHERWEIGHT_DEVICE": "cpu",
    "FEATHERWEIGHT_PROGRESS": None,
    "FEATHERWEIGHT_STRICT": None,
    "FEATHERWEIGHT_THREADS": None,
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": None,
    "NBGRADER_EXECUTION": None,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""As a learner has it, on one thread; None takes a variable away."""
OFFLINE = Path("tests", "offline")
LAUNCHER = (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")
QUIET = ("--IPKernelApp.log_level=CRITICAL", "--HistoryManager.enabled=False")


@dataclass(frozen=True)
class Ran:
    """What a cell gave. said: printed and shown text. complaints: what went to stderr.

    error: the exception in one line, or "". told: the whole traceback as the learner sees it.
    """

    cell: str
    said: str
    complaints: str = ""
    error: str = ""
    told: str = ""


@dataclass(frozen=True)
class Place:
    """A workbook, copied into a folder. cells: its code cells in order. seconds: the limit for one cell."""

    name: str
    folder: Path
    cells: tuple[NotebookNode, ...]
    exercises: tuple[Exercise, ...]
    root: Path
    seconds: float

    def cell(self, name: str) -> NotebookNode:
        """The cell with this id."""
        return next(cell for cell in self.cells if cell.id == name)


def place(workbook: Path, folder: Path, root: Path = Path(), seconds: float = 120, brief: bool = False) -> Place:
    """Copy a workbook into a folder. root: of the book. seconds: the limit for one cell.

    brief: only its beginning, through the check of the first exercise, and its last cell.
    """
    shutil.copy(workbook, folder)
    cells = [cell for cell in nbformat.read(workbook, as_version=4).cells if cell.cell_type == "code"]
    if brief:
        end = next(number for number, cell in enumerate(cells) if cell.id.startswith("check-"))
        cells = [*cells[: end + 1], cells[-1]]
    ids = {cell.id for cell in cells}
    exercises = tuple(each for each in catalogue() if f"check-{each.name}" in ids)
    return Place(workbook.stem, folder, tuple(cells), exercises, root.absolute(), seconds)


class Kernel:
    """A running kernel. dead: whether it has died or hangs."""

    def __init__(self, client, cells: Sequence[NotebookNode]) -> None:
        self._client = client
        self._at = {cell.id: number for number, cell in enumerate(cells)}
        self.dead = False

    @property
    def pid(self) -> int:
        return self._client.km.provisioner.pid

    def run(self, cell: NotebookNode, source: str | None = None) -> Ran:
        """Run a cell, with another text if one is given, and wait for its end."""
        from nbclient.exceptions import CellTimeoutError, DeadKernelError

        copy = nbformat.v4.new_code_cell(cell.source if source is None else source, id=cell.id)
        try:
            self._client.execute_cell(copy, self._at[cell.id])
        except CellTimeoutError:
            self.dead = True
            return Ran(cell.id, "", error=f"still running after {self._client.timeout:g} s")
        except DeadKernelError:
            self.dead = True
            return Ran(cell.id, "", error="the kernel died")
        return _ran(copy)


def _ran(cell: NotebookNode) -> Ran:
    streams = {"stdout": "", "stderr": ""}
    error, told = "", ""
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] += output.text
        elif output.output_type == "error":
            error = " ".join(f"{output.ename}: {output.evalue}".split())[:300]
            told = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.traceback))
        else:
            streams["stdout"] += str(output.data.get("text/plain", "")) + "\n"
    return Ran(cell.id, streams["stdout"], streams["stderr"].strip(), error, told)


@contextmanager
def kernel(
    at: Place,
    changes: Mapping[str, str | None] | None = None,
    box: Sequence[str] = (),
    most_bytes: int | None = None,
) -> Iterator[Kernel]:
    """Start a kernel in a place; it cannot reach another machine through Python's sockets.

    changes: of ENVIRONMENT. box: options of bubblewrap, to start it inside one. most_bytes: what it may allocate.
    Raises MissingTool where there is no bubblewrap, or no limit on memory; FeatherweightError where no kernel answers.
    """
    from jupyter_client.kernelspec import KernelSpec
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.from_dict(cell) for cell in at.cells])
    client = NotebookClient(
        notebook, timeout=at.seconds, allow_errors=True, extra_arguments=list(QUIET), shutdown_kernel="immediate"
    )
    client.create_kernel_manager()
    client.km._kernel_spec = KernelSpec(argv=[*_boxed(box), *LAUNCHER], language="python")
    with _sockets(client.km), _started(client, _environment(at.root, changes or {}), at.folder):
        running = Kernel(client, at.cells)
        if most_bytes is not None:
            _limit(running.pid, most_bytes)
        yield running


@contextmanager
def _started(client, environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(client.setup_kernel(env=environment, cwd=str(folder)))
        except RuntimeError as problem:  # all that nbclient says
            raise FeatherweightError(
                f"No kernel was started: {problem}; wanted one: start it by hand to see why."
            ) from None
        yield


@contextmanager
def _sockets(manager) -> Iterator[None]:
    """Talk through files in a folder of their own, not through TCP: also to a kernel that has no network."""
    if sys.platform == "win32":
        yield
        return
    with TemporaryDirectory(prefix="fw-") as folder:
        manager.transport, manager.ip = "ipc", f"{folder}/k"
        yield


def _boxed(options: Sequence[str]) -> list[str]:
    if not options:
        return []
    program = shutil.which("bwrap")
    if program is None:
        raise MissingTool("bwrap is not on the PATH; a kernel is kept off the network with it: install bubblewrap.")
    return [program, "--dev-bind", "/", "/", "--die-with-parent", *options, "--"]


def _environment(root: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    paths = [str(root / OFFLINE), os.environ.get("PYTHONPATH", "")]
    wanted = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **changes}
    kept = {name: value for name, value in os.environ.items() if name not in wanted}
    return kept | {name: value for name, value in wanted.items() if value is not None}


def _limit(pid: int, most_bytes: int) -> None:
    """Hold what a process allocates for itself, before it has loaded much, below a number of bytes."""
    try:
        from resource import RLIMIT_DATA, prlimit
    except ImportError:
        raise MissingTool("This system sets no limit on a process's memory; wanted Linux: run it there.") from None
    prlimit(pid, RLIMIT_DATA, (most_bytes, most_bytes))
