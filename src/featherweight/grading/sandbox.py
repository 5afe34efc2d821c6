"""One bubblewrap sandbox per student: a worker with torch and nothing else, reached through one socket.

Inside: read-only /usr, the interpreter and its environment, sized temporary folders, no network, an empty environment,
no capability, no further user namespace, fewer system calls; the worker then limits its own memory, processes, files
and CPU. The featherweight package is not there. Started by root, interpreter and environment are first bound read-only
where everybody may look, and an unused, unprivileged user goes in: root without capabilities would own the kernel's
settings.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic, sleep

import psutil

from featherweight.errors import MissingTool
from featherweight.grading.calls import refusals
from featherweight.grading.cores import leased_core, on_core
from featherweight.grading.memory import held, scope
from featherweight.grading.nobody import as_user, folder_for_all, is_root, leased_user
from featherweight.grading.visible import prefixes, shown
from featherweight.grading.wire import WireError, read_message

__all__ = ["USUAL", "Limits", "Worker", "launch", "probe"]

HERE = Path(__file__).parent
FILES = (HERE / "worker.py", HERE / "wire.py", HERE.parent / "exercises/probes.py", HERE.parent / "exercises/limits.py")
INSIDE = "/grading"
CURE = (
    "Install it (apt-get install bubblewrap) and let it start (Ubuntu 24.04: the AppArmor profile in GRADING.md); "
    "or grade without a sandbox, which marks every grade: --unsafe."
)
CLOSED = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
    *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"),
)
GONE = 10.0
"""Seconds until processes that were killed must have ended."""

BUS = "XDG_RUNTIME_DIR"
"""What systemd-run needs of the environment; what runs in its scope starts without."""


@dataclass(frozen=True)
class Limits:
    """What a sandbox may use.

    memory: bytes of address space of a process. total: bytes that all processes hold together. processes, files:
    numbers. disk: bytes of a file, and of each temporary folder. cpu: seconds of a process. start: seconds until torch
    is imported.
    """

    memory: int = 4 * 2**30
    total: int = 4 * 2**30
    processes: int = 64
    files: int = 128
    disk: int = 64 * 2**20
    cpu: int = 600
    start: float = 60.0


USUAL = Limits()


@dataclass
class Worker:
    """A running worker: its process, the socket that questions and answers pass, and what is given back at the end."""

    process: subprocess.Popen
    socket: socket.socket
    belongings: ExitStack
    family: list[psutil.Process] = field(default_factory=list)

    def processes(self) -> list[psutil.Process]:
        """Everything that it has started and that still runs, bubblewrap included."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def held(self, enough: int) -> int:
        """Bytes of memory that its processes hold together; see `memory.held`."""
        return held(self.processes(), enough)

    def alone(self) -> bool:
        """Whether nothing runs that did not run when it was ready."""
        return set(self.processes()) <= set(self.family)

    def stop(self) -> None:
        """End the worker and whatever it has started, and wait for them."""
        running = {*self.family, *self.processes()}
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for one in running:
            with suppress(psutil.Error):
                one.kill()
        self.process.wait()
        until = monotonic() + GONE
        while not all(map(_is_gone, running)) and monotonic() < until:
            sleep(0.005)
        self.belongings.close()


def _is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended; what is left of it until somebody asks for its status does nothing any more."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def launch(limits: Limits = USUAL, unsafe: bool = False) -> Worker:
    """Start a worker, and wait until it has imported torch. Raises MissingTool with cause and cure where it does not.

    unsafe: without a sandbox, in a process of one's own rights.
    """
    with ExitStack() as belongings:
        ours, theirs = map(belongings.enter_context, socket.socketpair())
        try:
            folder = belongings.enter_context(
                tempfile.TemporaryDirectory(prefix="featherweight-", dir=folder_for_all())
            )
            user = belongings.enter_context(leased_user()) if is_root() and not unsafe else None
            inside = [theirs.fileno(), belongings.enter_context(_refusals())]
            with nullcontext() if unsafe else on_core(belongings.enter_context(leased_core())):
                process = _started(_command(Path(folder), limits, inside, user, unsafe), inside, unsafe)
        except OSError as problem:
            raise MissingTool(f"The sandbox did not start ({problem}); wanted bubblewrap. {CURE}") from problem
        theirs.close()
        belongings.enter_context(process.stderr)
        worker = Worker(process, ours, belongings.pop_all())
    return _ready(worker, limits.start)


@contextmanager
def _refusals() -> Iterator[int]:
    """A file without a name that holds the filter of system calls."""
    with tempfile.TemporaryFile() as file:
        file.write(refusals())
        file.seek(0)
        yield file.fileno()


def _started(command: list[str], inside: list[int], unsafe: bool) -> subprocess.Popen:
    bus = {BUS: os.environ[BUS]} if command[0].endswith("systemd-run") and BUS in os.environ else {}
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=None if unsafe else bus,
        pass_fds=inside,
        start_new_session=True,
    )


def _ready(worker: Worker, seconds: float) -> Worker:
    """The worker, when it says that it is ready."""
    worker.socket.settimeout(seconds)
    try:
        with worker.socket.makefile("rb") as stream:
            read_message(stream, 10_000)
    except (EOFError, OSError, WireError) as problem:
        os.set_blocking(worker.process.stderr.fileno(), False)
        said = " ".join((worker.process.stderr.read() or b"").decode(errors="replace").split())[-300:]
        worker.stop()
        raise MissingTool(
            f"The sandbox did not start ({said or f'{type(problem).__name__}: {problem}'}); "
            f"wanted bubblewrap 0.8 or newer, with user namespaces. {CURE}"
        ) from None
    except BaseException:
        worker.stop()
        raise
    worker.process.stderr.close()
    worker.family = worker.processes()
    return worker


def probe(limits: Limits = USUAL) -> None:
    """Start and stop one sandbox with the real flags. Raises MissingTool with cause and cure."""
    launch(limits).stop()


def _command(folder: Path, limits: Limits, inside: list[int], user: int | None, unsafe: bool) -> list[str]:
    """The words that start a worker. inside: its socket and the filter. user: whom root becomes, else None."""
    number, refused = inside
    given = json.dumps({**asdict(limits), "processes": None if unsafe else limits.processes, "socket": number})
    files = _copied(folder)
    if unsafe:
        return [sys.executable, "-I", str(files / "worker.py"), given]
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise OSError("bwrap is not on the PATH")
    places = {path: path if user is None else folder / f"prefix{i}" for i, path in enumerate(prefixes())}
    box = [bubblewrap, *CLOSED, *shown(places, limits.disk), "--ro-bind", str(files), INSIDE]
    box += [
        "--seccomp",
        str(refused),
        "--remount-ro",
        "/",
        "--chdir",
        "/tmp",
        "--setenv",
        "HOME",
        "/tmp",
        "--setenv",
        "OMP_NUM_THREADS",
        "1",
    ]
    box += [sys.executable, "-I", f"{INSIDE}/worker.py", given]
    return [*scope(limits.total, limits.processes), *(box if user is None else as_user(user, places, box))]


def _copied(folder: Path) -> Path:
    """The worker's files, alone in a folder that everybody may read."""
    folder.chmod(0o755)
    files = folder / "files"
    files.mkdir()
    for path in FILES:
        shutil.copyfile(path, files / path.name)
        (files / path.name).chmod(0o644)
    files.chmod(0o755)
    return files
