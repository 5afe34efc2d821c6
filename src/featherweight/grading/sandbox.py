"""One bubblewrap sandbox per student: a worker with torch and nothing else, reached through one socket.

Inside: read-only /usr, the interpreter and its environment, sized temporary folders, no network, an empty environment,
no capability, no further user namespace; the worker then limits its own memory, processes, files and CPU. The
featherweight package is not there. Started by root, interpreter and environment are first bound read-only where
everybody may look, and an unused, unprivileged user goes in: root without capabilities would own the kernel's settings.
"""

from __future__ import annotations

import json
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from featherweight.errors import MissingTool
from featherweight.grading.wire import WireError, read_message

__all__ = ["USUAL", "Limits", "Worker", "launch", "probe"]

HERE = Path(__file__).parent
FILES = (HERE / "worker.py", HERE / "wire.py", HERE.parent / "exercises/probes.py", HERE.parent / "exercises/limits.py")
INSIDE = "/grading"
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64")
USERS = range(64_000, 65_000)
CURE = (
    "Install it (apt-get install bubblewrap) and let it start (Ubuntu 24.04: the AppArmor profile in CONTRIBUTING.md); "
    "or grade without a sandbox, which marks every grade: --unsafe."
)
CLOSED = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
    *("--die-with-parent", "--new-session", "--clearenv"),
)


@dataclass(frozen=True)
class Limits:
    """What a sandbox may use.

    memory: bytes of address space of a process. processes, files: numbers. disk: bytes of a file, and of each
    temporary folder. cpu: seconds of a process. start: seconds until torch is imported.
    """

    memory: int = 4 * 2**30
    processes: int = 64
    files: int = 128
    disk: int = 64 * 2**20
    cpu: int = 600
    start: float = 60.0


USUAL = Limits()


@dataclass
class Worker:
    """A running worker: its process, and the stream that questions and answers pass."""

    process: subprocess.Popen
    socket: socket.socket
    folder: tempfile.TemporaryDirectory
    stream: object = field(init=False)

    def __post_init__(self) -> None:
        self.stream = self.socket.makefile("rwb")

    def stop(self) -> None:
        """End the worker and whatever it has started, and wait for it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with suppress(OSError):
            self.stream.close()
        self.socket.close()
        self.folder.cleanup()


def launch(limits: Limits = USUAL, unsafe: bool = False) -> Worker:
    """Start a worker, and wait until it has imported torch. Raises MissingTool with cause and cure where it does not.

    unsafe: without a sandbox, in a process of one's own rights.
    """
    ours, theirs = socket.socketpair()
    folder = tempfile.TemporaryDirectory(prefix="featherweight-")
    errors = Path(folder.name) / "errors"
    try:
        with theirs, errors.open("wb") as log:
            given = json.dumps({**asdict(limits), "socket": theirs.fileno()})
            process = subprocess.Popen(
                _command(Path(folder.name), limits, given, unsafe),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=None if unsafe else {"PATH": os.defpath},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
    except OSError as problem:
        folder.cleanup()
        raise MissingTool(f"The sandbox did not start ({problem}); wanted bubblewrap. {CURE}") from problem
    worker = Worker(process, ours, folder)
    _await(worker, limits.start, errors)
    return worker


def _await(worker: Worker, seconds: float, errors: Path) -> None:
    """Until the worker says that it is ready."""
    worker.socket.settimeout(seconds)
    try:
        read_message(worker.stream, 10_000)
    except (EOFError, OSError, WireError) as problem:
        said = " ".join(errors.read_text(errors="replace").split())[-300:] or f"{type(problem).__name__}: {problem}"
        worker.stop()
        raise MissingTool(
            f"The sandbox did not start ({said}); wanted bubblewrap with user namespaces. {CURE}"
        ) from None


def probe(limits: Limits = USUAL) -> None:
    """Start and stop one sandbox with the real flags. Raises MissingTool with cause and cure."""
    launch(limits).stop()


def _command(folder: Path, limits: Limits, given: str, unsafe: bool) -> list[str]:
    if unsafe:
        files = _copied(folder)
        return [sys.executable, "-I", str(files / "worker.py"), given]
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise OSError("bwrap is not on the PATH")
    places = {path: path for path in _prefixes()}
    if os.geteuid() == 0:
        places = {path: folder / f"prefix{number}" for number, path in enumerate(places)}
    box = [bubblewrap, *CLOSED, *_inside(folder, limits, places), sys.executable, "-I", f"{INSIDE}/worker.py", given]
    return _as_nobody(folder, places, box) if os.geteuid() == 0 else box


def _inside(folder: Path, limits: Limits, places: dict[Path, Path]) -> list[str]:
    """bubblewrap's arguments for what can be seen inside."""
    shown = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for name in SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            shown += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            shown += ["--ro-bind", str(path), str(path)]
    for place in ("/tmp", "/dev/shm"):
        shown += ["--size", str(limits.disk), "--tmpfs", place]
    for path, source in places.items():
        shown += ["--ro-bind", str(source), str(path)]
    package = Path(sysconfig.get_path("purelib"), "featherweight")
    if package.is_dir():
        shown += ["--tmpfs", str(package)]
    shown += ["--ro-bind", str(_copied(folder)), INSIDE, "--remount-ro", "/", "--chdir", "/tmp"]
    return [*shown, "--setenv", "HOME", "/tmp", "--setenv", "OMP_NUM_THREADS", "1"]


def _prefixes() -> list[Path]:
    """The folders of the interpreter and of its environment that /usr does not hold."""
    found = {Path(sys.base_prefix), Path(sys.prefix), Path(os.path.realpath(sys.executable)).parents[1]}
    return sorted(path for path in found if not path.is_relative_to("/usr"))


def _copied(folder: Path) -> Path:
    """The worker's files, alone in a folder."""
    files = folder / "files"
    files.mkdir(exist_ok=True)
    for path in FILES:
        shutil.copyfile(path, files / path.name)
        (files / path.name).chmod(0o644)
    files.chmod(0o755)
    return files


def _as_nobody(folder: Path, places: dict[Path, Path], box: list[str]) -> list[str]:
    """Run a command as an unused user who sees the given places, in a private mount namespace."""
    folder.chmod(0o755)
    steps = []
    for path, place in places.items():
        place.mkdir(mode=0o755)
        source, target = shlex.quote(str(path)), shlex.quote(str(place))
        steps += [f"mount --rbind {source} {target}", f"mount -o remount,bind,ro {target}"]
    user = next(number for number in USERS if not _exists(number))
    steps.append(f"exec setpriv --reuid {user} --regid {user} --clear-groups --no-new-privs {shlex.join(box)}")
    return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join(steps)]


def _exists(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True
