"""One bubblewrap sandbox per student: a worker with torch and nothing else, reached through one socket.

Inside: read-only /usr, the interpreter and its environment, sized temporary folders, no network, an empty environment,
no capability, no further user namespace, fewer system calls; the worker then limits its own memory, processes, files
and CPU. The featherweight package is not there. Started by root, interpreter and environment are first bound read-only
where everybody may look, and an unused, unprivileged user goes in: root without capabilities would own the kernel's
settings. Nothing is written to disk, so that a grader that is killed leaves nothing behind.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from zipfile import ZipFile

import psutil

from featherweight.errors import MissingTool
from featherweight.grading.calls import refusals
from featherweight.grading.cores import leased_core, on_core
from featherweight.grading.memory import counted_by, held, scope
from featherweight.grading.nobody import as_user, is_root, leased_user, reachable
from featherweight.grading.visible import prefixes, shown
from featherweight.grading.wire import WireError, read_message

__all__ = ["USUAL", "Limits", "Worker", "launch", "probe"]

HERE = Path(__file__).parent
MODULES = (HERE / "wire.py", HERE.parent / "exercises/probes.py", HERE.parent / "exercises/limits.py")
SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
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
            user = belongings.enter_context(leased_user()) if is_root() and not unsafe else None
            program, refused = (belongings.enter_context(_in_memory(each)) for each in (_program(), refusals()))
            inside = [program, theirs.fileno(), refused]
            with nullcontext() if unsafe else on_core(belongings.enter_context(leased_core())):
                process = _started(_command(limits, inside, user, unsafe), inside, unsafe)
        except OSError as problem:
            raise MissingTool(f"The sandbox did not start ({problem}); wanted bubblewrap. {CURE}") from problem
        theirs.close()
        belongings.enter_context(process.stderr)
        worker = Worker(process, ours, belongings.pop_all())
    return _ready(worker, limits.start)


def _program() -> bytes:
    """The worker and its modules as an archive that Python runs."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.write(HERE / "worker.py", "__main__.py")
        for path in MODULES:
            archive.write(path, path.name)
    return content.getvalue()


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """An open file that is in memory alone, to be read from its beginning, and which nobody can change."""
    handle = os.memfd_create("featherweight", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(handle, "wb") as file:
        file.write(content)
        file.seek(0)
        fcntl.fcntl(handle, fcntl.F_ADD_SEALS, SEALS)
        yield handle


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


def probe(limits: Limits = USUAL) -> str:
    """Try one sandbox with the real flags; returns what counts its memory. Raises MissingTool with cause and cure."""
    launch(limits).stop()
    return counted_by(limits.total, limits.processes)


def _command(limits: Limits, inside: list[int], user: int | None, unsafe: bool) -> list[str]:
    """The words that start a worker.

    inside: its program, its socket and the filter, as numbers of open files. user: whom root becomes, else None.
    """
    program, connection, refused = inside
    given = {**asdict(limits), "processes": None if unsafe else limits.processes}
    given |= {"program": program, "socket": connection}
    worker = [sys.executable, "-I", f"/proc/self/fd/{program}", json.dumps(given)]
    if unsafe:
        return worker
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise OSError("bwrap is not on the PATH")
    places = {path: path for path in prefixes()} if user is None else reachable(prefixes())
    box = [bubblewrap, *CLOSED, *shown(places, limits.disk), "--remount-ro", "/", "--chdir", "/tmp"]
    box += ["--seccomp", str(refused), "--setenv", "HOME", "/tmp", "--setenv", "OMP_NUM_THREADS", "1", *worker]
    return [*scope(limits.total, limits.processes), *(box if user is None else as_user(user, places, box))]
